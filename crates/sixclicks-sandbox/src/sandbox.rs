//! The server: it checks keys and tokens, keeps a journal, and answers.

use std::{
    collections::{HashSet, VecDeque},
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, Response, header},
};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    answer::{Answer, abp_error},
    check::{Incoming, check},
    document::Document,
    operations,
    respond::{Choice, Habit, respond},
    rules::Violation,
    token,
};

/// The largest body that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// A local 6clicks. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    key: String,
    shared: Shared,
    stop: Option<oneshot::Sender<()>>,
}

/// What a request was, for tests to look at. Keys and tokens are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// The method, in capitals.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
    /// The headers, by their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What is wrong with it, as the sandbox's document says; nothing without a document.
    pub violations: Vec<Violation>,
}

/// Builds a [`Sandbox`].
#[derive(Clone, Debug)]
pub struct Builder {
    key: String,
    life: Duration,
    envelope: bool,
    listen: SocketAddr,
    document: Option<Arc<Document>>,
}

type Shared = Arc<Mutex<Inner>>;

#[derive(Debug)]
struct Inner {
    keys: HashSet<String>,
    life: Duration,
    envelope: bool,
    issued: u64,
    exchanges: usize,
    /// Tokens that are no longer accepted although they have not ended.
    revoked: HashSet<u64>,
    ahead: Duration,
    received: Vec<Received>,
    scripted: VecDeque<Answer>,
    scripted_exchanges: VecDeque<Answer>,
    results: Vec<(String, Value)>,
    document: Option<Arc<Document>>,
    choices: VecDeque<Choice>,
}

impl Sandbox {
    /// Starts a sandbox with defaults on a free port.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts building a sandbox.
    pub fn builder() -> Builder {
        Builder {
            key: "sandbox-key".to_owned(),
            life: Duration::from_secs(24 * 3_600),
            envelope: false,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            document: None,
        }
    }

    /// Its address, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The key that it takes.
    pub fn api_key(&self) -> &str {
        &self.key
    }

    /// How often a key was exchanged for a token.
    pub fn exchanges(&self) -> usize {
        self.inner().exchanges
    }

    /// What was received, exchanges apart.
    pub fn received(&self) -> Vec<Received> {
        self.inner().received.clone()
    }

    /// Answers the next request like this, exchanges apart. Several are given in turn.
    pub fn script(&self, answer: Answer) {
        self.inner().scripted.push_back(answer);
    }

    /// Chooses which documented answer the next request gets; several are given in turn.
    /// The headers `Sandbox-Status` and `Sandbox-Habit` of a request choose as well.
    pub fn choose(&self, choice: Choice) {
        self.inner().choices.push_back(choice);
    }

    /// Forgets what was received and what was chosen or scripted for later.
    pub fn clear(&self) {
        let mut inner = self.inner();
        inner.received.clear();
        inner.choices.clear();
        inner.scripted.clear();
    }

    /// Answers the next exchange like this.
    pub fn script_exchange(&self, answer: Answer) {
        self.inner().scripted_exchanges.push_back(answer);
    }

    /// Accepts none of the tokens that were issued so far.
    pub fn revoke_tokens(&self) {
        let mut inner = self.inner();
        inner.revoked = (0..=inner.issued).collect();
    }

    /// Lets time pass for the server, so that tokens end.
    pub fn advance(&self, time: Duration) {
        self.inner().ahead += time;
    }

    /// Accepts the key no longer.
    pub fn delete_key(&self) {
        self.inner().keys.clear();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        lock(&self.shared)
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, Inner> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A server that has ended already needs no telling.
            let _ = stop.send(());
        }
    }
}

impl Builder {
    /// The key that it takes.
    #[must_use]
    pub fn api_key(mut self, key: &str) -> Self {
        self.key = key.to_owned();
        self
    }

    /// How long its tokens live.
    #[must_use]
    pub fn token_life(mut self, life: Duration) -> Self {
        self.life = life;
        self
    }

    /// Whether answers are in the envelope that ABP may put around them.
    #[must_use]
    pub fn envelope(mut self, envelope: bool) -> Self {
        self.envelope = envelope;
        self
    }

    /// The address to listen at; a free port of this machine unless told otherwise.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Serves the operations of a document, as it was received: Swagger 2.0 or OpenAPI 3.
    /// Every request is checked against it; a wrong one is answered 400.
    #[must_use]
    pub fn document(mut self, document: Value) -> Self {
        self.document = Some(Arc::new(Document::new(document)));
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened at.
    pub async fn start(self) -> io::Result<Sandbox> {
        let listener = TcpListener::bind(self.listen).await?;
        let address = listener.local_addr()?;
        let shared: Shared = Arc::new(Mutex::new(Inner {
            keys: HashSet::from([self.key.clone()]),
            life: self.life,
            envelope: self.envelope,
            issued: 0,
            exchanges: 0,
            revoked: HashSet::new(),
            ahead: Duration::ZERO,
            received: Vec::new(),
            scripted: VecDeque::new(),
            scripted_exchanges: VecDeque::new(),
            results: Vec::new(),
            document: self.document,
            choices: VecDeque::new(),
        }));
        let (stop, stopped) = oneshot::channel();
        let app = Router::new()
            .fallback(handle)
            .with_state(Arc::clone(&shared));
        let server = axum::serve(listener, app).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        tokio::spawn(async move {
            // A connection that breaks is the client's to see.
            let _ = server.await;
        });
        Ok(Sandbox {
            address,
            key: self.key,
            shared,
            stop: Some(stop),
        })
    }
}

async fn handle(State(shared): State<Shared>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return abp_error(413, "the body is too large", false).response();
    };
    let path = parts.uri.path().to_owned();
    let answer = if path == "/auth-api/1.0/auth/token" {
        exchange(&shared, parts.method.as_str(), &parts.headers)
    } else {
        let query = parts.uri.query().unwrap_or_default();
        operation(
            &shared,
            parts.method.as_str(),
            &path,
            query,
            &parts.headers,
            &body,
        )
    };
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    answer.response()
}

