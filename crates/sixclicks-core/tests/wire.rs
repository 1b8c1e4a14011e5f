//! What a call sends over a real connection, and how hooks take part.

mod support;

use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use http::Method;
use proptest::prelude::*;
use serde_json::json;
use sixclicks_core::{
    ByteStreamExt, Call, ClientHooks, ClientInfo, Error, ErrorKind, Failure, FilePart, Form,
    Multipart, OperationInfo, Progress, QueryStyle, Response, Upload, replayable,
};
use support::{Client, INFO, Received, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn call(server: &Server, method: Method) -> Call<'_> {
    Call::new(method, &server.url, "test_operation")
}

/// Sends and gives what the server got.
async fn sent(server: &Server, call: Call<'_>) -> Received {
    let client = Client::new(&server.url);
    let response: Result<Response, Error> = call.send(&client, &INFO).await;
    response.unwrap();
    server.last()
}

/// A part of a form as an independent parser reads it.
#[derive(Debug, PartialEq)]
struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    content: Vec<u8>,
}

async fn parts(received: &Received) -> Vec<Part> {
    let boundary = multer::parse_boundary(received.header("content-type")).unwrap();
    let body = received.body.clone();
    let stream = futures_util::stream::once(async move { Ok::<_, std::io::Error>(body) });
    let mut form = multer::Multipart::new(stream, boundary);
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.unwrap() {
        parts.push(Part {
            name: field.name().unwrap_or_default().to_owned(),
            file_name: field.file_name().map(str::to_owned),
            content_type: field.content_type().map(ToString::to_string),
            content: field.bytes().await.unwrap().into(),
        });
    }
    parts
}

fn part(name: &str, content_type: Option<&str>, content: &str) -> Part {
    Part {
        name: name.into(),
        file_name: None,
        content_type: content_type.map(str::to_owned),
        content: content.into(),
    }
}

