//! A type that contains itself: made by builders within each other, and read however deep a
//! server nests it.

mod support;

use axum::{body::Body, extract::Request, response::Response};
use sample_catalog_api::{Client, ErrorKind, types::Folder};
use support::Server;

/// Answers a folder that is in as many folders as its path says.
async fn folder(request: Request) -> Response {
    let last = request.uri().path().rsplit('/').next();
    let depth: usize = last.and_then(|id| id.parse().ok()).unwrap_or_default();
    let open = r#"{"name": "inner", "parent": "#.repeat(depth);
    let body = format!(r#"{open}{{"name": "root"}}{}"#, "}".repeat(depth));
    let answer = Response::builder().header("content-type", "application/json");
    answer.body(Body::from(body)).expect("an answer")
}

#[tokio::test]
async fn a_folder_is_read_however_deep_it_is() {
    let server = Server::start(folder).await;
    let client = Client::new(&server.session());
    for depth in [0, 7, 8, 100] {
        let answer = client.get_folder().folder_id(depth).send().await.unwrap();
        let mut folder = &answer.into_inner();
        let mut found = 0;
        while let Some(parent) = &folder.parent {
            (folder, found) = (parent, found + 1);
        }
        assert_eq!((folder.name.as_str(), found), ("root", depth));
    }
    let error = client.get_folder().folder_id(100_000).send().await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{error}");
    assert_eq!(server.asked().len(), 5);
}

#[test]
fn a_folder_is_made_of_builders_within_each_other() {
    let parent = Folder::builder().name("parent");
    let folder: Folder = Folder::builder()
        .name("inner")
        .parent(parent)
        .try_into()
        .unwrap();
    let again: Folder = Folder::builder()
        .name("outer")
        .parent(folder.clone())
        .try_into()
        .unwrap();
    assert_eq!(again.parent.as_deref(), Some(&folder));
    assert_eq!(folder.parent.unwrap().name, "parent");
}
