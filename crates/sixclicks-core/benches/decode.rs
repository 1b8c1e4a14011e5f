//! What reading an answer costs against serde_json on the same bytes.
//!
//! Run with `cargo bench -p sixclicks-core`. Each line is the median over
//! alternating runs; the ratio is what counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::Utc;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sixclicks_core::{DateTime, Decimal, Response};

const ITEMS: usize = 1_000;
const ROUNDS: usize = 301;

/// An item as one would write it by hand.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only the reading is measured")]
struct ByHand {
    id: i64,
    name: String,
    description: Option<String>,
    score: f64,
    created: chrono::DateTime<Utc>,
    tags: Vec<String>,
}

/// The same item with the value types of generated code.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only the reading is measured")]
struct Generated {
    id: i64,
    name: String,
    description: Option<String>,
    score: Decimal,
    created: DateTime,
    tags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only the reading is measured")]
struct Page<T> {
    total_count: i64,
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Envelope<T> {
    result: T,
}

fn page() -> serde_json::Value {
    let item = |id: usize| {
        json!({
            "id": id,
            "name": format!("Assessment {id}"),
            "description": (!id.is_multiple_of(3)).then(|| "What was found and who looks after it. ".repeat(3)),
            "score": id as f64 / 8.0,
            "created": "2024-04-03T02:30:13.1234567Z",
            "tags": ["internal", "quarterly"],
        })
    };
    json!({"totalCount": ITEMS, "items": (0..ITEMS).map(item).collect::<Vec<_>>()})
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without drivers needs nothing that could be missing");
    let ours = |body: &Bytes, unwrap_abp: bool| {
        let answer = http::Response::new(body.clone());
        let response = Response::new(answer.into(), "bench", unwrap_abp);
        let value = runtime.block_on(response.json::<Page<ByHand>, ()>());
        drop(black_box(value));
    };
    let ours_generated = |body: &Bytes| {
        let answer = http::Response::new(body.clone());
        let response = Response::new(answer.into(), "bench", true);
        let value = runtime.block_on(response.json::<Page<Generated>, ()>());
        drop(black_box(value));
    };

    let page = page();
    let plain = Bytes::from(page.to_string());
    let wrapped = Bytes::from(
        json!({"result": page, "targetUrl": null, "success": true, "error": null, "unAuthorizedRequest": false, "__abp": true})
            .to_string(),
    );
    println!(
        "{ITEMS} items, {} bytes, median of {ROUNDS} rounds",
        plain.len()
    );
    compare(
        "plain",
        || ours(&plain, false),
        || direct::<Page<ByHand>>(&plain),
    );
    compare(
        "plain, looking for an envelope",
        || ours(&plain, true),
        || direct::<Page<ByHand>>(&plain),
    );
    compare(
        "in an envelope",
        || ours(&wrapped, true),
        || direct::<Envelope<Page<ByHand>>>(&wrapped),
    );
    compare(
        "DateTime and Decimal against chrono and f64",
        || ours_generated(&plain),
        || direct::<Page<ByHand>>(&plain),
    );
}

fn direct<T: DeserializeOwned>(body: &[u8]) {
    drop(black_box(serde_json::from_slice::<T>(body)));
}

impl<T> Drop for Envelope<T> {
    fn drop(&mut self) {
        black_box(&self.result);
    }
}

fn compare(name: &str, ours: impl Fn(), theirs: impl Fn()) {
    let time = |run: &dyn Fn()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // The order alternates, so that neither always finds the cache warm.
        if round % 2 == 0 {
            a.push(time(&ours));
            b.push(time(&theirs));
        } else {
            b.push(time(&theirs));
            a.push(time(&ours));
        }
    }
    let (a, b) = (median(a), median(b));
    let ratio = a.as_secs_f64() / b.as_secs_f64();
    println!("{name:45} {a:>10.2?} serde_json {b:>10.2?} ratio {ratio:.3}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
