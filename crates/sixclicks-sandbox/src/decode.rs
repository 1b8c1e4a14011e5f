//! From text in a path, query, header, cookie or form to the value that it stands for, by
//! style and schema.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Number, Value};

use crate::{document::Parameter, schema};

/// Pairs of a query or form: the name decoded, the value as it was sent.
pub type Pairs = Vec<(String, String)>;

/// Takes a query or an urlencoded form apart.
pub fn pairs(text: &str) -> Pairs {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&name.replace('+', " ")), value.replace('+', "%20"))
        })
        .collect()
}

/// Cookies as pairs.
pub fn cookies(text: &str) -> Pairs {
    text.split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Undoes percent-encoding.
pub fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Text as the kind of value that a schema asks for; the text itself where it is none.
pub fn scalar(root: &Value, given: &Value, text: &str) -> Value {
    let types = schema::types(root, given);
    let has = |name: &str| types.iter().any(|kind| kind == name);
    if has("boolean") && matches!(text, "true" | "false") {
        return Value::Bool(text == "true");
    }
    if has("integer") || has("number") {
        if let Ok(number) = text.parse::<i64>()
            && (!has("string") || number.to_string() == text)
        {
            return number.into();
        }
        if let Ok(number) = text.parse::<u64>() {
            return number.into();
        }
        if !has("string")
            && let Some(number) = text.parse().ok().and_then(Number::from_f64)
        {
            return Value::Number(number);
        }
    }
    // An enum may list numbers without a type.
    let flat = schema::flatten(root, given);
    if !has("string")
        && let Some(values) = flat.get("enum").and_then(Value::as_array)
        && let Ok(value) = serde_json::from_str::<Value>(text)
        && values.contains(&value)
    {
        return value;
    }
    text.into()
}

/// What a parameter in a path or header holds, from its own text.
pub fn simple(root: &Value, parameter: &Parameter, text: &str, encoded: bool) -> Value {
    let plain = |text: &str| {
        if encoded {
            decode(text)
        } else {
            text.to_owned()
        }
    };
    if parameter.json {
        return serde_json::from_str(&plain(text)).unwrap_or_else(|_| plain(text).into());
    }
    let types = schema::types(root, &parameter.schema);
    let has = |name: &str| types.iter().any(|kind| kind == name);
    let (prefix, separator) = match parameter.style.as_str() {
        "label" => (".", if parameter.explode { '.' } else { ',' }),
        "matrix" => (";", if parameter.explode { ';' } else { ',' }),
        _ => ("", ','),
    };
    let mut text = text.strip_prefix(prefix).unwrap_or(text);
    let named = format!("{}=", parameter.name);
    let matrix = parameter.style == "matrix";
    if matrix && !parameter.explode || matrix && !has("array") && !has("object") {
        text = text.strip_prefix(&named).unwrap_or(text);
    }
    let flat = schema::flatten(root, &parameter.schema);
    if has("array") {
        let items = flat.get("items").unwrap_or(&Value::Null);
        let pieces = text.split(separator).filter(|piece| !piece.is_empty());
        return pieces
            .map(|piece| {
                if matrix {
                    piece.strip_prefix(&named).unwrap_or(piece)
                } else {
                    piece
                }
            })
            .map(|piece| scalar(root, items, &plain(piece)))
            .collect();
    }
    if has("object") {
        let pieces: Vec<String> = text.split(separator).map(plain).collect();
        return object(root, &flat, members(pieces, parameter.explode));
    }
    scalar(root, &parameter.schema, &plain(text))
}

/// Names and values from pieces: `a=1`, or `a` and then `1`.
fn members(pieces: Vec<String>, paired: bool) -> Pairs {
    if paired {
        let pairs = pieces.iter().filter_map(|piece| piece.split_once('='));
        return pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    }
    pieces
        .chunks(2)
        .map(|pair| (pair[0].clone(), pair.get(1).cloned().unwrap_or_default()))
        .collect()
}

/// What a parameter of a query, a cookie or a form holds; takes its pairs out of `pairs`.
pub fn form(root: &Value, parameter: &Parameter, pairs: &mut Pairs) -> Option<Value> {
    let name = &parameter.name;
    let types = schema::types(root, &parameter.schema);
    let has = |name: &str| types.iter().any(|kind| kind == name);
    let flat = schema::flatten(root, &parameter.schema);
    if parameter.json {
        let text = decode(&take(pairs, |key| key == name).first()?.1);
        return Some(serde_json::from_str(&text).unwrap_or(Value::String(text)));
    }
    let items = flat.get("items").unwrap_or(&Value::Null);
    if has("array") {
        let found = take(pairs, |key| {
            key == name || key.strip_suffix("[]") == Some(name)
        });
        if found.is_empty() {
            return nested(root, &parameter.schema, name, pairs);
        }
        let found = found.into_iter().map(|(_, value)| value).collect();
        let pieces = pieces(parameter, found);
        return Some(
            pieces
                .iter()
                .map(|piece| scalar(root, items, &decode(piece)))
                .collect(),
        );
    }
    if has("object") {
        if parameter.style != "deepObject" && !parameter.explode {
            let text = take(pairs, |key| key == name).pop()?.1;
            let pieces = pieces(parameter, vec![text]);
            let pieces = pieces.iter().map(|piece| decode(piece)).collect();
            return Some(object(root, &flat, members(pieces, false)));
        }
        if parameter.style == "deepObject" {
            return nested(root, &parameter.schema, name, pairs);
        }
        let mut made = Map::new();
        for (member, schema) in flat
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let inner = Parameter {
                name: member.clone(),
                schema: schema.clone(),
                style: "form".to_owned(),
                explode: true,
                ..parameter.clone()
            };
            let plain = !schema::types(root, schema)
                .iter()
                .any(|kind| kind == "object");
            let value = if plain {
                form(root, &inner, pairs)
            } else {
                nested(root, schema, member, pairs)
            };
            if let Some(value) = value {
                made.insert(member.clone(), value);
            }
        }
        let rest = flat
            .get("additionalProperties")
            .filter(|rest| **rest != false);
        if let Some(rest) = rest.or(made.is_empty().then_some(&Value::Null)) {
            for (key, value) in std::mem::take(pairs) {
                made.insert(key, scalar(root, rest, &decode(&value)));
            }
        }
        return (!made.is_empty()).then_some(Value::Object(made));
    }
    let (_, text) = take(pairs, |key| key == name).pop()?;
    Some(scalar(root, &parameter.schema, &decode(&text)))
}

