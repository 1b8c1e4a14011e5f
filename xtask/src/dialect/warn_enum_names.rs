//! Names of enums in paths and queries: documents have the names of the JSON serializer, and routes
//! bind the names of C#. A name that cannot be one of C# shows the difference.

use serde_json::{Value, json};

use super::{suspect, table::Context, tool};
use crate::report::{Report, Warning};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let mut schemas = tool::schemas(document);
    if let Some(definitions) = document["definitions"].as_object() {
        schemas = definitions.clone();
    }
    for operation in suspect::operations(document) {
        for parameter in operation.parameters() {
            if !matches!(parameter.value["in"].as_str(), Some("path" | "query")) {
                continue;
            }
            let own = parameter.value.get("schema").unwrap_or(parameter.value);
            let names = tool::follow(own, &schemas)["enum"].as_array();
            let names: Vec<&str> = names
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            if !names.iter().any(|name| is_foreign(name)) {
                continue;
            }
            let name = parameter.value["name"].as_str().unwrap_or_default();
            let guessed: Vec<String> = names.iter().map(|name| pascal(name)).collect();
            let why = "Paths and queries bind the names of C#; check each.";
            let actions = match parameter.value.get("schema") {
                Some(_) => vec![
                    suspect::remove(format!("{}.schema", parameter.target), why),
                    suspect::update(
                        &parameter.target,
                        why,
                        json!({"schema": {"type": "string", "enum": guessed}}),
                    ),
                ],
                None => vec![
                    suspect::remove(format!("{}.enum", parameter.target), why),
                    suspect::update(&parameter.target, why, json!({"enum": guessed})),
                ],
            };
            report.warn(Warning {
                construct: context.name,
                pointer: parameter.pointer,
                message: format!(
                    "`{name}` of {} {} lists names of JSON, which may not bind in a path or query",
                    operation.method.to_uppercase(),
                    operation.path
                ),
                actions,
            });
        }
    }
}

/// Whether a name cannot be one of C#. What begins with a digit is a version, not a name.
fn is_foreign(name: &str) -> bool {
    name.starts_with(char::is_alphabetic) && name.contains(['-', '/', ' ', '.'])
}

fn pascal(name: &str) -> String {
    use heck::ToUpperCamelCase;
    name.to_upper_camel_case()
}
