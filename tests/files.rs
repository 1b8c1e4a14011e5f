//! Files through generated methods on a real connection: names in any script, progress, and
//! what a failing file says.

mod support;

use std::sync::{Arc, Mutex};

use axum::{body::Body, extract::Request, response::Response};
use futures_util::StreamExt;
use sample_catalog_api::{Client, ErrorKind};
use sixclicks_core::{ByteStreamExt, FilePart, Upload};
use support::Server;

const NAME: &str = "Prüfung 检查 \"1\".csv";
const SIZE: usize = 300_000;

/// What a progress callback was told: bytes so far, and in all.
type Log = Arc<Mutex<Vec<(u64, Option<u64>)>>>;

/// Reads a form as a server does, and answers with its file's length; sends a file.
async fn files(request: Request) -> Response {
    let kind = request.headers().get("content-type");
    let kind = kind
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    if request.method() == axum::http::Method::GET {
        let name = "attachment; filename=\"?.csv\"; filename*=UTF-8''Pr%C3%BCfung.csv";
        let answer = Response::builder()
            .header("content-type", "application/octet-stream")
            .header("content-disposition", name)
            .header("content-length", SIZE);
        return answer
            .body(Body::from(vec![b'x'; SIZE]))
            .expect("an answer");
    }
    let mut stream = request.into_body().into_data_stream();
    let Ok(boundary) = multer::parse_boundary(&kind) else {
        let mut length = 0;
        while let Some(Ok(chunk)) = stream.next().await {
            length += chunk.len();
        }
        return Response::new(Body::from(length.to_string()));
    };
    let mut form = multer::Multipart::new(stream, boundary);
    let mut length = None;
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.file_name().map(str::to_owned);
        let head = field.headers()["content-disposition"].as_bytes().to_vec();
        let content = field.bytes().await.expect("the part");
        if let Some(name) = name {
            assert_eq!(name, NAME.replace('"', "%22"));
            let marked = b"filename*=UTF-8''Pr%C3%BCfung%20%E6%A3%80%E6%9F%A5%20%221%22.csv";
            assert!(head.ends_with(marked), "{}", String::from_utf8_lossy(&head));
            length = Some(content.len());
        }
    }
    let answer = Response::builder().header("content-type", "application/json");
    let body = length.map_or("null".to_owned(), |length| length.to_string());
    answer.body(Body::from(body)).expect("an answer")
}

#[tokio::test]
async fn uploads_keep_their_names_and_tell_how_far_they_are() {
    let server = Server::start(files).await;
    let client = Client::new(&server.session());
    let seen: Arc<Mutex<Vec<u64>>> = Arc::default();
    let log = Arc::clone(&seen);
    let file = FilePart::from_bytes(NAME, vec![b'x'; SIZE])
        .with_progress(move |at| log.lock().unwrap().push(at.transferred));
    let stored = client
        .upload_file()
        .file(file)
        .note("a note")
        .send()
        .await
        .unwrap();
    assert_eq!(*stored, SIZE as i64);
    let seen = seen.lock().unwrap().clone();
    assert!(
        seen.len() > 1 && seen.is_sorted() && seen.last() == Some(&(SIZE as u64)),
        "{seen:?}"
    );

    let log: Log = Arc::default();
    let seen = Arc::clone(&log);
    let upload = Upload::from_bytes(vec![b'x'; SIZE])
        .with_progress(move |at| seen.lock().unwrap().push((at.transferred, at.total)));
    let stored = client
        .put_file()
        .name("a/b é")
        .body(upload)
        .send()
        .await
        .unwrap();
    assert_eq!(*stored, SIZE as i64);
    assert_eq!(
        log.lock().unwrap().last(),
        Some(&(SIZE as u64, Some(SIZE as u64)))
    );
    assert!(
        server.asked()[1].ends_with("/files/a%2Fb%20%C3%A9"),
        "{:?}",
        server.asked()
    );
}

#[tokio::test]
async fn downloads_tell_their_name_and_how_far_they_are() {
    let server = Server::start(files).await;
    let client = Client::new(&server.session());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("target.csv");
    let download = client.download_file().name("x").send().await.unwrap();
    assert_eq!(download.file_name().as_deref(), Some("Prüfung.csv"));
    let log: Log = Arc::default();
    let seen = Arc::clone(&log);
    let download =
        download.with_progress(move |at| seen.lock().unwrap().push((at.transferred, at.total)));
    assert_eq!(download.save_to(&path).await.unwrap(), SIZE as u64);
    assert_eq!(std::fs::metadata(&path).unwrap().len(), SIZE as u64);
    assert_eq!(
        log.lock().unwrap().last(),
        Some(&(SIZE as u64, Some(SIZE as u64)))
    );
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told_before_anything_is_sent() {
    let server = Server::start(files).await;
    let client = Client::new(&server.session());
    let missing = || FilePart::from_path("/no/such/file.pdf");
    let error = client
        .upload_file()
        .file(missing())
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("/no/such/file.pdf"), "{error}");
    assert!(server.asked().is_empty());
}
