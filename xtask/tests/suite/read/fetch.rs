//! Fetched documents are kept as received, with where and when; a failure changes nothing.

use super::support::{DOCUMENT, Server, answer, ok, redirect};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};
use xtask::{
    fetch::{FetchError, Fetched, fetch},
    read::{ReadOptions, read},
};

const YAML: &str = "\u{feff}openapi: 3.0.3\r\ninfo: {title: T, version: 1.0}\r\npaths: {}\r\n";
const PAGE: &str = r#"<html><script>SwaggerUIBundle({urls: [{url: "a.json", name: "Auth API"}, {url: "b.yaml", name: "Tests API"}]})</script></html>"#;

fn fetch_from(server: &Server, path: &str, into: &Path) -> Result<Vec<Fetched>, FetchError> {
    fetch(&server.at(path), into, &ReadOptions::default())
}

/// All files of a folder with their content.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn documents_are_kept_as_received_with_their_provenance() {
    let server = Server::new([
        ("/ui/", ok(PAGE)),
        ("/ui/a.json", ok(DOCUMENT)),
        ("/ui/b.yaml", ok(YAML)),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("new/openapi");
    let secret = server.url.replace("http://", "http://me:hush@");
    let fetched = fetch(
        &format!("{secret}/ui/?key=hush"),
        &into,
        &ReadOptions::default(),
    )
    .unwrap();
    let names: Vec<&str> = fetched
        .iter()
        .map(|fetched| fetched.name.as_str())
        .collect();
    assert_eq!(names, ["auth-api", "tests-api"]);
    assert!(fetched.iter().all(|fetched| fetched.changed));

    let files = files(&into);
    let names: Vec<&String> = files.keys().collect();
    assert_eq!(
        names,
        [
            "auth-api.json",
            "auth-api.provenance.json",
            "tests-api.provenance.json",
            "tests-api.yaml"
        ]
    );
    assert_eq!(files["auth-api.json"], DOCUMENT.as_bytes());
    assert_eq!(files["tests-api.yaml"], YAML.as_bytes());
    let provenance: Value = serde_json::from_slice(&files["tests-api.provenance.json"]).unwrap();
    assert_eq!(provenance["url"], server.at("/ui/b.yaml"));
    assert_eq!(provenance["size"], YAML.len());
    assert_eq!(provenance["sha256"], fetched[1].sha256);
    assert_eq!(provenance["sha256"].as_str().unwrap().len(), 64);
    assert!(provenance["fetched"].as_str().unwrap().ends_with('Z'));
    assert!(
        !files
            .values()
            .any(|bytes| String::from_utf8_lossy(bytes).contains("hush"))
    );

    // The folder is a source as it stands.
    assert_eq!(
        read(into.to_str().unwrap(), &ReadOptions::default())
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn what_has_not_changed_is_not_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new([("/v1.json", ok(DOCUMENT))]);
    assert!(fetch_from(&server, "/v1.json", folder.path()).unwrap()[0].changed);
    let before = files(folder.path());
    assert!(!fetch_from(&server, "/v1.json", folder.path()).unwrap()[0].changed);
    assert_eq!(files(folder.path()), before);
    fs::write(folder.path().join("v1.json"), "{}").unwrap();
    assert!(fetch_from(&server, "/v1.json", folder.path()).unwrap()[0].changed);
    assert_eq!(files(folder.path())["v1.json"], before["v1.json"]);
}

#[test]
fn a_document_in_another_notation_replaces_the_former_one() {
    let folder = tempfile::tempdir().unwrap();
    fetch_from(&Server::new([("/v1", ok(DOCUMENT))]), "/v1", folder.path()).unwrap();
    fetch_from(&Server::new([("/v1", ok(YAML))]), "/v1", folder.path()).unwrap();
    let files = files(folder.path());
    let names: Vec<&String> = files.keys().collect();
    assert_eq!(names, ["v1.provenance.json", "v1.yaml"]);
}

#[test]
fn a_failure_changes_nothing() {
    let half =
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 999\r\n\r\n{\"openapi\": \"3"
            .to_vec();
    let half_of_chunks =
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"ope"
            .to_vec();
    let login = ok("<html><input type=password></html>");
    let spread = r##"{"openapi": "3.0.0", "paths": {"/a": {"$ref": "part.json"}}}"##;
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new([
        ("/ui/", ok(PAGE)),
        ("/ui/a.json", ok(DOCUMENT)),
        ("/ui/b.yaml", ok(YAML)),
    ]);
    fetch_from(&server, "/ui/", folder.path()).unwrap();
    let before = files(folder.path());
    let changed = DOCUMENT.replace("\"T\"", "\"New\"");
    for (bad, message) in [
        (half, "the download broke off"),
        (half_of_chunks, "the download broke off"),
        (ok(&DOCUMENT[..DOCUMENT.len() / 2]), "b.yaml"),
        (ok(""), "b.yaml"),
        (
            redirect("https://login.example.invalid/authorize?x=1"),
            "a login page",
        ),
        (login, "a login page"),
        (redirect("/Account/Login"), "a login page"),
        (
            ok("<html>Welcome</html>"),
            "an HTML page that names no OpenAPI document",
        ),
        (
            ok("<html><script>SwaggerUIBundle({urls: []})</script></html>"),
            "an HTML page",
        ),
        (answer("500 Oops", "", ""), "answered 500"),
        (ok(spread), "spread over several files"),
        (ok("{}"), "not an OpenAPI document"),
    ] {
        let server = Server::new([
            ("/ui/", ok(PAGE)),
            ("/ui/a.json", ok(&changed)),
            ("/ui/b.yaml", bad),
            ("/ui/part.json", ok("{}")),
        ]);
        let error = fetch_from(&server, "/ui/", folder.path())
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{error}");
        assert_eq!(files(folder.path()), before, "{message}");
    }
    let server = Server::new([(
        "/ui/",
        ok("<html><script>SwaggerUIBundle({urls: []})</script></html>"),
    )]);
    let error = fetch_from(&server, "/ui/", folder.path())
        .unwrap_err()
        .to_string();
    assert!(error.contains("lists no documents"), "{error}");
    assert_eq!(files(folder.path()), before);
}

/// F16: the host is one of those that RFC 5737 keeps for documentation, and is never asked.
#[test]
fn credentials_are_not_sent_over_plain_http() {
    let into = tempfile::tempdir().unwrap();
    let mut options = ReadOptions::default();
    options
        .headers
        .push("Authorization: Bearer hush".parse().unwrap());
    let refused = |url: &str, options: &ReadOptions| {
        let error = fetch(url, into.path(), options).unwrap_err().to_string();
        assert!(error.contains("plain HTTP"), "{error}");
        assert!(!error.contains("hush"), "{error}");
    };
    refused("http://192.0.2.1/a.json", &options);
    refused("http://user:hush@192.0.2.1/a.json", &ReadOptions::default());
}

#[test]
fn a_path_is_no_source_and_a_file_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let error = fetch("a.json", folder.path(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, FetchError::NotAUrl { .. }), "{error}");
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let server = Server::new([("/v1", ok(DOCUMENT))]);
    let error = fetch_from(&server, "/v1", &file).unwrap_err();
    assert!(matches!(error, FetchError::Write { .. }), "{error}");
}
