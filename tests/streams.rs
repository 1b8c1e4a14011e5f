//! The generated streams against a server on a real connection: every habit of paging, what
//! they ask for, where they end, and what an error says of how far they got.

mod support;

use std::collections::HashMap;

use axum::{body::Body, extract::Request, response::Response};
use futures_util::StreamExt;
use sample_catalog_api::{Client, ErrorKind, types};
use serde_json::{Value, json};
use sixclicks_auth::Error;
use support::Server;

const COUNT: i64 = 25;

fn answer(status: u16, body: &Value) -> Response {
    let answer = Response::builder().status(status);
    let answer = answer.header("content-type", "application/json");
    answer
        .body(Body::from(body.to_string()))
        .expect("an answer")
}

fn thing(id: i64) -> Value {
    json!({"id": id, "name": format!("Thing {id}"), "kind": "Risk", "unknown": [1]})
}

fn things(skip: i64, size: i64) -> Vec<Value> {
    (skip..COUNT.min(skip + size)).map(thing).collect()
}

/// The integers of a query or a body.
async fn numbers(request: Request) -> (String, HashMap<String, i64>) {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut numbers: HashMap<String, i64> = pairs
        .filter_map(|(name, value)| Some((name.replace("%24", "$"), value.parse().ok()?)))
        .collect();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await;
    let body: Value = serde_json::from_slice(&body.expect("a body")).unwrap_or_default();
    let members = body.as_object().into_iter().flatten();
    numbers.extend(members.filter_map(|(name, value)| Some((name.clone(), value.as_i64()?))));
    (path, numbers)
}

/// The catalogue, honest in every habit, ten things on a page unless asked otherwise.
async fn catalog(request: Request) -> Response {
    let host = request.headers()["host"].to_str().expect("text").to_owned();
    let (path, asked) = numbers(request).await;
    let number = |name: &str, otherwise| asked.get(name).copied().unwrap_or(otherwise);
    let page = |skip, size| json!({"totalCount": COUNT, "items": things(skip, size)});
    let body = match path.rsplit('/').next().unwrap_or_default() {
        "by-skip" => page(number("SkipCount", 0), number("MaxResultCount", 10)),
        "search" | "things" => page(number("skipCount", 0), number("maxResultCount", 10)),
        "wrapped" => {
            let page = page(number("skipCount", 0), number("maxResultCount", 10));
            json!({"result": page, "success": true, "__abp": true})
        }
        "by-page" => {
            let size = number("pageSize", 10);
            let skip = (number("page", 1) - 1) * size;
            json!({"page": number("page", 1), "totalRecords": COUNT, "records": things(skip, size)})
        }
        "by-index" => {
            let size = number("pageSize", 10);
            json!(things(number("pageIndex", 0) * size, size))
        }
        "by-offset" => json!(things(number("offset", 0), number("limit", 10))),
        "odata" => {
            let (skip, size) = (number("$skip", 0), number("$top", 10));
            let next = skip + size;
            // The first link is a whole address, the next ones only a path.
            let link = match (next < COUNT, skip) {
                (false, _) => Value::Null,
                (true, 0) => json!(format!(
                    "https://{host}{path}?$skip={next}&$top={size}&$filter=a%20b"
                )),
                (true, _) => json!(format!("{path}?$skip={next}&$top={size}")),
            };
            json!({"@odata.count": COUNT, "@odata.nextLink": link, "value": things(skip, size)})
        }
        _ => return answer(404, &json!({"title": "no such list"})),
    };
    answer(200, &body)
}

fn ids(things: Vec<types::Thing>) -> Vec<i64> {
    things.into_iter().map(|thing| thing.id).collect()
}

fn all() -> Vec<i64> {
    (0..COUNT).collect()
}

#[tokio::test]
async fn every_habit_of_paging_yields_all_items_once_and_in_order() {
    let server = Server::start(catalog).await;
    let client = Client::new(&server.session());
    let body = types::Search::builder().text("x");
    let streams = [
        ("by-skip", client.list_things_by_skip_stream()),
        ("by-page", client.list_things_by_page_stream()),
        ("by-index", client.list_things_by_index_stream()),
        ("by-offset", client.list_things_by_offset_stream()),
        ("odata", client.list_things_by_link_stream()),
        ("wrapped", client.list_wrapped_things_stream()),
        ("search", client.search_things_stream(body)),
        (
            "folders/7/things",
            client.list_folder_things_stream(7, types::Kind::Risk),
        ),
    ];
    for (path, stream) in streams {
        let before = server.asked().len();
        let things = stream.collect_all().await;
        let things = things.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(things[3].kind, Some(types::Kind::Risk), "{path}");
        assert_eq!(ids(things), all(), "{path}");
        let asked = server.asked().split_off(before);
        assert_eq!(asked.len(), 3, "{path}: {asked:?}");
        assert!(
            asked.iter().all(|uri| uri.contains(path)),
            "{path}: {asked:?}"
        );
    }
}

#[tokio::test]
async fn what_is_set_is_asked_for_on_every_page() {
    let server = Server::start(catalog).await;
    let client = Client::new(&server.session());
    let request = client
        .list_folder_things()
        .folder_id(7)
        .kind(types::Kind::Task);
    let stream = request.max_result_count(4).skip_count(10).stream();
    assert_eq!(ids(stream.collect_all().await.unwrap()), all()[10..]);
    let mut asked = server.asked();
    asked.sort();
    let uri = |skip| {
        format!("/catalog-api/1.0/folders/7/things?kind=Task&skipCount={skip}&maxResultCount=4")
    };
    assert_eq!(asked, [10, 14, 18, 22].map(uri));
    let stream = client.list_things_by_page().page(2).page_size(5).stream();
    assert_eq!(ids(stream.collect_all().await.unwrap()), all()[5..]);
    let stream = client
        .search_things()
        .body_map(|body| body.text("x").max_result_count(20))
        .stream();
    assert_eq!(ids(stream.collect_all().await.unwrap()), all());
    let stream = client.list_things_by_link().filter("a b").top(20).stream();
    assert_eq!(ids(stream.collect_all().await.unwrap()), all());
    let last = server.asked().pop().unwrap();
    assert!(
        last.ends_with("?$skip=20&$top=20&$filter=a%20b"),
        "the link is sent as it came: {last}"
    );
}

