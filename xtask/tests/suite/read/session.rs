//! `cargo xtask fetch` of documents behind the key: the token goes with what is asked of the
//! key's own host, the key only to the token endpoint there, and neither is told or kept.

use super::support::{DOCUMENT, Server, answer, ok};
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const KEY: &str = "hush-the-key";
const TOKEN: &str = "hush-the-token";
const PAGE: &str = r#"<html><script>SwaggerUIBundle({urls: [{url: "/v1.json", name: "Auth API"}]})</script></html>"#;

/// A host that hands out a token and has a page that lists a document.
fn host(exchange: Vec<u8>) -> Server {
    Server::new([
        ("/auth-api/1.0/auth/token", exchange),
        ("/swagger/", ok(PAGE)),
        ("/v1.json", ok(DOCUMENT)),
    ])
}

fn token() -> Vec<u8> {
    ok(&format!(r#"{{"accessToken": "{TOKEN}"}}"#))
}

/// Fetches into a folder with these variables and arguments, and without anybody's proxy.
fn fetch(into: &Path, from: &str, environment: &[(&str, &str)], more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    for name in ["SIXCLICKS_HOST", "SIXCLICKS_API_KEY"] {
        command.env_remove(name);
    }
    let output = command
        .args(["fetch", "--from", from, "--into"])
        .arg(into)
        .args(more)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert!(!said(&output).contains("hush"), "{}", said(&output));
    output
}

fn said(output: &Output) -> String {
    [&output.stdout[..], &output.stderr[..]]
        .map(String::from_utf8_lossy)
        .concat()
}

#[test]
fn documents_of_the_keys_host_are_asked_for_with_its_token() {
    let folder = tempfile::tempdir().unwrap();
    let server = host(token());
    let output = fetch(
        folder.path(),
        &server.at("/swagger/"),
        &[("SIXCLICKS_HOST", &server.url), ("SIXCLICKS_API_KEY", KEY)],
        &[],
    );
    assert!(output.status.success(), "{}", said(&output));
    let requests = server.requests();
    let lines: Vec<&str> = requests
        .iter()
        .map(|request| request.lines().next().unwrap())
        .collect();
    assert_eq!(
        lines,
        [
            "POST /auth-api/1.0/auth/token HTTP/1.1",
            "GET /swagger/ HTTP/1.1",
            "GET /v1.json HTTP/1.1"
        ]
    );
    assert!(requests[0].contains(KEY) && !requests[0].contains(TOKEN));
    for request in &requests[1..] {
        assert!(!request.contains(KEY), "{request}");
        assert!(
            request
                .to_lowercase()
                .contains(&format!("authorization: bearer {TOKEN}")),
            "{request}"
        );
    }
    for entry in fs::read_dir(folder.path()).unwrap() {
        let kept = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!kept.contains("hush"), "{kept}");
    }
}

#[test]
fn another_host_gets_neither_key_nor_token() {
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (host(token()), host(token()));
    let output = fetch(
        folder.path(),
        &other.at("/swagger/"),
        &[("SIXCLICKS_HOST", &own.url), ("SIXCLICKS_API_KEY", KEY)],
        &[],
    );
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("is not used for another host"));
    assert!(own.requests().is_empty());
    assert!(!other.requests().join("").contains("hush"));

    // Nor one that a page on the own host lists.
    let page = PAGE.replace("/v1.json", &other.at("/v1.json"));
    let own = Server::new([
        ("/auth-api/1.0/auth/token", token()),
        ("/swagger/", ok(&page)),
    ]);
    let output = fetch(
        folder.path(),
        &own.at("/swagger/"),
        &[("SIXCLICKS_HOST", &own.url), ("SIXCLICKS_API_KEY", KEY)],
        &[],
    );
    assert!(output.status.success(), "{}", said(&output));
    assert!(!other.requests().join("").contains("hush"));
}

#[test]
fn a_header_that_is_given_takes_the_place_of_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let server = host(token());
    let output = fetch(
        folder.path(),
        &server.at("/v1.json"),
        &[("SIXCLICKS_HOST", &server.url), ("SIXCLICKS_API_KEY", KEY)],
        &["--header", "Authorization: Basic own"],
    );
    assert!(output.status.success(), "{}", said(&output));
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].contains("Basic own"), "{}", requests[0]);
}

#[test]
fn a_key_that_is_rejected_or_has_no_host_is_an_error_and_the_old_files_stay() {
    let folder = tempfile::tempdir().unwrap();
    let plain = host(token());
    let from = plain.at("/v1.json");
    // An empty variable, as an automation without the secret has it, is none.
    let output = fetch(folder.path(), &from, &[("SIXCLICKS_API_KEY", "")], &[]);
    assert!(output.status.success(), "{}", said(&output));
    let read = || fs::read_to_string(folder.path().join("v1.json")).unwrap();
    let before = read();

    let server = host(answer("401 Unauthorized", "", &format!("no key {KEY}")));
    let environment = [
        ("SIXCLICKS_HOST", server.url.as_str()),
        ("SIXCLICKS_API_KEY", KEY),
    ];
    let output = fetch(folder.path(), &server.at("/v1.json"), &environment, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("the API key was rejected"),
        "{}",
        said(&output)
    );

    let output = fetch(folder.path(), &from, &[("SIXCLICKS_API_KEY", KEY)], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("SIXCLICKS_HOST"),
        "{}",
        said(&output)
    );
    assert_eq!(read(), before);
}
