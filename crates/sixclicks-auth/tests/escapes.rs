//! A server that repeats the key or the token, escaped in any way that JSON, XML, URLs, UTF-8 and UTF-16
//! allow and in any part of a response, brings it neither into errors, logs nor panics.

#[path = "support/mod.rs"]
mod support;

use std::panic::{self, AssertUnwindSafe};

use http::Method;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sixclicks_auth::{ApiKey, Error, RetryPolicy, Session};
use sixclicks_core::Response;
use support::{
    Act, get,
    handler::Handler,
    ok,
    said::{self, Said},
    token,
};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};

/// Writes a character of a secret in one of the ways that a format allows.
fn escaped(character: char, way: u8) -> String {
    let code = u32::from(character);
    match way % 14 {
        0 => format!("\\u{code:04x}"),
        1 => format!("\\u{code:04X}"),
        2 => format!("&#{code};"),
        3 => format!("&#x{code:X};"),
        4 => format!("&#x000{code:x};"),
        5 => format!("%{code:02X}"),
        6 => format!("%{code:02x}"),
        7 => format!("%25{code:02X}"),
        8 => format!("%u{code:04X}"),
        9 if character == '/' => "\\/".to_owned(),
        10 if character == '+' => "&plus;".to_owned(),
        11 if character == '=' => "&equals;".to_owned(),
        _ => character.to_string(),
    }
}

/// How the bytes of a body are made of its text, and what its `Content-Type` says.
#[derive(Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16Le,
    Utf16LeWithMark,
    Utf16Be,
    Utf16BeWithMark,
}

impl Encoding {
    const ALL: [Self; 6] = [
        Self::Utf8,
        Self::Utf8WithMark,
        Self::Utf16Le,
        Self::Utf16LeWithMark,
        Self::Utf16Be,
        Self::Utf16BeWithMark,
    ];

