//! Keywords with plain values: flags, bounds, lengths, contents, examples, discriminators.

use serde_json::{Number, Value, json};

use super::{Schema, Scope};
use crate::openapi::brief;
use crate::openapi::pointer::Pointer;
use crate::upgrade::DEFAULT_TARGET;

/// Flags written as text are flags; `x-nullable` is `nullable`.
pub fn flags(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    for key in [
        "x-nullable",
        "nullable",
        "readOnly",
        "writeOnly",
        "deprecated",
        "uniqueItems",
        "exclusiveMinimum",
        "exclusiveMaximum",
    ] {
        let flag = match schema.get(key) {
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => true,
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => false,
            Some(Value::Bool(_) | Value::Number(_)) | None => continue,
            Some(other) => {
                scope
                    .notes
                    .add(at, "flag", format!("{key}: {}", brief(other)), "left out");
                schema.shift_remove(key);
                continue;
            }
        };
        scope.notes.add(
            at,
            "flag as text",
            format!("{key}: \"{flag}\""),
            flag.to_string(),
        );
        schema.insert(key.to_owned(), json!(flag));
    }
    for key in [
        "nullable",
        "x-nullable",
        "readOnly",
        "writeOnly",
        "deprecated",
        "uniqueItems",
    ] {
        if schema.get(key).is_some_and(Value::is_number) {
            let flag = schema[key].as_f64() != Some(0.0);
            scope.notes.add(
                at,
                "flag as a number",
                format!("{key}: {}", schema[key]),
                flag.to_string(),
            );
            schema.insert(key.to_owned(), json!(flag));
        }
    }
    if let Some(nullable) = schema.shift_remove("x-nullable") {
        scope
            .notes
            .add(at, "x-nullable", brief(&nullable), "nullable");
        schema.entry("nullable").or_insert(nullable);
    }
}

/// Lengths and counts are whole numbers; bounds are numbers, whole ones for integers.
pub fn numbers(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    const COUNTS: [&str; 6] = [
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
    ];
    const BOUNDS: [&str; 5] = [
        "minimum",
        "maximum",
        "multipleOf",
        "exclusiveMinimum",
        "exclusiveMaximum",
    ];
    let is_integer = schema.get("type").and_then(Value::as_str) == Some("integer");
    for key in COUNTS.iter().chain(&BOUNDS).copied() {
        let Some(value) = schema.get(key) else {
            continue;
        };
        let is_count = COUNTS.contains(&key);
        if value.is_u64() && (is_count || !is_integer || value.is_i64())
            || value.is_boolean() && !is_count
        {
            continue;
        }
        let number = match value {
            Value::Number(number) => Some(number.clone()),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let whole = number.as_ref().and_then(whole);
        let new = match number {
            Some(_) if is_count => whole.filter(|whole| *whole >= 0).map(Number::from),
            Some(_) if is_integer => whole.map(Number::from),
            number => number,
        };
        let new = new.map(Value::Number);
        if new.as_ref() == Some(value) {
            continue;
        }
        let now = new.as_ref().map_or_else(|| "no bound".to_owned(), brief);
        scope
            .notes
            .add(at, "number", format!("{key}: {}", brief(value)), now);
        match new {
            Some(new) => drop(schema.insert(key.to_owned(), new)),
            None => drop(schema.shift_remove(key)),
        }
    }
}

fn whole(number: &Number) -> Option<i64> {
    /// 2⁶³, the first number too large.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    number.as_i64().or_else(|| {
        let value = number.as_f64().filter(|value| value.fract() == 0.0)?;
        #[allow(clippy::cast_possible_truncation)]
        (-LIMIT..LIMIT).contains(&value).then_some(value as i64)
    })
}

