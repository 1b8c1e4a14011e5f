//! Formats: the ones of .NET documents become types that lose nothing; the ones that
//! Rust has no type for stay text.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

const CONSTRUCT: &str = "formats";

/// Where a schema names its Rust type.
const RUST_TYPE: &str = "x-sixclicks-mark-rust-type";

/// The pass: a schema that has a type of `sixclicks-core` says so in `x-sixclicks-mark-rust-type`.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |pointer, schema| {
        let Some(object) = schema.as_object_mut() else {
            return;
        };
        // A pass that ran before knows the type already.
        if object.contains_key("x-sixclicks-mark-rust-type") {
            return;
        }
        let text = object.remove("x-sixclicks-mark-text").is_some();
        if object.contains_key("x-sixclicks-mark-variants") {
            object.remove("format");
            return;
        }
        let kind = object
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let written = object
            .get("format")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let format = written.to_ascii_lowercase();
        let meaning = match (meaning(kind, &format), text) {
            (Meaning::Format(kind, format), true) => Meaning::Rust(
                "NumberOrText",
                Some(json!({"type": kind, "format": format})),
            ),
            (Meaning::Rust(wide @ ("i128" | "u128"), None), true) => Meaning::Rust(
                "NumberOrText",
                Some(json!({"type": "integer", RUST_TYPE: rust(wide, None)})),
            ),
            (meaning, _) => meaning,
        };
        let written = written.to_owned();
        match meaning {
            Meaning::Keep => {}
            Meaning::Format(kind, now) => {
                object.insert("type".to_owned(), json!(kind));
                match now {
                    Some(now) => object.insert("format".to_owned(), json!(now)),
                    None => object.remove("format"),
                };
                if !written.is_empty() && Some(written.as_str()) != now {
                    report.adapt(
                        CONSTRUCT,
                        pointer,
                        format!("the format `{written}`"),
                        now.map_or("no format".to_owned(), |now| format!("`{now}`")),
                    );
                }
            }
            Meaning::Rust(name, parameter) => {
                object.insert(RUST_TYPE.to_owned(), rust(name, parameter));
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("the format `{written}`"),
                    format!("the type `{name}`"),
                );
            }
        }
    });
    put_in_place(document);
    Ok(())
}

/// Puts components of a type with parameters, such as `Text<i64>`, where they are referred to:
/// typify makes no type of them.
fn put_in_place(document: &mut Value) {
    let schemas = walk::object_at(document, &["components", "schemas"]);
    let held: HashMap<String, Value> = schemas
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema[RUST_TYPE]["parameters"].is_array())
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    if held.is_empty() {
        return;
    }
    walk::schemas(document, &mut |_, schema| {
        if let Some(own) = walk::referenced(schema).and_then(|name| held.get(&name)) {
            *schema = own.clone();
        }
    });
}

/// A type of `sixclicks-core`.
fn rust(name: &str, parameter: Option<Value>) -> Value {
    let mut rust = json!({
        "crate": "sixclicks-core", "version": "*", "path": format!("sixclicks_core::{name}"),
    });
    if let Some(parameter) = parameter {
        rust["parameters"] = json!([parameter]);
    }
    rust
}

enum Meaning {
    Keep,
    Format(&'static str, Option<&'static str>),
    Rust(&'static str, Option<Value>),
}

fn meaning(kind: &str, format: &str) -> Meaning {
    use Meaning::{Format, Keep, Rust};
    match (kind, format) {
        ("string", "date-time" | "datetime" | "datetimeoffset" | "date-time-offset") => {
            Rust("DateTime", None)
        }
        ("string", "date" | "dateonly" | "full-date") => Rust("Date", None),
        ("string", "time" | "timeonly" | "partial-time") => Rust("Time", None),
        ("string", "date-span" | "time-span" | "timespan" | "duration") => Rust("TimeSpan", None),
        ("string", "uuid" | "guid") => Format("string", Some("uuid")),
        ("string", "byte" | "base64") => Rust("Base64", None),
        ("string", "base64url") => Rust("Base64Url", None),
        ("string", "password") => Rust("Secret", None),
        // Text of the format `currency` is as likely to be the code of one.
        ("string", "decimal") | ("number", "decimal" | "currency") => Rust("Decimal", None),
        ("string", "int32" | "int64" | "integer" | "long") => {
            Rust("Text", Some(json!({"type": "integer", "format": "int64"})))
        }
        ("string", "double" | "float" | "number") => {
            Rust("Text", Some(json!({"type": "number", "format": "double"})))
        }
        ("string", "boolean" | "bool") => Rust("Text", Some(json!({"type": "boolean"}))),
        ("string", _) => Format("string", None),
        ("integer", "int32") | ("number", "int32") => Format("integer", Some("int32")),
        ("integer", "int8" | "sbyte") => Format("integer", Some("int8")),
        ("integer", "int16" | "short") => Format("integer", Some("int16")),
        ("integer", "uint8") => Format("integer", Some("uint8")),
        ("integer", "uint16" | "ushort") => Format("integer", Some("uint16")),
        ("integer", "uint32" | "uint") => Format("integer", Some("uint32")),
        ("integer", "uint64" | "ulong") => Format("integer", Some("uint64")),
        ("integer", "int128") => Rust("i128", None),
        ("integer", "uint128") => Rust("u128", None),
        ("integer", _) | ("number", "int64" | "integer" | "long") => {
            Format("integer", Some("int64"))
        }
        ("number", _) => Format("number", Some("double")),
        _ => Keep,
    }
}
