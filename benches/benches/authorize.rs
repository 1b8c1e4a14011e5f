//! What the session adds to a request when its token is valid.

use std::hint::black_box;

use sixclicks_auth::{AccessToken, Error, Session, SourceFuture, TokenSource};
use sixclicks_benches::{Figure, time};

struct Fixed;

impl TokenSource for Fixed {
    fn token(&self) -> SourceFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async { Ok(AccessToken::new("token", std::time::SystemTime::now())) })
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let session = Session::builder("http://127.0.0.1:1")
        .token_source(Fixed)
        .build()
        .expect("a session");
    let url = "http://127.0.0.1:1/controls-api/1.0/tests"
        .parse()
        .expect("a URL");
    let mut request = reqwest::Request::new(reqwest::Method::GET, url);
    // Many in one go, so that entering the runtime does not count.
    let each = 10_000;
    let seconds = time(|| {
        runtime.block_on(async {
            for _ in 0..each {
                request.headers_mut().clear();
                session.authorize(&mut request).await.expect("a token");
                black_box(&request);
            }
        });
    });
    Figure {
        name: "authorize with a valid token",
        value: seconds / f64::from(each) * 1e9,
        unit: "ns",
        bound: Some(200.0),
    }
    .print();
}