/// Exclusive bounds as numbers become a bound and a flag.
pub fn bounds(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    for (exclusive, inclusive, sign) in [
        ("exclusiveMinimum", "minimum", 1.0),
        ("exclusiveMaximum", "maximum", -1.0),
    ] {
        let Some(Value::Number(bound)) = schema.get(exclusive) else {
            continue;
        };
        let bound = bound.clone();
        let strength = |number: &Number| number.as_f64().unwrap_or_default() * sign;
        let other = schema.get(inclusive).and_then(|other| match other {
            Value::Number(other) => Some(strength(other)),
            _ => None,
        });
        scope.notes.add(
            at,
            "exclusive bound",
            format!("{exclusive}: {bound}"),
            format!("{inclusive} and a flag"),
        );
        if other.is_some_and(|other| other > strength(&bound)) {
            schema.shift_remove(exclusive);
        } else {
            schema.insert(inclusive.to_owned(), Value::Number(bound));
            schema.insert(exclusive.to_owned(), json!(true));
        }
    }
}

/// `contentEncoding` and `contentMediaType` become a format.
pub fn content(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    let encoding = schema.shift_remove("contentEncoding");
    let media_type = schema.shift_remove("contentMediaType");
    if encoding.is_none() && media_type.is_none() {
        return;
    }
    let text = |value: &Option<Value>| {
        value
            .as_ref()
            .and_then(Value::as_str)
            .map(str::to_lowercase)
    };
    let is_text =
        |name: &str| name.contains("json") || name.contains("xml") || name.starts_with("text/");
    let format = match (text(&encoding).as_deref(), text(&media_type).as_deref()) {
        (Some("base64"), _) => Some("byte"),
        (Some("base64url"), _) => Some("base64url"),
        (None | Some("binary"), Some(name)) if !is_text(name) => Some("binary"),
        (Some("binary"), None) => Some("binary"),
        _ => None,
    };
    let was = [&encoding, &media_type]
        .into_iter()
        .flatten()
        .map(brief)
        .collect::<Vec<_>>()
        .join(" of ");
    scope.notes.add(
        at,
        "content of a string",
        was,
        format.map_or("text", |format| format),
    );
    if let Some(format) = format {
        schema.entry("type").or_insert_with(|| json!("string"));
        schema.entry("format").or_insert_with(|| json!(format));
    }
    schema.extend(media_type.map(|name| ("x-sixclicks-mark-content-media-type".to_owned(), name)));
}

/// OpenAPI 3.0 has one example per schema.
pub fn examples(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    let Some(examples) = schema.shift_remove("examples") else {
        return;
    };
    let first = match &examples {
        Value::Array(list) => list.first(),
        Value::Object(named) => named.values().next(),
        _ => Some(&examples),
    };
    if let Some(first) = first {
        scope
            .notes
            .add(at, "examples", brief(&examples), "the first as example");
        schema.entry("example").or_insert_with(|| first.clone());
    }
}

/// A discriminator as text is the property's name. The default of OpenAPI 3.2 becomes an entry
/// of the mapping, so that it is followed as the others are.
pub fn discriminator(schema: &mut Schema, at: &Pointer, scope: &mut Scope<'_>) {
    match schema.get_mut("discriminator") {
        Some(Value::String(name)) => {
            let name = name.clone();
            scope.notes.add(at, "discriminator", &*name, "propertyName");
            schema.insert("discriminator".to_owned(), json!({ "propertyName": name }));
        }
        Some(found) if !found.get("propertyName").is_some_and(Value::is_string) => {
            scope.notes.add(
                at,
                "discriminator without a property",
                brief(found),
                "left out",
            );
            schema.shift_remove("discriminator");
        }
        _ => {}
    }
    let beside = schema.shift_remove(DEFAULT_MAPPING[1]);
    let Some(Value::Object(found)) = schema.get_mut("discriminator") else {
        return;
    };
    let inside = DEFAULT_MAPPING
        .iter()
        .filter_map(|key| found.shift_remove(*key));
    let default = inside.chain(beside).next();
    let target = default.and_then(|target| match target {
        Value::Object(target) => target.get("$ref").cloned(),
        target => target.is_string().then_some(target),
    });
    if let Some(target) = target {
        let mapping = found.entry("mapping").or_insert_with(|| json!({}));
        if let Value::Object(mapping) = mapping {
            mapping.insert(DEFAULT_TARGET.to_owned(), target);
        }
    }
}

/// The keys of the schema that stands for unknown and missing values of a discriminator: in
/// OpenAPI 3.2, and in older versions.
const DEFAULT_MAPPING: [&str; 2] = ["defaultMapping", "x-oas-default-mapping"];
