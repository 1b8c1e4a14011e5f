//! Parameters in every style: read as what they mean, and refused by name when they are
//! wrong.

use serde_json::{Value, json};

use crate::client::{Client, reply, sandbox};

/// An operation at a path with these parameters.
fn document(path: &str, parameters: Value) -> Value {
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {path: {"get": {"parameters": parameters, "responses": {"204": {"description": ""}}}}}})
}

fn numbers() -> Value {
    json!({"type": "array", "items": {"type": "integer"}})
}

fn point() -> Value {
    json!({"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}})
}

/// What a right path means, and what a wrong one is refused with.
async fn proves(place: &str, given: Value, right: (&str, Value), wrong: (&str, &str)) {
    let template = if place == "path" { "/a/{p}/z" } else { "/a" };
    let mut parameter = given;
    parameter["name"] = "p".into();
    parameter["in"] = place.into();
    parameter["required"] = (place == "path").into();
    let sandbox = sandbox([document(template, json!([parameter]))]).await;
    let client = Client::new(&sandbox).await;
    let (path, meant) = right;
    let answer = client.get(path).await;
    assert_eq!(answer.status, 204, "{path}: {}", answer.text);
    assert_eq!(sandbox.received()[0].values[place]["p"], meant, "{path}");
    let (path, told) = wrong;
    let answer = client.get(path).await;
    assert_eq!(answer.status, 400, "{path}");
    let wanted = format!("{place} parameter `p`{told}");
    assert!(
        answer.text.contains(&wanted),
        "{path}: {} does not tell {wanted}",
        answer.text
    );
    assert!(answer.text.contains("integer"), "{}", answer.text);
}

#[tokio::test]
async fn a_path_names_its_parameters_in_letters_of_any_case() {
    let required =
        json!({"name": "ID", "in": "path", "required": true, "schema": {"type": "integer"}});
    let sandbox = sandbox([document("/a/{id}", json!([required]))]).await;
    let client = Client::new(&sandbox).await;
    assert_eq!(client.get("/a/7").await.status, 204);
    assert_eq!(sandbox.received()[0].values["path"], json!({"ID": 7}));
    assert!(
        client
            .get("/a/x")
            .await
            .text
            .contains("path parameter `ID`")
    );
}

#[tokio::test]
async fn what_no_style_can_say_is_json() {
    let row = json!({"type": "object", "properties": {"ids": numbers()}});
    let rows = json!({"type": "array", "items": row});
    let header = json!({"name": "Rows", "in": "header", "schema": rows});
    let sandbox = sandbox([document("/a", json!([header]))]).await;
    let client = Client::new(&sandbox).await;
    let sent = |text: &str| reply(client.request("GET", "/a").header("rows", text));
    assert_eq!(sent(r#"[{"ids": [1, 2]}, {}]"#).await.status, 204);
    let read = &sandbox.received()[0].values["header"]["Rows"];
    assert_eq!(*read, json!([{"ids": [1, 2]}, {}]));
    let refused = sent(r#"[{"ids": ["x"]}]"#).await;
    assert!(refused.text.contains("`Rows`/0/ids/0"), "{}", refused.text);
}

#[tokio::test]
async fn paths_are_read_in_every_style() {
    let list = |style: &str, explode: bool| json!({"style": style, "explode": explode, "schema": numbers()});
    let pair =
        |style: &str, explode: bool| json!({"style": style, "explode": explode, "schema": point()});
    let both = json!({"x": 1, "y": 2});
    for (given, right, meant, wrong, told) in [
        (
            json!({"schema": {"type": "integer"}}),
            "/a/7/z",
            json!(7),
            "/a/x/z",
            "",
        ),
        (
            list("simple", false),
            "/a/1,2/z",
            json!([1, 2]),
            "/a/1,x/z",
            "/1",
        ),
        (
            pair("simple", false),
            "/a/x,1,y,2/z",
            both.clone(),
            "/a/x,1,y,b/z",
            "/y",
        ),
        (
            pair("simple", true),
            "/a/x=1,y=2/z",
            both.clone(),
            "/a/x=b,y=2/z",
            "/x",
        ),
        (
            list("label", false),
            "/a/.1,2/z",
            json!([1, 2]),
            "/a/.1,x/z",
            "/1",
        ),
        (
            list("label", true),
            "/a/.1.2/z",
            json!([1, 2]),
            "/a/.1.x/z",
            "/1",
        ),
        (
            pair("label", true),
            "/a/.x=1.y=2/z",
            both.clone(),
            "/a/.x=1.y=b/z",
            "/y",
        ),
        (
            json!({"style": "matrix", "schema": {"type": "integer"}}),
            "/a/;p=7/z",
            json!(7),
            "/a/;p=x/z",
            "",
        ),
        (
            list("matrix", false),
            "/a/;p=1,2/z",
            json!([1, 2]),
            "/a/;p=1,x/z",
            "/1",
        ),
        (
            list("matrix", true),
            "/a/;p=1;p=2/z",
            json!([1, 2]),
            "/a/;p=1;p=x/z",
            "/1",
        ),
        (
            pair("matrix", true),
            "/a/;x=1;y=2/z",
            both,
            "/a/;x=1;y=b/z",
            "/y",
        ),
    ] {
        proves("path", given, (right, meant), (wrong, told)).await;
    }
}

#[tokio::test]
async fn queries_are_read_in_every_style() {
    let list = |style: &str, explode: bool| json!({"style": style, "explode": explode, "schema": numbers()});
    for (given, right, meant, wrong, told) in [
        (
            list("form", true),
            "/a?p=1&p=2",
            json!([1, 2]),
            "/a?p=1&p=x",
            "/1",
        ),
        (
            list("form", false),
            "/a?p=1,2",
            json!([1, 2]),
            "/a?p=1,x",
            "/1",
        ),
        (
            list("spaceDelimited", false),
            "/a?p=1%202",
            json!([1, 2]),
            "/a?p=1,2",
            "/0",
        ),
        (
            list("pipeDelimited", false),
            "/a?p=1%7C2",
            json!([1, 2]),
            "/a?p=1%202",
            "/0",
        ),
        (
            json!({"style": "form", "explode": false, "schema": point()}),
            "/a?p=x,1,y,2",
            json!({"x": 1, "y": 2}),
            "/a?p=x,b",
            "/x",
        ),
        (
            json!({"style": "spaceDelimited", "explode": false, "schema": point()}),
            "/a?p=x%201%20y%202",
            json!({"x": 1, "y": 2}),
            "/a?p=x%20b",
            "/x",
        ),
        (
            json!({"style": "pipeDelimited", "explode": false, "schema": point()}),
            "/a?p=x|1|y|2",
            json!({"x": 1, "y": 2}),
            "/a?p=x|b",
            "/x",
        ),
        (
            json!({"style": "deepObject", "explode": true, "schema": point()}),
            "/a?p[x]=1&p%5By%5D=2",
            json!({"x": 1, "y": 2}),
            "/a?p[x]=b",
            "/x",
        ),
        (
            json!({"content": {"application/json": {"schema": point()}}}),
            "/a?p=%7B%22x%22%3A1%7D",
            json!({"x": 1}),
            "/a?p=%7B%22x%22%3A%22b%22%7D",
            "/x",
        ),
    ] {
        proves("query", given, (right, meant), (wrong, told)).await;
    }
}

#[tokio::test]
async fn the_members_of_an_object_may_be_parameters_of_their_own() {
    let given = json!([{"name": "p", "in": "query", "schema": point()}]);
    let sandbox = sandbox([document("/a", given)]).await;
    let client = Client::new(&sandbox).await;
    assert_eq!(client.get("/a?x=1&y=2").await.status, 204);
    assert_eq!(
        sandbox.received()[0].values["query"]["p"],
        json!({"x": 1, "y": 2})
    );
    assert!(
        client
            .get("/a?x=1&z=2")
            .await
            .text
            .contains("query parameter `z`: there is no such parameter")
    );
}

#[tokio::test]
async fn headers_and_cookies_are_read() {
    let given = json!([
        {"name": "X-List", "in": "header", "required": true, "schema": numbers()},
        {"name": "visit", "in": "cookie", "schema": {"type": "integer"}},
    ]);
    let sandbox = sandbox([document("/a", given)]).await;
    let client = Client::new(&sandbox).await;
    let with = |list: &str, cookie: &str| {
        client
            .request("GET", "/a")
            .header("x-list", list)
            .header("cookie", cookie.to_owned())
    };
    assert_eq!(reply(with("1,2", "other=x; visit=3")).await.status, 204);
    let values = &sandbox.received()[0].values;
    assert_eq!(
        (&values["header"]["X-List"], &values["cookie"]["visit"]),
        (&json!([1, 2]), &json!(3))
    );
    for (request, told) in [
        (with("1,x", "visit=3"), "header parameter `X-List`/1"),
        (with("1", "visit=x"), "cookie parameter `visit`"),
        (
            client.request("GET", "/a"),
            "header parameter `X-List`: it is required",
        ),
    ] {
        let answer = reply(request).await;
        assert!(
            answer.status == 400 && answer.text.contains(told),
            "{answer:?}"
        );
    }
}
