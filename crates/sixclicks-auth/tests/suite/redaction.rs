//! A server that repeats the key or the token, escaped in any way and in any part of a response, does
//! not bring them into errors.

use sixclicks_auth::{ApiKey, Error, Session};
use sixclicks_core::Response;

use crate::support::{Act, answer, get, handler::Handler, ok, quick, said::shown, token};

const KEY: &str = "Zm9v+YmFy/c2VjcmV0==";
const TOKEN: &str = "head.cGF5bG9hZA+x/y.c2lnbmF0dXJl";

/// The spellings of a secret that are tried, with the character set of their body.
fn spellings(secret: &str) -> Vec<(String, &'static str)> {
    let each = |escape: &dyn Fn(char) -> String| secret.chars().map(escape).collect::<String>();
    let special = |c: char| !c.is_ascii_alphanumeric();
    vec![
        (secret.to_owned(), "utf-8"),
        (
            each(&|c| {
                if special(c) {
                    format!("\\u{:04X}", u32::from(c))
                } else {
                    c.to_string()
                }
            }),
            "utf-8",
        ),
        (each(&|c| format!("\\u{:04x}", u32::from(c))), "utf-8"),
        (secret.replace('/', "\\/"), "utf-8"),
        (
            each(&|c| {
                if special(c) {
                    format!("&#x{:X};", u32::from(c))
                } else {
                    c.to_string()
                }
            }),
            "utf-8",
        ),
        (
            each(&|c| {
                if special(c) {
                    format!("%{:02X}", u32::from(c))
                } else {
                    c.to_string()
                }
            }),
            "utf-8",
        ),
        (
            each(&|c| {
                if special(c) {
                    format!("%25{:02X}", u32::from(c))
                } else {
                    c.to_string()
                }
            }),
            "utf-8",
        ),
        (secret.to_owned(), "utf-16"),
    ]
}

fn assert_hidden(error: &Error, spelled: &str, place: &str) {
    let shown = shown(error);
    for secret in [KEY, TOKEN, spelled] {
        assert!(!shown.contains(secret), "{place}, {spelled}: {shown}");
    }
}

/// A response that repeats a secret in its headers and its body, as problem details, in ABP's
/// envelope, or as plain text.
fn echo(status: &str, body: &str, charset: &str, header: &str) -> Act {
    let headers =
        format!("content-type: application/json; charset={charset}\r\nx-echo: {header}\r\n");
    if charset == "utf-8" {
        return answer(status, &headers, body);
    }
    // Every test body is ASCII, which is UTF-16 with a zero after every byte.
    let wide: String = body.chars().flat_map(|c| [c, '\0']).collect();
    answer(status, &headers, &wide)
}