/// Values parted as the style of a parameter says.
fn pieces(parameter: &Parameter, mut values: Vec<String>) -> Vec<String> {
    let separators: &[&str] = match parameter.style.as_str() {
        _ if parameter.explode => &[],
        "spaceDelimited" => &["%20", " "],
        "pipeDelimited" => &["%7C", "|"],
        "tabDelimited" => &["%09"],
        _ => &[","],
    };
    for separator in separators {
        values = values
            .iter()
            .flat_map(|value| value.split(separator).map(str::to_owned))
            .collect();
    }
    values
}

/// Takes the pairs whose names fit.
fn take(pairs: &mut Pairs, fits: impl Fn(&str) -> bool) -> Pairs {
    let (found, rest) = std::mem::take(pairs)
        .into_iter()
        .partition(|(key, _)| fits(key));
    *pairs = rest;
    found
}

/// A value whose members are in brackets: `name[a][0]=1`.
fn nested(root: &Value, given: &Value, name: &str, pairs: &mut Pairs) -> Option<Value> {
    let start = format!("{name}[");
    let found = take(pairs, |key| key == name || key.starts_with(&start));
    if found.is_empty() {
        return None;
    }
    let entries = found
        .iter()
        .map(|(key, value)| (key[name.len()..].to_owned(), decode(value)))
        .collect();
    Some(bracketed(root, given, entries))
}

fn bracketed(root: &Value, given: &Value, entries: Pairs) -> Value {
    let flat = schema::flatten(root, given);
    let types = schema::types(root, given);
    let list = types.iter().any(|kind| kind == "array");
    if let [(key, text)] = entries.as_slice()
        && key.is_empty()
        && !list
    {
        return scalar(root, given, text);
    }
    let items = flat.get("items").unwrap_or(&Value::Null);
    let mut groups: Vec<(String, Pairs)> = Vec::new();
    for (key, text) in entries {
        let inner = key.strip_prefix('[').and_then(|key| key.split_once(']'));
        let (member, rest) = inner.unwrap_or_default();
        let known = groups
            .iter_mut()
            .find(|(name, _)| name == member && !(list && member.is_empty()));
        match known {
            Some((_, group)) => group.push((rest.to_owned(), text)),
            None => groups.push((member.to_owned(), vec![(rest.to_owned(), text)])),
        }
    }
    if list {
        return groups
            .into_iter()
            .map(|(_, group)| bracketed(root, items, group))
            .collect();
    }
    groups
        .into_iter()
        .map(|(member, group)| {
            let value = bracketed(root, described(&flat, &member), group);
            (member, value)
        })
        .collect::<Map<_, _>>()
        .into()
}

fn object(root: &Value, flat: &Map<String, Value>, pairs: Pairs) -> Value {
    pairs
        .into_iter()
        .map(|(name, text)| {
            let value = scalar(root, described(flat, &name), &text);
            (name, value)
        })
        .collect::<Map<_, _>>()
        .into()
}

/// The schema of a member, by its name or as one of those that are not named.
fn described<'a>(flat: &'a Map<String, Value>, name: &str) -> &'a Value {
    flat.get("properties")
        .and_then(|properties| properties.get(name))
        .or(flat.get("additionalProperties"))
        .unwrap_or(&Value::Null)
}
