//! What goes wrong, by name: at the token endpoint and at the API.

use sixclicks_auth::ErrorKind;

use super::{Act, KEY, TOKEN, answer, chunked, ok};

/// A failure, and the kind of error that a caller gets.
pub struct Fault {
    pub name: &'static str,
    pub act: Act,
    pub kind: ErrorKind,
}

fn fault(name: &'static str, act: Act, kind: ErrorKind) -> Fault {
    Fault { name, act, kind }
}

/// Failures that hit any request. The secret that the request holds is in what is said, as
/// from a server that repeats what it was sent.
fn common(secret: &str) -> Vec<Fault> {
    let echo = format!("no use for {secret}");
    let abp = format!(r#"{{"success":false,"error":{{"message":"{echo}"}}}}"#);
    let page = format!("<html><title>Bad Gateway {secret}</title></html>");
    let header = format!("x-request-id: {secret}\r\n");
    let later =
        "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let half =
        format!("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{{\"accessToken\":\"{secret}");
    vec![
        fault(
            "429 with seconds",
            answer("429 Slow", "retry-after: 0\r\n", &echo),
            ErrorKind::RateLimit,
        ),
        fault(
            "429 with a date",
            answer("429 Slow", later, &echo),
            ErrorKind::RateLimit,
        ),
        fault("500", answer("500 Oh", &header, &abp), ErrorKind::Server),
        fault(
            "502 with a page",
            answer("502 Bad", "content-type: text/html\r\n", &page),
            ErrorKind::Server,
        ),
        fault("503", answer("503 Busy", "", &echo), ErrorKind::Server),
        fault("404", answer("404 No", "", &echo), ErrorKind::NotFound),
        fault(
            "garbage",
            Act::Say(format!("{secret} is no HTTP\r\n\r\n")),
            ErrorKind::Connection,
        ),
        fault("nothing", Act::Say(String::new()), ErrorKind::Connection),
        fault("a reset at once", Act::ResetAtOnce, ErrorKind::Connection),
        fault(
            "a reset before the answer",
            Act::ResetAfter(String::new()),
            ErrorKind::Connection,
        ),
        fault(
            "a reset in the status",
            Act::ResetAfter("HTTP/1.".to_owned()),
            ErrorKind::Connection,
        ),
        fault(
            "a reset in the headers",
            Act::ResetAfter("HTTP/1.1 200 OK\r\nx-a: ".to_owned()),
            ErrorKind::Connection,
        ),
        fault(
            "a reset in the body",
            Act::ResetAfter(half),
            ErrorKind::Connection,
        ),
    ]
}

/// Failures of the exchange.
pub fn of_exchange() -> Vec<Fault> {
    let mut faults = common(KEY);
    let half = format!("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{{\"accessToken\":\"{TOKEN}");
    let refused = format!(
        r#"{{"error":{{"message":"Login failed for {KEY}!"}},"success":false,"__abp":true}}"#
    );
    faults.extend([
        fault(
            "401",
            answer("401 No", "", &format!("no key {KEY}")),
            ErrorKind::Credentials,
        ),
        fault(
            "403",
            answer("403 No", "", &format!("no key {KEY}")),
            ErrorKind::Credentials,
        ),
        fault(
            "ABP's 500",
            answer("500 Oh", "", &refused),
            ErrorKind::Credentials,
        ),
        fault(
            "ABP's refusal with 200",
            ok(&refused),
            ErrorKind::Credentials,
        ),
        fault("half a body", Act::Say(half), ErrorKind::Connection),
        fault(
            "no JSON",
            ok(&format!("{{\"accessToken\":{TOKEN}")),
            ErrorKind::UnexpectedAnswer,
        ),
        fault("nothing in it", ok(""), ErrorKind::UnexpectedAnswer),
        fault(
            "no token",
            ok(r#"{"accessToken":null}"#),
            ErrorKind::UnexpectedAnswer,
        ),
        fault(
            "no header's text",
            ok(&format!(r#"{{"accessToken":"{TOKEN}\n"}}"#)),
            ErrorKind::UnexpectedAnswer,
        ),
        fault(
            "a body without end",
            Act::Endless(chunked("200 OK")),
            ErrorKind::UnexpectedAnswer,
        ),
        fault(
            "a slow drip",
            Act::Drip(chunked("200 OK"), "1\r\n \r\n"),
            ErrorKind::Timeout,
        ),
        fault(
            "a redirect",
            answer("307 Moved", "location: http://127.0.0.1:9/\r\n", ""),
            ErrorKind::UnexpectedAnswer,
        ),
    ]);
    faults
}

/// Failures of a call that show before its body is read.
pub fn of_call() -> Vec<Fault> {
    let mut faults = common(TOKEN);
    // The head of the answer is whole; whoever reads the body is told.
    faults.retain(|fault| fault.name != "a reset in the body");
    faults.extend([
        fault(
            "401",
            answer("401 No", "", &format!("bad {TOKEN}")),
            ErrorKind::Credentials,
        ),
        fault(
            "403",
            answer("403 No", "", &format!("bad {TOKEN}")),
            ErrorKind::Permission,
        ),
        fault(
            "400 without end",
            Act::Endless(chunked("400 Bad")),
            ErrorKind::Validation,
        ),
        fault(
            "a 400 that breaks off",
            Act::ResetAfter(format!(
                "HTTP/1.1 400 Bad\r\ncontent-length: 99\r\n\r\n{TOKEN}"
            )),
            ErrorKind::Validation,
        ),
        fault(
            "a slow drip",
            Act::Drip("HTTP/1.1 200 OK\r\nx-a: ".to_owned(), "x"),
            ErrorKind::Timeout,
        ),
    ]);
    faults
}
