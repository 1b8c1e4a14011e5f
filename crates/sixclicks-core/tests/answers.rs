//! How answers are read: plain, wrapped, odd and broken ones.

#[path = "support/connection.rs"]
mod connection;

use std::sync::{Arc, Mutex};

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sixclicks_core::{
    AnyBody, ByteStream, ByteStreamExt, DateTime, Decimal, Error, ErrorKind, Json, Progress,
    Response, ResponseValue,
};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Page {
    total_count: Option<i64>,
    items: Vec<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Strict {
    id: i64,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Problem {
    title: String,
}

fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>, unwrap_abp: bool) -> Response {
    let mut response = http::Response::new(body.into());
    *response.status_mut() = status.try_into().unwrap();
    let headers = response.headers_mut();
    headers.insert("x-request-id", "r1".parse().unwrap());
    if !content_type.is_empty() {
        headers.insert("content-type", content_type.parse().unwrap());
    }
    Response::new(response.into(), "get_page", unwrap_abp)
}

fn ok(body: impl Into<Vec<u8>>) -> Response {
    answer(200, "application/json; charset=utf-8", body, true)
}

async fn page(response: Response) -> Result<Page, Error> {
    response.json().await.map(ResponseValue::into_inner)
}

fn expected() -> Page {
    Page {
        total_count: Some(1),
        items: vec!["é".into()],
    }
}

const PLAIN: &str = r#"{"totalCount":1,"items":["é"]}"#;

fn wrapped(result: &str) -> String {
    format!(
        r#"{{"result":{result},"targetUrl":null,"success":true,"error":null,"unAuthorizedRequest":false,"__abp":true}}"#
    )
}

const REFUSED: &str = r#"{"result":null,"targetUrl":null,"success":false,"error":{"code":0,"message":"Not yours","details":null,"validationErrors":null},"unAuthorizedRequest":true,"__abp":true}"#;

#[tokio::test]
async fn plain_json_is_read_with_status_and_headers() {
    let value: ResponseValue<Page> = ok(PLAIN).json::<_, ()>().await.unwrap();
    assert_eq!(*value, expected());
    assert_eq!(value.status(), 200);
    assert_eq!(value.headers()["x-request-id"], "r1");
}

#[tokio::test]
async fn encodings_of_windows_are_read() {
    let utf16: Vec<u8> = PLAIN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&[0xff, 0xfe][..], &utf16].concat();
    let latin: Vec<u8> = PLAIN.chars().map(|c| c as u8).collect();
    assert_eq!(
        page(ok(format!("\u{feff}{PLAIN}"))).await.unwrap(),
        expected()
    );
    assert_eq!(page(ok(utf16)).await.unwrap(), expected());
    assert_eq!(page(ok(with_mark)).await.unwrap(), expected());
    let latin = answer(200, "application/json; charset=ISO-8859-1", latin, true);
    assert_eq!(page(latin).await.unwrap(), expected());
}

sixclicks_core::string_enum! {
    /// A colour.
    pub enum Colour {
        /// `Red`
        Red = "Red",
        ..UnknownValue
    }
}

sixclicks_core::integer_enum! {
    /// A level.
    pub enum Level {
        /// `0`
        Low = 0,
        ..UnknownValue
    }
}

#[tokio::test]
async fn no_content_is_never_a_made_up_value() {
    use std::collections::BTreeMap;
    for (status, kind) in [(200, "application/json"), (200, ""), (204, "")] {
        for body in ["", " \r\n", "\u{feff}", "null", " null\n"] {
            for unwrap_abp in [false, true] {
                let read = || answer(status, kind, body, unwrap_abp);
                assert_eq!(*read().json::<Option<Strict>, ()>().await.unwrap(), None);
                assert_eq!(*read().json::<Vec<Strict>, ()>().await.unwrap(), []);
                assert_eq!(*read().json::<(), ()>().await.unwrap(), ());
                assert!(read().json::<Json, ()>().await.unwrap().is_null());
                for error in [
                    read().json::<Strict, ()>().await.map(drop).unwrap_err(),
                    read().json::<Page, ()>().await.map(drop).unwrap_err(),
                    read().json::<String, ()>().await.map(drop).unwrap_err(),
                    read().json::<Colour, ()>().await.map(drop).unwrap_err(),
                    read().json::<Level, ()>().await.map(drop).unwrap_err(),
                    read().json::<i32, ()>().await.map(drop).unwrap_err(),
                    read().json::<bool, ()>().await.map(drop).unwrap_err(),
                    read().json::<Decimal, ()>().await.map(drop).unwrap_err(),
                    read().json::<DateTime, ()>().await.map(drop).unwrap_err(),
                    read()
                        .json::<BTreeMap<String, String>, ()>()
                        .await
                        .map(drop)
                        .unwrap_err(),
                ] {
                    assert_eq!(error.kind(), ErrorKind::NoContent, "{body:?}");
                    assert_eq!(error.status().map(|s| s.as_u16()), Some(status));
                    assert_eq!(error.headers()["x-request-id"], "r1");
                    assert_eq!(error.message(), "the server sent no content");
                    assert!(!error.is_transient());
                }
            }
        }
    }
}

