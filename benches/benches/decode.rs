//! What reading an answer costs: a generated method against reqwest and serde written by
//! hand, on the same bytes from the same server, and each of our tolerances alone against
//! serde_json.

mod support;

use std::hint::black_box;

use axum::Router;
use bytes::Bytes;
use chrono::Utc;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sixclicks_benches::Comparison;
use sixclicks_core::Response;

const ITEMS: usize = 1_000;
const KINDS: [&str; 3] = ["Task", "Risk", "Control"];

/// An item as one would write it by hand.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only the reading is measured")]
struct Thing {
    id: i64,
    name: String,
    description: Option<String>,
    kind: Option<Kind>,
    score: Option<f64>,
    created: Option<chrono::DateTime<Utc>>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
enum Kind {
    Task,
    Risk,
    Control,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only the reading is measured")]
struct Page {
    total_count: Option<i64>,
    items: Option<Vec<Thing>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only the reading is measured")]
struct Envelope<T> {
    result: T,
}

fn page() -> serde_json::Value {
    let item = |id: usize| {
        json!({
            "id": id,
            "name": format!("Assessment {id}"),
            "description": (!id.is_multiple_of(3)).then(|| "What was found and who looks after it. ".repeat(3)),
            "kind": KINDS[id % KINDS.len()],
            "score": id as f64 / 8.0,
            "created": "2024-04-03T02:30:13.1234567Z",
            "tags": ["internal", "quarterly"],
        })
    };
    json!({"totalCount": ITEMS, "items": (0..ITEMS).map(item).collect::<Vec<_>>()})
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let page = page();
    let plain = Bytes::from(page.to_string());
    let wrapped = Bytes::from(
        json!({"result": page, "targetUrl": null, "success": true, "error": null, "unAuthorizedRequest": false, "__abp": true})
            .to_string(),
    );
    on_the_wire(&plain)?;
    in_memory(&plain, &wrapped)
}

/// A generated method against the same by hand, from request to items.
fn on_the_wire(plain: &Bytes) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // The server has a thread of its own, as it would have a machine.
    let server = tokio::runtime::Runtime::new()?;
    let body = plain.clone();
    let app = Router::new().fallback(move || {
        let body = body.clone();
        async move { ([("content-type", "application/json; charset=utf-8")], body) }
    });
    let url = server.block_on(support::serve(app))?;
    let client = support::client(&url)?;
    let http = reqwest::Client::new();
    let by_hand = || async {
        let request = http
            .get(format!("{url}/catalog-api/1.0/things/by-skip"))
            .query(&[("SkipCount", 0), ("MaxResultCount", 1_000)])
            .bearer_auth("token");
        let page: Page = request.send().await?.error_for_status()?.json().await?;
        Ok::<_, reqwest::Error>(page.items.map_or(0, |items| items.len()))
    };
    let generated = || async {
        let request = client
            .list_things_by_skip()
            .skip_count(0)
            .max_result_count(1_000);
        let page = request.send().await?.into_inner();
        Ok::<_, sixclicks_core::Error>(page.items.map_or(0, |items| items.len()))
    };
    Comparison {
        name: "a page of 1,000 items",
        a: "generated method",
        b: "reqwest and serde by hand",
        bound: Some(1.05),
    }
    .run(
        || assert_eq!(runtime.block_on(generated()).ok(), Some(ITEMS)),
        || assert_eq!(runtime.block_on(by_hand()).ok(), Some(ITEMS)),
    );
    Ok(())
}

/// What looking for an envelope costs, where there is none and where there is one.
fn in_memory(plain: &Bytes, wrapped: &Bytes) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let ours = |body: &Bytes, unwrap_abp: bool| {
        let answer = http::Response::new(body.clone());
        let response = Response::new(answer.into(), "bench", unwrap_abp);
        let value = runtime.block_on(response.json::<Page, ()>());
        assert!(black_box(value).is_ok());
    };
    for (name, bound, body, unwrap) in [
        ("read 1,000 items", Some(1.05), plain, false),
        (
            "read 1,000 items, looking for an envelope",
            Some(1.05),
            plain,
            true,
        ),
    ] {
        compare(name, bound, || ours(body, unwrap), || direct::<Page>(body));
    }
    Comparison {
        name: "what looking for an envelope adds to 1,000 plain items",
        a: "looking",
        b: "not looking",
        bound: Some(1.02),
    }
    .run(|| ours(plain, true), || ours(plain, false));
    compare(
        "read 1,000 items in an envelope",
        None,
        || ours(wrapped, true),
        || direct::<Envelope<Page>>(wrapped),
    );
    Ok(())
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
    assert!(black_box(serde_json::from_slice::<T>(body)).is_ok());
}
