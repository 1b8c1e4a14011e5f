//! Requests that no client should send, at random: raw bytes, mutations of right requests, and
//! requests made of pieces that have broken servers. The sandbox answers each or closes the
//! connection, and answers a right request afterwards.
//!
//! `SANDBOX_FUZZ_SECONDS=3600` lets it go on for an hour instead of a fixed number of requests.

use std::{
    env,
    time::{Duration, Instant},
};

use fastrand::Rng;
use serde_json::{Value, json};
use sixclicks_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::client::{Client, sandbox};

/// How many requests are sent where no time is given.
const REQUESTS: usize = 1_500;

/// How long an answer may take before the sandbox hangs.
const HANG: Duration = Duration::from_secs(60);

/// Pieces of queries, forms, JSON and XML that have broken servers.
const PIECES: [&str; 46] = [
    "v[r]=1",
    "v[r]=2",
    "v[",
    "v]",
    "v[]",
    "v[[r]]=1",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    ",",
    ";",
    ":",
    "=",
    "&",
    "?",
    "#",
    "%",
    "%zz",
    "%00",
    "%F0%9F%98%80",
    "%ff",
    "é",
    "\u{202e}",
    "\u{0}",
    "null",
    "true",
    "-0",
    "1e999",
    "18446744073709551616",
    "0x1f",
    "{\"kind\":\"Pair\",\"left\":",
    "[[[[[[[[",
    "{\"a\":{\"a\":",
    "<a>",
    "</a>",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "&b;",
    "<![CDATA[",
    "--x\r\n",
    "Content-Disposition: form-data; name=\"thing\"\r\n\r\n",
    "v=1|2",
    "r,1,s",
    ";v=1",
];

/// A document with every kind of place and body.
fn document() -> Value {
    let parameter = |place: &str, name: &str, style: &str, explode: bool, schema: Value| {
        json!({
        "name": name, "in": place, "style": style, "explode": explode, "schema": schema, "required": place == "path"})
    };
    let list = json!({"type": "array", "items": {"type": "integer"}});
    let tree = json!({"$ref": "#/components/schemas/Tree"});
    let media = [
        "application/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
    ];
    let content: serde_json::Map<String, Value> = media
        .iter()
        .map(|name| ((*name).to_owned(), json!({"schema": tree})))
        .collect();
    let ok = json!({"200": {"description": "", "content": {"application/json": {"schema": tree}}}});
    let thing = json!({"type": "object", "properties": {"id": {"type": "integer"}, "tree": tree}});
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {
            "/q/{a}-{b}-{c}/{*rest}": {"post": {"responses": ok, "requestBody": {"content": content}, "parameters": [
                parameter("path", "a", "label", true, list.clone()), parameter("path", "b", "matrix", true, tree.clone()),
                parameter("path", "c", "simple", true, tree.clone()), parameter("path", "rest", "simple", false, json!({"type": "string"})),
                parameter("query", "v", "deepObject", true, tree.clone()), parameter("query", "p", "pipeDelimited", false, list.clone()),
                parameter("query", "f", "form", true, tree.clone()), parameter("cookie", "k", "form", false, list),
                {"name": "j", "in": "query", "content": {"application/json": {"schema": tree}}},
            ]}},
            "/things": {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "array", "items": thing}}}}}},
                "post": {"requestBody": {"content": {"application/json": {"schema": thing}}}, "responses": {"200": {"description": "", "content": {"application/json": {"schema": thing}}}}}},
            "/things/{id}": {"patch": {"parameters": [parameter("path", "id", "simple", false, json!({"type": "integer"}))],
                "requestBody": {"content": {"application/json-patch+json": {"schema": {}}}}, "responses": {"200": {"description": "", "content": {"application/json": {"schema": thing}}}}}},
            "/alive": {"get": {"responses": {"204": {"description": ""}}}},
        },
        "components": {"schemas": {
            "Tree": {"oneOf": [{"$ref": "#/components/schemas/Pair"}, {"$ref": "#/components/schemas/Leaf"}], "discriminator": {"propertyName": "kind"}},
            "Pair": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string", "enum": ["Pair"]}, "left": tree, "right": tree,
                "all": {"type": "array", "items": tree}, "more": {"type": "object", "additionalProperties": tree}}},
            "Leaf": {"type": "object", "properties": {"r": {"type": "integer", "format": "int32"}, "s": {"type": "string", "pattern": "^(a+)+$"}}},
        }},
    })
}

