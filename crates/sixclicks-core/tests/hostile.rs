//! Whatever a server sends: no reader panics, errors say the same in one way, and what the
//! document does not list is kept as it came.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sixclicks_core::{Error, ErrorKind, Page, PageStream, Response, ResponseValue};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct List {
    total_count: Option<i64>,
    items: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only the reading is tested")]
struct Documented {
    title: String,
}

/// The bodies that servers send, before something happens to them.
fn usual() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        r#"{"totalCount":1,"items":["é"]}"#,
        r#"{"result":{"totalCount":1,"items":["é"]},"success":true,"error":null,"__abp":true}"#,
        r#"{"result":null,"success":false,"error":{"code":0,"message":"Not yours","details":"d","validationErrors":[{"message":"m","members":["a"]}]},"unAuthorizedRequest":true,"__abp":true}"#,
        r#"{"type":"t","title":"Invalid","status":400,"traceId":"00-1","errors":{"Name":["too long"],"":[{"detail":"x"}]}}"#,
        r#"[{"propertyName":"Path","errorMessage":"Invalid"},"text",1,null]"#,
        r#"{"error":"invalid_grant","error_description":"expired"}"#,
        "<!DOCTYPE html><html><head><title>502 &amp; so on</title></head><body><h1>Bad</h1></body></html>",
        "<?xml version=\"1.0\"?><Error><Message>no</Message></Error>",
        "<title>x</title", "<title", "<h1><h2>", "plain text\r\nin lines", "\"a JSON text\"", "",
    ])
    .prop_map(str::to_owned)
}

/// A body: arbitrary, or a usual one in some charset with some bytes changed or cut off.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let charset = |text: String, charset: u8| match charset {
        0 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        1 => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        2 => text.chars().map(|c| c as u8).collect(),
        3 => format!("\u{feff}{text}").into_bytes(),
        _ => text.into_bytes(),
    };
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..4_u8);
    let changed = (usual(), 0..6_u8, prop::collection::vec(change, 0..4)).prop_map(
        move |(text, kind, changes)| {
            let mut bytes: Vec<u8> = charset(text, kind);
            for (at, byte, how) in changes {
                let at = at.index(bytes.len() + 1);
                match how {
                    0 => bytes.truncate(at),
                    1 => bytes.insert(at, byte),
                    _ => bytes
                        .iter_mut()
                        .skip(at)
                        .take(1)
                        .for_each(|old| *old = byte),
                }
            }
            bytes
        },
    );
    prop_oneof![1 => any::<Vec<u8>>(), 3 => changed]
}

fn content_type() -> impl Strategy<Value = String> {
    let usual = prop::sample::select(vec![
        "",
        "application/json",
        "application/problem+json; charset=utf-8",
        "text/plain",
        "text/html; charset=utf-16",
        "; charset",
        "text/plain; charset=latin1",
        "application/json; charset=\"windows-1252\"",
        "application/json; charset=no-such",
        "text/plain; charset=utf-16be",
    ])
    .prop_map(str::to_owned);
    prop_oneof![4 => usual, 1 => "[ -~]{0,40}"]
}

/// An answer that never was on a wire.
fn answer(status: u16, content_type: &str, body: &[u8], unwrap_abp: bool) -> Response {
    let mut response = http::Response::new(body.to_vec());
    *response.status_mut() = status.try_into().expect("a status");
    let headers = response.headers_mut();
    headers.insert("content-type", content_type.parse().expect("a header"));
    Response::new(response.into(), "get_page", unwrap_abp)
}

