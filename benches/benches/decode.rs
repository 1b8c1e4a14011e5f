//! What reading an answer costs against serde_json on the same bytes.

use std::hint::black_box;

use bytes::Bytes;
use chrono::Utc;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sixclicks_benches::Comparison;
use sixclicks_core::{DateTime, Decimal, Response};

const ITEMS: usize = 1_000;

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
    compare(
        "read 1,000 items",
        Some(1.05),
        || ours(&plain, false),
        || direct::<Page<ByHand>>(&plain),
    );
    compare(
        "read 1,000 items, looking for an envelope",
        Some(1.05),
        || ours(&plain, true),
        || direct::<Page<ByHand>>(&plain),
    );
    compare(
        "read 1,000 items in an envelope",
        None,
        || ours(&wrapped, true),
        || direct::<Envelope<Page<ByHand>>>(&wrapped),
    );
    compare(
        "read 1,000 items with DateTime and Decimal for chrono and f64",
        None,
        || ours_generated(&plain),
        || direct::<Page<ByHand>>(&plain),
    );
}

fn compare(name: &str, bound: Option<f64>, ours: impl FnMut(), theirs: impl FnMut()) {
    Comparison {
        name,
        a: "sixclicks-core",
        b: "serde_json",
        bound,
    }
    .run(ours, theirs);
}

fn direct<T: DeserializeOwned>(body: &[u8]) {
    drop(black_box(serde_json::from_slice::<T>(body)));
}

impl<T> Drop for Envelope<T> {
    fn drop(&mut self) {
        black_box(&self.result);
    }
}
