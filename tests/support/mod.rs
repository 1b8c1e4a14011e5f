//! A server on loopback for the sample crate, and sessions for it.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::Request, response::Response};
use sixclicks_auth::{AccessToken, Error, Session, SourceFuture, TokenSource};

/// A server that keeps the path and query of every request.
pub struct Server {
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts on a free port; the task ends with the test's runtime.
    pub async fn start<F, A>(answer: F) -> Self
    where
        F: Fn(Request) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Response> + Send + 'static,
    {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&asked);
        let app = Router::new().fallback(move |request: Request| {
            log.lock().expect("the log").push(request.uri().to_string());
            answer(request)
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, asked }
    }

    /// A session whose token is there already.
    pub fn session(&self) -> Session {
        let session = Session::builder(&self.url).token_source(Fixed);
        session.build().expect("a session")
    }

    /// What was asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("the log").clone()
    }
}

struct Fixed;

impl TokenSource for Fixed {
    fn token(&self) -> SourceFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async { Ok(AccessToken::new("token", std::time::SystemTime::now())) })
    }
}
