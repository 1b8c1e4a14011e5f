//! From text in a path, query, header, cookie or form to the value that it stands for, by
//! style and schema. Text that the style does not allow is an error; whether the value is one
//! that the schema allows is checked afterwards.

mod bound;
mod form;
mod nested;
mod simple;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Number, Value};

use crate::{document::Parameter, limits, schema};

pub use bound::{Source, parameter as bound};
pub use form::{form, leaves_rest};
pub use simple::simple;

/// Pairs of a query or form: the name decoded, the value as it was sent.
pub type Pairs = Vec<(String, String)>;

/// Splits a query or an urlencoded form into its pairs.
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

/// JSON text, or the text itself where it is none.
fn json(text: &str) -> Value {
    limits::json(text.as_bytes()).unwrap_or_else(|_| text.into())
}

/// Names and values from pieces: `a=1` if each member is a pair, otherwise `a` and then `1`.
fn members(pieces: Vec<String>, paired: bool) -> Result<Pairs, String> {
    if !paired && !pieces.len().is_multiple_of(2) {
        return Err("a member has a name and no value".to_owned());
    }
    if !paired {
        let pairs = pieces.chunks(2);
        return Ok(pairs
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect());
    }
    let pair = |piece: String| match piece.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(format!("`{piece}` is no member: it has no `=`")),
    };
    pieces.into_iter().map(pair).collect()
}

/// An object of pairs, of which no name may be given twice.
fn object(root: &Value, flat: &Map<String, Value>, pairs: Pairs) -> Result<Value, String> {
    let mut made = Map::new();
    for (name, text) in pairs {
        let value = scalar(root, &described(flat, &name), &text);
        if made.contains_key(&name) {
            return Err(format!("the member `{name}` is given more than once"));
        }
        made.insert(name, value);
    }
    Ok(made.into())
}

/// The schema of a member, by its name or as one of those that are not named.
fn described(flat: &Map<String, Value>, name: &str) -> Value {
    flat.get("properties")
        .and_then(|properties| properties.get(name))
        .or(flat.get("additionalProperties"))
        .cloned()
        .unwrap_or_default()
}

/// What joins the values of a list that is not exploded, as it stands in text that is not
/// encoded.
pub fn delimiter(style: &str) -> char {
    match style {
        "spaceDelimited" => ' ',
        "pipeDelimited" => '|',
        "tabDelimited" => '\t',
        _ => ',',
    }
}

/// Splits text at a delimiter, which may be percent-encoded if it is not a comma: a comma that
/// is encoded belongs to a value.
fn split(text: &str, delimiter: char, encoded: bool) -> Vec<String> {
    let escaped = match delimiter {
        ' ' => "%20",
        '|' => "%7C",
        '\t' => "%09",
        _ => "",
    };
    if !encoded || escaped.is_empty() {
        return text.split(delimiter).map(str::to_owned).collect();
    }
    text.replace(&escaped.to_lowercase(), escaped)
        .replace(escaped, &delimiter.to_string())
        .split(delimiter)
        .map(str::to_owned)
        .collect()
}

/// Whether a parameter may be of a type.
fn may_be(root: &Value, parameter: &Parameter, kind: &str) -> bool {
    schema::may_be(root, &parameter.schema, kind)
}
