//! What moving 1 GiB up and down through generated methods costs in memory and time, with
//! somebody watching the progress. Client and server are one process, so that what the server
//! takes counts too; the peak memory is read from /proc (Linux).

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use futures_util::StreamExt;
use http::Method;
use sixclicks_benches::Figure;
use sixclicks_core::{ByteStreamExt, FilePart, Progress, Upload};

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
    let _ = rustls::crypto::ring::default_provider().install_default();
    let url = support::serve(Router::new().fallback(serve)).await?;
    let client = support::client(&url)?;
    let folder = tempfile::tempdir()?;
    let source = folder.path().join("source.bin");
    std::fs::File::create(&source)?.set_len(SIZE)?;

    let (measure, watch) = Measure::start("upload");
    let upload = Upload::from_path(&source).with_progress(watch);
    let stored = client
        .put_file()
        .name("source.bin")
        .body(upload)
        .send()
        .await?;
    assert_eq!(u64::try_from(*stored), Ok(SIZE));
    measure.stop();

    let (measure, watch) = Measure::start("upload in a form");
    let file = FilePart::from_path(&source).with_progress(watch);
    let stored = client.upload_file().file(file).send().await?;
    assert!(
        u64::try_from(*stored)? > SIZE,
        "only {} bytes arrived",
        *stored
    );
    measure.stop();

    let (measure, watch) = Measure::start("download to a file");
    let download = client.download_file().name("source.bin").send().await?;
    let download = download.with_progress(watch);
    assert_eq!(
        download.save_to(folder.path().join("target.bin")).await?,
        SIZE
    );
    measure.stop();
    Ok(())
}

struct Measure {
    name: &'static str,
    idle: u64,
    start: Instant,
    /// How much the progress callback was told of.
    seen: Arc<AtomicU64>,
}

impl Measure {
    /// Begins, with a callback for the progress.
    fn start(name: &'static str) -> (Self, impl Fn(Progress) + Send + Sync + 'static) {
        reset_peak();
        let seen = Arc::new(AtomicU64::new(0));
        let told = Arc::clone(&seen);
        let measure = Self {
            name,
            idle: peak(),
            start: Instant::now(),
            seen,
        };
        (measure, move |at| {
            told.store(at.transferred, Ordering::Relaxed)
        })
    }

    fn stop(self) {
        let seconds = self.start.elapsed().as_secs_f64();
        assert_eq!(
            self.seen.load(Ordering::Relaxed),
            SIZE,
            "all of it was reported"
        );
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
