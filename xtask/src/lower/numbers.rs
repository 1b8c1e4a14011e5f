//! Numbers that may be strings: ASP.NET's web defaults read `"7"` where a number is expected, and
//! its tools describe that as a union of a number and a string of digits, or as a pattern without
//! a type. It is one number, which says in `x-sixclicks-mark-text` that it may be a string.

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

const CONSTRUCT: &str = "numbers";

/// Formats that say that a string holds a number.
const FORMATS: [&str; 15] = [
    "int8", "int16", "int32", "int64", "int128", "uint8", "uint16", "uint32", "uint64", "uint128",
    "double", "float", "decimal", "sbyte", "integer",
];

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |pointer, schema| {
        if let Some(object) = schema.as_object_mut() {
            // A vendor's extension of that name is not ours.
            object.remove("x-sixclicks-mark-text");
        }
        if one_number(schema) || typed_by_pattern(schema) {
            report.adapt(
                CONSTRUCT,
                pointer,
                "a number or a string of it",
                "a number that stays what it was",
            );
        }
    });
    // Outside of JSON there is one spelling of a number only.
    walk::operations(document, &mut |_, _, _, operation| {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            if let Some(schema) = parameter.get_mut("schema") {
                walk::within(schema, "", &mut |_, schema| {
                    if let Some(schema) = schema.as_object_mut() {
                        schema.remove("x-sixclicks-mark-text");
                    }
                });
            }
        }
    });
    Ok(())
}

/// Makes one number of a union of a number and a string of digits.
fn one_number(schema: &mut Value) -> bool {
    for keyword in ["anyOf", "oneOf"] {
        let Some([first, second]) = schema[keyword].as_array().map(Vec::as_slice) else {
            continue;
        };
        let number = match (is_number(first), is_number(second)) {
            (true, false) if holds_number(second) => first.clone(),
            (false, true) if holds_number(first) => second.clone(),
            _ => continue,
        };
        let Some(object) = schema.as_object_mut() else {
            continue;
        };
        object.remove(keyword);
        for (key, value) in number.as_object().into_iter().flatten() {
            object.entry(key.clone()).or_insert_with(|| value.clone());
        }
        object.insert("x-sixclicks-mark-text".to_owned(), json!(true));
        return true;
    }
    false
}

/// Gives a schema that has a format and a pattern of numbers, but no type, the type that it had
/// before the version of OpenAPI had no place for two.
fn typed_by_pattern(schema: &mut Value) -> bool {
    let bare = ["type", "$ref", "allOf", "oneOf", "anyOf", "enum"]
        .iter()
        .all(|keyword| schema.get(*keyword).is_none());
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    if !bare || !has_format(schema) || !is_numeric(pattern) {
        return false;
    }
    schema["type"] = json!(if pattern.contains("\\.") {
        "number"
    } else {
        "integer"
    });
    schema["x-sixclicks-mark-text"] = json!(true);
    if let Some(object) = schema.as_object_mut() {
        object.remove("pattern");
    }
    true
}

fn is_number(schema: &Value) -> bool {
    matches!(schema["type"].as_str(), Some("integer" | "number"))
        && has_format(schema)
        && schema.get("enum").is_none()
}

/// Whether the format says which number it is. Without one, a string may hold more digits than
/// any type of Rust.
fn has_format(schema: &Value) -> bool {
    let format = schema["format"].as_str().unwrap_or_default();
    FORMATS.contains(&format.to_ascii_lowercase().as_str())
}

/// Whether a schema is a string that can only be a number.
fn holds_number(schema: &Value) -> bool {
    schema["type"] == "string"
        && schema.get("enum").is_none()
        && match schema["pattern"].as_str() {
            Some(pattern) => is_numeric(pattern),
            None => has_format(schema),
        }
}

/// Whether a pattern matches digits, signs, points and exponents only, from end to end.
fn is_numeric(pattern: &str) -> bool {
    let Some(inside) = pattern.strip_prefix('^').and_then(|p| p.strip_suffix('$')) else {
        return false;
    };
    let rest = inside
        .replace("\\d", "0")
        .replace("\\.", "0")
        .replace("(?:", "(")
        .replace("[eE]", "")
        .replace("[+-]", "")
        .replace("[-+]", "");
    rest.contains('0')
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || "-+?*()[]{},|".contains(c))
}

#[cfg(test)]
mod tests {
    use super::is_numeric;

    #[test]
    fn only_patterns_of_numbers_are_numeric() {
        for pattern in [
            r"^-?(?:0|[1-9]\d*)$",
            r"^(?:0|[1-9]\d*)$",
            r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$",
            r"^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$",
            "^[0-9]{1,9}$",
        ] {
            assert!(is_numeric(pattern), "{pattern}");
        }
        for pattern in [
            "",
            "^$",
            r"\d+",
            r"^\d+",
            r"^\d+.$",
            r"^\d{3}-[A-Z]$",
            "^[^0]$",
            r"^\w$",
        ] {
            assert!(!is_numeric(pattern), "{pattern}");
        }
    }
}
