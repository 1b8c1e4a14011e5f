//! Neither key nor token shows anywhere: errors with all that lies beneath them, `Debug`
//! texts, events of every crate at the finest level, and panics, captured while everything
//! goes wrong that the fault suite knows.

#[path = "support/mod.rs"]
mod support;

use std::{
    io::Write,
    panic,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::Method;
use sixclicks_auth::{ApiKey, Error, FileStore, RetryPolicy};
use support::{KEY, Server, TOKEN, builder, call, faults, jwt, token};
use tracing_subscriber::fmt::MakeWriter;

/// All that was said.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    fn add(&self, text: &str) {
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    fn error(&self, error: &Error) {
        self.add(&format!(
            "{error} {error:?} {:?} {:?}",
            error.body(),
            error.headers()
        ));
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            self.add(&format!("{inner} {inner:?}"));
            source = inner.source();
        }
    }
}

impl Write for Said {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(part)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Said {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_failure_shows_a_secret_anywhere() {
    let said = Said::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(said.clone())
        .init();
    let panicked = said.clone();
    panic::set_hook(Box::new(move |info| panicked.add(&info.to_string())));

    let folder = tempfile::tempdir().unwrap();
    for (of_exchange, fault) in (faults::of_exchange().into_iter().map(|fault| (true, fault)))
        .chain(faults::of_call().into_iter().map(|fault| (false, fault)))
    {
        let (server, url) = Server::start().await;
        let session = builder(&url)
            .timeout(Duration::from_millis(100))
            .retry(RetryPolicy::never())
            .token_store(FileStore::new(folder.path()))
            .build()
            .unwrap();
        if of_exchange {
            server.answer_exchange(fault.act);
        } else {
            session.token().await.unwrap();
            server.answer_call(fault.act.clone()).answer_call(fault.act);
        }
        let request = reqwest::Request::new(Method::GET, format!("{url}/x").parse().unwrap());
        let error = match session.execute(request, "get_x").await {
            Ok(response) => {
                let response = sixclicks_core::Response::new(response, "get_x", true);
                response.unexpected::<()>().await
            }
            Err(error) => error,
        };
        said.error(&error);
        said.add(&format!("{session:?}"));
    }

    // Whatever holds a secret is shown, too, and a callback panics beside one.
    let (server, url) = Server::start().await;
    server.answer_exchange(token(&jwt(1, 2)));
    let session = builder(&url).build().unwrap();
    let shown = session.token().await.unwrap();
    said.add(&format!(
        "{shown:?} {:?} {:?}",
        ApiKey::from(KEY),
        builder(&url)
    ));
    let panics = builder(&url)
        .api_key_from(|| async {
            let key = ApiKey::from(KEY);
            panic!("cannot use {key:?}")
        })
        .build()
        .unwrap();
    said.error(&call(&panics, Method::GET).await.unwrap_err());
    let _ = panic::take_hook();

    let text = said.text();
    for expected in [
        "cannot use ApiKey",
        "hyper",
        "reqwest",
        "http.request.method",
        "TRACE",
    ] {
        assert!(text.contains(expected), "{expected} was not captured");
    }
    for secret in [KEY, TOKEN] {
        if let Some(at) = text.find(secret) {
            let from = text[..at].rfind('\n').unwrap_or_default();
            panic!("a secret shows: {}", &text[from..at + secret.len()]);
        }
    }
}
