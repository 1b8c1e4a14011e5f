//! Keys, hosts and proxies from outside: files, and the environment of processes that the
//! test starts, since a process's own is not to be changed while threads read it.

#[path = "support/mod.rs"]
mod support;

use std::{fs, process::Command};

use sixclicks_auth::{ApiKey, KeyError, Session};
use support::{KEY, Server, answer, builder};

/// Tells a process that it is one of those.
const CHILD: &str = "SIXCLICKS_TEST_CHILD";

/// Does nothing but in the processes that the other tests start: there it has a token from
/// what the environment says, and prints what came of it.
#[tokio::test]
async fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let outcome = match Session::from_env() {
        Ok(session) => session.token().await.map(drop),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => println!("said: a token"),
        Err(error) => println!("said: {:?}, {error}", error.kind()),
    }
}

/// What a process says of its environment.
async fn said(environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]);
    for name in [
        "SIXCLICKS_HOST",
        "SIXCLICKS_API_KEY",
        "ALL_PROXY",
        "all_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "NO_PROXY",
        "no_proxy",
    ] {
        command.env_remove(name);
    }
    command.env(CHILD, "").envs(environment.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let text = String::from_utf8_lossy(&output.await.unwrap().stdout).into_owned();
    let line = text.lines().find_map(|line| line.split_once("said: "));
    line.unwrap_or_else(|| panic!("{text}")).1.to_owned()
}

#[tokio::test]
async fn host_and_key_come_from_the_environment() {
    let (server, url) = Server::start().await;
    let outcome = said(&[("SIXCLICKS_HOST", &url), ("SIXCLICKS_API_KEY", KEY)]).await;
    assert_eq!(outcome, "a token");
    assert!(server.seen()[0].contains(KEY));
}

#[tokio::test]
async fn what_the_environment_does_not_say_is_named() {
    for (environment, missing) in [
        (vec![], "SIXCLICKS_HOST"),
        (vec![("SIXCLICKS_HOST", " ")], "SIXCLICKS_HOST"),
        (
            vec![("SIXCLICKS_HOST", "app-au.6clicks.io")],
            "SIXCLICKS_API_KEY",
        ),
        (
            vec![
                ("SIXCLICKS_HOST", "app-au.6clicks.io"),
                ("SIXCLICKS_API_KEY", "\n"),
            ],
            "SIXCLICKS_API_KEY",
        ),
    ] {
        let outcome = said(&environment).await;
        assert!(outcome.contains(missing), "{environment:?}: {outcome}");
    }
}

#[tokio::test]
async fn the_environments_proxy_is_used_with_its_user_and_password() {
    let (proxy, address) = Server::start().await;
    proxy.answer_call(answer("403 No", "", ""));
    let login = address.replace("http://", "http://user:pass-nobody-may-see@");
    let outcome = said(&[
        ("SIXCLICKS_HOST", "https://api.example.invalid"),
        ("SIXCLICKS_API_KEY", KEY),
        ("HTTPS_PROXY", &login),
    ])
    .await;
    assert!(outcome.starts_with("Connection"), "{outcome}");
    assert!(!outcome.contains("pass-nobody"), "{outcome}");
    let seen = proxy.seen().join("");
    assert!(seen.contains("CONNECT api.example.invalid:443"), "{seen}");
    assert!(
        seen.to_lowercase().contains("proxy-authorization: basic "),
        "{seen}"
    );
    assert!(!seen.contains(KEY), "{seen}");
}

#[tokio::test]
async fn the_loopback_never_goes_through_the_environments_proxy() {
    let (proxy, address) = Server::start().await;
    let (server, url) = Server::start().await;
    for host in [
        url.clone(),
        url.replace("http://127.0.0.1", "http://localhost"),
    ] {
        let outcome = said(&[
            ("SIXCLICKS_HOST", host.as_str()),
            ("SIXCLICKS_API_KEY", KEY),
            ("HTTP_PROXY", &address),
            ("ALL_PROXY", &address),
        ])
        .await;
        assert_eq!(outcome, "a token");
    }
    let secure = url.replace("http://", "https://");
    server.answer_call(support::Act::ResetAtOnce);
    let outcome = said(&[
        ("SIXCLICKS_HOST", secure.as_str()),
        ("SIXCLICKS_API_KEY", KEY),
        ("HTTPS_PROXY", &address),
    ])
    .await;
    assert!(outcome.starts_with("Connection"), "{outcome}");
    assert_eq!((proxy.seen().len(), server.exchanges()), (0, 2));
}

#[tokio::test]
async fn a_key_in_a_file_is_taken_without_the_white_space_around_it() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, format!("\n {KEY}\r\n")).unwrap();
    let session = builder(&url).api_key(ApiKey::from_file(&file).unwrap());
    session.build().unwrap().token().await.unwrap();
    assert!(
        server.seen()[0]
            .to_lowercase()
            .contains(&format!("6clicks-api-key: {KEY}\r\n"))
    );
}

#[tokio::test]
async fn a_key_file_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("no-key");
    let error = ApiKey::from_file(&missing).unwrap_err();
    assert!(matches!(error, KeyError::File { .. }));
    assert!(error.to_string().contains("no-key"), "{error}");

    let empty = folder.path().join("empty-key");
    fs::write(&empty, "\n").unwrap();
    let error = ApiKey::from_file(&empty).unwrap_err();
    assert!(matches!(error, KeyError::Empty { .. }));
    assert!(error.to_string().contains("empty-key"), "{error}");
}
