//! A client that has nothing to do with the generated ones.

use serde_json::Value;
use sixclicks_sandbox::Sandbox;

/// A client with a token.
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// A sandbox of documents.
pub async fn sandbox(documents: impl IntoIterator<Item = Value>) -> Sandbox {
    let builder = documents
        .into_iter()
        .fold(Sandbox::builder(), |builder, document| {
            builder.document(document)
        });
    builder.start().await.unwrap()
}

impl Client {
    pub async fn new(sandbox: &Sandbox) -> Self {
        // Whoever builds the whole workspace has a client that asks for a provider of TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::new();
        let token: Value = http
            .post(format!("{}/auth-api/1.0/auth/token", sandbox.url()))
            .header("6Clicks-Api-Key", sandbox.api_key())
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        Self {
            http,
            url: sandbox.url(),
            token: token["accessToken"].as_str().unwrap().to_owned(),
        }
    }

    /// The token that its requests carry.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A request to be completed.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.http.request(method, format!("{}{path}", self.url));
        request.bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Reply {
        reply(self.request("GET", path)).await
    }

    pub async fn send(&self, method: &str, path: &str, kind: &str, body: &str) -> Reply {
        let request = self.request(method, path).header("content-type", kind);
        reply(request.body(body.to_owned())).await
    }

    pub async fn json(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.send(method, path, "application/json", &body.to_string())
            .await
    }
}

/// Sends a request.
pub async fn reply(request: reqwest::RequestBuilder) -> Reply {
    let answer = request.send().await.unwrap();
    Reply {
        status: answer.status().as_u16(),
        text: answer.text().await.unwrap(),
    }
}
