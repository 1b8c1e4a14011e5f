//! JSON as System.Text.Json reads it for ASP.NET: the names of members in letters of any case, and
//! numbers in quotes where a number is wanted.

use serde_json::{Map, Value};

use super::order;
use crate::{schema, unknown::Known};

/// How deep values are looked into, which is as deep as JSON may nest.
const DEEPEST: usize = 64;

/// A value with the documented names, and with numbers where it has numbers in quotes.
pub fn as_read(root: &Value, given: &Value, value: Value) -> Value {
    read(root, std::slice::from_ref(given), value, 0)
}

fn read(root: &Value, schemas: &[Value], value: Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return value;
    }
    match value {
        Value::Object(members) => {
            let known = Known::of(root, schemas);
            let tags = order::tags(root, schemas);
            let exact: Vec<String> = members.keys().cloned().collect();
            let members = members.into_iter().map(|(name, member)| {
                let other = || {
                    let mut names = known.fields.keys();
                    let same = |own: &&String| own.eq_ignore_ascii_case(&name);
                    // A name that is given in its own letters as well keeps its value.
                    names.find(same).filter(|own| !exact.contains(own)).cloned()
                };
                let name = match known.fields.contains_key(&name) {
                    true => name,
                    false => other().unwrap_or(name),
                };
                let schemas = known.fields.get(&name).unwrap_or(&known.rest);
                // The discriminator is read before the settings for numbers count.
                let member = match tags.contains(&name) {
                    true => member,
                    false => read(root, schemas, member, depth + 1),
                };
                (name, member)
            });
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let known = Known::of(root, schemas);
            let items = items.into_iter();
            items
                .map(|item| read(root, &known.items, item, depth + 1))
                .collect()
        }
        Value::String(text) => match schemas {
            [given] if takes_numbers(root, given) => number(&text).unwrap_or(Value::String(text)),
            _ => Value::String(text),
        },
        other => other,
    }
}

/// Whether a value is a number and nothing else, and no enum, which takes no text that is a number.
fn takes_numbers(root: &Value, given: &Value) -> bool {
    let types = schema::types(root, given);
    let mut types = types.iter().filter(|kind| *kind != "null").peekable();
    types.peek().is_some()
        && types.all(|kind| kind == "integer" || kind == "number")
        && !schema::flatten(root, given).contains_key("enum")
}

/// A number in JSON's notation, without white space around it.
fn number(text: &str) -> Option<Value> {
    let bare = !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace);
    let value: Value = serde_json::from_str(text).ok().filter(|_| bare)?;
    value.is_number().then_some(value)
}
