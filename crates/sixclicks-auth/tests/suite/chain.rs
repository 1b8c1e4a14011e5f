//! Chains of credential sources: the first that has a key is used, and an error names them all.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use http::Method;
use sixclicks_auth::{ApiKey, ErrorKind, KeyChain, Session};

use crate::support::{KEY, Server, call, quick};

fn session(url: &str, chain: KeyChain) -> Session {
    Session::builder(url)
        .api_key_chain(chain)
        .retry(quick())
        .no_proxy()
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_first_source_that_has_a_key_is_used() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    let asked = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&asked);
    let chain = KeyChain::new()
        .variable("SIXCLICKS_NO_SUCH_VARIABLE")
        .file(&file)
        .callback(move || {
            noted.store(true, Ordering::SeqCst);
            async { Ok(ApiKey::from("of the callback")) }
        });
    let session = session(&url, chain);
    call(&session, Method::GET).await.unwrap();
    assert!(asked.load(Ordering::SeqCst));
    assert!(server.seen()[0].contains("of the callback"));
    // The chain is asked from its beginning before every exchange.
    std::fs::write(&file, format!(" {KEY}\n")).unwrap();
    session.renew_token().await.unwrap();
    let last = server.seen().pop().unwrap();
    assert!(
        last.contains(KEY) && !last.contains("of the callback"),
        "{last}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_prints_the_key() {
    let (server, url) = Server::start().await;
    let chain = KeyChain::new()
        .command("no-such-program-anywhere", ["x"])
        .command("sh", ["-c", "exit 3"])
        .command("echo", [KEY]);
    call(&session(&url, chain), Method::GET).await.unwrap();
    assert!(server.seen()[0].contains(KEY));
}

#[cfg(unix)]
#[tokio::test]
async fn an_error_says_of_every_source_why_it_has_no_key() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "\n").unwrap();
    let chain = KeyChain::new()
        .variable("SIXCLICKS_NO_SUCH_VARIABLE")
        .file(folder.path().join("missing"))
        .file(&empty)
        .command("sh", ["-c", "echo the-key-of-the-command; exit 3"])
        .command("printf", ["\\377"])
        .callback(|| async { Err("the vault is sealed".into()) });
    let shown = format!("{chain:?}");
    assert!(shown.contains("SIXCLICKS_NO_SUCH_VARIABLE"), "{shown}");
    let error = session(&url, chain).token().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    let text = error.to_string();
    for reason in [
        "SIXCLICKS_NO_SUCH_VARIABLE is not set",
        "missing cannot be read",
        "empty is empty",
        "`sh` failed",
        "`printf` printed something other than text",
        "the vault is sealed",
    ] {
        assert!(text.contains(reason), "{reason} is not in {text}");
    }
    assert!(!text.contains("the-key-of-the-command"), "{text}");
    let error = session(&url, KeyChain::new()).token().await.unwrap_err();
    assert!(error.to_string().contains("no sources"), "{error}");
    assert_eq!(server.exchanges(), 0);
}

#[cfg(feature = "keyring")]
#[tokio::test]
async fn the_keyring_has_the_key() {
    let (server, url) = Server::start().await;
    keyring_core::set_default_store(keyring_core::mock::Store::new().unwrap());
    let chain = KeyChain::new().keyring("6clicks", "someone");
    let error = session(&url, chain.clone()).token().await.unwrap_err();
    assert!(error.to_string().contains("entry for 6clicks"), "{error}");
    let entry = keyring_core::Entry::new("6clicks", "someone").unwrap();
    entry.set_password(KEY).unwrap();
    call(&session(&url, chain), Method::GET).await.unwrap();
    assert!(server.seen()[0].contains(KEY));
}