/// What can be relied on of an error that the server answered with.
fn readable<E>(error: &Error<E>, status: u16, body: &[u8]) -> Result<(), TestCaseError> {
    prop_assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    prop_assert_eq!(error.body().as_ref(), body);
    prop_assert_eq!(error.operation(), "get_page");
    let texts = [
        Some(error.message()),
        error.details(),
        error.code(),
        error.request_id(),
    ];
    for text in texts.into_iter().flatten() {
        prop_assert!(!text.is_empty());
        prop_assert!(text.chars().count() <= 1_000, "{}", text);
        prop_assert!(!text.chars().any(char::is_control), "{:?}", text);
    }
    for error in error.validation_errors() {
        prop_assert!(!error.message.is_empty() || !error.members.is_empty());
    }
    prop_assert!(!error.to_string().contains(['\n', '\r', '\0']));
    let told = match status {
        401 => Some(ErrorKind::Credentials),
        403 => Some(ErrorKind::Permission),
        404 | 410 => Some(ErrorKind::NotFound),
        400 | 422 => Some(ErrorKind::Validation),
        429 => Some(ErrorKind::RateLimit),
        _ => None,
    };
    if let Some(kind) = told {
        prop_assert_eq!(error.kind(), kind);
    }
    Ok(())
}

fn block_on<T>(run: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(run)
}

sixclicks_core::string_enum! {
    /// An enum of texts.
    #[allow(missing_docs)]
    pub enum Outcome { Pass = "Pass", Fail = "Fail", ..Other }
}

sixclicks_core::integer_enum! {
    /// An enum of numbers.
    #[allow(missing_docs)]
    pub enum Priority { Low = 0, High = 1, ..Other }
}

/// A kind of pet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cat {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lives: Option<i64>,
}

/// A pet of no kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bare {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<sixclicks_core::Discriminator>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lives: Option<i64>,
}

sixclicks_core::tagged_union! {
    /// A union with a tag.
    #[allow(missing_docs)]
    pub enum Pet by "kind" { Cat(Cat) = ["cat"], Bare(Bare) = [], ..Other }
}

sixclicks_core::untagged_union! {
    /// A union without one.
    #[allow(missing_docs)]
    pub enum Any { Cat(Cat), Text(String), Number(f64), ..Other }
}

/// JSON of every shape, with the names that matter here among its keys.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e6..1e6).prop_map(Value::from),
        prop_oneof!["cat|dog|Pass|Low|1|-7", ".{0,8}"].prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("kind|lives|name|[a-z]{0,3}", inner, 0..4)
                .prop_map(|members| json!(members)),
        ]
    })
}