struct Attacker {
    rng: Rng,
    token: String,
}

impl Attacker {
    fn pieces(&mut self, most: usize) -> String {
        let count = self.rng.usize(0..most);
        (0..count)
            .map(|_| *self.rng.choice(&PIECES).expect("pieces"))
            .collect()
    }

    /// A JSON value in which a piece repeats.
    fn nested(&mut self) -> String {
        let depth = self.rng.usize(1..3_000);
        let open = [
            "[",
            "{\"left\":",
            "{\"kind\":\"Pair\",\"all\":[",
            "<a>",
            "{\"more\":{\"a\":",
        ];
        self.rng.choice(open).expect("a piece").repeat(depth)
    }

    fn body(&mut self) -> String {
        match self.rng.u8(0..6) {
            0 => self.nested(),
            1 => "v[r]=1&".repeat(self.rng.usize(1..3_000)),
            2 => {
                let copy = r#"{"op":"copy","from":"","path":"/tree"}"#;
                format!("[{}]", vec![copy; self.rng.usize(1..80)].join(","))
            }
            3 => format!("--x\r\n{}\r\n--x--\r\n", self.pieces(12)),
            4 => format!("[{}0]", "0,".repeat(self.rng.usize(1..20_000))),
            _ => self.pieces(40),
        }
    }

    /// A request that is HTTP, made of pieces.
    fn generated(&mut self) -> Vec<u8> {
        let escape = |text: String| {
            let is_plain = |c: &char| c.is_ascii_graphic() && *c != '#';
            text.chars().filter(is_plain).collect::<String>()
        };
        let target = match self.rng.u8(0..5) {
            0 => "/things".to_owned(),
            1 => format!("/things/{}", self.rng.u8(0..30)),
            2 => format!("/q/{}", "-".repeat(self.rng.usize(0..7_000))),
            3 => format!("/auth-api/1.0/auth/token?{}", escape(self.pieces(4))),
            _ => format!(
                "/q/.1-;{}-{}/x",
                escape(self.pieces(4)),
                escape(self.pieces(4))
            ),
        };
        let query = escape(self.pieces(30));
        let method = *self
            .rng
            .choice(&["GET", "POST", "PATCH", "PUT", "BREW"])
            .expect("a method");
        let kind = *self
            .rng
            .choice(&[
                "application/json",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "multipart/form-data",
                "text/plain",
                "application/json-patch+json",
                "",
                ";;",
            ])
            .expect("a media type");
        let habit = *self
            .rng
            .choice(&["", "nulls", "unknown-values", "empty-body", "drop"])
            .expect("a habit");
        let body = self.body();
        let cookie = escape(self.pieces(4));
        format!(
            "{method} {target}?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: {kind}\r\nCookie: k={cookie}\r\nSandbox-Habit: {habit}\r\nContent-Length: {}\r\n\r\n{body}",
            self.token,
            body.len(),
        )
        .into_bytes()
    }

    /// Bytes that may be no request at all.
    fn raw(&mut self) -> Vec<u8> {
        if self.rng.bool() {
            let length = self.rng.usize(0..2_000);
            return (0..length).map(|_| self.rng.u8(..)).collect();
        }
        let mut request = self.generated();
        for _ in 0..self.rng.usize(1..10) {
            let at = self.rng.usize(0..request.len());
            match self.rng.u8(0..3) {
                0 => request[at] = self.rng.u8(..),
                1 => request.truncate(at.max(1)),
                _ => request.insert(at, self.rng.u8(..)),
            }
        }
        request
    }
}

