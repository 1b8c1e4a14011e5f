//! A client without a generator.

#[path = "connection.rs"]
mod connection;

use connection::http;
use sixclicks_core::{ClientHooks, ClientInfo, OperationInfo};

/// The operation that all test calls are of.
pub const INFO: OperationInfo = OperationInfo {
    operation_id: "test_operation",
};

/// A client as a generated crate has it, its hooks left as they are.
pub struct Client {
    pub url: String,
    pub http: reqwest::Client,
}

impl Client {
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            http: http(),
        }
    }
}

impl ClientInfo<()> for Client {
    fn api_version() -> &'static str {
        "1.0"
    }

    fn baseurl(&self) -> &str {
        &self.url
    }

    fn client(&self) -> &reqwest::Client {
        &self.http
    }

    fn inner(&self) -> &() {
        &()
    }
}

impl ClientHooks<()> for Client {}