fn exchange(shared: &Shared, method: &str, headers: &HeaderMap) -> Answer {
    let mut inner = lock(shared);
    if method != "POST" {
        return abp_error(405, "the token endpoint takes POST", false);
    }
    inner.exchanges += 1;
    if let Some(answer) = inner.scripted_exchanges.pop_front() {
        return answer;
    }
    let key = headers
        .get("6clicks-api-key")
        .and_then(|key| key.to_str().ok());
    if !key.is_some_and(|key| inner.keys.contains(key)) {
        return abp_error(401, "The API key is not valid.", true);
    }
    inner.issued += 1;
    let token = token::sign(inner.issued, SystemTime::now() + inner.ahead, inner.life);
    let answer = Answer::status(200).json(&json!({"accessToken": token}));
    if inner.envelope {
        answer.enveloped()
    } else {
        answer
    }
}

fn operation(
    shared: &Shared,
    method: &str,
    path: &str,
    query: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> Answer {
    let document = lock(shared).document.clone();
    let incoming = Incoming {
        path,
        query,
        headers,
        body,
    };
    let operation = document
        .as_deref()
        .map(|document| document.find(method, path));
    let violations = match (&document, operation) {
        (Some(document), Some(Some(operation))) => check(document, operation, incoming),
        (Some(document), Some(None)) => vec![nowhere(document, method, path)],
        _ => Vec::new(),
    };
    let mut inner = lock(shared);
    inner.received.push(Received {
        violations: violations.clone(),
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers
            .iter()
            .filter(|(name, _)| *name != header::AUTHORIZATION && *name != "6clicks-api-key")
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body: body.to_vec(),
    });
    if let Some(answer) = inner.scripted.pop_front() {
        return answer;
    }
    if !authorized(&inner, headers) {
        return abp_error(401, "Current user did not login to the application!", true);
    }
    if let (Some(document), Some(operation)) = (&document, operation) {
        let choice = inner.choices.pop_front();
        drop(inner);
        return match operation {
            Some(operation) if violations.is_empty() => {
                let choice = choice.unwrap_or_else(|| asked(headers));
                respond(document, operation, &choice)
            }
            Some(_) => refused(400, &violations),
            None if document.has_path(path) => refused(405, &violations),
            None => refused(404, &violations),
        };
    }
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let decoded: Vec<String> = path
        .trim_matches('/')
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let answer = match (method, segments.as_slice()) {
        ("GET", ["assessments-api", "1.0", "assessments"]) => {
            operations::list_assessments(content_type, body)
        }
        ("GET", ["controls-api", "1.0", "tests"]) => operations::list_tests(&inner.results),
        ("POST", ["controls-api", "1.0", "tests", key, "results"]) => {
            match operations::add_result(key, body) {
                Ok(result) => {
                    let answer = Answer::status(200).json(&result);
                    inner.results.push(((*key).to_owned(), result));
                    answer
                }
                Err(answer) => answer,
            }
        }
        _ => abp_error(
            404,
            &format!("there is no operation {method} {path}"),
            false,
        ),
    };
    if inner.envelope {
        answer.enveloped()
    } else {
        answer
    }
}

/// Whether a request carries a token that is valid now.
fn authorized(inner: &Inner, headers: &HeaderMap) -> bool {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let now = SystemTime::now() + inner.ahead;
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    token
        .and_then(token::verify)
        .is_some_and(|(id, expires)| now < expires && !inner.revoked.contains(&id))
}

/// What is wrong with a request that no operation takes.
fn nowhere(document: &Document, method: &str, path: &str) -> Violation {
    let rule = if document.has_path(path) {
        format!("the path does not take {method}")
    } else {
        format!("there is no such path: {path}")
    };
    Violation {
        at: "path".to_owned(),
        rule,
    }
}

/// The answer to a wrong request: where it is wrong, and by which rule.
fn refused(status: u16, violations: &[Violation]) -> Answer {
    let texts: Vec<String> = violations
        .iter()
        .map(|violation| format!("at {}: {}", violation.at, violation.rule))
        .collect();
    abp_error(status, &texts.join("; "), false)
}

/// What a request's own headers ask to be answered.
fn asked(headers: &HeaderMap) -> Choice {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    Choice {
        status: text("sandbox-status").and_then(|status| status.parse().ok()),
        habit: text("sandbox-habit").and_then(Habit::named),
        ..Choice::default()
    }
}
