//! Parameters in queries and cookies, and the fields of urlencoded forms: pairs of names and
//! values, in the styles form, spaceDelimited, pipeDelimited and deepObject.

use serde_json::{Map, Value};

use super::{Pairs, decode, delimiter, json, may_be, members, nested, object, scalar, split};
use crate::{document::Parameter, schema};

/// The value of a parameter; takes its pairs out of `pairs`. `None` if there is none.
///
/// # Errors
///
/// When the pairs are not in the parameter's style.
pub fn form(
    root: &Value,
    parameter: &Parameter,
    pairs: &mut Pairs,
) -> Result<Option<Value>, String> {
    let name = &parameter.name;
    if parameter.json {
        let text = one(name, pairs)?;
        return Ok(text.map(|text| json(&decode(&text))));
    }
    if parameter.style == "deepObject" {
        return nested::nested(root, &parameter.schema, name, pairs);
    }
    if may_be(root, parameter, "array") {
        // Brackets with numbers are how lists of objects are written, for which there is no style.
        let first = format!("{name}[0]");
        let numbered = pairs.iter().any(|(key, _)| key.starts_with(&first));
        return match list(root, parameter, pairs)? {
            None if numbered => nested::nested(root, &parameter.schema, name, pairs),
            found => Ok(found),
        };
    }
    if may_be(root, parameter, "object") {
        return match parameter.explode {
            true => exploded(root, parameter, pairs),
            false => joined(root, parameter, pairs),
        };
    }
    let text = one(name, pairs)?;
    Ok(text.map(|text| scalar(root, &parameter.schema, &decode(&text))))
}

/// Whether a parameter takes pairs of any name, so that all others have to come first.
pub fn leaves_rest(root: &Value, parameter: &Parameter) -> bool {
    let object = may_be(root, parameter, "object") && !parameter.json;
    object && parameter.explode && parameter.style != "deepObject" && {
        let flat = schema::structure(root, &parameter.schema, "object");
        rest(&flat).is_some()
    }
}

/// The schema of members that have no schema of their own, where there may be any.
fn rest(flat: &Map<String, Value>) -> Option<&Value> {
    let named = flat.get("properties").and_then(Value::as_object);
    match flat.get("additionalProperties") {
        Some(Value::Bool(false)) => None,
        Some(rest) => Some(rest),
        None if named.is_none_or(Map::is_empty) => Some(&Value::Null),
        None => None,
    }
}

fn list(root: &Value, parameter: &Parameter, pairs: &mut Pairs) -> Result<Option<Value>, String> {
    let flat = schema::structure(root, &parameter.schema, "array");
    let items = flat.get("items").unwrap_or(&Value::Null);
    let texts: Vec<String> = match parameter.explode {
        true => take(pairs, |key| *key == parameter.name)
            .into_iter()
            .map(|(_, text)| text)
            .collect(),
        false => match one(&parameter.name, pairs)? {
            Some(text) if text.is_empty() => return Ok(Some(Value::Array(Vec::new()))),
            Some(text) => split(&text, delimiter(&parameter.style), true),
            None => Vec::new(),
        },
    };
    if texts.is_empty() {
        return Ok(None);
    }
    let values = texts.iter().map(|text| scalar(root, items, &decode(text)));
    Ok(Some(values.collect()))
}

/// An object in one pair: `name=a,1,b,2`.
fn joined(root: &Value, parameter: &Parameter, pairs: &mut Pairs) -> Result<Option<Value>, String> {
    let Some(text) = one(&parameter.name, pairs)? else {
        return Ok(None);
    };
    let flat = schema::structure(root, &parameter.schema, "object");
    let pieces = split(&text, delimiter(&parameter.style), true);
    let pieces = pieces.iter().map(|piece| decode(piece)).collect();
    object(root, &flat, members(pieces, false)?).map(Some)
}

/// An object whose members are parameters of their own.
fn exploded(
    root: &Value,
    parameter: &Parameter,
    pairs: &mut Pairs,
) -> Result<Option<Value>, String> {
    let flat = schema::structure(root, &parameter.schema, "object");
    let mut made = Map::new();
    let properties = flat.get("properties").and_then(Value::as_object);
    for (member, schema) in properties.into_iter().flatten() {
        let value = if schema::may_be(root, schema, "object") {
            nested::nested(root, schema, member, pairs)?
        } else {
            let inner = Parameter {
                name: member.clone(),
                schema: schema.clone(),
                style: "form".to_owned(),
                explode: true,
                ..parameter.clone()
            };
            form(root, &inner, pairs)?
        };
        if let Some(value) = value {
            made.insert(member.clone(), value);
        }
    }
    if let Some(rest) = rest(&flat) {
        for (key, value) in std::mem::take(pairs) {
            if made.contains_key(&key) {
                return Err(format!("the member `{key}` is given more than once"));
            }
            made.insert(key, scalar(root, rest, &decode(&value)));
        }
    }
    Ok((!made.is_empty()).then_some(Value::Object(made)))
}

/// The one value of a name.
fn one(name: &str, pairs: &mut Pairs) -> Result<Option<String>, String> {
    let mut found = take(pairs, |key| key == name);
    match found.len() {
        0 | 1 => Ok(found.pop().map(|(_, text)| text)),
        _ => Err("it is given more than once".to_owned()),
    }
}

/// Takes the pairs whose names fit.
pub(super) fn take(pairs: &mut Pairs, fits: impl Fn(&String) -> bool) -> Pairs {
    let (found, rest) = std::mem::take(pairs)
        .into_iter()
        .partition(|(key, _)| fits(key));
    *pairs = rest;
    found
}