#[tokio::test]
async fn headers_cookies_and_body_arrive() {
    let server = Server::quiet().await;
    let call = call(&server, Method::GET)
        .path("/assessments")
        .header("X-Api-Version", false, Some(&2))
        .header("X-List", false, Some(&["a", "b"]))
        .header("X-Name", false, Some("Zoë"))
        .header("X-None", false, None::<&str>)
        .header_json("X-Json", Some(&json!({"a": 1})))
        .cookie("sid", true, Some("a b;c%"))
        .cookie("ids", true, Some(&[1, 2]))
        .accept("application/json")
        .json("application/json", &json!({"skipCount": 0}));
    let received = sent(&server, call).await;
    assert_eq!(received.method, Method::GET);
    assert_eq!(received.header("x-api-version"), "2");
    assert_eq!(received.header("x-list"), "a,b");
    assert_eq!(received.header("x-name"), "Zoë");
    assert_eq!(received.header("x-none"), "");
    assert_eq!(received.header("x-json"), r#"{"a":1}"#);
    assert_eq!(received.header("cookie"), "sid=a%20b%3Bc%25; ids=1; ids=2");
    assert_eq!(received.header("accept"), "application/json");
    assert_eq!(received.header("content-type"), "application/json");
    assert_eq!(received.body, r#"{"skipCount":0}"#);
}

#[tokio::test]
async fn header_parameters_win_over_what_a_call_would_say() {
    let server = Server::quiet().await;
    let call = call(&server, Method::POST)
        .header("Accept", false, Some("text/csv"))
        .header("Content-Type", false, Some("text/json"))
        .accept("application/json")
        .json("application/json", &1);
    let received = sent(&server, call).await;
    assert_eq!(received.header("accept"), "text/csv");
    assert_eq!(received.header("content-type"), "text/json");
}

#[tokio::test]
async fn an_absent_body_sends_no_body_and_no_media_type() {
    let server = Server::quiet().await;
    let call = call(&server, Method::POST)
        .json_opt("application/json", None::<&i32>)
        .text_opt("text/plain", None::<String>)
        .upload_opt(&["application/octet-stream"], None);
    let received = sent(&server, call).await;
    assert_eq!(received.header("content-type"), "");
    assert_eq!(received.header("transfer-encoding"), "");
    assert!(received.body.is_empty());
}

#[tokio::test]
async fn methods_that_take_content_state_that_there_is_none() {
    let server = Server::quiet().await;
    let query = Method::from_bytes(b"QUERY").unwrap();
    for (method, length) in [
        (Method::POST, "0"),
        (Method::PUT, "0"),
        (Method::PATCH, "0"),
        (query, "0"),
        (Method::GET, ""),
        (Method::HEAD, ""),
        (Method::DELETE, ""),
    ] {
        let received = sent(&server, call(&server, method.clone())).await;
        assert_eq!(received.header("content-length"), length, "{method}");
        assert_eq!(received.header("transfer-encoding"), "", "{method}");
    }
    for call in [
        call(&server, Method::POST).text("text/plain", ""),
        call(&server, Method::PUT).upload(&["text/plain"], ""),
        call(&server, Method::POST).form(Form::new()),
    ] {
        let received = sent(&server, call).await;
        assert_eq!(received.header("content-length"), "0");
        assert_ne!(received.header("content-type"), "");
    }
}

#[tokio::test]
async fn lists_in_headers_have_the_delimiter_of_their_style() {
    let server = Server::quiet().await;
    let call = call(&server, Method::GET)
        .header_delimited("X-Spaces", QueryStyle::SpaceDelimited, Some(&[1, 2]))
        .header_delimited("X-Bars", QueryStyle::PipeDelimited, Some(&["a", "b"]))
        .header_delimited("X-Tabs", QueryStyle::TabDelimited, Some(&[1, 2]))
        .header_delimited("X-None", QueryStyle::TabDelimited, None::<&[i32]>);
    let received = sent(&server, call).await;
    assert_eq!(received.header("x-spaces"), "1 2");
    assert_eq!(received.header("x-bars"), "a|b");
    assert_eq!(received.header("x-tabs"), "1\t2");
    assert_eq!(received.header("x-none"), "");
}

#[tokio::test]
async fn an_upload_has_the_media_type_that_is_set_or_that_its_name_suggests() {
    const IMAGES: &[&str] = &["image/png", "image/jpeg"];
    let server = Server::quiet().await;
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("photo.jpg");
    std::fs::write(&photo, "jpeg").unwrap();
    for (documented, upload, expected) in [
        (IMAGES, Upload::from_path(&photo), "image/jpeg"),
        (IMAGES, Upload::from_bytes("png"), "image/png"),
        (
            IMAGES,
            Upload::from_bytes("png").with_content_type("image/jpeg"),
            "image/jpeg",
        ),
        (&["image/*"], Upload::from_path(&photo), "image/jpeg"),
        (
            &["image/*"],
            Upload::from_bytes("w").with_content_type("image/webp"),
            "image/webp",
        ),
    ] {
        let call = call(&server, Method::PUT).upload(documented, upload);
        let received = sent(&server, call).await;
        assert_eq!(received.header("content-type"), expected);
    }
    let unknown = call(&server, Method::PUT).upload(&["image/*"], "?");
    let client = Client::new(&server.url);
    let refused: Result<Response, Error> = unknown.send(&client, &INFO).await;
    let error = refused.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().contains("with_content_type"), "{error}");
}

#[tokio::test]
async fn a_part_has_the_media_type_that_its_file_name_suggests() {
    let server = Server::quiet().await;
    let file = |name: &str| Some(FilePart::from_bytes(name, "x"));
    let form = Multipart::new()
        .file("a", None, file("a.pdf"))
        .file("b", Some("image/png, image/jpeg"), file("b.jpeg"))
        .file("c", Some("image/png, image/jpeg"), file("c"))
        .file("d", Some("image/*"), file("d.gif"))
        .file("e", None, file("e"));
    let received = sent(&server, call(&server, Method::POST).multipart(form)).await;
    let types: Vec<Option<String>> = parts(&received)
        .await
        .into_iter()
        .map(|part| part.content_type)
        .collect();
    let expected = [
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/gif",
        "application/octet-stream",
    ];
    assert_eq!(types, expected.map(|kind| Some(kind.to_owned())));
}

#[tokio::test]
async fn parts_are_sent_under_the_multipart_type_that_is_set() {
    let server = Server::quiet().await;
    for (media_type, parameter) in [
        ("multipart/related", "; type=\"application/json\""),
        ("multipart/mixed", ""),
    ] {
        let form = Multipart::new()
            .with_media_type(media_type)
            .field("meta", Some("application/json"), Some(&json!({"a": 1})))
            .file(
                "file",
                Some("text/csv"),
                Some(FilePart::from_bytes("f.csv", "a;b")),
            );
        let received = sent(&server, call(&server, Method::POST).multipart(form)).await;
        let kind = received.header("content-type");
        assert!(
            kind.starts_with(&format!("{media_type}; boundary=")),
            "{kind}"
        );
        assert!(kind.ends_with(parameter), "{kind}");
        let body = String::from_utf8(received.body.to_vec()).unwrap();
        let meta = body.find("{\"a\":1}").unwrap();
        assert!(meta < body.find("a;b").unwrap(), "{body}");
        assert!(body.contains("Content-Type: text/csv"), "{body}");
    }
}

#[tokio::test]
async fn text_and_forms_arrive_under_their_media_types() {
    let server = Server::quiet().await;
    let text = call(&server, Method::PUT).text("text/csv; charset=utf-8", "a;é");
    let received = sent(&server, text).await;
    assert_eq!(received.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(received.body, "a;é");

    let form = Form::new().field("a", QueryStyle::Form, true, Some("1 2"));
    let received = sent(&server, call(&server, Method::POST).form(form)).await;
    assert_eq!(
        received.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    assert_eq!(received.body, "a=1%202");
}

#[tokio::test]
async fn a_file_is_sent_with_its_length_and_progress() {
    let server = Server::quiet().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let content: Vec<u8> = (0..200_000_u32).map(|n| n as u8).collect();
    std::fs::write(file.path(), &content).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let upload =
        Upload::from_path(file.path()).with_progress(move |at| log.lock().unwrap().push(at));
    let received = sent(
        &server,
        call(&server, Method::PUT).upload(&["image/png"], upload),
    )
    .await;
    assert_eq!(received.header("content-type"), "image/png");
    assert_eq!(received.header("content-length"), "200000");
    assert_eq!(received.header("transfer-encoding"), "");
    assert_eq!(received.body, content);
    let seen = seen.lock().unwrap();
    assert!(seen.len() > 1, "{seen:?}");
    assert_eq!(
        seen.last(),
        Some(&Progress {
            transferred: 200_000,
            total: Some(200_000)
        })
    );
}

#[tokio::test]
async fn an_empty_file_is_sent_as_an_empty_body() {
    let server = Server::quiet().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let upload = Upload::from_path(file.path());
    let received = sent(
        &server,
        call(&server, Method::PUT).upload(&["text/plain"], upload),
    )
    .await;
    assert_eq!(received.header("content-length"), "0");
}

#[tokio::test]
async fn a_stream_is_sent_once_and_refused_the_second_time() {
    let server = Server::quiet().await;
    let client = Client::new(&server.url);
    let chunks = futures_util::stream::iter([Ok("ab"), Ok("cd")]);
    let upload = Upload::from_stream(chunks, None);
    let again = upload.clone();
    let received = sent(
        &server,
        call(&server, Method::PUT).upload(&["text/plain"], upload),
    )
    .await;
    assert_eq!(received.header("transfer-encoding"), "chunked");
    assert_eq!(received.body, "abcd");

    let second: Result<_, Error> = call(&server, Method::PUT)
        .upload(&["text/plain"], again)
        .send(&client, &INFO)
        .await;
    let error = second.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("sent before"), "{error}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_named_before_anything_is_sent() {
    let server = Server::quiet().await;
    let client = Client::new(&server.url);
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.pdf");
    for path in [missing.as_path(), folder.path()] {
        let call = call(&server, Method::PUT).upload(&["application/pdf"], path);
        let error = call.send::<(), _, _>(&client, &INFO).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(
            error.to_string().contains(path.to_str().unwrap()),
            "{error}"
        );
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn multipart_fields_are_read_back_by_a_parser() {
    let server = Server::quiet().await;
    let form = Multipart::new()
        .field("text", None, Some("naïve\r\n--x"))
        .field("number", None, Some(&1.5))
        .field("none", None, None::<&str>)
        .field("tags", None, Some(&["a", "b"]))
        .field("object", None, Some(&json!({"k": [1], "none": null})))
        .field("objects", None, Some(&json!([{"k": 1}, {"k": 2}])))
        .field("json", Some("application/json"), Some("x"))
        .field("csv", Some("text/csv"), Some("a;b"))
        .field_styled("joined", QueryStyle::Form, false, Some(&["a", "b"]))
        .field_styled(
            "deep",
            QueryStyle::DeepObject,
            true,
            Some(&json!({"k": "v w"})),
        );
    let received = sent(&server, call(&server, Method::POST).multipart(form)).await;
    assert_eq!(
        received.header("content-length"),
        received.body.len().to_string()
    );
    let json = Some("application/json");
    let expected = [
        part("text", None, "naïve\r\n--x"),
        part("number", None, "1.5"),
        part("tags", None, "a"),
        part("tags", None, "b"),
        part("object", json, r#"{"k":[1],"none":null}"#),
        part("objects", json, r#"{"k":1}"#),
        part("objects", json, r#"{"k":2}"#),
        part("json", json, r#""x""#),
        part("csv", Some("text/csv"), "a;b"),
        part("joined", None, "a,b"),
        part("deep[k]", None, "v w"),
    ];
    assert_eq!(parts(&received).await, expected);
}

#[tokio::test]
async fn files_in_forms_stream_with_name_type_and_length() {
    let server = Server::quiet().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Prüfung 日本.pdf");
    std::fs::write(&path, vec![b'x'; 150_000]).unwrap();
    let form = Multipart::new()
        .field("title", None, Some("t"))
        .file(
            "main",
            Some("application/pdf"),
            Some(FilePart::from_path(&path)),
        )
        .file("absent", None, None)
        .files(
            "more",
            None,
            [
                FilePart::from_bytes("a.txt", "A").with_content_type("text/plain"),
                FilePart::from_bytes("b", "B").with_file_name("c"),
            ],
        );
    let received = sent(&server, call(&server, Method::POST).multipart(form)).await;
    assert_eq!(
        received.header("content-length"),
        received.body.len().to_string()
    );
    let file = |name: &str, file_name: &str, content_type: &str, content: &[u8]| Part {
        name: name.into(),
        file_name: Some(file_name.into()),
        content_type: Some(content_type.into()),
        content: content.into(),
    };
    let expected = [
        part("title", None, "t"),
        file(
            "main",
            "Prüfung 日本.pdf",
            "application/pdf",
            &vec![b'x'; 150_000],
        ),
        file("more", "a.txt", "text/plain", b"A"),
        file("more", "c", "application/octet-stream", b"B"),
    ];
    assert_eq!(parts(&received).await, expected);
}

#[tokio::test]
async fn forms_can_be_of_another_multipart_kind() {
    let server = Server::quiet().await;
    let form = Multipart::new()
        .with_media_type("multipart/mixed")
        .field("a", None, Some("1"));
    let received = sent(&server, call(&server, Method::POST).multipart(form)).await;
    let content_type = received.header("content-type");
    assert!(
        content_type.starts_with("multipart/mixed; boundary="),
        "{content_type}"
    );
}

#[tokio::test]
async fn a_bad_media_type_of_a_file_cannot_smuggle_headers() {
    let server = Server::quiet().await;
    let file = FilePart::from_bytes("a", "").with_content_type("a/b\r\nX-Evil: 1");
    let call = call(&server, Method::POST).multipart(Multipart::new().file("f", None, Some(file)));
    let error = call
        .send::<(), _, _>(&Client::new(&server.url), &INFO)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn parameters_that_cannot_be_sent_are_named() {
    let server = Server::quiet().await;
    let client = Client::new(&server.url);
    let calls = [
        (
            call(&server, Method::GET).header("X-A", false, Some("a\r\nX-Evil: 1")),
            "X-A",
        ),
        (
            call(&server, Method::GET).header("bad name", false, Some("a")),
            "bad name",
        ),
        (
            call(&server, Method::GET).cookie("a;b", true, Some("a")),
            "a;b",
        ),
        (call(&server, Method::GET).json("bad\n", &1), "bad"),
        (
            Call::new(Method::GET, "nowhere", "test_operation").path("/x"),
            "nowhere",
        ),
    ];
    for (call, named) in calls {
        let error = call.send::<(), _, _>(&client, &INFO).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains(named), "{error}");
        assert!(error.to_string().contains("test_operation"), "{error}");
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_closed_port_is_a_connection_error() {
    let server = Server::quiet().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let call = Call::new(Method::GET, &url, "test_operation");
    let error = call
        .send::<(), _, _>(&Client::new(&server.url), &INFO)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
}

/// A server that breaks off after the beginning of an answer.
async fn breaks_off(beginning: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(beginning.as_bytes()).await;
        }
    });
    url
}

#[tokio::test]
async fn an_error_whose_body_breaks_off_keeps_its_status_and_what_came() {
    let url = breaks_off("HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nThe database is").await;
    let call = Call::new(Method::GET, &url, "test_operation");
    let response = call.send::<(), _, _>(&Client::new(&url), &INFO).await;
    let error = response.unwrap().unexpected::<()>().await;
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(error.message(), "The database is");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_connection_error() {
    let url = breaks_off("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":").await;
    let client = Client::new(&url);
    let answer = || async {
        let call = Call::new(Method::GET, &url, "test_operation");
        call.send::<(), _, _>(&client, &INFO).await.unwrap()
    };
    let json = answer().await.json::<serde_json::Value, ()>().await;
    assert_eq!(json.unwrap_err().kind(), ErrorKind::Connection);
    let any = answer().await.any::<()>().await;
    assert_eq!(any.unwrap_err().kind(), ErrorKind::Connection);
    let error = answer().await.unexpected::<()>().await;
    assert_eq!(error.kind(), ErrorKind::Connection);
    let stream = answer().await.bytes_stream::<()>().await.unwrap();
    assert!(stream.collect_bytes().await.is_err());
}

/// A client whose `exec` sends everything twice, as after a renewed token.
struct Twice(Client);

/// A client whose `exec` fails for a reason of its own.
struct Failing(Client);

macro_rules! same_info {
    ($($client:ty),*) => {$(
        impl ClientInfo<()> for $client {
            fn api_version() -> &'static str { "1.0" }
            fn baseurl(&self) -> &str { self.0.baseurl() }
            fn client(&self) -> &reqwest::Client { self.0.client() }
            fn inner(&self) -> &() { &() }
        }
    )*};
}
same_info!(Twice, Failing);

impl ClientHooks<()> for Twice {
    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let (first, second) = replayable(request)?;
        let response = self.client().execute(first).await?;
        match second {
            Some(second) => self.client().execute(second).await,
            None => Ok(response),
        }
    }
}

impl ClientHooks<()> for Failing {
    async fn exec(
        &self,
        _: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        Ok(Failure::new(Error::invalid_request("", "no key")).into_response())
    }
}

#[tokio::test]
async fn an_error_of_a_hook_comes_out_as_it_is() {
    let server = Server::quiet().await;
    let client = Failing(Client::new(&server.url));
    let error = call(&server, Method::GET)
        .send::<String, _, _>(&client, &INFO)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("no key"), "{error}");
    assert!(error.to_string().contains("test_operation"), "{error}");
}

#[tokio::test]
async fn bodies_from_memory_and_files_can_be_sent_again_and_streams_cannot() {
    let server = Server::quiet().await;
    let client = Twice(Client::new(&server.url));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "from disk").unwrap();
    let form = Multipart::new().field("a", None, Some("1")).file(
        "f",
        None,
        Some(FilePart::from_path(file.path())),
    );
    let stream = Upload::from_stream(futures_util::stream::iter([Ok("x")]), Some(1));
    let calls = [
        (call(&server, Method::POST).json("application/json", &1), 2),
        (
            call(&server, Method::POST)
                .path("/p?q=%C3%A9")
                .upload(&["text/plain"], file.path()),
            2,
        ),
        (call(&server, Method::POST).multipart(form), 2),
        (
            call(&server, Method::POST).upload(&["text/plain"], stream),
            1,
        ),
    ];
    for (call, times) in calls {
        let before = server.received().len();
        call.send::<(), _, _>(&client, &INFO).await.unwrap();
        let received = server.received().split_off(before);
        assert_eq!(received.len(), times);
        let (first, last) = (&received[0], &received[times - 1]);
        assert!(!first.body.is_empty());
        assert_eq!(
            (&first.body, &first.uri, &first.headers),
            (&last.body, &last.uri, &last.headers)
        );
    }
}

#[tokio::test]
async fn calls_can_be_sent_from_other_threads() {
    let server = Server::quiet().await;
    let client = Client::new(&server.url);
    let calls = futures_util::stream::iter(0..20).map(|number| {
        let call = call(&server, Method::POST).json("application/json", &number);
        call.send::<(), _, _>(&client, &INFO)
    });
    fn assert_send<T: Send>(future: T) -> T {
        future
    }
    let results: Vec<_> = assert_send(calls.buffer_unordered(8).collect()).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(server.received().len(), 20);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_file_name_and_content_survive_a_form(
        name in "[^\\x00-\\x1f\\x7f\"\\\\]{1,20}",
        file_name in "[^\\x00-\\x1f\\x7f\"\\\\]{1,20}",
        content: Vec<u8>,
        text: String,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let parts = runtime.block_on(async {
            let server = Server::quiet().await;
            let form = Multipart::new()
                .field("text", None, Some(&text))
                .file(&name, None, Some(FilePart::from_bytes(file_name.clone(), content.clone())));
            parts(&sent(&server, call(&server, Method::POST).multipart(form)).await).await
        });
        prop_assert_eq!(&parts[0], &part("text", None, &text));
        prop_assert_eq!(&parts[1].name, &name);
        prop_assert_eq!(parts[1].file_name.as_ref(), Some(&file_name));
        prop_assert_eq!(&parts[1].content, &content);
    }
}
