//! The life of a token, by a clock that the test moves.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use std::time::{Duration, SystemTime};

use http::Method;
use sixclicks_auth::{ApiKey, ErrorKind, Session};

use crate::support::{Hands, KEY, START, Server, answer, builder, call, jwt, ok, token, until};

/// A server, and a session whose clock the test turns.
async fn start() -> (Arc<Server>, Hands, Session) {
    let (server, url) = Server::start().await;
    let clock = Hands::new();
    let session = clock.put_on(builder(&url)).build().unwrap();
    (server, clock, session)
}

#[tokio::test]
async fn a_due_token_is_renewed_while_callers_go_on_with_the_old_one() {
    let (server, clock, session) = start().await;
    server
        .answer_exchange(token("old"))
        .answer_exchange(token("new"));
    session.token().await.unwrap();
    let gate = server.hold_exchanges();
    clock.turn(22.0);
    for _ in 0..5 {
        // The exchange is held up, and nobody with it.
        assert_eq!(session.token().await.unwrap().expose(), "old");
    }
    gate.add_permits(1);
    let renewed = async || session.token().await.unwrap().expose() == "new";
    while !renewed().await {
        tokio::task::yield_now().await;
    }
    assert_eq!((session.counters().renewals, server.exchanges()), (1, 2));
}

#[tokio::test]
async fn a_token_is_not_renewed_before_a_share_of_its_life_is_left() {
    let (server, clock, session) = start().await;
    server.answer_exchange(token(&jwt(START, START + 3_600)));
    session.token().await.unwrap();
    clock.turn(0.84);
    session.token().await.unwrap();
    assert_eq!(session.counters().renewals, 0);
    clock.turn(0.07);
    session.token().await.unwrap();
    assert_eq!(session.counters().renewals, 1);
}

#[tokio::test]
async fn a_failed_renewal_harms_nobody_and_is_tried_again_after_a_growing_pause() {
    let (server, clock, session) = start().await;
    call(&session, Method::GET).await.unwrap();
    clock.turn(22.0);
    let second = 1.1 / 3_600.0;
    for (round, pause) in [5.0, 10.0, 20.0].into_iter().enumerate() {
        server.answer_exchange(answer("503 Busy", "", ""));
        call(&session, Method::GET).await.unwrap();
        until(|| session.counters().failures == round as u64 + 1).await;
        // Within the pause after the failure nothing is asked for.
        clock.turn((pause - 2.0) / 3_600.0);
        call(&session, Method::GET).await.unwrap();
        assert_eq!(session.counters().renewals, round as u64 + 1);
        clock.turn(2.0 * second);
    }
}

#[tokio::test]
async fn an_ended_token_is_exchanged_before_the_call() {
    let (server, clock, session) = start().await;
    server.answer_exchange(token(&jwt(START, START + 3_600)));
    call(&session, Method::GET).await.unwrap();
    clock.turn(2.0);
    call(&session, Method::GET).await.unwrap();
    assert_eq!((server.exchanges(), session.counters().replays), (2, 0));
}

#[tokio::test]
async fn a_token_without_a_readable_end_has_the_life_that_was_set() {
    let (server, url) = Server::start().await;
    let clock = Hands::new();
    let session = clock
        .put_on(builder(&url))
        .assumed_token_life(Duration::from_secs(1_800))
        .build()
        .unwrap();
    session.token().await.unwrap();
    clock.turn(0.4);
    session.token().await.unwrap();
    assert_eq!(server.exchanges(), 1);
    clock.turn(0.2);
    session.token().await.unwrap();
    assert_eq!(server.exchanges(), 2);
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_hours_is_survived() {
    for wrong in [-30.0, -5.0, -0.2, 0.2, 5.0, 30.0_f64] {
        let (server, clock, session) = start().await;
        clock.turn(wrong);
        // The server tells its time, and the token a life of an hour by that.
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(START);
        let date = format!("date: {}\r\n", httpdate::fmt_http_date(now));
        let body = format!(r#"{{"accessToken":"{}"}}"#, jwt(START, START + 3_600));
        server.answer_exchange(answer("200 OK", &date, &body));
        for _ in 0..3 {
            call(&session, Method::GET).await.unwrap();
            clock.turn(0.25);
        }
        assert_eq!(server.exchanges(), 1, "off by {wrong} h");
        clock.turn(0.3);
        call(&session, Method::GET).await.unwrap();
        assert_eq!(server.exchanges(), 2, "off by {wrong} h");
    }
}

#[tokio::test]
async fn a_wrong_clock_without_the_servers_date_costs_no_call() {
    for wrong in [-30.0, -5.0, 0.5, 5.0, 30.0_f64] {
        let (server, clock, session) = start().await;
        clock.turn(wrong);
        server.answer_exchange(token(&jwt(START, START + 3_600)));
        for _ in 0..3 {
            assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
        }
        assert_eq!(server.exchanges(), 1, "off by {wrong} h");
    }
}

#[tokio::test]
async fn a_clock_that_is_moved_while_running_is_survived() {
    let (server, clock, session) = start().await;
    call(&session, Method::GET).await.unwrap();
    clock.turn(-40.0);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    // By now the server has ended it, whatever our clock says.
    server.answer_call(answer("401 No", "", ""));
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    clock.turn(80.0);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert_eq!(server.exchanges(), 3);
}

#[tokio::test]
async fn a_rejection_is_not_remembered_for_hours_when_the_clock_is_set_back() {
    let (server, clock, session) = start().await;
    server.answer_exchange(answer("401 No", "", ""));
    call(&session, Method::GET).await.unwrap_err();
    clock.turn(-5.0);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
}

#[tokio::test]
async fn a_key_that_is_deleted_while_running_is_told_and_a_new_one_is_taken() {
    let (server, url) = Server::start().await;
    let clock = Hands::new();
    let version = Arc::new(AtomicU64::new(1));
    let vault = Arc::clone(&version);
    let session = clock
        .put_on(builder(&url))
        .api_key_from(move || {
            let key = format!("{KEY}-{}", vault.load(Ordering::SeqCst));
            async move { Ok(ApiKey::from(key)) }
        })
        .build()
        .unwrap();
    call(&session, Method::GET).await.unwrap();
    server
        .answer_call(answer("401 No", "", ""))
        .answer_exchange(answer("401 No", "", "deleted"));
    for _ in 0..5 {
        let error = call(&session, Method::GET).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
    }
    assert_eq!(server.exchanges(), 2);
    version.store(2, Ordering::SeqCst);
    clock.turn(0.01);
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    assert!(server.seen().join("").contains(&format!("{KEY}-2")));
}

#[tokio::test]
async fn a_vault_that_fails_says_why() {
    let (server, url) = Server::start().await;
    let session = builder(&url)
        .api_key_from(|| async { Err("the vault is sealed".into()) })
        .build()
        .unwrap();
    let error = call(&session, Method::GET).await.unwrap_err();
    assert!(error.message().contains("the vault is sealed"), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_token_that_has_ended_when_it_comes_is_still_tried() {
    let (server, _clock, session) = start().await;
    server.answer_exchange(ok(&format!(r#"{{"accessToken":"{}"}}"#, jwt(START, START))));
    for _ in 0..3 {
        assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    }
    assert_eq!(server.exchanges(), 1);
}
