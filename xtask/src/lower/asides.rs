//! What a document says beside its calls and is worth knowing where one writes them: that a
//! field is deprecated, an example of its value, a page to read, a scope that is needed, another
//! host. All of it becomes a sentence of the documentation.

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

/// The longest example that is shown, in characters.
const SHOWN: usize = 80;

/// The pass.
pub fn run(document: &mut Value, _report: &mut Report) -> Result<(), LowerError> {
    let schemas = walk::object_at(document, &["components", "schemas"]);
    for schema in schemas.into_iter().flat_map(|schemas| schemas.values_mut()) {
        say(schema, deprecated(schema));
    }
    walk::schemas(document, &mut |_, schema| {
        say(schema, link(schema));
        for property in properties(schema) {
            say(property, example(property));
        }
    });
    walk::operations(document, &mut |_, _, _, operation| {
        say(operation, security(operation));
        say(operation, servers(operation));
        say(operation, link(operation));
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            say(parameter, deprecated(parameter));
            let example = example(parameter).or_else(|| example(&parameter["schema"]));
            say(parameter, example);
        }
    });
    Ok(())
}

/// Adds a paragraph to a description.
fn say(holder: &mut Value, sentence: Option<String>) {
    let Some(sentence) = sentence else { return };
    let said = holder["description"].as_str().unwrap_or_default();
    let text = format!("{said}\n\n{sentence}");
    holder["description"] = json!(text.trim_start());
}

fn properties(schema: &mut Value) -> impl Iterator<Item = &mut Value> {
    let properties = schema.get_mut("properties");
    let properties = properties.and_then(Value::as_object_mut);
    properties
        .into_iter()
        .flat_map(|properties| properties.values_mut())
        .filter(|property| property.is_object())
}

fn deprecated(holder: &Value) -> Option<String> {
    (holder["deprecated"] == json!(true)).then(|| "Deprecated.".to_owned())
}

/// A short value. One that is a word of the description already says nothing new.
fn example(holder: &Value) -> Option<String> {
    let value = match &holder["example"] {
        Value::String(text) => text.clone(),
        value @ (Value::Number(_) | Value::Bool(_)) => value.to_string(),
        _ => return None,
    };
    let said = holder["description"].as_str().unwrap_or_default();
    let fits = !value.trim().is_empty()
        && value.chars().count() <= SHOWN
        && !value.contains(|c: char| c == '`' || c.is_control());
    (fits && !said.contains(&value)).then(|| format!("Example: `{value}`."))
}

fn link(holder: &Value) -> Option<String> {
    let url = holder["externalDocs"]["url"].as_str()?;
    let text = holder["externalDocs"]["description"]
        .as_str()
        .unwrap_or_default()
        .trim_end_matches(['.', ':']);
    Some(match text {
        "" => format!("See {url}."),
        text => format!("{text}: {url}."),
    })
}

/// Who may call: anybody, or only who was granted scopes.
fn security(operation: &Value) -> Option<String> {
    let ways = operation["security"].as_array()?;
    let anybody = |way: &Value| way.as_object().is_some_and(serde_json::Map::is_empty);
    if ways.iter().all(anybody) {
        return Some("Works without signing in.".to_owned());
    }
    let mut scopes: Vec<String> = Vec::new();
    for granted in ways
        .iter()
        .filter_map(Value::as_object)
        .flat_map(|way| way.values())
    {
        for scope in granted
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let scope = format!("`{}`", scope.replace('`', ""));
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
    }
    match scopes.as_slice() {
        [] => None,
        [one] => Some(format!("Needs the scope {one}.")),
        several => Some(format!("Needs scopes: {}.", several.join(", "))),
    }
}

/// Other hosts, which the split has left here.
fn servers(operation: &Value) -> Option<String> {
    let hosts: Vec<&str> = operation["x-sixclicks-mark-servers"]
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    Some(format!("Served by {}.", hosts.join(" and ")))
}