/// Whether a union kept all of a value, or of an object what the variant `knows`.
fn kept(sent: &Value, back: &Value, knows: &[&str]) -> bool {
    match (sent, back) {
        (Value::Object(sent), Value::Object(back)) if !knows.is_empty() => {
            knows.iter().all(|key| {
                // .NET writes an empty text where there is no value.
                let is_nothing = |value: &&Value| value.is_null() || **value == "";
                let value = sent.get(*key).filter(|value| !is_nothing(value));
                value.is_none_or(|value| back.get(*key).is_some_and(|back| kept(value, back, &[])))
            })
        }
        (Value::Number(sent), Value::Number(back)) => sent.as_f64() == back.as_f64(),
        // A number in a string is read as the number.
        (Value::String(sent), Value::Number(back)) => sent.trim().parse().ok() == back.as_f64(),
        (sent, back) => sent == back,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reader_takes_every_body(
        body in body(), status in 200_u16..600, content_type in content_type(), unwrap_abp: bool,
    ) {
        let made = || answer(status, &content_type, &body, unwrap_abp);
        block_on(async {
            for error in [
                made().json::<List, ()>().await.map(drop).err(),
                made().json::<String, ()>().await.map(drop).err(),
                made().json::<Value, ()>().await.map(drop).err(),
                made().text::<()>().await.map(drop).err(),
                made().empty::<()>().await.map(drop).err(),
                made().any::<()>().await.map(drop).err(),
                Some(made().error_none::<()>().await),
                Some(made().unexpected::<()>().await).filter(|_| status >= 400),
            ].into_iter().flatten().filter(|error| error.kind() != ErrorKind::UnexpectedAnswer) {
                readable(&error, status, &body)?;
            }
            readable(&made().error_json::<Documented>().await, status, &body)?;
            if let Ok(any) = made().any::<()>().await {
                let _ = (any.text().len(), any.json::<Value>().is_ok());
            }
            Ok::<_, TestCaseError>(())
        })?;
    }

    #[test]
    fn what_is_wrapped_is_what_comes_out(items: Vec<String>, total: Option<i64>, wide: bool) {
        let sent = List { total_count: total, items };
        let plain = json!(sent).to_string();
        let wrapped = json!({"result": sent, "success": true, "__abp": true}).to_string();
        for text in [plain, wrapped] {
            let body = if wide { text.encode_utf16().flat_map(u16::to_le_bytes).collect() } else { text.into_bytes() };
            let read = block_on(answer(200, "application/json", &body, true).json::<List, ()>());
            prop_assert_eq!(read.map(ResponseValue::into_inner).ok(), Some(sent.clone()));
        }
    }

    #[test]
    fn open_enums_keep_what_they_do_not_list(value in value(), text in ".{0,10}", number: i64) {
        let outcome: Outcome = serde_json::from_value(json!(text)).expect("any text");
        prop_assert_eq!(json!(outcome), json!(text));
        let priority: Priority = serde_json::from_value(json!(number)).expect("any number");
        prop_assert_eq!(json!(priority), json!(number));
        // Other kinds of JSON are an error, or the same in the enum's own kind.
        if let Ok(outcome) = serde_json::from_value::<Outcome>(value.clone()) {
            prop_assert!(value.is_string() || value.is_number());
            prop_assert_eq!(outcome.as_str(), value.as_str().map_or(value.to_string(), str::to_owned));
        }
        if let Ok(priority) = serde_json::from_value::<Priority>(value.clone()) {
            prop_assert!(value.is_number() || value.is_string());
            prop_assert!(value.as_i64().is_none_or(|number| priority.value() == Some(number)));
        }
    }

    #[test]
    fn unions_read_everything_and_keep_what_they_do_not_know(value in value()) {
        let pet: Pet = serde_json::from_value(value.clone()).expect("a union takes all");
        let knows: &[&str] = if matches!(pet, Pet::Other(_)) { &[] } else { &["lives", "kind"] };
        prop_assert!(kept(&value, &json!(pet), knows), "{} became {}", value, json!(pet));
        let any: Any = serde_json::from_value(value.clone()).expect("a union takes all");
        let knows: &[&str] = if matches!(any, Any::Cat(_)) { &["lives"] } else { &[] };
        prop_assert!(kept(&value, &json!(any), knows), "{} became {}", value, json!(any));
    }

    #[test]
    fn a_stream_ends_whatever_the_pages_are(
        pages in prop::collection::vec((0_usize..5, prop::option::of(0_u64..30), any::<bool>()), 0..12),
        ahead in 0_usize..4,
    ) {
        let (asked, pages) = (Arc::new(AtomicU64::new(0)), Arc::new(pages));
        let (count, list) = (Arc::clone(&asked), Arc::clone(&pages));
        let mut stream: PageStream<'_, u64> = PageStream::by_number("list", 0, None, None, move |at| {
            count.fetch_add(1, Ordering::Relaxed);
            let page = list.get(usize::try_from(at).unwrap_or(usize::MAX)).copied();
            async move {
                match page {
                    Some((_, _, true)) => Err(Error::new(ErrorKind::Server, "list", "no")),
                    Some((size, total, false)) => Ok(Page::new((0..size as u64).map(|item| at * 10 + item).collect()).with_total(total)),
                    None => Ok(Page::new(Vec::new())),
                }
            }
        }).with_pages_ahead(ahead);
        let (mut items, mut failed) = (Vec::new(), None);
        block_on(async {
            while let Some(item) = stream.next().await {
                match item {
                    Ok(item) => items.push(item),
                    Err(error) => failed = Some(error),
                }
            }
        });
        // In order, each once, from the first pages on and without a gap.
        let all: Vec<u64> = pages.iter().enumerate()
            .flat_map(|(at, (size, _, _))| (0..*size as u64).map(move |item| at as u64 * 10 + item))
            .collect();
        prop_assert_eq!(&items[..], &all[..items.len()]);
        if let Some(error) = failed {
            prop_assert_eq!(error.reached().map(|reached| reached.items), Some(items.len() as u64));
        }
        prop_assert!(asked.load(Ordering::Relaxed) <= pages.len() as u64 + 4);
    }
}
