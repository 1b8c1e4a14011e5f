//! A server on a real socket that answers what a test has put in line, byte for byte, and
//! breaks off where it is told to.

#![allow(dead_code, reason = "each test binary uses a part of it")]

pub mod faults;
pub mod front;
pub mod h2_server;
pub mod handler;
pub mod said;

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use http::Method;
use sixclicks_auth::{ApiKey, Error, RetryPolicy, Session, SessionBuilder};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

pub const KEY: &str = "the-key-nobody-may-see";
pub const TOKEN: &str = "the-token-nobody-may-see";

/// What a server does with a connection.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends this and closes.
    Say(String),
    /// Resets before the request is read.
    ResetAtOnce,
    /// Reads the request, sends this, and resets.
    ResetAfter(String),
    /// Sends this and then more and more.
    Endless(String),
    /// Sends the first and then the second now and then.
    Drip(String, &'static str),
}

/// A server; what is in no line is answered well.
#[derive(Default)]
pub struct Server {
    exchanges: Mutex<VecDeque<Act>>,
    calls: Mutex<VecDeque<Act>>,
    seen: Mutex<Vec<String>>,
    /// Exchanges wait here when a test asks for it.
    pub gate: Mutex<Option<Arc<Semaphore>>>,
}

impl Server {
    pub async fn start() -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Arc::new(Self::default());
        let serving = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = Arc::clone(&serving);
                tokio::spawn(async move {
                    // A client that goes away is none of the server's business.
                    let _ = server.serve(stream).await;
                });
            }
        });
        (server, url)
    }

    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let resets = |act: Option<&Act>| matches!(act, Some(Act::ResetAtOnce));
        // What is to be reset unread cannot be told apart by its path.
        for line in [&self.exchanges, &self.calls] {
            let mut line = line.lock().unwrap();
            if resets(line.front()) {
                line.pop_front();
                return stream.set_zero_linger();
            }
        }
        let request = read_head(&mut stream).await?;
        let is_exchange = request.contains("/auth-api/1.0/auth/token");
        self.seen.lock().unwrap().push(request);
        let gate = self.gate.lock().unwrap().clone();
        if let Some(gate) = gate.filter(|_| is_exchange) {
            let _ = gate.acquire().await.map(|permit| permit.forget());
        }
        let (line, usual) = if is_exchange {
            (&self.exchanges, token(TOKEN))
        } else {
            (&self.calls, ok("{}"))
        };
        let act = line.lock().unwrap().pop_front();
        act.unwrap_or(usual).perform(stream).await
    }

    pub fn answer_exchange(&self, act: impl Into<Act>) -> &Self {
        self.exchanges.lock().unwrap().push_back(act.into());
        self
    }

    pub fn answer_call(&self, act: impl Into<Act>) -> &Self {
        self.calls.lock().unwrap().push_back(act.into());
        self
    }

    /// The heads of the requests so far.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub fn exchanges(&self) -> usize {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|r| r.contains("/auth/token")).count()
    }

    pub fn calls(&self) -> usize {
        self.seen().len() - self.exchanges()
    }

    /// Holds exchanges up until a permit is added.
    pub fn hold_exchanges(&self) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        *self.gate.lock().unwrap() = Some(Arc::clone(&gate));
        gate
    }
}

impl Act {
    pub async fn perform(self, mut stream: TcpStream) -> std::io::Result<()> {
        match self {
            Self::Say(text) => stream.write_all(text.as_bytes()).await,
            Self::ResetAtOnce => stream.set_zero_linger(),
            Self::ResetAfter(text) => {
                stream.write_all(text.as_bytes()).await?;
                stream.set_zero_linger()
            }
            Self::Endless(text) => {
                stream.write_all(text.as_bytes()).await?;
                let more = "x".repeat(64 << 10);
                let chunk = format!("{:x}\r\n{more}\r\n", more.len());
                loop {
                    stream.write_all(chunk.as_bytes()).await?;
                }
            }
            Self::Drip(text, drop) => {
                stream.write_all(text.as_bytes()).await?;
                loop {
                    stream.write_all(drop.as_bytes()).await?;
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        }
    }
}

/// Reads the head of a request.
pub async fn read_head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    let mut part = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut part).await? {
            0 => break,
            length => head.extend_from_slice(&part[..length]),
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

impl From<String> for Act {
    fn from(text: String) -> Self {
        Self::Say(text)
    }
}

/// An answer with a body of known length.
pub fn answer(status: &str, headers: &str, body: &str) -> Act {
    let length = body.len();
    Act::Say(format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    ))
}

pub fn ok(body: &str) -> Act {
    answer("200 OK", "", body)
}

pub fn token(text: &str) -> Act {
    ok(&format!(r#"{{"accessToken":"{text}"}}"#))
}

/// The head of an answer whose body comes in chunks.
pub fn chunked(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\n\r\n")
}

/// A token that tells its life, in seconds since 1970.
pub fn jwt(issued: u64, ends: u64) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let claims = format!(r#"{{"iat":{issued},"exp":{ends}}}"#);
    format!("head.{}.{TOKEN}", URL_SAFE_NO_PAD.encode(claims))
}

/// A clock that a test moves.
#[derive(Clone)]
pub struct Hands(Arc<AtomicU64>);

pub const START: u64 = 1_800_000_000;

impl Hands {
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(START)))
    }

    /// Turns them on by some hours, or back by less than none.
    pub fn turn(&self, hours: f64) {
        let seconds = (hours * 3_600.0) as i64;
        self.0.fetch_add(seconds.cast_unsigned(), Ordering::SeqCst);
    }

    pub fn put_on(&self, builder: SessionBuilder) -> SessionBuilder {
        let hands = self.clone();
        builder.clock(move || {
            SystemTime::UNIX_EPOCH + Duration::from_secs(hands.0.load(Ordering::SeqCst))
        })
    }
}

/// Retries without pauses worth the name.
pub fn quick() -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    policy.base = Duration::from_millis(1);
    policy
}

pub fn builder(url: &str) -> SessionBuilder {
    Session::builder(url)
        .api_key(ApiKey::from(KEY))
        .retry(quick())
        .no_proxy()
}

pub fn session(url: &str) -> Session {
    builder(url).build().unwrap()
}

/// A session that tries nothing again and waits for nobody long.
pub fn hasty(url: &str) -> SessionBuilder {
    builder(url)
        .timeout(Duration::from_millis(150))
        .retry(RetryPolicy::never())
}

/// A GET of a path below an address.
pub fn get(url: &str, path: &str) -> reqwest::Request {
    reqwest::Request::new(Method::GET, format!("{url}{path}").parse().unwrap())
}

/// Sends a request without a body; what comes back is the status.
pub async fn call(session: &Session, method: Method) -> Result<u16, Error> {
    let url = format!("{}/controls-api/1.0/tests", session.base_url());
    let request = reqwest::Request::new(method, url.parse().unwrap());
    let response = session.execute(request, "list_tests").await?;
    Ok(response.status().as_u16())
}

/// Lets other tasks run until something has come about.
pub async fn until(what: impl Fn() -> bool) {
    let wait = async {
        while !what() {
            tokio::task::yield_now().await;
        }
    };
    let limit = Duration::from_secs(60);
    let come = tokio::time::timeout(limit, wait).await;
    come.expect("it has not come about");
}
