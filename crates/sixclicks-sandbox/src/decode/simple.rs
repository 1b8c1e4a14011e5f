//! Parameters in paths and headers: each has a text of its own, in the styles simple, label
//! and matrix.

use serde_json::Value;

use super::{decode, delimiter, json, may_be, members, object, scalar, split};
use crate::{document::Parameter, schema};

/// The value of a parameter in a path (`encoded`) or a header, from its own text.
///
/// # Errors
///
/// When the text is not in the parameter's style.
pub fn simple(
    root: &Value,
    parameter: &Parameter,
    text: &str,
    encoded: bool,
) -> Result<Value, String> {
    let plain = |text: &str| match encoded {
        true => decode(text),
        false => text.to_owned(),
    };
    if parameter.json {
        return Ok(json(&plain(text)));
    }
    let list = may_be(root, parameter, "array");
    let members_of = may_be(root, parameter, "object");
    let text = match parameter.style.as_str() {
        "label" => text
            .strip_prefix('.')
            .ok_or("a value in the style `label` begins with a dot")?,
        "matrix" => matrix(parameter, text, list || members_of, encoded)?,
        _ => text,
    };
    let separator = match (parameter.style.as_str(), parameter.explode) {
        ("label", true) => '.',
        ("matrix", true) => ';',
        (style, _) => delimiter(style),
    };
    if list {
        let items = schema::structure(root, &parameter.schema, "array");
        let items = items.get("items").unwrap_or(&Value::Null);
        let exploded = parameter.style == "matrix" && parameter.explode;
        return pieces(text, separator, encoded)
            .iter()
            .map(|piece| match exploded {
                true => named(parameter, piece, encoded),
                false => Ok(piece.as_str()),
            })
            .map(|piece| Ok(scalar(root, items, &plain(piece?))))
            .collect();
    }
    if members_of {
        let pieces = pieces(text, separator, encoded);
        let pieces = pieces.iter().map(|piece| plain(piece)).collect();
        let flat = schema::structure(root, &parameter.schema, "object");
        return object(root, &flat, members(pieces, parameter.explode)?);
    }
    Ok(scalar(root, &parameter.schema, &plain(text)))
}

/// The text of a value in the style `matrix` without what comes before it: a semicolon and,
/// unless each member or item has a name of its own, the parameter's name.
fn matrix<'a>(
    parameter: &Parameter,
    text: &'a str,
    structure: bool,
    encoded: bool,
) -> Result<&'a str, String> {
    let text = text
        .strip_prefix(';')
        .ok_or("a value in the style `matrix` begins with a semicolon")?;
    match structure && parameter.explode {
        true => Ok(text),
        false => named(parameter, text, encoded),
    }
}

/// The value behind the parameter's name; a name alone stands for an empty value.
fn named<'a>(parameter: &Parameter, text: &'a str, encoded: bool) -> Result<&'a str, String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let same = match encoded {
        true => decode(name) == parameter.name,
        false => name == parameter.name,
    };
    match same {
        true => Ok(value),
        false => Err(format!(
            "a value in the style `matrix` is written `;{}=…`",
            parameter.name
        )),
    }
}

/// The pieces of a list or an object. In a header, there may be spaces around a comma.
fn pieces(text: &str, separator: char, encoded: bool) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut pieces = split(text, separator, encoded);
    if !encoded && separator == ',' {
        for piece in &mut pieces {
            *piece = piece.trim_matches([' ', '\t']).to_owned();
        }
    }
    pieces
}
