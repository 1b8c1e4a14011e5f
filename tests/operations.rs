//! The published operations (tests/sample/published.json), through the generated clients, against a local server.

use serde_json::{Map, json};
use sixclicks_auth::{ApiKey, ErrorKind, Session};
use sixclicks_sandbox::{Answer, Sandbox};

fn session(sandbox: &Sandbox) -> Session {
    Session::new(&sandbox.url(), ApiKey::from(sandbox.api_key())).expect("the sandbox's address")
}

#[tokio::test]
async fn a_get_sends_its_json_body() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sixclicks_assessments_api::Client::new(&session(&sandbox));
    let answer = client
        .list_assessments()
        .body_map(|body| body.sorting("Name").max_result_count(10).skip_count(20))
        .send()
        .await
        .unwrap();
    assert_eq!(answer["items"].as_array().map(Vec::len), Some(5));
    let received = &sandbox.received()[0];
    assert_eq!(
        (received.method.as_str(), received.path.as_str()),
        ("GET", "/assessments-api/1.0/assessments")
    );
    let body: serde_json::Value = serde_json::from_slice(&received.body).unwrap();
    assert_eq!(
        body,
        json!({"sorting": "Name", "maxResultCount": 10, "skipCount": 20})
    );
}

#[tokio::test]
async fn what_was_not_set_is_not_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sixclicks_assessments_api::Client::new(&session(&sandbox));
    client.list_assessments().send().await.unwrap();
    assert_eq!(sandbox.received()[0].body, b"{}");
}

#[tokio::test]
async fn a_result_is_added_to_a_test() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sixclicks_controls_api::Client::new(&session(&sandbox));
    let result = json!({"any": "Pass"});
    let body: Map<_, _> = result.as_object().unwrap().clone();
    client
        .add_test_result()
        .test_key("T-1")
        .body(body)
        .send()
        .await
        .unwrap();
    let tests = client.list_tests().send().await.unwrap();
    assert_eq!(tests["items"][0]["results"][0], result);
}

#[tokio::test]
async fn a_value_that_is_missing_is_told_before_anything_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sixclicks_controls_api::Client::new(&session(&sandbox));
    let error = client.add_test_result().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("test_key"), "{error}");
    assert!(sandbox.received().is_empty() && sandbox.exchanges() == 0);
}

#[tokio::test]
async fn what_the_server_says_is_in_the_error() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sixclicks_controls_api::Client::new(&session(&sandbox));
    let error = client
        .add_test_result()
        .test_key("no such")
        .body(Map::new())
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.message(), "there is no test `no such`");
    assert_eq!(error.operation(), "add_test_result");
}

#[tokio::test]
async fn an_answer_in_abps_envelope_is_read_like_a_bare_one() {
    let sandbox = Sandbox::builder().envelope(true).start().await.unwrap();
    let client = sixclicks_assessments_api::Client::new(&session(&sandbox));
    let answer = client.list_assessments().send().await.unwrap();
    assert_eq!(answer["totalCount"], 25);
}

#[tokio::test]
async fn a_client_can_be_told_to_leave_envelopes_alone() {
    let sandbox = Sandbox::builder().envelope(true).start().await.unwrap();
    let client =
        sixclicks_assessments_api::Client::new(&session(&sandbox)).with_abp_unwrapping(false);
    let answer = client.list_assessments().send().await.unwrap();
    assert_eq!(answer["result"]["totalCount"], 25);
}

#[tokio::test]
async fn a_gateways_page_is_an_error_with_its_title() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sixclicks_controls_api::Client::new(&session(&sandbox));
    let page = "<html><head><title>Down for maintenance</title></head></html>";
    sandbox.script(
        Answer::status(500)
            .header("content-type", "text/html")
            .body(page),
    );
    let error = client.list_tests().send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Server, "Down for maintenance")
    );
}

#[tokio::test]
async fn the_token_endpoint_is_an_operation_that_needs_no_token() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sixclicks_auth_api::Client::new(&session(&sandbox));
    let answer = client
        .create_token()
        .x6clicks_api_key(sandbox.api_key())
        .send()
        .await
        .unwrap();
    let token = answer.access_token.as_ref().unwrap();
    assert!(token.expose().starts_with("ey"));
    assert!(!format!("{answer:?}").contains(token.expose()));
    assert_eq!(sandbox.exchanges(), 1);
}
