//! Records the calls of one document as bytes on the wire, so that programs that know nothing of
//! this project can check them (see `.ci/independent`).
//!
//! A recording is a file of JSON lines, in the order of the events:
//!
//! - `{"call": …}`: the operation that the driver is about to call, with its arguments by their
//!   names on the wire, and whether the sandbox will deviate from the document in its response,
//! - `{"connection": 3, "sent": "…"}` and `{"connection": 3, "received": "…"}`: bytes that the
//!   client sent or received on a connection, in Base64,
//! - `{"done": …}`: what the driver returned.

use std::{
    fs::File,
    io::{self, Write as _},
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use sixclicks_sandbox::Choice;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::model::{Operation, Parameter, Place};

/// The event of a call that is about to be made.
pub fn call(operation: &Operation, values: &Value, choice: &Choice) -> Value {
    let given = |parameter: &Parameter| {
        let value = values.get(&parameter.rust)?;
        let place = match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Cookie => "cookie",
            Place::Form | Place::Multipart => "form",
        };
        Some(json!({
            "name": parameter.wire, "in": place, "value": value,
            "file": parameter.files.is_some(),
        }))
    };
    let arguments: Vec<Value> = operation.parameters.iter().filter_map(given).collect();
    json!({"call": {
        "operation": operation.id,
        "method": operation.method,
        "arguments": arguments,
        "body": values.get("body"),
        "deviates": choice.habit.is_some(),
    }})
}

/// A proxy in front of the sandbox that writes everything it forwards into a file.
#[derive(Clone, Debug)]
pub struct Recorder {
    address: SocketAddr,
    file: Arc<Mutex<File>>,
}

impl Recorder {
    /// Starts a proxy on a free loopback port that forwards to `upstream`.
    ///
    /// # Errors
    ///
    /// When the file cannot be created, or no port is free.
    pub async fn start(path: &Path, upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((upstream.ip(), 0)).await?;
        let recorder = Self {
            address: listener.local_addr()?,
            file: Arc::new(Mutex::new(File::create(path)?)),
        };
        let own = recorder.clone();
        tokio::spawn(async move {
            for connection in 0_u64.. {
                let Ok((client, _)) = listener.accept().await else {
                    break;
                };
                tokio::spawn(own.clone().forward(connection, client, upstream));
            }
        });
        Ok(recorder)
    }

    /// Where the client finds the proxy.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Writes one event.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write(&self, event: &Value) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{event}")
    }

    async fn forward(self, connection: u64, client: TcpStream, upstream: SocketAddr) {
        let Ok(server) = TcpStream::connect(upstream).await else {
            return;
        };
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let _ = tokio::join!(
            self.copy(connection, "sent", from_client, to_server),
            self.copy(connection, "received", from_server, to_client),
        );
    }

    /// Forwards one direction of a connection until it is closed. Bytes are recorded before they
    /// are forwarded, so that a recorded call always contains what it caused.
    async fn copy(
        &self,
        connection: u64,
        direction: &str,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = from.read(&mut buffer).await?;
            if read == 0 {
                return to.shutdown().await;
            }
            let bytes = &buffer[..read];
            self.write(&json!({
                "connection": connection, direction: BASE64_STANDARD.encode(bytes),
            }))?;
            to.write_all(bytes).await?;
        }
    }
}
