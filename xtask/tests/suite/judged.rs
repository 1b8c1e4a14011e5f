//! `conformance --har` and `--against`, over a document of ours: a recording with exchanges of each
//! kind, and a server that does with each operation what a server can do.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Output},
    thread,
};

use serde_json::{Value, json};

fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judged/huts.json")
}

/// What the command says of the document, and how it ends.
fn conformance(arguments: &[&str]) -> (Output, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let result = folder.path().join("result.json");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("conformance")
        .arg(document())
        .args(arguments)
        .arg("--json")
        .arg(&result)
        .env_remove("SIXCLICKS_API_KEY")
        .output()
        .expect("the program");
    let result = fs::read(result).unwrap_or_default();
    (output, serde_json::from_slice(&result).unwrap_or_default())
}

fn counts(result: &Value) -> [u64; 4] {
    [
        "requests",
        "requests_accepted",
        "responses",
        "responses_read",
    ]
    .map(|name| result["totals"][name].as_u64().unwrap_or_default())
}

fn entry(
    method: &str,
    target: &str,
    body: Option<(&str, &str)>,
    status: u16,
    answer: &str,
) -> Value {
    let mut request = json!({
        "method": method, "url": format!("https://huts.test{target}"),
        "headers": [{"name": "Accept", "value": "*/*"}, {"name": "User-Agent", "value": "a browser"}],
    });
    if let Some((media_type, text)) = body {
        request["postData"] = json!({"mimeType": media_type, "text": text});
    }
    let media_type = if status < 400 {
        "application/json"
    } else {
        "application/problem+json"
    };
    json!({"request": request, "response": {
        "status": status,
        "headers": [{"name": "Content-Type", "value": media_type}],
        "content": {"text": answer},
    }})
}

#[test]
fn recorded_exchanges_are_handled_or_listed() {
    let problem = r#"{"title":"Not valid","status":400,"errors":{"limit":["It is no number."]}}"#;
    let json = "application/json";
    let entries = [
        entry(
            "GET",
            "/huts?limit=5",
            None,
            200,
            r#"[{"name":"a","beds":4}]"#,
        ),
        entry("GET", "/huts?LIMIT=5&debug=1", None, 200, "[]"),
        entry("GET", "/huts?limit=many", None, 400, problem),
        entry(
            "POST",
            "/huts",
            Some((json, r#"{"beds": 4, "name": "a"}"#)),
            201,
            r#"{"name":"a"}"#,
        ),
        entry("POST", "/huts", Some((json, r#"{"beds":4}"#)), 400, problem),
        entry(
            "POST",
            "/search",
            Some(("application/x-www-form-urlencoded", "name=a&beds=4")),
            204,
            "",
        ),
        entry("GET", "/elsewhere", None, 404, ""),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let har = folder.path().join("session.har");
    let text = json!({"log": {"version": "1.2", "entries": entries}}).to_string();
    fs::write(&har, text).expect("the recording");
    let (output, result) = conformance(&["--har", &har.display().to_string()]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    // Two requests cannot be expressed, and one entry has another path.
    assert_eq!(counts(&result), [4, 4, 6, 6], "{said}");
    for (told, least) in [
        (
            "not expressible: entry 3: GET /huts: query parameter `limit`",
            1,
        ),
        (
            "not expressible: entry 5: POST /huts: body: \"name\" is a required property",
            1,
        ),
        ("undeclared: entry 2: GET /huts: query `debug`", 1),
        ("no document has the path: entry 7: GET /elsewhere", 1),
    ] {
        assert!(
            said.matches(told).count() >= least,
            "no {told:?} in\n{said}"
        );
    }

    fs::write(&har, "{}").expect("the recording");
    let (output, _) = conformance(&["--har", &har.display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("HAR"));
}

/// A server without any of this repository in it.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || drop(respond(stream)));
        }
    });
    format!("http://{address}")
}

/// Answers one request and closes the connection.
fn respond(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (status, body) = match (line.split(' ').next(), target.split('?').next()) {
        (Some("GET"), Some("/huts")) => {
            ("200 OK", r#"[{"name":"a","beds":4,"more":1}]"#.to_owned())
        }
        (Some("POST"), Some("/huts")) => {
            ("201 Created", String::from_utf8_lossy(&body).into_owned())
        }
        (_, Some("/search")) => ("204 No Content", String::new()),
        (_, Some("/strict")) => (
            "400 Bad Request",
            r#"{"title":"Another code","status":400}"#.to_owned(),
        ),
        _ => return Ok(()),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = stream;
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}

#[test]
fn a_running_server_is_called() {
    let url = server();
    let (output, result) = conformance(&["--against", &url]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    // The list twice, and the strict operation, whose refusal arrives, twice; silence counts nowhere.
    assert_eq!(counts(&result), [4, 2, 4, 4], "{said}");
    assert_eq!(output.status.code(), Some(1), "{said}");
    for told in [
        "GET /strict (strict): refused with 400",
        "no HTTP response: GET /silent (silent)",
    ] {
        assert!(said.contains(told), "no {told:?} in\n{said}");
    }

    let (output, result) = conformance(&["--against", &url, "--writes"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(counts(&result), [8, 6, 8, 8], "{said}");

    let (output, _) = conformance(&["--against", "huts.test"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not the URL of a server"));
}
