//! A generated client's call, held against the same request written by hand with reqwest
//! and serde; and how many exchanges many first calls make.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Json, Router, extract::State, routing::any};
use serde_json::{Value, json};
use sixclicks_auth::{ApiKey, Session};
use sixclicks_benches::{Comparison, Figure};

/// How many tasks start together.
const TASKS: usize = 10_000;

/// A server that hands out tokens and lists twenty assessments.
async fn serve(exchanges: Arc<AtomicU64>) -> String {
    let page: Value = json!({
        "totalCount": 20,
        "items": (0..20).map(|id| json!({"id": id, "name": format!("Assessment {id}")}))
            .collect::<Vec<_>>(),
    });
    let exchange = |State(count): State<Arc<AtomicU64>>| async move {
        count.fetch_add(1, Ordering::Relaxed);
        Json(json!({"accessToken": "token"}))
    };
    let router = Router::new()
        .route("/auth-api/1.0/auth/token", any(exchange))
        .fallback(move || std::future::ready(Json(page.clone())))
        .with_state(exchanges);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn main() {
    // The server has a thread of its own, so that neither side waits for the other's.
    let serving = tokio::runtime::Runtime::new().expect("a runtime");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let exchanges = Arc::new(AtomicU64::new(0));
    let url = serving.block_on(serve(Arc::clone(&exchanges)));
    let session = Session::new(&url, ApiKey::from("key")).expect("a session");
    let client = sixclicks_assessments_api::Client::new(&session);
    // With a timeout, as nobody who calls a server should be without one, and as ours has.
    let by_hand = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(60))
        .build()
        .expect("a client");
    let address = format!("{url}/assessments-api/1.0/assessments");
    let body = BTreeMap::from([("maxResultCount", 10), ("skipCount", 0)]);
    let ours = || {
        let call = client
            .list_assessments()
            .body_map(|body| body.max_result_count(10).skip_count(0))
            .send();
        runtime.block_on(call).expect("an answer").into_inner();
    };
    let theirs = || {
        runtime.block_on(async {
            let body = serde_json::to_vec(&body).expect("JSON");
            let request = by_hand.get(&address);
            let request = request
                .header("authorization", "Bearer token")
                .header("content-type", "application/json")
                .header("accept", "application/json")
                .body(body);
            let response = request.send().await.expect("an answer");
            let response = response.error_for_status().expect("success");
            let text = response.bytes().await.expect("a body");
            serde_json::from_slice::<Value>(&text).expect("JSON")
        });
    };
    Comparison {
        name: "a call over loopback",
        a: "generated client",
        b: "reqwest and serde by hand",
        bound: Some(1.05),
    }
    .run(ours, theirs);

    let fresh = Session::new(&url, ApiKey::from("key")).expect("a session");
    exchanges.store(0, Ordering::Relaxed);
    serving.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let session = fresh.clone();
                tokio::spawn(async move { session.token().await.expect("a token") })
            })
            .collect();
        for task in tasks {
            task.await.expect("no panic");
        }
    });
    Figure {
        name: "exchanges of 10,000 tasks that start together",
        value: exchanges.load(Ordering::Relaxed) as f64,
        unit: "exchanges",
        bound: Some(1.0),
    }
    .print();
}
