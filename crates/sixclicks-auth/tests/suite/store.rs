//! Tokens that processes share.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use http::Method;
use sixclicks_auth::{
    ApiKey, FileStore, Session, SourceFuture, StoreEntry, StoreError, TokenStore,
};

use crate::support::{Hands, Server, TOKEN, answer, builder, call, token, until};

fn session(url: &str, folder: &Path) -> Session {
    builder(url)
        .token_store(FileStore::new(folder))
        .build()
        .unwrap()
}

fn kept(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut tokens = files.filter(|path| path.extension().is_some_and(|end| end == "token"));
    tokens.next().expect("a token is kept")
}

#[tokio::test]
async fn a_second_session_takes_the_token_of_the_first() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    call(&session(&url, folder.path()), Method::GET)
        .await
        .unwrap();
    let second = session(&url, folder.path());
    call(&second, Method::GET).await.unwrap();
    assert_eq!((server.exchanges(), server.calls()), (1, 2));
    assert_eq!(second.counters().exchanges, 0);
}

#[tokio::test]
async fn a_second_session_waits_for_the_exchange_of_the_first() {
    let (server, url) = Server::start().await;
    let gate = server.hold_exchanges();
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let session = session(&url, folder.path());
        tokio::spawn(async move { session.token().await.map(drop) })
    };
    let first = start();
    until(|| server.exchanges() == 1).await;
    let second = start();
    // Long enough for the second to find the entry taken.
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    gate.add_permits(1);
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(server.exchanges(), 1);
}

#[tokio::test]
async fn nobody_else_may_read_what_is_kept() {
    let (_server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("made/by/it");
    session(&url, &inner).token().await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&inner), mode(&kept(&inner))), (0o700, 0o600));
    let name = kept(&inner)
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    assert!(
        name.trim_end_matches(".token")
            .chars()
            .all(|c| c.is_ascii_hexdigit())
    );
}

#[tokio::test]
async fn a_file_that_others_can_read_and_a_link_are_replaced() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    session(&url, folder.path()).token().await.unwrap();
    let file = kept(folder.path());
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    session(&url, folder.path()).token().await.unwrap();
    assert_eq!(server.exchanges(), 2);
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let elsewhere = folder.path().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    symlink(&elsewhere, &file).unwrap();
    session(&url, folder.path()).token().await.unwrap();
    assert_eq!(server.exchanges(), 3);
    assert!(!fs::symlink_metadata(&file).unwrap().is_symlink());
}

#[tokio::test]
async fn what_cannot_be_read_is_exchanged_anew() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    session(&url, folder.path()).token().await.unwrap();
    for broken in ["", "{", r#"{"token":"x","obtained":9,"ends":1}"#, "\u{0}"] {
        fs::write(kept(folder.path()), broken).unwrap();
        assert_eq!(
            session(&url, folder.path()).token().await.unwrap().expose(),
            TOKEN
        );
    }
    assert_eq!(server.exchanges(), 5);
}

#[tokio::test]
async fn a_kept_token_that_is_refused_or_due_is_not_taken_again() {
    let (server, url) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    let clock = Hands::new();
    let start = || {
        let builder = builder(&url).token_store(FileStore::new(folder.path()));
        clock.put_on(builder).build().unwrap()
    };
    server
        .answer_exchange(token("first"))
        .answer_exchange(token("second"));
    start().token().await.unwrap();
    server.answer_call(answer("401 No", "", ""));
    assert_eq!(call(&start(), Method::GET).await.unwrap(), 200);
    assert_eq!(start().token().await.unwrap().expose(), "second");
    assert_eq!(server.exchanges(), 2);
    clock.turn(22.5);
    assert_eq!(start().token().await.unwrap().expose(), TOKEN);
}

#[tokio::test]
async fn another_key_and_another_host_have_entries_of_their_own() {
    let (server, url) = Server::start().await;
    let (other, elsewhere) = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    session(&url, folder.path()).token().await.unwrap();
    session(&elsewhere, folder.path()).token().await.unwrap();
    let store = FileStore::new(folder.path());
    let another = builder(&url)
        .api_key(ApiKey::from("another"))
        .token_store(store);
    another.build().unwrap().token().await.unwrap();
    assert_eq!((server.exchanges(), other.exchanges()), (2, 1));
}

/// A store that never works.
struct Broken;

impl TokenStore for Broken {
    fn open<'a>(&'a self, _: &'a str) -> SourceFuture<'a, Result<Box<dyn StoreEntry>, StoreError>> {
        Box::pin(async { Err("the disk is full".into()) })
    }
}

#[tokio::test]
async fn a_store_that_fails_costs_nobody_a_call() {
    let (_server, url) = Server::start().await;
    let session = builder(&url).token_store(Broken).build().unwrap();
    assert_eq!(call(&session, Method::GET).await.unwrap(), 200);
    let file = tempfile::NamedTempFile::new().unwrap();
    let no_folder = session_at(&url, file.path());
    assert_eq!(call(&no_folder, Method::GET).await.unwrap(), 200);
}

fn session_at(url: &str, path: &Path) -> Session {
    builder(url)
        .token_store(FileStore::new(path))
        .build()
        .unwrap()
}

/// The variables that tell a process what it is started for.
const URL: &str = "SIXCLICKS_TEST_URL";
const FOLDER: &str = "SIXCLICKS_TEST_FOLDER";

/// Does nothing but in the processes that the next test starts.
#[tokio::test]
async fn one_of_many_processes() {
    if let (Ok(url), Ok(folder)) = (std::env::var(URL), std::env::var(FOLDER)) {
        call(&session(&url, Path::new(&folder)), Method::GET)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_together_make_one_exchange() {
    let (server, url) = Server::start().await;
    let gate = server.hold_exchanges();
    let folder = tempfile::tempdir().unwrap();
    let mut processes: Vec<_> = (0..4)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "store::one_of_many_processes"])
                .envs([
                    (URL, url.as_str()),
                    (FOLDER, folder.path().to_str().unwrap()),
                ])
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    gate.add_permits(9);
    for process in &mut processes {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!((server.exchanges(), server.calls()), (1, 4));
}
