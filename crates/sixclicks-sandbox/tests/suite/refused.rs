//! Requests that are almost right: each breaks one rule of a style, and is refused by it.

use serde_json::{Value, json};

use crate::client::{Client, reply, sandbox};

fn numbers() -> Value {
    json!({"type": "array", "items": {"type": "integer"}})
}

fn pair() -> Value {
    json!({"type": "object", "required": ["r"],
        "properties": {"r": {"type": "integer"}, "s": {"type": "string"}}})
}

/// An operation with one parameter, at `/a` or `/a/{p}`.
fn document(place: &str, given: Value) -> Value {
    let mut parameter = given;
    parameter["name"] = "p".into();
    parameter["in"] = place.into();
    parameter["required"] = true.into();
    let path = if place == "path" { "/a/{p}" } else { "/a" };
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {path: {"get": {"parameters": [parameter], "responses": {"204": {"description": ""}}}}}})
}

/// The right request, and wrong ones with what they are refused with.
async fn refuses(place: &str, given: Value, right: &str, wrong: &[(&str, &str)]) {
    let sandbox = sandbox([document(place, given)]).await;
    let client = Client::new(&sandbox).await;
    let answer = client.get(right).await;
    assert_eq!(answer.status, 204, "{right}: {}", answer.text);
    for (path, rule) in wrong {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.text);
        assert!(answer.text.contains(rule), "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_label_begins_with_a_dot() {
    let text = json!({"style": "label", "schema": {"type": "string"}});
    let rule = "begins with a dot";
    refuses("path", text, "/a/.b", &[("/a/b", rule)]).await;
    let list = json!({"style": "label", "explode": true, "schema": numbers()});
    refuses("path", list, "/a/.1.2", &[("/a/1.2", rule)]).await;
}

#[tokio::test]
async fn a_matrix_begins_with_a_semicolon_and_the_name() {
    let (semicolon, name) = ("begins with a semicolon", "is written `;p=…`");
    let text = json!({"style": "matrix", "schema": {"type": "string"}});
    let wrong = [("/a/b", semicolon), ("/a/;q=b", name), ("/a/;b", name)];
    refuses("path", text, "/a/;p=b", &wrong).await;
    let list = json!({"style": "matrix", "explode": true, "schema": numbers()});
    let wrong = [("/a/1;2", semicolon), ("/a/;p=1;2", name)];
    refuses("path", list, "/a/;p=1;p=2", &wrong).await;
    let object = json!({"style": "matrix", "explode": true, "schema": pair()});
    refuses("path", object, "/a/;r=1;s=x", &[("/a/r=1;s=x", semicolon)]).await;
}

#[tokio::test]
async fn each_item_and_each_member_is_a_whole_one() {
    let list = json!({"schema": numbers()});
    refuses("path", list, "/a/1,2", &[("/a/1,,2", "integer")]).await;
    let object = json!({"explode": true, "schema": pair()});
    refuses(
        "path",
        object,
        "/a/r=1,s=x",
        &[
            ("/a/r=1,x", "it has no `=`"),
            ("/a/r=1,r=2", "more than once"),
        ],
    )
    .await;
    let object = json!({"schema": pair()});
    refuses("path", object, "/a/r,1", &[("/a/r,1,s", "no value")]).await;
}

#[tokio::test]
async fn a_name_is_the_documented_one_and_is_given_as_often_as_its_style_says() {
    let exploded = json!({"schema": numbers()});
    let wrong = [("/a?p[]=1", "`p[]`"), ("/a?q=1", "it is required")];
    refuses("query", exploded, "/a?p=1&p=2", &wrong).await;
    let twice = "it is given more than once";
    let joined = json!({"explode": false, "schema": numbers()});
    refuses("query", joined, "/a?p=1,2", &[("/a?p=1&p=2", twice)]).await;
    let text = json!({"schema": {"type": "string"}});
    refuses("query", text, "/a?p=b", &[("/a?p=b&p=c", twice)]).await;
}

#[tokio::test]
async fn the_brackets_of_an_object_hold_members() {
    let object = json!({"style": "deepObject", "explode": true, "schema": pair()});
    let deep = format!("/a?p{}=1", "[r]".repeat(40));
    let wrong = [
        ("/a?p[r]=1&p[r]=2", "a member is given more than once"),
        ("/a?p[r]=1&p[r][x]=2", "is a value and has members"),
        ("/a?p[r=1", "not in pairs"),
        ("/a?p[r]x=1", "not in pairs"),
        ("/a?p=1&p=2", "more than once"),
        ("/a?p.r=1", "`p.r`"),
        (&deep, "in each other"),
    ];
    refuses("query", object, "/a?p[r]=1&p[s]=x", &wrong).await;
    let rows = json!({"style": "deepObject", "explode": true, "schema":
        {"type": "object", "properties": {"rows": {"type": "array", "items": pair()}}}});
    let wrong = [
        ("/a?p[rows][1][r]=1", "not numbered from 0"),
        ("/a?p[rows][][r]=1&p[rows][][r]=2", ""),
    ];
    let right = "/a?p[rows][0][r]=1&p[rows][1][r]=2";
    refuses("query", rows, right, &wrong).await;
}

#[tokio::test]
async fn an_integer_is_in_the_range_of_its_format() {
    for (format, right, wrong) in [
        ("int32", "2147483647", "2147483648"),
        ("int64", "-9223372036854775808", "9223372036854775808"),
        ("uint8", "255", "-1"),
        ("uint64", "18446744073709551615", "18446744073709551616"),
    ] {
        let schema = json!({"schema": {"type": "integer", "format": format}});
        let wrong = format!("/a?p={wrong}");
        let wrong = [(wrong.as_str(), " than the m")];
        refuses("query", schema, &format!("/a?p={right}"), &wrong).await;
    }
}

#[tokio::test]
async fn a_list_that_may_be_null_is_a_list() {
    let schema = json!({"schema": {"anyOf": [numbers(), {"type": "null"}]}});
    refuses("query", schema, "/a?p=1&p=2", &[("/a?p=1&p=x", "`p`")]).await;
}

#[tokio::test]
async fn an_object_that_is_exploded_leaves_brackets_to_others() {
    let one = |name: &str, style: &str| {
        json!({"name": name, "in": "query", "style": style, "explode": true,
            "schema": {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}}})
    };
    let mut given = document("query", json!({}));
    given["paths"]["/a"]["get"]["parameters"] =
        json!([one("first", "form"), one("second", "deepObject")]);
    let sandbox = sandbox([given]).await;
    let client = Client::new(&sandbox).await;
    assert_eq!(client.get("/a?second[x]=1").await.status, 204);
    let read = &sandbox.received()[0].values["query"];
    assert_eq!(*read, json!({"second": {"x": "1"}}));
}

#[tokio::test]
async fn the_formats_of_swagger_2_are_those_of_every_place() {
    let list = |place: &str, name: &str, format: &str| {
        json!({"name": name, "in": place, "required": true, "type": "array",
            "items": {"type": "integer"}, "collectionFormat": format})
    };
    let given = json!({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {
    "/a/{p}": {"get": {"responses": {"204": {"description": ""}}, "parameters": [
        list("path", "p", "pipes"), list("header", "X-P", "ssv"), list("header", "X-Q", "tsv"),
    ]}}}});
    let sandbox = sandbox([given]).await;
    let client = Client::new(&sandbox).await;
    let send = |path: &str, spaces: &str| {
        let request = client.request("GET", path).header("x-p", spaces);
        reply(request.header("x-q", "5\t6"))
    };
    assert_eq!(send("/a/1%7C2", "3 4").await.status, 204);
    let values = &sandbox.received()[0].values;
    assert_eq!(values["path"], json!({"p": [1, 2]}));
    assert_eq!(values["header"], json!({"X-P": [3, 4], "X-Q": [5, 6]}));
    assert_eq!(send("/a/1,2", "3 4").await.status, 400);
    assert_eq!(send("/a/1%7C2", "3,4").await.status, 400);
}
