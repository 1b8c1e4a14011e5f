//! No input makes reading panic or hang: arbitrary bytes, arbitrary scripts, mutated documents.

use super::support::{Server, ok};
use proptest::prelude::*;
use std::fs;
use xtask::read::{ReadOptions, read};

const DOCUMENTS: [&str; 3] = [
    r##"{"openapi": "3.0.3", "info": {"title": "T\u00e9", "version": "1.0"}, "paths": {"/a/{b}": {"get": {"parameters": [{"$ref": "#/components/parameters/P"}], "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}}}}, "components": {"parameters": {"P": {"name": "b", "in": "path"}}, "schemas": {"A": {"type": "string", "enum": ["x", 1e3, null], "default": [[], {}]}}}}"##,
    "swagger: '2.0'\ninfo: &i {title: T, version: 1.10}\npaths:\n  /a:\n    get:\n      tags: [a, 'b', \"c\\n\"]\n      responses:\n        200:\n          description: |\n            more\n            lines\n          schema: {$ref: '#/definitions/A'}\nx-i: {<<: *i, ? complex : y}\ndefinitions:\n  A: {type: object, properties: {x: {$ref: other.yaml#/a}}}\n",
    "openapi: 3.1.0\n# comment\npaths:\n  '/a': {$ref: 'p.yaml'}\ncomponents:\n  schemas:\n    A: !!map\n      - >-\n        folded\n      - !!str 12\n      - ~\n",
];

const PAGE: &str = r#"<!DOCTYPE html><html><head><base href="/docs/"></head><body><script src="index.js"></script>
<script>/* c */ var re = /[/"']/; var c = JSON.parse('{"urls":[{"url":"a.json","name":"\u0041"}]}'); // x
const ui = SwaggerUIBundle({ ...c, url: `t${x}`, urls: c.urls[0].url + "/", f() { return {} }, "g": a ? b : c, h: -1e3, });</script></body></html>"#;

/// Reads bytes as a file; whether that succeeds is not the question.
fn read_file(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, bytes).unwrap();
    if let Err(error) = read(path.to_str().unwrap(), &ReadOptions::default()) {
        assert!(error.to_string().contains("a.json"));
        assert!(error.to_string().contains("help: "));
    }
}

/// A change of some bytes of a text: replaced, removed, repeated, or cut off after.
#[derive(Debug, Clone)]
struct Mutation {
    at: prop::sample::Index,
    length: usize,
    kind: u8,
    bytes: Vec<u8>,
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let tokens = prop::sample::select(vec![
        "{", "}", "[", "]", ":", ",", "\"", "'", "\n", "  ", "- ", "? ", "&a ", "*a", "!!", "|",
        ">", "#", "%", "\\", "\\u", "\\ud800", "$ref", "<<", "---", "...", "\0", "\u{feff}", "é",
        "1e999", "//", "/*", "<", ">", "<script>", "(", ")", "`", "${", "=", "+",
    ])
    .prop_map(|token| token.as_bytes().to_vec());
    let bytes = prop_oneof![4 => tokens, 1 => prop::collection::vec(any::<u8>(), 0..4)];
    let mutation = (any::<prop::sample::Index>(), 0..20_usize, 0..5_u8, bytes).prop_map(
        |(at, length, kind, bytes)| Mutation {
            at,
            length,
            kind,
            bytes,
        },
    );
    prop::collection::vec(mutation, 1..6)
}

fn mutate(text: &str, mutations: &[Mutation]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for Mutation {
        at,
        length,
        kind,
        bytes: new,
    } in mutations
    {
        let at = at.index(bytes.len() + 1);
        let end = (at + length).min(bytes.len());
        let old = bytes[at..end].to_vec();
        match kind {
            0 => drop(bytes.splice(at..at, new.iter().copied())),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..end, new.iter().copied())),
            3 => drop(bytes.splice(at..at, old.repeat(3))),
            _ => bytes.truncate(at.max(1)),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_file(&bytes);
    }

    #[test]
    fn arbitrary_text_is_read_or_refused(text in "[ -~\n\t\u{80}-\u{ffff}]{0,200}") {
        read_file(text.as_bytes());
        read_file(format!("openapi: 3.0.0\n{text}").as_bytes());
    }

    #[test]
    fn mutated_documents_are_read_or_refused(
        document in prop::sample::select(DOCUMENTS.to_vec()),
        mutations in mutations(),
    ) {
        read_file(&mutate(document, &mutations));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn mutated_pages_are_followed_or_refused(mutations in mutations()) {
        let page = String::from_utf8_lossy(&mutate(PAGE, &mutations)).into_owned();
        let server = Server::new([("/docs/index.html", ok(&page))]);
        let mut options = ReadOptions::default();
        options.timeout = std::time::Duration::from_secs(2);
        prop_assert!(read(&server.at("/docs/index.html"), &options).is_err());
    }
}
