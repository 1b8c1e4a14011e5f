//! A server on loopback that answers from a table and remembers what it was asked.
// Each test program uses its own part of this.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// The smallest document there is.
pub const DOCUMENT: &str =
    r#"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}}"#;

/// The server; it ends with the test's process.
pub struct Server {
    /// Its address, as `http://127.0.0.1:port`.
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// One answer, as it goes over the wire.
pub fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

/// An answer with status 200.
pub fn ok(body: &str) -> Vec<u8> {
    answer("200 OK", "", body)
}

/// A redirect.
pub fn redirect(location: &str) -> Vec<u8> {
    answer("302 Found", &format!("Location: {location}\r\n"), "")
}

impl Server {
    /// Answers the paths (with their queries, if any) as told, and 404 elsewhere.
    pub fn new<P: Into<String>>(answers: impl IntoIterator<Item = (P, Vec<u8>)>) -> Self {
        let answers: HashMap<String, Vec<u8>> = answers
            .into_iter()
            .map(|(path, answer)| (path.into(), answer))
            .collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &answers, &log);
            }
        });
        Self { url, requests }
    }

    /// The address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// All requests so far: first line and headers each.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, answers: &HashMap<String, Vec<u8>>, log: &Mutex<Vec<String>>) {
    let mut request = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while !request.ends_with("\r\n\r\n") {
        if reader.read_line(&mut request).unwrap_or(0) == 0 {
            return;
        }
    }
    let target = request.split(' ').nth(1).unwrap_or_default().to_owned();
    log.lock().unwrap().push(request);
    let path = target.split('?').next().unwrap_or_default();
    let missing = answer("404 Not Found", "", "not here");
    let answer = answers
        .get(&target)
        .or(answers.get(path))
        .unwrap_or(&missing);
    // A client that has seen enough may be gone.
    let _ = stream.write_all(answer);
}