#[tokio::test]
async fn an_empty_text_is_a_text_where_the_server_calls_it_one() {
    let text = |status| answer(status, "text/plain; charset=utf-8", "", true);
    assert_eq!(*text(200).json::<String, ()>().await.unwrap(), "");
    assert!(text(200).json::<Colour, ()>().await.is_err());
    assert_eq!(*text(200).text::<()>().await.unwrap(), "");
    let error = answer(204, "", "", true).text::<()>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoContent);
}

#[tokio::test]
async fn plain_text_is_read_for_a_string_only() {
    let text = |body: &str| answer(200, "text/plain; charset=utf-8", body, true);
    assert_eq!(*text("T-1").json::<String, ()>().await.unwrap(), "T-1");
    assert_eq!(*text("12").json::<String, ()>().await.unwrap(), "12");
    assert_eq!(*text("\"T-1\"").json::<String, ()>().await.unwrap(), "T-1");
    assert_eq!(*text("12").json::<i64, ()>().await.unwrap(), 12);
    assert_eq!(
        *text("T-1").json::<Option<String>, ()>().await.unwrap(),
        Some("T-1".into())
    );
    assert!(text("T-1").json::<Strict, ()>().await.is_err());
    assert!(ok("T-1").json::<String, ()>().await.is_err());
    assert_eq!(*text("\u{feff}é").text::<()>().await.unwrap(), "é");
    assert_eq!(*ok("\"é\"").text::<()>().await.unwrap(), "é");
    assert_eq!(*ok("{}").text::<()>().await.unwrap(), "{}");
}

