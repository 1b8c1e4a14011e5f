//! What moving 1 GiB up and down costs in memory and time.
//! Client and server are one process; its peak memory is read from /proc (Linux).

#[path = "../../crates/sixclicks-core/tests/support/client.rs"]
mod client;

use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use client::{Client, INFO};
use futures_util::StreamExt;
use http::Method;
use sixclicks_benches::Figure;
use sixclicks_core::{ByteStreamExt, Call, FilePart, Multipart, Upload};

const SIZE: u64 = 1 << 30;
const CHUNK: usize = 64 * 1024;

/// Peak resident memory in KiB since the last reset.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Lets the peak start again from what is resident now.
fn reset_peak() {
    // Where this is not permitted the figures are of the whole run so far.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// Counts what comes up, sends 1 GiB down.
async fn serve(request: Request) -> Response {
    if request.method() == Method::GET {
        let chunk = Bytes::from(vec![b'x'; CHUNK]);
        let chunks =
            futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone()));
        let body = Body::from_stream(chunks.take((SIZE / CHUNK as u64) as usize));
        return Response::new(body);
    }
    let mut chunks = request.into_body().into_data_stream();
    let mut length = 0;
    while let Some(Ok(chunk)) = chunks.next().await {
        length += chunk.len() as u64;
    }
    Response::new(Body::from(length.to_string()))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(serve)).await });
    let client = Client::new(&url);
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("source.bin");
    std::fs::File::create(&source)?.set_len(SIZE)?;

    let call = |method| Call::new(method, &url, "transfer");
    let form = Multipart::new().file("file", None, Some(FilePart::from_path(&source)));
    let uploads = [
        (
            "upload",
            call(Method::PUT).upload("application/octet-stream", Upload::from_path(&source)),
        ),
        ("upload in a form", call(Method::POST).multipart(form)),
    ];
    for (name, call) in uploads {
        let measure = Measure::start(name);
        let answer = call.send::<(), _, _>(&client, &INFO).await?;
        let length = answer.text::<()>().await?.parse::<u64>()?;
        assert!(length >= SIZE, "only {length} bytes arrived");
        measure.stop();
    }

    let measure = Measure::start("download to a file");
    let answer = call(Method::GET).send::<(), _, _>(&client, &INFO).await?;
    let stream = answer.bytes_stream::<()>().await?;
    let length = stream.save_to(folder.path().join("target.bin")).await?;
    assert_eq!(length, SIZE);
    measure.stop();
    Ok(())
}

struct Measure {
    name: &'static str,
    idle: u64,
    start: Instant,
}

impl Measure {
    fn start(name: &'static str) -> Self {
        reset_peak();
        Self {
            name,
            idle: peak(),
            start: Instant::now(),
        }
    }

    fn stop(self) {
        let seconds = self.start.elapsed().as_secs_f64();
        let above = peak().saturating_sub(self.idle) as f64 / 1024.0;
        Figure {
            name: &format!("{} of 1 GiB, memory above idle", self.name),
            value: above,
            unit: "MiB",
            bound: Some(32.0),
        }
        .print();
        Figure {
            name: &format!("{} of 1 GiB, time", self.name),
            value: seconds,
            unit: "s",
            bound: None,
        }
        .print();
    }
}