    fn charset(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Utf8WithMark => "utf-8",
            Self::Utf16Le | Self::Utf16LeWithMark => "utf-16le",
            Self::Utf16Be | Self::Utf16BeWithMark => "utf-16be",
        }
    }

    fn encode(self, text: &str) -> Vec<u8> {
        let marked = match self {
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be => text.to_owned(),
            _ => format!("\u{feff}{text}"),
        };
        let units = || marked.encode_utf16();
        match self {
            Self::Utf8 | Self::Utf8WithMark => marked.into_bytes(),
            Self::Utf16Le | Self::Utf16LeWithMark => units().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be | Self::Utf16BeWithMark => units().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

/// The bodies that repeat something, with their media types.
fn bodies(spelled: &str) -> Vec<(&'static str, String)> {
    let abp = |result: &str| {
        format!(
            r#"{{"result":{result},"success":false,"error":{{"code":"{spelled}","message":"{spelled}","details":"{spelled}","validationErrors":[{{"message":"{spelled}","members":["{spelled}"]}}]}},"unAuthorizedRequest":false,"__abp":true}}"#
        )
    };
    vec![
        (
            "application/problem+json",
            format!(
                r#"{{"type":"{spelled}","title":"no {spelled}","detail":"{spelled}","traceId":"{spelled}","errors":{{"{spelled}":["{spelled}"]}}}}"#
            ),
        ),
        ("application/json", abp("null")),
        ("application/json", abp(&format!(r#""{spelled}""#))),
        (
            "application/json",
            format!(r#"{{"{spelled}":["{spelled}"]}}"#),
        ),
        ("application/json", format!(r#""{spelled}""#)),
        ("application/json", format!(r#"{{"broken":"{spelled}"#)),
        (
            "application/xml",
            format!(r#"<error id="{spelled}"><message>{spelled}</message></error>"#),
        ),
        (
            "text/html",
            format!("<html><title>{spelled}</title><body>{spelled}</body></html>"),
        ),
        ("text/plain", format!("no use for {spelled}")),
        ("application/octet-stream", spelled.to_owned()),
    ]
}

/// A response that repeats something in its reason, its headers and its body.
fn response(status: u16, spelled: &str, media_type: &str, body: &[u8], charset: &str) -> Vec<u8> {
    let location = if (300..400).contains(&status) {
        format!("location: /there?from={spelled}\r\n")
    } else {
        String::new()
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} {spelled}\r\ncontent-type: {media_type}; charset={charset}\r\ncontent-length: {length}\r\nx-request-id: {spelled}\r\nset-cookie: a={spelled}\r\nwww-authenticate: Bearer error=\"{spelled}\"\r\n{location}connection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// A server that says these bytes to every request, but for a good exchange when asked for one.
async fn serve(bytes: Vec<u8>, exchange: Option<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (bytes, exchange) = (bytes.clone(), exchange.clone());
            // A client that goes away is none of the server's business.
            tokio::spawn(async move { drop(respond(stream, &bytes, exchange).await) });
        }
    });
    url
}

async fn respond(
    mut stream: TcpStream,
    bytes: &[u8],
    exchange: Option<String>,
) -> std::io::Result<()> {
    let head = support::read_head(&mut stream).await?;
    match exchange.filter(|_| head.contains("/auth/token")) {
        Some(secret) => token(&secret).perform(stream).await,
        None => {
            stream.write_all(bytes).await?;
            stream.shutdown().await
        }
    }
}

fn session(url: &str, key: &str) -> Session {
    Session::builder(url)
        .api_key(ApiKey::from(key))
        .retry(RetryPolicy::never())
        .no_proxy()
        .build()
        .unwrap()
}

/// What an application does that expects no error.
fn taken<E: std::fmt::Debug>(result: Result<(), &Error<E>>) {
    result.unwrap();
}

/// Everything that an error shows or carries, and what a panic about it says.
fn shown<E: std::fmt::Debug>(error: &Error<E>) -> String {
    let text = said::shown(error);
    let unwrapped = panic::catch_unwind(AssertUnwindSafe(|| taken(Err(error))));
    let panic = unwrapped.unwrap_err();
    text + panic.downcast_ref::<String>().unwrap()
}

/// Reads a response in each way that generated code has, and returns what the errors show.
async fn errors_of_calls(url: &str, secret_header: Option<&str>) -> String {
    let mut all = String::new();
    for reader in 0..7 {
        // A session of its own, which no earlier 429 has slowed down.
        let session = session(url, "another-key");
        let mut request = get(url, "/x");
        if let Some(key) = secret_header {
            *request.method_mut() = Method::POST;
            request.url_mut().set_path("/auth-api/1.0/auth/token");
            let key = key.parse().unwrap();
            request.headers_mut().insert("6Clicks-Api-Key", key);
        }
        let response = match session.execute(request, "get_x").await {
            Ok(response) => Response::new(response, "get_x", true),
            Err(error) => {
                all += &shown(&error);
                continue;
            }
        };
        // What a success contains is the caller's, whatever it is.
        let error = match reader {
            0 => response.json::<u8, serde_json::Value>().await.err(),
            1 => response.text().await.err(),
            2 => response.empty().await.err(),
            3 => response.any().await.err(),
            4 => Some(response.error_json().await),
            5 => Some(response.error_none().await),
            _ => Some(response.unexpected().await),
        };
        all += &error.map(|error| shown(&error)).unwrap_or_default();
    }
    all
}

#[test]
fn no_spelling_of_a_secret_shows_anywhere() {
    let said = Said::default();
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(said.clone())
        .init();
    let panicked = said.clone();
    panic::set_hook(Box::new(move |info| {
        panicked.add(&info.to_string());
    }));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let statuses = [
        200, 201, 204, 302, 307, 304, 400, 401, 403, 404, 409, 422, 429, 500, 503,
    ];
    let cases = (
        "[A-Za-z0-9+/=_.-]{12,40}",
        proptest::collection::vec(any::<u8>(), 40),
        proptest::sample::select(statuses.to_vec()),
        0..10_usize,
        proptest::sample::select(Encoding::ALL.to_vec()),
    );
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&cases, |(secret, ways, status, form, encoding)| {
        let ways = secret.chars().zip(&ways);
        let spelled: String = ways
            .map(|(character, way)| escaped(character, *way))
            .collect();
        let (media_type, body) = bodies(&spelled).swap_remove(form);
        let body = encoding.encode(&body);
        let bytes = response(status, &spelled, media_type, &body, encoding.charset());
        let text = runtime.block_on(async {
            // As a token that a call repeats.
            let url = serve(bytes.clone(), Some(secret.clone())).await;
            let mut text = errors_of_calls(&url, None).await;
            // As a key that the exchange repeats.
            let url = serve(bytes.clone(), None).await;
            if let Err(error) = session(&url, &secret).token().await {
                text += &shown(&error);
            }
            // As a key that the generated operation of the exchange sends.
            text + &errors_of_calls(&url, Some(&secret)).await
        });
        let logged = said.take();
        for (place, text) in [("errors", &text), ("logs and panics", &logged)] {
            for sought in [&secret, &spelled] {
                prop_assert!(
                    !text.contains(sought.as_str()),
                    "{sought} is in the {place}, status {status}, form {form}, {encoding:?}"
                );
            }
        }
        prop_assert!(text.contains("get_x") && logged.contains("TRACE"));
        Ok(())
    });
    let _ = panic::take_hook();
    outcome.unwrap();
}

/// The helpers of other tests that this one does not need.
#[tokio::test]
async fn a_server_that_repeats_nothing_is_read() {
    let server = Handler::start(|_| -> Act { ok("7") }).await;
    let session = session(&server.url, "key");
    let response = session.execute(get(&server.url, "/x"), "get_x").await;
    let response = Response::new(response.unwrap(), "get_x", true);
    let value: u8 = response.json::<u8, ()>().await.unwrap().into_inner();
    assert_eq!(value, 7);
}
