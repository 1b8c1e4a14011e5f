//! A stream over 100,000 items against fetching page after page, from a server that takes
//! 20 ms for each page.

use std::time::Duration;

use axum::Router;
use axum::extract::Query;
use serde::{Deserialize, Serialize};
use sixclicks_benches::Comparison;
use sixclicks_core::{Error, ErrorKind, Page, PageStream};

const ITEMS: u64 = 100_000;
const SIZE: u64 = 1_000;
const DELAY: Duration = Duration::from_millis(20);

#[derive(Deserialize)]
struct At {
    skip: u64,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    total_count: u64,
    items: Vec<Item>,
}

#[derive(Deserialize, Serialize)]
struct Item {
    id: u64,
    name: String,
}

async fn page(Query(At { skip }): Query<At>) -> String {
    tokio::time::sleep(DELAY).await;
    let items = (skip..ITEMS.min(skip + SIZE))
        .map(|id| format!(r#"{{"id":{id},"name":"Assessment {id}"}}"#))
        .collect::<Vec<_>>()
        .join(",");
    format!(r#"{{"totalCount":{ITEMS},"items":[{items}]}}"#)
}

async fn fetch(http: &reqwest::Client, url: &str, skip: u64) -> reqwest::Result<Answer> {
    http.get(format!("{url}/?skip={skip}"))
        .send()
        .await?
        .json()
        .await
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let url = format!("http://{}", listener.local_addr()?);
    let app = Router::new().route("/", axum::routing::get(page));
    runtime.spawn(async move { axum::serve(listener, app).await });
    let client = reqwest::Client::new();
    // What the closures copy.
    let (http, url) = (&client, url.as_str());
    let stream = || async {
        let mut items: PageStream<'_, Item> =
            PageStream::by_skip("bench", None, move |skip| async move {
                let page = fetch(http, url, skip).await.map_err(|error| {
                    Error::new(ErrorKind::Connection, "bench", error.to_string())
                })?;
                Ok(Page::new(page.items).with_total(Some(page.total_count)))
            });
        let mut count = 0;
        while let Some(item) = items.next().await {
            count += u64::from(item.is_ok());
        }
        assert_eq!(count, ITEMS);
    };
    let by_hand = || async {
        let mut count = 0;
        while count < ITEMS {
            let Ok(page) = fetch(http, url, count).await else {
                break;
            };
            count += page.items.len() as u64;
        }
        assert_eq!(count, ITEMS);
    };
    Comparison {
        name: "100,000 items in pages of 1,000, 20 ms a page",
        a: "stream",
        b: "page after page",
        bound: Some(0.6),
    }
    .run(
        || runtime.block_on(stream()),
        || runtime.block_on(by_hand()),
    );
    Ok(())
}