#[tokio::test]
async fn the_envelope_is_taken_off_wherever_its_members_stand() {
    assert_eq!(page(ok(wrapped(PLAIN))).await.unwrap(), expected());
    let first = format!(r#"{{"__abp":true,"success":true,"result":{PLAIN}}}"#);
    assert_eq!(page(ok(first)).await.unwrap(), expected());
    let many: Vec<String> = (0..10_000).map(|n| n.to_string()).collect();
    let long = json!({"items": many}).to_string();
    assert_eq!(page(ok(wrapped(&long))).await.unwrap().items, many);
    let nothing = page(ok(wrapped("null"))).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::NoContent);
    let list = ok(wrapped("null")).json::<Vec<i32>, ()>().await.unwrap();
    assert!(list.is_empty());
    assert_eq!(*ok(wrapped("null")).json::<(), ()>().await.unwrap(), ());
    assert_eq!(*ok(wrapped("7")).json::<i64, ()>().await.unwrap(), 7);
    let any = ok(wrapped("[1]")).any::<()>().await.unwrap().into_inner();
    assert_eq!(any.json::<Vec<i32>>().unwrap(), [1]);
    assert!(ok(wrapped("null")).any::<()>().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_only_mentions_the_marker_is_no_envelope() {
    let text = json!({"items": ["\"__abp\""], "totalCount": 1});
    assert_eq!(
        page(ok(text.to_string())).await.unwrap().items,
        ["\"__abp\""]
    );
    let inner = json!({"items": [], "totalCount": 1, "extra": {"__abp": true}});
    assert_eq!(
        page(ok(inner.to_string())).await.unwrap().total_count,
        Some(1)
    );
    let kept = answer(200, "application/json", wrapped(PLAIN), false);
    let value = kept.json::<Value, ()>().await.unwrap();
    assert_eq!(value["result"]["totalCount"], 1);
}

#[tokio::test]
async fn an_envelope_that_says_failure_is_an_error_at_any_status() {
    for error in [
        ok(REFUSED).json::<Page, ()>().await.map(drop).unwrap_err(),
        ok(REFUSED).empty::<()>().await.map(drop).unwrap_err(),
        ok(REFUSED).text::<()>().await.map(drop).unwrap_err(),
        ok(REFUSED).any::<()>().await.map(drop).unwrap_err(),
    ] {
        assert_ne!(error.kind(), ErrorKind::UnexpectedAnswer);
        assert_eq!(error.status(), Some(http::StatusCode::OK));
    }
    assert!(ok(r#"{"success":false}"#).empty::<()>().await.is_ok());
}

#[tokio::test]
async fn a_web_page_is_told_by_its_title() {
    let html = "\n<!DOCTYPE html><HTML><head>\n<title lang='en'> Bad\n gateway </title>";
    let error = answer(200, "text/html", html, true)
        .json::<Page, ()>()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(
        error
            .to_string()
            .contains("a web page titled \"Bad gateway\""),
        "{error}"
    );
    let error = ok("<xml/>").json::<Page, ()>().await.unwrap_err();
    assert!(error.to_string().contains("a web page or XML"), "{error}");
}

#[tokio::test]
async fn json_of_another_shape_says_where() {
    let error = ok(r#"{"id":"x"}"#).json::<Strict, ()>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert_eq!(error.status(), Some(http::StatusCode::OK));
    assert!(
        error.to_string().ends_with("at `id` (status 200)"),
        "{error}"
    );
    let broken = ok(r#"{"id":"#).json::<Strict, ()>().await.unwrap_err();
    assert!(broken.to_string().contains("line 1 column 6"), "{broken}");
    let error = ok(wrapped(r#"{"id":"x"}"#))
        .json::<Strict, ()>()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("invalid type"), "{error}");
}

#[tokio::test]
async fn errors_carry_their_documented_type_when_the_body_has_it() {
    let typed: Error<Problem> =
        answer(404, "application/problem+json", r#"{"title":"Gone"}"#, true)
            .error_json()
            .await;
    assert_eq!(
        typed.typed(),
        Some(&Problem {
            title: "Gone".into()
        })
    );
    assert_eq!(typed.status(), Some(http::StatusCode::NOT_FOUND));
    let untyped: Error<Problem> = answer(500, "text/html", "<html>", true).error_json().await;
    assert_eq!(untyped.typed(), None);
    assert_eq!(
        untyped.status(),
        Some(http::StatusCode::INTERNAL_SERVER_ERROR)
    );
    let mapped = answer(404, "", r#"{"title":"Gone"}"#, true)
        .error_json::<Problem>()
        .await
        .map_typed(|problem| problem.title);
    assert_eq!(mapped.typed().map(String::as_str), Some("Gone"));
    assert_eq!(
        answer(403, "", "", true).error_none::<()>().await.status(),
        Some(http::StatusCode::FORBIDDEN)
    );
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Details {
    title: Option<String>,
    message: Option<String>,
}

#[tokio::test]
async fn an_error_that_has_no_documented_member_has_no_type() {
    let typed = |status, body: &'static str| answer(status, "application/json", body, true);
    for body in [REFUSED, "", "null", r#"{"code":7}"#, "[]"] {
        let error: Error<Problem> = typed(400, body).error_json().await;
        assert_eq!(error.typed(), None, "{body}");
        assert_eq!(error.body(), body.as_bytes());
    }
    // The envelope says it in a member of its own.
    let error: Error<Details> = typed(500, REFUSED).error_json().await;
    assert_eq!(
        error.typed().and_then(|details| details.message.as_deref()),
        Some("Not yours")
    );
    assert_eq!(error.message(), "Not yours");
    let error: Error<Details> = typed(404, r#"{"code":7}"#).error_json().await;
    assert_eq!(error.typed(), None);
    let error: Error<Details> = typed(404, r#"{"Title":"Gone"}"#).error_json().await;
    assert_eq!(
        error.typed().and_then(|details| details.title.as_deref()),
        Some("Gone")
    );
}

#[tokio::test]
async fn what_the_document_does_not_mention_is_an_error_of_its_kind() {
    let refused = answer(418, "", "", true).unexpected::<()>().await;
    assert_ne!(refused.kind(), ErrorKind::UnexpectedAnswer);
    let odd = answer(207, "", "x", true).unexpected::<()>().await;
    assert_eq!(odd.kind(), ErrorKind::UnexpectedAnswer);
    assert!(odd.to_string().contains("207"), "{odd}");
}

#[tokio::test]
async fn an_endless_error_body_is_read_only_so_far() {
    let chunks = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 65_536]));
    let body = reqwest::Body::wrap_stream(chunks);
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::BAD_GATEWAY;
    let error = Response::new(response.into(), "get_page", true)
        .unexpected::<()>()
        .await;
    assert_eq!(error.status(), Some(http::StatusCode::BAD_GATEWAY));
}

#[tokio::test]
async fn media_types_match_without_parameters_and_by_range() {
    let is = |actual: &str, documented: &str| answer(200, actual, "", true).is(documented);
    assert!(is("application/json; charset=utf-8", "application/json"));
    assert!(is("text/JSON", "application/json"));
    assert!(is("application/problem+json", "application/json"));
    assert!(is("application/hal+json", "application/*+json"));
    assert!(is("text/csv", "text/*"));
    assert!(is("image/png", "*/*"));
    assert!(!is("application/json", "application/*+json"));
    assert!(!is("application/json", "application/xml"));
    assert!(!is("", "text/*"));
}

#[tokio::test]
async fn an_answer_can_be_read_before_it_is_wrapped() {
    #[derive(Debug, PartialEq)]
    enum Answer {
        Created(Page),
        Text(String),
    }
    let mut response = answer(201, "application/json", PLAIN, true);
    let value = response.json_value::<Page, ()>().await.unwrap();
    let created = response.wrap(Answer::Created(value));
    assert_eq!(
        (&*created, created.status().as_u16()),
        (&Answer::Created(expected()), 201)
    );
    assert_eq!(created.headers()["x-request-id"], "r1");
    let mut response = answer(200, "text/csv", "a;b", true);
    let text = response.text_value::<()>().await.unwrap();
    assert_eq!(
        *response.wrap(Answer::Text(text)),
        Answer::Text("a;b".into())
    );
}

fn download(parts: &[&'static str], fails: bool) -> ResponseValue<ByteStream> {
    let mut chunks: Vec<_> = parts
        .iter()
        .map(|part| Ok(bytes::Bytes::from_static(part.as_bytes())))
        .collect();
    if fails {
        let invalid = connection::http().get("nowhere").build().unwrap_err();
        chunks.push(Err(invalid));
    }
    let stream = ByteStream::new(Box::pin(futures_util::stream::iter(chunks)));
    let headers = [(http::header::CONTENT_LENGTH, "4".parse().unwrap())];
    ResponseValue::new(stream, http::StatusCode::OK, headers.into_iter().collect())
}

#[tokio::test]
async fn a_download_is_saved_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("download.bin");
    let failed = download(&["ab"], true).save_to(&path).await.unwrap_err();
    assert!(failed.to_string().contains("download.bin"), "{failed}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(
        download(&["ab", "cd"], false).save_to(&path).await.unwrap(),
        4
    );
    assert_eq!(std::fs::read(&path).unwrap(), b"abcd");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(download(&["xy"], false).save_to(&path).await.unwrap(), 2);
    assert_eq!(std::fs::read(&path).unwrap(), b"xy");
    assert!(
        download(&["x"], false)
            .save_to(folder.path().join("no/such"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_cancelled_download_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("download.bin");
    let first = futures_util::stream::iter([Ok(bytes::Bytes::from_static(b"ab"))]);
    let endless = first.chain(futures_util::stream::pending());
    let mut saving = Box::pin(ByteStream::new(Box::pin(endless)).save_to(&path));
    while std::fs::read_dir(folder.path()).unwrap().count() == 0 {
        tokio::select! {
            biased;
            _ = &mut saving => panic!("the download has no end"),
            () = tokio::task::yield_now() => {}
        }
    }
    drop(saving);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_download_reports_progress_and_can_be_collected() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let stream =
        download(&["ab", "cd"], false).with_progress(move |at| log.lock().unwrap().push(at));
    assert_eq!(stream.collect_bytes().await.unwrap(), "abcd");
    let at = |transferred| Progress {
        transferred,
        total: Some(4),
    };
    assert_eq!(*seen.lock().unwrap(), [at(2), at(4)]);
    assert!(download(&[], true).collect_bytes().await.is_err());
    let mut stream = answer(200, "", "abc", true)
        .bytes_stream::<()>()
        .await
        .unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), "abc");
}

#[test]
fn bodies_without_description_can_be_read_as_anything() {
    let body = AnyBody::new(&b"\xe9"[..], Some("text/plain; charset=\"ISO-8859-1\""));
    assert_eq!(body.text(), "é");
    assert_eq!(AnyBody::new(&b"\xff"[..], None).text(), "\u{fffd}");
    assert_eq!(
        AnyBody::new("\u{feff}[1]", None)
            .json::<Vec<i32>>()
            .unwrap(),
        [1]
    );
    assert!(AnyBody::default().is_empty());
}

#[tokio::test]
async fn an_answer_that_nothing_changed_is_an_error_of_its_own_kind() {
    let documented: Error = answer(304, "", "", true).error_none().await;
    let undocumented: Error = answer(304, "", "", true).unexpected().await;
    for error in [documented, undocumented] {
        assert_eq!(error.kind(), ErrorKind::NotModified);
        assert_eq!(error.message(), "the server answered 304 Not Modified");
        assert!(!error.is_transient());
        assert_eq!(error.headers()["x-request-id"], "r1");
    }
}
