//! The token on requests made by hand, through `reqwest-middleware`.

#[path = "support/mod.rs"]
mod support;

use sixclicks_auth::SessionMiddleware;
use support::{Server, TOKEN, answer, session};

#[tokio::test]
async fn requests_by_hand_have_the_token_and_are_sent_once_more_after_a_401() {
    let (server, url) = Server::start().await;
    let session = session(&url);
    let client = reqwest_middleware::ClientBuilder::new(session.http_client().clone())
        .with(SessionMiddleware::new(&session))
        .build();
    server.answer_call(answer("401 No", "", ""));
    let response = client.get(format!("{url}/x")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(server.seen().pop().unwrap().contains(TOKEN));
    assert_eq!((server.exchanges(), server.calls()), (2, 2));

    for _ in 0..2 {
        server.answer_call(answer("401 No", "", &format!("bad {TOKEN}")));
    }
    let response = client.get(format!("{url}/x")).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(response.text().await.unwrap(), "bad …");
    assert_eq!(session.counters().replays, 2);
}

#[tokio::test]
async fn a_request_to_another_host_is_left_as_it_is() {
    let (_server, url) = Server::start().await;
    let (other, elsewhere) = Server::start().await;
    let session = session(&url);
    let client = reqwest_middleware::ClientBuilder::new(session.http_client().clone())
        .with(SessionMiddleware::new(&session))
        .build();
    client.get(format!("{elsewhere}/x")).send().await.unwrap();
    assert!(!other.seen().join("").contains(TOKEN));
}
