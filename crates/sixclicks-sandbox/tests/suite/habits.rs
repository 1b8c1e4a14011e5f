//! What servers do although no document says so, on demand.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sixclicks_sandbox::{Answer, Choice, Habit, Sandbox};

use crate::client::{Client, Reply, reply, sandbox};

fn document() -> Value {
    json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {
            "200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "404": {"description": "", "content": {"application/json": {"schema": {"type": "object", "required": ["why"], "properties": {"why": {"type": "string"}}}}}},
            "5XX": {"description": ""},
        }}}},
        "components": {"schemas": {"A": {"type": "object", "required": ["when", "kind"], "properties": {
            "when": {"type": "string", "format": "date-time"},
            "kind": {"type": "string", "enum": ["x", "y"]},
            "note": {"type": "string"},
        }}}},
    })
}

async fn answered(client: &Client, status: Option<u16>, habit: Option<&str>) -> Reply {
    let mut request = client.request("GET", "/a");
    if let Some(status) = status {
        request = request.header("sandbox-status", status);
    }
    if let Some(habit) = habit {
        request = request.header("sandbox-habit", habit);
    }
    reply(request).await
}

#[tokio::test]
async fn a_request_chooses_its_answer_by_headers() {
    let sandbox = sandbox([document()]).await;
    let client = Client::new(&sandbox).await;
    let plain = answered(&client, None, None).await.json();
    let when = plain["when"].as_str().unwrap();
    assert!(
        when.ends_with('Z') && ["x", "y"].contains(&plain["kind"].as_str().unwrap()),
        "{plain}"
    );

    let bent = answered(&client, None, Some("offset-less")).await.json();
    let when = bent["when"].as_str().unwrap();
    assert!(when.contains('T') && !when.contains(['Z', '+']), "{when}");
    let bent = answered(&client, None, Some("unknown-values")).await.json();
    assert!(
        !["x", "y"].contains(&bent["kind"].as_str().unwrap()),
        "{bent}"
    );
    let bent = answered(&client, None, Some("unknown-fields")).await.json();
    assert!(
        bent.as_object().unwrap().contains_key("somethingNew"),
        "{bent}"
    );
    let bent = answered(&client, None, Some("nulls")).await.json();
    assert!(
        bent["note"].is_null() && bent.get("note").is_some() && bent["kind"].is_string(),
        "{bent}"
    );
    let bent = answered(&client, None, Some("envelope")).await.json();
    assert!(
        bent["__abp"] == true && bent["result"]["kind"].is_string(),
        "{bent}"
    );

    for (status, habit, wanted, told) in [
        (Some(404), None, 404, "\"why\""),
        (Some(503), None, 503, ""),
        (Some(400), Some("problem-details"), 400, "\"traceId\""),
        (
            Some(500),
            Some("abp-error"),
            500,
            "\"unAuthorizedRequest\":false",
        ),
        (None, Some("empty-body"), 200, ""),
        (None, Some("gateway-page"), 502, "<html>"),
        (None, Some("too-many"), 429, ""),
    ] {
        let answer = answered(&client, status, habit).await;
        assert_eq!(answer.status, wanted, "{habit:?}");
        assert!(
            answer.text.contains(told) && (told.is_empty() == answer.text.is_empty()),
            "{habit:?}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn a_slow_answer_comes_late_and_a_dropped_one_breaks_in_the_middle() {
    let sandbox = sandbox([document()]).await;
    let client = Client::new(&sandbox).await;
    let before = Instant::now();
    let slow = answered(&client, None, Some("slow")).await;
    assert!(slow.status == 200 && before.elapsed() >= Duration::from_millis(500));
    let request = client.request("GET", "/a").header("sandbox-habit", "drop");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
}

#[tokio::test]
async fn a_program_chooses_and_scripts_answers_and_looks_at_what_was_received() {
    let sandbox = sandbox([document()]).await;
    let client = Client::new(&sandbox).await;
    sandbox.choose(Choice {
        status: Some(404),
        ..Choice::default()
    });
    sandbox.choose(Choice {
        habit: Some(Habit::TooMany),
        ..Choice::default()
    });
    assert_eq!(client.get("/a").await.status, 404);
    assert_eq!(client.get("/a").await.status, 429);
    sandbox.script(Answer::status(418).body("short and stout"));
    assert_eq!(client.get("/a?b=c").await.text, "short and stout");
    let received = sandbox.received();
    let seen: Vec<_> = received
        .iter()
        .map(|r| (r.query.as_str(), r.answer.code()))
        .collect();
    assert_eq!(seen, [("", 404), ("", 429), ("b=c", 418)]);
    assert_eq!(received[2].violations[0].at, "query parameter `b`");
    sandbox.clear();
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn who_has_no_token_is_refused() {
    let sandbox: Sandbox = sandbox([document()]).await;
    let answer = reqwest::Client::new()
        .get(format!("{}/a", sandbox.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    let client = Client::new(&sandbox).await;
    assert_eq!(client.get("/a").await.status, 200);
    sandbox.revoke_tokens();
    assert_eq!(client.get("/a").await.status, 401);
}
