//! A server on loopback that keeps what it received.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub struct Received {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    /// A header's text; empty if it was not sent.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| std::str::from_utf8(value.as_bytes()).unwrap())
    }
}

type Answer = Arc<dyn Fn(&Received) -> Response + Send + Sync>;

/// A server that answers everything in one way.
#[derive(Clone)]
pub struct Server {
    received: Arc<Mutex<Vec<Received>>>,
    answer: Answer,
    pub url: String,
}

impl Server {
    /// Starts on a free port; the task ends with the test's runtime.
    pub async fn start(answer: impl Fn(&Received) -> Response + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            received: Arc::default(),
            answer: Arc::new(answer),
            url: format!("http://{}", listener.local_addr().unwrap()),
        };
        let app = Router::new().fallback(receive).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        server
    }

    /// A server that answers 204 to everything.
    pub async fn quiet() -> Self {
        Self::start(|_| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = http::StatusCode::NO_CONTENT;
            response
        })
        .await
    }

    /// Everything that was received, in order.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The last that was received.
    pub fn last(&self) -> Received {
        self.received().pop().expect("the server received nothing")
    }
}

async fn receive(State(server): State<Server>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return Response::new(Body::from("the body broke off"));
    };
    let received = Received {
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body,
    };
    let answer = (server.answer)(&received);
    server.received.lock().unwrap().push(received);
    answer
}
