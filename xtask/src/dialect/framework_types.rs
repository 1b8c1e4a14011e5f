//! Types of .NET that serialize themselves as text, numbers or any JSON, and that the writers
//! describe by their properties. Each is known by its name together with members that only it has.

use serde_json::{Map, Value, json};

use super::table::Context;
use crate::{lower::walk, report::Report};

/// A type: its names, members of which one has to be there, and what it is on the wire. `None` for
/// the members: there have to be none.
struct Type {
    names: &'static [&'static str],
    members: Option<&'static [&'static str]>,
    meaning: fn() -> Value,
}

const TYPES: &[Type] = &[
    Type {
        names: &["TimeSpan"],
        members: Some(&["ticks", "totalDays", "totalMilliseconds"]),
        meaning: || json!({"type": "string", "format": "date-span"}),
    },
    Type {
        names: &["DateOnly"],
        members: Some(&["dayNumber", "dayOfYear"]),
        meaning: || json!({"type": "string", "format": "date"}),
    },
    Type {
        names: &["TimeOnly"],
        members: Some(&["ticks", "minute"]),
        meaning: || json!({"type": "string", "format": "time"}),
    },
    Type {
        names: &["Version"],
        members: Some(&["majorRevision", "minorRevision"]),
        meaning: || json!({"type": "string"}),
    },
    Type {
        names: &["JsonNode", "JsonObject", "JsonArray", "JsonValue"],
        members: Some(&["parent", "root"]),
        meaning: || json!({}),
    },
    Type {
        names: &["JsonElement"],
        members: Some(&["valueKind"]),
        meaning: || json!({}),
    },
    Type {
        names: &["JsonDocument"],
        members: Some(&["rootElement"]),
        meaning: || json!({}),
    },
    Type {
        names: &["Half"],
        members: None,
        meaning: || json!({"type": "number", "format": "float"}),
    },
    Type {
        names: &["SByte"],
        members: None,
        meaning: || json!({"type": "integer", "format": "int8"}),
    },
    Type {
        names: &["Int128"],
        members: Some(&["lower", "upper"]),
        meaning: || json!({"type": "integer", "format": "int128"}),
    },
    Type {
        names: &["Int128"],
        members: None,
        meaning: || json!({"type": "integer", "format": "int128"}),
    },
    Type {
        names: &["UInt128"],
        members: Some(&["lower", "upper"]),
        meaning: || json!({"type": "integer", "format": "uint128"}),
    },
    Type {
        names: &["UInt128"],
        members: None,
        meaning: || json!({"type": "integer", "format": "uint128"}),
    },
    Type {
        names: &[
            "ByteMemory",
            "ByteReadOnlyMemory",
            "MemoryOfByte",
            "ReadOnlyMemoryOfByte",
        ],
        members: Some(&["isEmpty", "span"]),
        meaning: || json!({"type": "string", "format": "byte"}),
    },
    Type {
        names: &["IPAddress"],
        members: Some(&["addressFamily", "scopeId"]),
        meaning: || json!({}),
    },
    Type {
        names: &["CultureInfo"],
        members: Some(&["lcid", "textInfo"]),
        meaning: || json!({}),
    },
    Type {
        names: &["Encoding"],
        members: Some(&["codePage", "bodyName"]),
        meaning: || json!({}),
    },
    Type {
        names: &["Type"],
        members: Some(&["assemblyQualifiedName"]),
        meaning: || json!({}),
    },
];

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let components = walk::object_at(document, &["components", "schemas"]);
    for (name, schema) in components.into_iter().flatten() {
        let Some(now) = meaning(name, schema) else {
            continue;
        };
        if *schema == now {
            continue;
        }
        let at = format!("/components/schemas/{}", walk::escape(name));
        let told = match now.as_object().is_some_and(Map::is_empty) {
            true => "any JSON".to_owned(),
            false => now.to_string(),
        };
        report.adapt(
            context.name,
            at,
            format!("the properties of .NET's `{name}`"),
            told,
        );
        *schema = now;
    }
}

/// What a component is on the wire, if it is one of .NET's types.
fn meaning(name: &str, schema: &Value) -> Option<Value> {
    // With full names as ids, the type's name is behind the last dot.
    let short = name.rsplit('.').next().unwrap_or(name);
    if let Some(now) = collections(short, schema) {
        return Some(now);
    }
    let properties = schema["properties"].as_object();
    let is_object = schema["type"] == "object" || properties.is_some();
    let known = TYPES.iter().find(|known| {
        known.names.contains(&short)
            && match known.members {
                Some(members) => has_one(properties, members),
                None => {
                    properties.is_none_or(Map::is_empty)
                        && !schema["additionalProperties"].is_object()
                }
            }
    });
    known.filter(|_| is_object).map(|known| (known.meaning)())
}

/// Types that are described by what is in them.
fn collections(name: &str, schema: &Value) -> Option<Value> {
    let items = walk::referenced(&schema["items"]).unwrap_or_default();
    match name {
        "JToken" if schema["type"] == "array" && items.ends_with("JToken") => Some(json!({})),
        "JsonObject" if schema["type"] == "array" && items.starts_with("KeyValuePair") => {
            Some(json!({"type": "object", "additionalProperties": {}}))
        }
        _ if name.contains("ValueTuple") => {
            let empty = schema["properties"].as_object().is_none_or(Map::is_empty);
            (schema["type"] == "object" && empty).then(|| json!({}))
        }
        _ => None,
    }
}

/// Whether one of these is among the properties, in any case.
fn has_one(properties: Option<&Map<String, Value>>, members: &[&str]) -> bool {
    properties.into_iter().flat_map(Map::keys).any(|property| {
        members
            .iter()
            .any(|member| member.eq_ignore_ascii_case(property))
    })
}