/// Sends bytes, and returns what comes back until the connection ends.
async fn send(sandbox: &Sandbox, request: &[u8]) -> Vec<u8> {
    let address = sandbox.url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let mut answer = Vec::new();
    let talk = async {
        // The sandbox may close the connection before all is sent.
        let _ = stream.write_all(request).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut answer).await;
    };
    let shown = String::from_utf8_lossy(&request[..request.len().min(2_000)]).into_owned();
    tokio::time::timeout(HANG, talk)
        .await
        .unwrap_or_else(|_| panic!("the sandbox hangs at {shown:?}"));
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_ends_the_sandbox_or_makes_it_hang() {
    let seconds = env::var("SANDBOX_FUZZ_SECONDS")
        .ok()
        .map(|text| text.parse().expect("a number of seconds"));
    let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let sandbox = sandbox([document()]).await;
    let client = Client::new(&sandbox).await;
    let seed = if end.is_some() { fastrand::u64(..) } else { 7 };
    println!("the seed is {seed}");
    let mut attacker = Attacker {
        rng: Rng::with_seed(seed),
        token: client.token().to_owned(),
    };
    let mut sent = 0;
    while end.map_or(sent < REQUESTS, |end| Instant::now() < end) {
        let request = if attacker.rng.u8(0..4) == 0 {
            attacker.raw()
        } else {
            attacker.generated()
        };
        let answer = String::from_utf8_lossy(&send(&sandbox, &request).await).into_owned();
        assert!(
            !answer.contains("the sandbox panicked"),
            "{:?}",
            String::from_utf8_lossy(&request)
        );
        sent += 1;
        if sent % 250 == 0 {
            assert_eq!(client.get("/alive").await.status, 204);
            assert!(
                memory() < 4 << 30,
                "the process takes {} bytes after {sent} requests",
                memory()
            );
        }
    }
    println!(
        "{sent} requests were sent; the process takes {} bytes",
        memory()
    );
    assert_eq!(client.get("/alive").await.status, 204);
}

/// How many bytes of memory the process takes; nothing where the system does not say.
fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    let pages = pages.and_then(|text| text.split(' ').nth(1)?.parse::<usize>().ok());
    pages.unwrap_or_default() * 4_096
}

#[tokio::test]
async fn what_overflowed_the_stack_is_refused() {
    let sandbox = sandbox([document()]).await;
    let client = Client::new(&sandbox).await;
    for query in [
        "v[r]=1&v[r]=2",
        "v=1&v=2",
        "v[]=1&v[]=2",
        "v[r]=1&v[r][r]=2",
    ] {
        let answer = client
            .send("POST", &format!("/q/.1-;r=1-r=1/x?{query}"), "", "")
            .await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
    }
    let deep = "{\"left\":".repeat(10_000);
    for kind in ["application/json", "application/xml"] {
        let answer = client.send("POST", "/q/.1-;r=1-r=1/x", kind, &deep).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
    }
    let long = format!("/alive?{}", "a=1&".repeat(4_000));
    assert_eq!(client.get(&long).await.status, 414);
}

#[tokio::test]
async fn the_log_has_a_line_for_each_request_and_each_violation() {
    let lines = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = std::sync::Arc::clone(&lines);
    let sandbox = Sandbox::builder()
        .document(document())
        .log(move |line| log.lock().expect("the log").push(line.to_owned()))
        .start()
        .await
        .expect("a sandbox");
    let client = Client::new(&sandbox).await;
    client.get("/alive").await;
    client.get("/alive?x=1&y=%0A").await;
    let lines = lines.lock().expect("the log");
    let wanted = [
        "POST /auth-api/1.0/auth/token 200",
        "GET /alive 204",
        "GET /alive 400",
        "  at query parameter `x`: there is no such parameter",
        "  at query parameter `y`: there is no such parameter",
    ];
    assert_eq!(*lines, wanted);
}
