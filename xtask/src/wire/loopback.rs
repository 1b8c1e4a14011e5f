//! The server that a driver's requests go to: it keeps each request and answers it with a
//! prepared response, or with what another server answers to the same request.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header},
};
use tokio::{net::TcpListener, runtime::Handle, sync::oneshot};

use super::exchange::{Answered, Exchange, Sent};

/// The key of drivers whose server takes none, and of those that get prepared responses. No
/// request of an operation has it.
const OWN_KEY: &str = "the-key-of-the-conformance-driver";

/// How long a response may take: less than a driver waits, so that one that never ends is
/// seen to be the server's fault.
const LIMIT: Duration = Duration::from_secs(10);

/// The largest body that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// The header of a token exchange that carries the key.
const KEY: &str = "6clicks-api-key";

/// What concerns one connection, or a coding that the body no longer has.
const OF_A_CONNECTION: [&str; 9] = [
    "connection",
    "content-encoding",
    "content-length",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A server on this machine. It stops when it is dropped.
#[derive(Debug)]
pub struct Loopback {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: oneshot::Sender<()>,
}

#[derive(Debug)]
struct Shared {
    key: String,
    /// Where requests are passed on to; otherwise responses are prepared.
    target: Option<(reqwest::Client, String)>,
    seen: Mutex<Vec<Exchange>>,
    /// The last token exchange, which is the operation's own if nothing else was seen.
    exchanged: Mutex<Option<Exchange>>,
    prepared: Mutex<Answered>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Loopback {
    /// A server that gives prepared responses.
    ///
    /// # Errors
    ///
    /// If no port is free.
    pub fn prepared(runtime: &Handle) -> io::Result<Self> {
        Self::start(runtime, None, None)
    }

    /// A server that passes requests on to the one at a URL, without a token if there is no
    /// key.
    ///
    /// # Errors
    ///
    /// If no port is free, or no connections can be made.
    pub fn relay(runtime: &Handle, key: Option<&str>, url: &str) -> io::Result<Self> {
        // Another part of the program may have installed one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(LIMIT)
            .build()
            .map_err(io::Error::other)?;
        let url = url.trim_end_matches('/').to_owned();
        Self::start(runtime, key, Some((client, url)))
    }

    fn start(
        runtime: &Handle,
        key: Option<&str>,
        target: Option<(reqwest::Client, String)>,
    ) -> io::Result<Self> {
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            key: key.unwrap_or(OWN_KEY).to_owned(),
            target,
            seen: Mutex::default(),
            exchanged: Mutex::default(),
            prepared: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let app = Router::new()
            .fallback(handle)
            .with_state(Arc::clone(&shared));
        let server = axum::serve(listener, app).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        runtime.spawn(async move {
            // A connection that breaks is the client's to see.
            let _ = server.await;
        });
        Ok(Self {
            address,
            shared,
            _stop: stop,
        })
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The key that a driver exchanges for a token.
    pub fn key(&self) -> &str {
        &self.shared.key
    }

    /// Forgets what it has seen, and answers the requests of the next call with a response.
    pub fn prepare(&self, answered: Answered) {
        self.forget();
        *lock(&self.shared.prepared) = answered;
    }

    /// Forgets what it has seen.
    pub fn forget(&self) {
        lock(&self.shared.seen).clear();
        *lock(&self.shared.exchanged) = None;
    }

    /// The last request and its response. A token exchange counts only if there was nothing
    /// else: then it is the operation that was called.
    pub fn last(&self) -> Option<Exchange> {
        let last = lock(&self.shared.seen).last().cloned();
        last.or_else(|| lock(&self.shared.exchanged).clone())
    }
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let sent = Sent {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: body.to_vec(),
    };
    let exchanges = sent.header(KEY) == shared.key;
    let answered = match &shared.target {
        _ if exchanges && shared.key == OWN_KEY => Ok(token()),
        Some((client, url)) => {
            let mut headers = parts.headers.clone();
            if shared.key == OWN_KEY {
                headers.remove(header::AUTHORIZATION);
            }
            pass_on(client, url, headers, sent.clone()).await
        }
        None => Ok(lock(&shared.prepared).clone()),
    };
    let response = match &answered {
        Ok(answered) => respond(answered, &sent.method),
        Err(_) => plain(StatusCode::BAD_GATEWAY),
    };
    let exchange = Exchange { sent, answered };
    match exchanges {
        true => *lock(&shared.exchanged) = Some(exchange),
        false => lock(&shared.seen).push(exchange),
    }
    response
}

/// What another server answers.
async fn pass_on(
    client: &reqwest::Client,
    url: &str,
    mut headers: HeaderMap,
    sent: Sent,
) -> Result<Answered, String> {
    // The body is judged as it is, not compressed.
    headers.remove(header::ACCEPT_ENCODING);
    for name in OF_A_CONNECTION {
        // Without its length, an empty body would be no body.
        if name != "content-length" {
            headers.remove(name);
        }
    }
    let method = Method::from_bytes(sent.method.as_bytes()).map_err(|error| error.to_string())?;
    let request = client
        .request(method, format!("{url}{}", sent.target()))
        .headers(headers)
        .body(sent.body);
    let failed = |error: reqwest::Error| {
        let mut causes = vec![error.to_string()];
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            causes.push(cause.to_string());
            source = cause.source();
        }
        causes.join(": ")
    };
    let response = request.send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers = headers
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            // A redirect within the server leads past this one otherwise.
            let value = match name == header::LOCATION {
                true => value.strip_prefix(url).unwrap_or(&value).to_owned(),
                false => value.into_owned(),
            };
            (name.to_string(), value)
        })
        .collect();
    let body = response.bytes().await.map_err(failed)?.to_vec();
    Ok(Answered {
        status,
        headers,
        body,
    })
}

/// What a key is exchanged for.
fn token() -> Answered {
    Answered {
        status: 200,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: br#"{"accessToken": "conformance"}"#.to_vec(),
    }
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn respond(answered: &Answered, method: &str) -> Response<Body> {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::OK);
    let bodiless = method == "HEAD" || matches!(answered.status, 204 | 304);
    let mut response = Response::new(match bodiless {
        true => Body::empty(),
        false => Body::from(answered.body.clone()),
    });
    *response.status_mut() = status;
    for (name, value) in &answered.headers {
        let of_a_connection = OF_A_CONNECTION.contains(&name.as_str());
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (false, Ok(name), Ok(value)) = (of_a_connection, name, value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
