//! What .NET servers send beside what their documents say, read over a real connection.

#[allow(dead_code, unused_imports, reason = "only the responses matter here")]
mod support;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use sixclicks_core::{
    Call, Date, DateTime, Decimal, Error, ErrorKind, Json, NumberOrText, ResponseValue,
};
use support::{Client, INFO, Server};
use uuid::Uuid;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: Option<i64>,
    label: Option<String>,
    made_on: Option<DateTime>,
    due: Option<Date>,
    key: Option<Uuid>,
    price: Option<Decimal>,
    weight: Option<f64>,
    is_open: Option<bool>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    parent: Option<Box<Item>>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Shelf {
    items: Vec<Item>,
    counts: BTreeMap<String, i32>,
}

sixclicks_core::integer_enum! {
    /// A level.
    pub enum Level {
        /// `0`
        Low = 0,
        /// `1`
        InReview = 1,
        ..UnknownValue
    }
}

/// Reads an answer as a `T`, through a server.
async fn read<T: serde::de::DeserializeOwned + Send>(body: &str) -> Result<T, Error> {
    answer("application/json; charset=utf-8", body).await
}

async fn answer<T>(kind: &'static str, body: &str) -> Result<T, Error>
where
    T: serde::de::DeserializeOwned + Send,
{
    let body = body.to_owned();
    let server = Server::start(move |_| {
        let mut response = axum::response::Response::new(body.clone().into());
        let value = http::HeaderValue::from_static(kind);
        response.headers_mut().insert("content-type", value);
        response
    })
    .await;
    let client = Client::new(&server.url);
    let call = Call::new(http::Method::GET, &client.url, "test_operation")
        .path("/things")
        .unwrap_abp(true);
    let response = call.send::<(), _, _>(&client, &INFO).await?;
    response.json().await.map(ResponseValue::into_inner)
}

fn item() -> Item {
    Item {
        id: Some(7),
        label: Some("tall".to_owned()),
        ..Item::default()
    }
}

#[tokio::test]
async fn members_are_found_whatever_the_case_of_their_names() {
    for body in [
        r#"{"Id":7,"Label":"tall"}"#,
        r#"{"ID":7,"LABEL":"tall","unknown":{"Id":1}}"#,
        r#"{"id":7,"Label":"tall"}"#,
        // The exact name goes first, wherever it stands.
        r#"{"ID":1,"id":7,"label":"tall","Label":"low"}"#,
    ] {
        assert_eq!(read::<Item>(body).await.unwrap(), item(), "{body}");
    }
    let nested = read::<Vec<Item>>(r#"[{"id":1,"Parent":{"Id":7,"Label":"tall"}}]"#).await;
    assert_eq!(nested.unwrap()[0].parent.as_deref(), Some(&item()));
    // Without a name to match, nothing is made of it.
    assert_eq!(read::<Item>(r#"{"x":1}"#).await.unwrap(), Item::default());
}

#[tokio::test]
async fn numbers_are_read_in_every_spelling() {
    let body = r#"{"id":"9007199254740993","price":"1.10","weight":"1.5","isOpen":"True"}"#;
    let read_item: Item = read(body).await.unwrap();
    assert_eq!(read_item.id, Some(9_007_199_254_740_993));
    assert_eq!(read_item.price.unwrap().to_string(), "1.10");
    assert_eq!(
        (read_item.weight, read_item.is_open),
        (Some(1.5), Some(true))
    );
    assert_eq!(read::<i32>("7.0").await.unwrap(), 7);
    assert_eq!(
        read::<Vec<u64>>(r#"[1.0,"18446744073709551615"]"#)
            .await
            .unwrap(),
        [1, u64::MAX]
    );
    assert_eq!(
        read::<i128>("170141183460469231731687303715884105727")
            .await
            .unwrap(),
        i128::MAX
    );
    assert_eq!(
        read::<u128>("\"340282366920938463463374607431768211455\"")
            .await
            .unwrap(),
        u128::MAX
    );
    assert_eq!(*read::<NumberOrText<i32>>("7.0").await.unwrap(), 7);
    let wide: NumberOrText<i128> = read("\"-170141183460469231731687303715884105728\"")
        .await
        .unwrap();
    assert_eq!(*wide, i128::MIN);
    assert!(read::<f64>("\"NaN\"").await.unwrap().is_nan());
    assert_eq!(
        read::<f64>("\"-Infinity\"").await.unwrap(),
        f64::NEG_INFINITY
    );
    // A number that does not fit is no other number.
    for body in ["7.5", "300", "\"x\"", "\"\"", "[7]", "true"] {
        let error = read::<u8>(body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer, "{body}");
    }
    let text: Vec<String> = read("[\"a\",12.50,true]").await.unwrap();
    assert_eq!(text, ["a", "12.50", "true"]);
}

#[tokio::test]
async fn an_empty_string_is_no_value_where_it_is_none_of_its_type() {
    let body = r#"[{"id":7,"label":"","madeOn":"","due":"","key":"","price":"","weight":"","isOpen":""},
        {"madeOn":"2024-04-03T02:30:13.1230000","key":"00000000-0000-0000-0000-000000000001"}]"#;
    let items: Vec<Item> = read(body).await.unwrap();
    let expected = Item {
        label: Some(String::new()),
        id: Some(7),
        ..Item::default()
    };
    assert_eq!(items[0], expected);
    let time = items[1].made_on.as_ref().unwrap();
    assert_eq!(time.to_string(), "2024-04-03T02:30:13.1230000");
    assert!(!time.has_offset());
    assert_eq!(items[1].key, Some(Uuid::from_u128(1)));
    let keys: Vec<Option<Uuid>> = read(r#"["","00000000-0000-0000-0000-000000000001"]"#)
        .await
        .unwrap();
    assert_eq!(keys, [None, Some(Uuid::from_u128(1))]);
}

#[tokio::test]
async fn null_costs_no_more_than_itself() {
    let shelf: Shelf = read(
        r#"{"items":[null,{"id":7,"label":"tall","tags":["a",null]}],"counts":{"a":null,"b":2}}"#,
    )
    .await
    .unwrap();
    let tagged = Item {
        tags: Some(vec!["a".to_owned()]),
        ..item()
    };
    assert_eq!(shelf.items, [tagged]);
    assert_eq!(shelf.counts, BTreeMap::from([("b".to_owned(), 2)]));
    // What can hold a null, holds it.
    let held: Vec<Option<i32>> = read("[1,null,\"3\"]").await.unwrap();
    assert_eq!(held, [Some(1), None, Some(3)]);
    // A list may be null or absent; nothing else is made up.
    let shelf: Shelf = read(r#"{"items":null,"counts":{}}"#).await.unwrap();
    assert_eq!(shelf.items, []);
    let shelf: Shelf = read(r#"{"counts":{}}"#).await.unwrap();
    assert_eq!(shelf.items, []);
    let error = read::<Shelf>(r#"{"items":[],"counts":null}"#)
        .await
        .unwrap_err();
    assert!(error.message().contains("`counts`"), "{error}");
}

#[tokio::test]
async fn preserved_references_are_resolved() {
    let body = r#"{"$id":"1","id":1,"tags":{"$id":"2","$values":["a"]},"parent":{"$id":"3","id":7,"label":"tall","parent":{"$ref":"1"}}}"#;
    let found: Item = read(body).await.unwrap();
    assert_eq!(found.tags, Some(vec!["a".to_owned()]));
    assert_eq!(found.parent.as_deref(), Some(&item()));
    // A reference alone is not mistaken for an empty object.
    let body = r#"[{"$id":"1","id":7,"label":"tall"},{"$id":"2","parent":{"$ref":"1"}}]"#;
    let list: Vec<Item> = read(&format!(r#"{{"$id":"0","$values":{body}}}"#))
        .await
        .unwrap();
    assert_eq!(list[1].parent.as_deref(), Some(&item()));
    let list: Vec<Item> = read(body).await.unwrap();
    assert_eq!(list[1].parent.as_deref(), Some(&item()));
}

#[tokio::test]
async fn the_envelope_of_odata_is_taken_off() {
    let wrapped = |value: &str| {
        format!(r#"{{"@odata.context":"https://example.com/$metadata#Shelves","value":{value}}}"#)
    };
    let list: Vec<Item> = read(&wrapped(r#"[{"Id":7,"Label":"tall"}]"#))
        .await
        .unwrap();
    assert_eq!(list, [item()]);
    assert_eq!(read::<i32>(&wrapped("12")).await.unwrap(), 12);
    assert_eq!(read::<String>(&wrapped("\"x\"")).await.unwrap(), "x");
    assert_eq!(read::<Vec<Item>>(&wrapped("null")).await.unwrap(), []);
    let error = read::<i32>(&wrapped("null")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoContent);
    // `value` alone is a member like any other, and so it is where the type has it.
    assert!(read::<Vec<Item>>(r#"{"value":[]}"#).await.is_err());
    let own: BTreeMap<String, Json> = read(&wrapped("[1]")).await.unwrap();
    assert_eq!(own["value"], json!([1]));
}

#[tokio::test]
async fn integer_enums_take_names() {
    let levels: Vec<Level> = read(r#"[0,"inReview","in_review","1",1.0,7]"#)
        .await
        .unwrap();
    let expected = [
        Level::Low,
        Level::InReview,
        Level::InReview,
        Level::InReview,
        Level::InReview,
    ];
    assert_eq!(levels[..5], expected);
    assert_eq!(levels[5].value(), Some(7));
    let named: Vec<Level> = read(r#"["Urgent"]"#).await.unwrap();
    assert_eq!(named[0].value(), None);
    assert_eq!(named[0].to_string(), "Urgent");
    assert_eq!(serde_json::to_string(&named).unwrap(), r#"["Urgent"]"#);
    assert_eq!(serde_json::to_string(&levels[5]).unwrap(), "7");
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let body = r#"{"items":[{"id":1},{"parent":{"id":"seven"}}],"counts":{}}"#;
    let error = read::<Shelf>(body).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert!(error.message().contains("\"seven\""), "{error}");
    assert!(
        error.message().ends_with("at `items[1].parent.id`"),
        "{error}"
    );
    assert_eq!(error.body(), body.as_bytes());
    let error = read::<Shelf>(r#"{"items":[],"counts":{"a":1,"b":"x"}}"#).await;
    assert!(error.unwrap_err().message().ends_with("at `counts.b`"));
    let error = read::<Vec<Item>>(r#"{"items":[]}"#).await.unwrap_err();
    assert!(
        error
            .message()
            .contains("invalid type: map, expected a sequence"),
        "{error}"
    );
    // An object is no list of its members.
    let error = read::<Shelf>("[[],{}]").await.unwrap_err();
    assert!(
        error.message().contains("invalid type: sequence"),
        "{error}"
    );
}

#[tokio::test]
async fn deep_values_are_refused_by_every_rule() {
    for depth in [200, 100_000] {
        let parents = format!(
            r#"{}null{}"#,
            r#"{"ID":"7","parent":"#.repeat(depth),
            "}".repeat(depth)
        );
        assert!(read::<Item>(&parents).await.is_err());
        let lists = format!(r#"{{"Items":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(read::<Shelf>(&lists).await.is_err());
    }
}

#[tokio::test]
async fn untyped_values_keep_every_digit() {
    let body = r#"{"total":79228162514264337593543950.3350,"big":123456789012345678901234567890,"list":[1.10,-0.0,1e400]}"#;
    let json: Json = read(body).await.unwrap();
    assert_eq!(json.as_text(), body);
    assert_eq!(
        json.get("total").unwrap().as_text(),
        "79228162514264337593543950.3350"
    );
    let members: BTreeMap<String, Json> = read(body).await.unwrap();
    assert_eq!(members["list"].as_text(), "[1.10,-0.0,1e400]");
    let total: Decimal = members["total"].read().unwrap();
    assert_eq!(total.to_string(), "79228162514264337593543950.3350");
}
