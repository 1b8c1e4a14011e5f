//! No digit of a number is lost in a union, among the members that no name describes, or in
//! what is kept as it came.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::json;
use sixclicks_core::{__private::with_others, Decimal, Json};

const DECIMAL: &str = "1234567890123456789.1230";
const WIDE: &str = "170141183460469231731687303715884105727";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Invoice {
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<i128>,
}

/// As generated code reads members that no name describes.
macro_rules! with_others {
    ($name:ident of $value:ty { $($field:ident: $type:ty),* }) => {
        #[derive(Clone, Debug, PartialEq, Serialize)]
        struct $name {
            $($field: $type,)*
            #[serde(flatten)]
            extra: BTreeMap<String, $value>,
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(Deserialize)]
                struct Known {
                    $($field: $type,)*
                }
                let (known, extra) = with_others::<Known, $value, _, D>(deserializer)?;
                let Known { $($field),* } = known;
                Ok(Self { $($field,)* extra })
            }
        }
    };
}

with_others!(Prices of Decimal { name: Option<String> });
with_others!(Serials of i128 {});

sixclicks_core::tagged_union! {
    /// A document.
    pub enum Document by "kind" {
        /// An invoice.
        Invoice(Invoice) = ["invoice"],
        ..UnknownValue
    }
}

sixclicks_core::untagged_union! {
    /// A number of either kind, or several.
    pub enum Amount {
        /// Of 128 bits.
        Integer(i128),
        /// A decimal.
        Decimal(Decimal),
        /// Some.
        Several(Vec<Amount>),
        /// Inside another union.
        Document(Box<Document>),
        ..UnknownValue
    }
}

/// Reads as the client does.
fn read<T: DeserializeOwned>(text: &str) -> T {
    text.parse::<Json>().unwrap().read().unwrap()
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn unions_keep_the_digits_of_their_variants() {
    let text = format!(r#"{{"kind":"invoice","total":{DECIMAL},"serial":{WIDE}}}"#);
    let document: Document = read(&text);
    let Document::Invoice(invoice) = &document else {
        panic!("{document:?}")
    };
    assert_eq!(invoice.total.as_ref().unwrap().as_str(), DECIMAL);
    assert_eq!(invoice.serial, Some(i128::MAX));
    assert_eq!(written(&document), text);

    assert_eq!(read::<Amount>(WIDE), Amount::Integer(i128::MAX));
    assert!(matches!(read(DECIMAL), Amount::Decimal(_)));
    let nested = format!("[{WIDE},[{DECIMAL}],{text}]");
    let several: Amount = read(&nested);
    assert!(matches!(&several, Amount::Several(all) if all.len() == 3));
    assert_eq!(written(&several), nested);
}

#[test]
fn what_no_variant_describes_is_kept_with_its_digits() {
    let text = format!(r#"{{"kind":"order","total":{DECIMAL},"list":[{WIDE}]}}"#);
    let Document::UnknownValue(json) = read(&text) else {
        panic!("no order is described")
    };
    assert_eq!(json.as_text(), text);
    assert_eq!(written(&Document::UnknownValue(json)), text);
}

#[test]
fn members_described_by_their_type_alone_keep_their_digits() {
    let text = format!(r#"{{"name":"x","a":{DECIMAL},"b":1.10}}"#);
    let prices: Prices = read(&text);
    assert_eq!(prices.extra["a"].as_str(), DECIMAL);
    assert_eq!(written(&prices), text);
    let serials: Serials = read(&format!(r#"{{"a":{WIDE},"b":7,"c":null,"d":"8"}}"#));
    assert_eq!(serials.extra["a"], i128::MAX);
    assert_eq!((serials.extra["b"], serials.extra["d"]), (7, 8));
    // There is no integer that `null` stands for.
    assert_eq!(serials.extra.get("c"), None);
    // From serde_json itself, and from a value, as exactly as that allows.
    let direct: Prices = serde_json::from_str(r#"{"name":"x","a":1.5}"#).unwrap();
    assert_eq!(direct.extra["a"].as_str(), "1.5");
    let direct: Serials = serde_json::from_value(json!({"a": 1})).unwrap();
    assert_eq!(direct.extra["a"], 1);
    assert!(serde_json::from_str::<Serials>(r#"{"a":"x"}"#).is_err());
}

#[test]
fn variants_are_read_tolerantly_when_nothing_else_fits() {
    let document: Document = read(r#"{"Kind":"invoice","Total":"1.10","serial":"7"}"#);
    let Document::Invoice(invoice) = document else {
        panic!("{document:?}")
    };
    assert_eq!(invoice.serial, Some(7));
    assert_eq!(invoice.total.unwrap().as_str(), "1.10");
    // A value of another kind is kept instead, by the innermost union that may be it.
    for text in ["true", "null", "\"word\""] {
        let kept: Amount = read(text);
        let Amount::Document(kept) = kept else {
            panic!("{kept:?}")
        };
        assert!(matches!(*kept, Document::UnknownValue(json) if json.as_text() == text));
    }
}

#[test]
fn unions_that_nest_without_end_are_kept_unread() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let json: Json = serde_json::from_str::<Box<serde_json::value::RawValue>>(&deep)
        .map(|_| deep.parse().unwrap())
        .unwrap();
    assert!(
        json.read::<Amount>()
            .is_ok_and(|amount| matches!(amount, Amount::UnknownValue(_)))
    );
    assert!(json.read::<serde_json::Value>().is_err());
}

/// The text of a number of any length and spelling.
fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,37})",
        "-?(0|[1-9][0-9]{0,30})\\.[0-9]{1,30}",
        "-?[1-9]\\.[0-9]{1,20}[eE][+-]?[0-9]{1,2}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_comes_back_with_every_digit(number in number(), name in "[a-z]{1,5}") {
        let amount: Amount = read(&number);
        prop_assert!(!matches!(amount, Amount::UnknownValue(_)), "{:?}", amount);
        prop_assert_eq!(number.parse::<Json>().unwrap(), written(&amount).parse::<Json>().unwrap());
        let text = format!(r#"{{"kind":"invoice","total":{number}}}"#);
        prop_assert_eq!(written(&read::<Document>(&text)), text);
        let text = format!(r#"{{"name":null,"{name}0":{number}}}"#);
        prop_assert_eq!(written(&read::<Prices>(&text)), text);
    }
}
