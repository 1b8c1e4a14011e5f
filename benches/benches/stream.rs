//! A generated stream over 100,000 items against fetching page after page by hand, from a
//! server that takes 20 ms for each page.

mod support;

use std::time::Duration;

use axum::Router;
use axum::extract::Query;
use serde::Deserialize;
use sixclicks_benches::Comparison;

const ITEMS: u64 = 100_000;
const SIZE: i32 = 1_000;
const DELAY: Duration = Duration::from_millis(20);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Asked {
    #[serde(default)]
    skip_count: u64,
    max_result_count: u64,
}

async fn page(Query(asked): Query<Asked>) -> String {
    tokio::time::sleep(DELAY).await;
    let skip = asked.skip_count;
    let items = (skip..ITEMS.min(skip + asked.max_result_count))
        .map(|id| format!(r#"{{"id":{id},"name":"Assessment {id}","tags":["a"]}}"#))
        .collect::<Vec<_>>()
        .join(",");
    format!(r#"{{"totalCount":{ITEMS},"items":[{items}]}}"#)
}

/// What one would write by hand.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    total_count: u64,
    items: Vec<Thing>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only the reading is measured")]
struct Thing {
    id: i64,
    name: String,
    tags: Vec<String>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new()?;
    let app = Router::new().fallback(axum::routing::get(page));
    let url = runtime.block_on(support::serve(app))?;
    let client = support::client(&url)?;
    let http = reqwest::Client::new();
    let stream = || async {
        let mut items = client.list_things_by_skip().max_result_count(SIZE).stream();
        let mut count = 0;
        while let Some(item) = items.next().await {
            count += u64::from(item.is_ok());
        }
        assert_eq!(count, ITEMS);
    };
    let by_hand = || async {
        let (mut count, mut total) = (0, 1);
        while count < total {
            let request = http
                .get(format!("{url}/catalog-api/1.0/things/by-skip"))
                .query(&[("SkipCount", count), ("MaxResultCount", SIZE as u64)])
                .bearer_auth("token");
            let Ok(answer) = request.send().await else {
                break;
            };
            let Ok(page) = answer.json::<Page>().await else {
                break;
            };
            count += page.items.len() as u64;
            total = page.total_count;
        }
        assert_eq!(count, ITEMS);
    };
    Comparison {
        name: "100,000 items in pages of 1,000, 20 ms a page",
        a: "generated stream",
        b: "page after page by hand",
        bound: Some(0.6),
    }
    .run(
        || runtime.block_on(stream()),
        || runtime.block_on(by_hand()),
    );
    Ok(())
}
