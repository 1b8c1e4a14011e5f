//! Uploads, downloads and streams are limited by how long they are silent, everything else by how long it
//! takes.

use std::{
    io,
    time::{Duration, SystemTime},
};

use futures_util::stream;
use http::Method;
use sixclicks_auth::{ErrorKind, RetryPolicy, Session};
use sixclicks_core::{ByteStreamExt, Response};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::support::{TOKEN, builder, get};

/// How long an attempt may take in these tests, and how long a steady transfer takes.
const TIMEOUT: Duration = Duration::from_secs(1);
const STEPS: usize = 20;
const STEP: Duration = Duration::from_millis(100);

/// What a server does with a request whose head it has read.
#[derive(Clone, Copy)]
enum Conduct {
    /// Sends a byte at each step, for longer than [`TIMEOUT`].
    SendsSteadily,
    /// Sends a part of the body, and then nothing.
    StopsSending,
    /// Reads nothing, and says nothing.
    StopsReading,
    /// Reads the body to its end, and says how long it was.
    Reads,
}

async fn start(conduct: Conduct) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that goes away is what some tests are about.
            tokio::spawn(async move { drop(serve(stream, conduct).await) });
        }
    });
    url
}

async fn serve(mut stream: TcpStream, conduct: Conduct) -> io::Result<()> {
    let mut received = Vec::new();
    let head = loop {
        if let Some(at) = received.windows(4).position(|end| end == b"\r\n\r\n") {
            break String::from_utf8_lossy(&received[..at + 4]).into_owned();
        }
        stream.read_buf(&mut received).await?;
    };
    if head.contains("/auth/token") {
        let body = format!(r#"{{"accessToken":"{TOKEN}"}}"#);
        return finish(stream, &body).await;
    }
    match conduct {
        Conduct::SendsSteadily => {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {STEPS}\r\n\r\n");
            stream.write_all(head.as_bytes()).await?;
            for _ in 0..STEPS {
                stream.write_all(b" ").await?;
                tokio::time::sleep(STEP).await;
            }
            Ok(())
        }
        Conduct::StopsSending => {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nabc";
            stream.write_all(head).await?;
            wait_for_the_end(stream).await
        }
        Conduct::StopsReading => wait_for_the_end(stream).await,
        Conduct::Reads => {
            let length = head.lines().find_map(|line| {
                let line = line.to_ascii_lowercase();
                line.strip_prefix("content-length: ")?.trim().parse().ok()
            });
            let mut got = received.len() - head.len();
            let mut part = vec![0; 64 << 10];
            let ends = |got: usize, part: &[u8]| match length {
                Some(length) => got >= length,
                None => part.ends_with(b"0\r\n\r\n"),
            };
            let mut last = received;
            while !ends(got, &last) {
                let read = stream.read(&mut part).await?;
                got += read;
                last = part[..read].to_vec();
            }
            let body = length.map_or("chunked".to_owned(), |length| length.to_string());
            finish(stream, &body).await
        }
    }
}

async fn finish(mut stream: TcpStream, body: &str) -> io::Result<()> {
    let length = body.len();
    let text =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

/// Keeps the connection open without reading from it.
async fn wait_for_the_end(stream: TcpStream) -> io::Result<()> {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stream.peer_addr()?;
    }
}

fn session(url: &str, silence: Duration) -> Session {
    builder(url)
        .retry(RetryPolicy::never())
        .timeout(TIMEOUT)
        .stall_timeout(silence)
        .build()
        .unwrap()
}

/// Long enough for any machine.
const PATIENT: Duration = Duration::from_secs(60);
/// Short enough for a test.
const HASTY: Duration = Duration::from_millis(300);

async fn download(session: &Session) -> Response {
    let request = get(session.base_url(), "/files/1");
    let response = session.execute(request, "get_file").await.unwrap();
    Response::new(response, "get_file", false)
}

fn put(session: &Session, body: impl Into<reqwest::Body>) -> reqwest::Request {
    let mut request = get(session.base_url(), "/files/1");
    *request.method_mut() = Method::PUT;
    *request.body_mut() = Some(body.into());
    request
}

#[tokio::test]
async fn a_steady_download_may_take_longer_than_an_attempt() {
    let url = start(Conduct::SendsSteadily).await;
    let session = session(&url, PATIENT);
    let stream = download(&session).await.bytes_stream::<()>().await.unwrap();
    assert_eq!(stream.collect_bytes().await.unwrap().len(), STEPS);
}

#[tokio::test]
async fn a_response_that_is_read_into_memory_has_to_be_there_in_time() {
    let url = start(Conduct::SendsSteadily).await;
    let session = session(&url, PATIENT);
    let error = download(&session).await.json::<(), ()>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    // The same holds for a response that is read by hand.
    let request = get(&url, "/x");
    let response = session.execute(request, "get_x").await.unwrap();
    assert!(response.bytes().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn the_deadline_of_a_call_does_not_end_a_download() {
    let url = start(Conduct::SendsSteadily).await;
    let mut policy = RetryPolicy::never();
    policy.deadline = TIMEOUT;
    let session = session(&url, PATIENT).with_retry(policy);
    let stream = download(&session).await.bytes_stream::<()>().await.unwrap();
    assert_eq!(stream.collect_bytes().await.unwrap().len(), STEPS);
}

#[tokio::test]
async fn a_download_that_stands_still_is_aborted_with_a_clear_error() {
    let url = start(Conduct::StopsSending).await;
    let session = session(&url, HASTY);
    let folder = tempfile::tempdir().unwrap();
    let stream = download(&session).await.bytes_stream::<()>().await.unwrap();
    let error = stream.save_to(folder.path().join("x")).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
    assert!(error.to_string().contains("no byte arrived"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    let stream = download(&session).await.bytes_stream::<()>().await.unwrap();
    let error = stream.collect_bytes().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let error: sixclicks_auth::Error = sixclicks_auth::Error::from_transport("get_file", error);
    assert!(error.to_string().contains("no byte arrived"), "{error}");
}

#[tokio::test]
async fn a_slow_reader_is_not_a_silent_server() {
    let url = start(Conduct::SendsSteadily).await;
    let session = session(&url, Duration::from_secs(5));
    let mut stream = download(&session)
        .await
        .bytes_stream::<()>()
        .await
        .unwrap()
        .into_inner()
        .into_inner();
    let mut length = 0;
    while let Some(chunk) = futures_util::StreamExt::next(&mut stream).await {
        length += chunk.unwrap().len();
        if length == 1 {
            // Everything has arrived meanwhile.
            tokio::time::sleep(STEP * (STEPS as u32 + 10)).await;
        }
    }
    assert_eq!(length, STEPS);
}

#[tokio::test]
async fn a_steady_upload_may_take_longer_than_an_attempt() {
    let url = start(Conduct::Reads).await;
    let session = session(&url, PATIENT);
    let chunks = stream::unfold(0, |sent| async move {
        tokio::time::sleep(STEP).await;
        (sent < STEPS).then(|| (Ok::<_, io::Error>("x".repeat(1 << 10)), sent + 1))
    });
    let request = put(&session, reqwest::Body::wrap_stream(chunks));
    let response = session.execute(request, "put_file").await.unwrap();
    assert_eq!(response.text().await.unwrap(), "chunked");
}

#[tokio::test]
async fn an_upload_that_stands_still_is_aborted_with_a_clear_error() {
    let url = start(Conduct::StopsReading).await;
    let session = session(&url, HASTY);
    // From memory, and from a stream that never ends.
    let large = vec![0; 64 << 20];
    let endless = stream::repeat_with(|| Ok::<_, io::Error>(vec![0; 64 << 10]));
    for body in [large.into(), reqwest::Body::wrap_stream(endless)] {
        let request = put(&session, body);
        let error = session.execute(request, "put_file").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(
            error.to_string().contains("the upload was aborted"),
            "{error}"
        );
    }
    // A source without bytes stands still as well.
    let silent = stream::pending::<io::Result<Vec<u8>>>();
    let request = put(&session, reqwest::Body::wrap_stream(silent));
    let error = session.execute(request, "put_file").await.unwrap_err();
    assert!(
        error.to_string().contains("the upload was aborted"),
        "{error}"
    );
}

#[tokio::test]
async fn an_upload_that_is_not_answered_ends_after_the_time_of_an_attempt() {
    let url = start(Conduct::StopsReading).await;
    let session = session(&url, PATIENT);
    // The system's buffers take all of it.
    let chunks = stream::iter([Ok::<_, io::Error>("x")]);
    let request = put(&session, reqwest::Body::wrap_stream(chunks));
    let error = session.execute(request, "put_file").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("after the upload"), "{error}");
}

#[tokio::test]
async fn a_large_body_keeps_its_length() {
    let url = start(Conduct::Reads).await;
    let session = session(&url, PATIENT);
    for size in [1, 256 << 10, (256 << 10) + 1, 3 << 20] {
        let request = put(&session, vec![b'x'; size]);
        let response = session.execute(request, "put_file").await.unwrap();
        assert_eq!(response.text().await.unwrap(), size.to_string());
    }
}

#[tokio::test]
async fn a_call_without_a_response_ends_in_time() {
    let url = start(Conduct::StopsReading).await;
    let session = session(&url, PATIENT);
    let error = session.execute(get(&url, "/x"), "get_x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(
        error.to_string().contains("no response within 1s"),
        "{error}"
    );
    assert!(session.token_expires() > Some(SystemTime::now()));
}
