//! What the session adds to a request when its token is valid, in nanoseconds.

use std::{hint::black_box, time::Instant};

use sixclicks_auth::{AccessToken, Error, Session, SourceFuture, TokenSource};

const ROUNDS: u32 = 200_000;

struct Fixed;

impl TokenSource for Fixed {
    fn token(&self) -> SourceFuture<'_, Result<AccessToken, Error>> {
        Box::pin(async { Ok(AccessToken::new("token", std::time::SystemTime::now())) })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let session = Session::builder("http://127.0.0.1:1")
        .token_source(Fixed)
        .build()
        .expect("a session");
    let url = "http://127.0.0.1:1/controls-api/1.0/tests"
        .parse()
        .expect("a URL");
    let mut request = reqwest::Request::new(reqwest::Method::GET, url);
    session.authorize(&mut request).await.expect("a token");
    let mut rounds: Vec<f64> = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            request.headers_mut().clear();
            session.authorize(&mut request).await.expect("a token");
            black_box(&request);
        }
        rounds.push(start.elapsed().as_nanos() as f64 / f64::from(ROUNDS));
    }
    rounds.sort_by(f64::total_cmp);
    println!(
        "authorize with a valid token: median {:.0} ns, worst {:.0} ns",
        rounds[4], rounds[8]
    );
}