fn bodies(spelled: &str) -> Vec<(&'static str, String)> {
    vec![
        (
            "problem",
            format!(r#"{{"title":"no {spelled}","detail":"{spelled}","traceId":"{spelled}"}}"#),
        ),
        (
            "validation",
            format!(r#"{{"errors":{{"{spelled}":["{spelled} is wrong"]}}}}"#),
        ),
        (
            "abp",
            format!(
                r#"{{"result":null,"success":false,"error":{{"code":1,"message":"{spelled}","details":"{spelled}"}},"unAuthorizedRequest":false,"__abp":true}}"#
            ),
        ),
        ("text", format!("no {spelled}")),
    ]
}

fn session(url: &str) -> Session {
    Session::builder(url)
        .api_key(ApiKey::from(KEY))
        .retry(quick())
        .no_proxy()
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_token_is_removed_from_every_part_of_a_response() {
    for (spelled, charset) in spellings(TOKEN) {
        for (form, body) in bodies(&spelled) {
            for status in [
                "200 OK",
                "302 Found",
                "400 Bad",
                "404 Missing",
                "409 Conflict",
                "500 Broken",
            ] {
                let (own, header) = (body.clone(), spelled.clone());
                let server = Handler::with_exchange(
                    |_| token(TOKEN),
                    move |_| echo(status, &own, charset, &header),
                )
                .await;
                let session = session(&server.url);
                let request = get(&server.url, "/x");
                let response = session.execute(request, "get_x").await.unwrap();
                let response = Response::new(response, "get_x", true);
                let error = match status {
                    "200 OK" => match response.json::<Vec<u8>, ()>().await {
                        Ok(_) => panic!("{form} was read"),
                        Err(error) => error,
                    },
                    _ => response.unexpected().await,
                };
                assert_hidden(&error, &spelled, &format!("{form}, {status}"));
            }
        }
    }
}

#[tokio::test]
async fn the_key_is_removed_from_a_failed_exchange() {
    for (spelled, charset) in spellings(KEY) {
        for (form, body) in bodies(&spelled) {
            for status in [
                "200 OK",
                "302 Found",
                "400 Bad",
                "401 Unauthorized",
                "500 Broken",
            ] {
                let (own, header) = (body.clone(), spelled.clone());
                let server = Handler::with_exchange(
                    move |_| echo(status, &own, charset, &header),
                    |_| ok("{}"),
                )
                .await;
                let error = session(&server.url).token().await.unwrap_err();
                assert_hidden(&error, &spelled, &format!("{form}, {status}"));
            }
        }
    }
}

/// The token endpoint as an operation of the generated API: the key is a header of the request.
#[tokio::test]
async fn the_key_is_removed_when_it_is_sent_as_a_header_of_a_call() {
    for (spelled, charset) in spellings(KEY) {
        for (form, body) in bodies(&spelled) {
            let (own, header) = (body.clone(), spelled.clone());
            let server = Handler::with_exchange(
                move |_| echo("400 Bad", &own, charset, &header),
                |_| ok("{}"),
            )
            .await;
            let mut request = get(&server.url, "/auth-api/1.0/auth/token");
            *request.method_mut() = http::Method::POST;
            let key = KEY.parse().unwrap();
            request.headers_mut().insert("6Clicks-Api-Key", key);
            let response = session(&server.url)
                .execute(request, "create_token")
                .await
                .unwrap();
            let error: Error = Response::new(response, "create_token", true)
                .unexpected()
                .await;
            assert_hidden(&error, &spelled, form);
        }
    }
}

/// An API key of the vendor's document, which no one marked as sensitive, beside the token.
#[tokio::test]
async fn a_key_header_is_removed_beside_the_token() {
    let body = format!(r#"{{"title":"{KEY} and {TOKEN}"}}"#);
    let server = Handler::with_exchange(
        |_| token(TOKEN),
        move |_| echo("400 Bad", &body, "utf-8", KEY),
    )
    .await;
    let mut request = get(&server.url, "/x");
    let key = KEY.parse().unwrap();
    request.headers_mut().insert("X-Api-Key", key);
    let session = Session::builder(&server.url)
        .api_key(ApiKey::from("another key"))
        .retry(quick())
        .no_proxy()
        .build()
        .unwrap();
    let response = session.execute(request, "get_x").await.unwrap();
    let error: Error = Response::new(response, "get_x", true).unexpected().await;
    assert_hidden(&error, KEY, "a header of the call");
}

/// The session redacts the body of a failure, and leaves that of a success to its reader.
#[tokio::test]
async fn a_documented_error_is_read_without_the_token_whatever_its_status() {
    for status in ["200 OK", "201 Created", "400 Bad"] {
        let body = format!(r#"{{"{TOKEN}":["{TOKEN}"]}}"#);
        let server = Handler::with_exchange(
            |_| token(TOKEN),
            move |_| echo(status, &body, "utf-8", TOKEN),
        )
        .await;
        let request = get(&server.url, "/x");
        let response = session(&server.url)
            .execute(request, "get_x")
            .await
            .unwrap();
        let response = Response::new(response, "get_x", true);
        let error: Error<serde_json::Value> = response.error_json().await;
        assert!(error.typed().is_some(), "{status}");
        let shown = shown(&error);
        assert!(!shown.contains(TOKEN), "{status}: {shown}");
    }
}