#[tokio::test]
async fn what_a_page_cannot_do_without_is_missed_before_anything_is_sent() {
    let server = Server::start(catalog).await;
    let client = Client::new(&server.session());
    let mut stream = client.list_folder_things().stream();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("folder_id"), "{error}");
    assert!(stream.next().await.is_none() && server.asked().is_empty());
}

/// Fails from the third page on.
async fn failing(request: Request) -> Response {
    let third = request.uri().query().is_some_and(|query| {
        ["=20", "=3", "pageIndex=2"]
            .iter()
            .any(|end| query.split('&').any(|pair| pair.ends_with(end)))
    });
    if third {
        return answer(
            403,
            &json!({"error": {"message": "Not yours", "code": 0}, "__abp": true}),
        );
    }
    catalog(request).await
}

/// What came, and the error that ended it.
async fn until(mut stream: sixclicks_core::PageStream<'_, types::Thing>) -> (Vec<i64>, Error) {
    let mut came = Vec::new();
    loop {
        match StreamExt::next(&mut stream).await {
            Some(Ok(thing)) => came.push(thing.id),
            Some(Err(error)) => {
                assert!(
                    StreamExt::next(&mut stream).await.is_none(),
                    "an error ends it"
                );
                return (came, error);
            }
            None => panic!("no error after {came:?}"),
        }
    }
}

#[tokio::test]
async fn an_error_says_how_far_the_stream_got_and_one_can_go_on_from_there() {
    let server = Server::start(failing).await;
    let honest = Server::start(catalog).await;
    let (client, other) = (
        Client::new(&server.session()),
        Client::new(&honest.session()),
    );
    for stream in [
        client.list_things_by_skip_stream(),
        client.list_things_by_page_stream(),
        client.list_things_by_index_stream(),
        client.list_things_by_offset_stream(),
        client.list_things_by_link_stream(),
    ] {
        let (came, error) = until(stream).await;
        assert_eq!(came, all()[..20]);
        assert_eq!(
            (error.kind(), error.message()),
            (ErrorKind::Permission, "Not yours")
        );
        let reached = error.reached().expect("how far").clone();
        assert_eq!(reached.items, 20);
        let rest = match reached.next {
            sixclicks_core::Position::Skip(skip) => {
                other.list_things_by_skip().skip_count(skip as i32).stream()
            }
            sixclicks_core::Position::Number(number)
                if error.operation() == "list_things_by_page" =>
            {
                other.list_things_by_page().page(number as i32).stream()
            }
            sixclicks_core::Position::Number(number) => other
                .list_things_by_index()
                .page_index(number as i64)
                .stream(),
            sixclicks_core::Position::Link(link) => {
                assert!(link.contains("$skip=20"), "{link}");
                other.list_things_by_link().skip(20).stream()
            }
            _ => panic!("{error}"),
        };
        assert_eq!(ids(rest.collect_all().await.unwrap()), all()[20..]);
    }
}

#[tokio::test]
async fn totals_that_change_and_pages_that_are_short_end_nothing_too_soon() {
    // Grows while it is read, and a page is shorter than was asked for.
    let server = Server::start(|request: Request| async move {
        let (_, asked) = numbers(request).await;
        let skip = asked.get("SkipCount").copied().unwrap_or(0);
        let total = if skip < 10 { 11 } else { COUNT };
        answer(
            200,
            &json!({"totalCount": total, "items": things(skip, 10)}),
        )
    })
    .await;
    let client = Client::new(&server.session());
    let stream = client.list_things_by_skip().max_result_count(100).stream();
    assert_eq!(ids(stream.collect_all().await.unwrap()), all());
    // Shrinks to nothing: what is there counts, not what is said; an empty page is the end.
    let server = Server::start(|request: Request| async move {
        let (_, asked) = numbers(request).await;
        let skip = asked.get("SkipCount").copied().unwrap_or(0);
        let items = if skip < 20 {
            things(skip, 10)
        } else {
            Vec::new()
        };
        answer(200, &json!({"totalCount": 40 - skip, "items": items}))
    })
    .await;
    let client = Client::new(&server.session());
    let things = client.list_things_by_skip_stream().collect_all().await;
    assert_eq!(ids(things.unwrap()), all()[..20]);
}

#[tokio::test]
async fn a_link_to_another_host_gets_no_token() {
    let stranger = Server::start(catalog).await;
    let elsewhere = stranger.url.replace("127.0.0.1", "localhost");
    let server = Server::start(move |_| {
        let link = format!("{elsewhere}/catalog-api/1.0/things/odata?$skip=10");
        async move {
            answer(
                200,
                &json!({"@odata.nextLink": link, "value": things(0, 10)}),
            )
        }
    })
    .await;
    let client = Client::new(&server.session());
    let (came, error) = until(client.list_things_by_link_stream()).await;
    assert!(came.is_empty() || came == all()[..10]);
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(error.to_string().contains("another host"), "{error}");
    assert!(stranger.asked().is_empty());
}
