//! Types of .NET that the documents describe by their properties, or by another format, and that
//! the server writes and reads as text, as a number or as any JSON.

use serde_json::{Map, Value, json};

use super::{each_component, each_object, short};
use crate::dialect::Dialect;

/// The names of a type, and properties of which one tells it; without any, it has none.
type Sign = (&'static [&'static str], &'static [&'static str]);

/// Types that are any JSON.
const ANY: [Sign; 6] = [
    (
        &["JsonNode", "JsonObject", "JsonArray", "JsonValue"],
        &["parent", "root"],
    ),
    (&["JsonElement"], &["valueKind"]),
    (&["JsonDocument"], &["rootElement"]),
    (&["IPAddress"], &["addressFamily", "scopeId"]),
    (&["CultureInfo"], &["lcid", "textInfo"]),
    (&["Encoding"], &["codePage", "bodyName"]),
];

/// Types that are text, each with its format.
const TEXTS: [(Sign, &str); 5] = [
    (
        (&["TimeSpan"], &["ticks", "totalDays", "totalMilliseconds"]),
        "date-span",
    ),
    ((&["DateOnly"], &["dayNumber", "dayOfYear"]), "date"),
    ((&["TimeOnly"], &["ticks", "minute"]), "time"),
    ((&["Version"], &["majorRevision", "minorRevision"]), ""),
    (
        (
            &[
                "ByteMemory",
                "ByteReadOnlyMemory",
                "MemoryOfByte",
                "ReadOnlyMemoryOfByte",
            ],
            &["isEmpty", "span"],
        ),
        "byte",
    ),
];

/// Types that are numbers, with or without the properties that hold their halves.
const NUMBERS: [(&str, &str, &str); 4] = [
    ("Half", "number", "float"),
    ("SByte", "integer", "int8"),
    ("Int128", "integer", "int128"),
    ("UInt128", "integer", "uint128"),
];

/// Rewrites the components that are such types.
pub fn correct(root: &mut Value, dialect: Dialect) {
    each_component(root, &mut |name, component| {
        if let Some(meant) = meant(short(name), component) {
            *component = meant;
        }
    });
    each_object(root, &mut |schema| {
        if matches!(dialect, Dialect::Nswag | Dialect::Microsoft) {
            time_span(schema);
        }
        if dialect == Dialect::Swashbuckle {
            named_keys(schema);
        }
    });
    if dialect == Dialect::Nswag {
        each_component(root, &mut |_, component| numeric_tag(component));
    }
}

/// What a component is on the wire.
fn meant(name: &str, component: &Value) -> Option<Value> {
    let properties = component["properties"].as_object();
    let items = component["items"]["$ref"].as_str().unwrap_or_default();
    let items = items.rsplit('/').next().unwrap_or_default();
    if component["type"] == "array" {
        return match name {
            "JToken" if items.ends_with("JToken") => Some(json!({})),
            "JsonObject" if items.starts_with("KeyValuePair") => {
                Some(json!({"type": "object", "additionalProperties": {}}))
            }
            _ => None,
        };
    }
    let empty = properties.is_none_or(Map::is_empty);
    let is_map = component["additionalProperties"].is_object();
    if component["type"] != "object" && properties.is_none() {
        return None;
    }
    if name.contains("ValueTuple") && empty {
        return Some(json!({}));
    }
    let tells = |(names, members): &Sign| names.contains(&name) && has_one(properties, members);
    if ANY.iter().any(tells) {
        return Some(json!({}));
    }
    if let Some((_, format)) = TEXTS.iter().find(|(sign, _)| tells(sign)) {
        return Some(match *format {
            "" => json!({"type": "string"}),
            format => json!({"type": "string", "format": format}),
        });
    }
    let halves = has_one(properties, &["lower", "upper"]) && name.ends_with("128");
    let number = NUMBERS.iter().find(|(own, ..)| *own == name);
    let number = number.filter(|_| halves || empty && !is_map);
    number.map(|(_, kind, format)| json!({"type": kind, "format": format}))
}

/// Whether one of these is among the properties.
fn has_one(properties: Option<&Map<String, Value>>, members: &[&str]) -> bool {
    let mut names = properties.into_iter().flat_map(Map::keys);
    names.any(|name| {
        let mut members = members.iter();
        members.any(|member| member.eq_ignore_ascii_case(name))
    })
}

/// NSwag calls a `TimeSpan` a duration, which the server neither writes nor reads, and Microsoft's
/// writer gives it a pattern, which hours above 23 fit as well.
fn time_span(schema: &mut Map<String, Value>) {
    let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
    let pattern = text("pattern").unwrap_or_default();
    let spans = pattern.contains(r"(\d+\.)?") && pattern.contains(r"\d{2}:\d{2}:\d{2}");
    let duration = text("format") == Some("duration");
    if text("type") == Some("string") && (duration || spans) {
        schema.insert("format".to_owned(), "date-span".into());
        schema.remove("pattern");
    }
}

/// NSwag describes a discriminator as text that the server writes and reads as a number.
fn numeric_tag(component: &mut Value) {
    let mapping = component["discriminator"]["mapping"].as_object();
    let numbers = mapping.is_some_and(|mapping| {
        !mapping.is_empty() && mapping.keys().all(|key| key.parse::<i64>().is_ok())
    });
    let name = component["discriminator"]["propertyName"].as_str();
    if let Some(name) = name.filter(|_| numbers).map(str::to_owned)
        && component["properties"][&name]["type"] == "string"
    {
        component["properties"][&name] = json!({"type": "integer"});
    }
}

/// Swashbuckle lists the keys of a map as properties of a closed object, of which the server sends
/// and takes any, if they are the names of an enum. A class is a component; only what stands inside
/// another schema is such a map.
fn named_keys(schema: &mut Map<String, Value>) {
    let parts = ["properties", "items", "additionalProperties"];
    for part in parts {
        match (part, schema.get_mut(part)) {
            ("properties", Some(Value::Object(properties))) => {
                properties.values_mut().for_each(open_keys);
            }
            ("items" | "additionalProperties", Some(inner)) => open_keys(inner),
            _ => {}
        }
    }
}

fn open_keys(schema: &mut Value) {
    let properties = schema["properties"].as_object();
    let mut values = properties.into_iter().flat_map(Map::values);
    let Some(first) = values.next().cloned() else {
        return;
    };
    let same = values.all(|value| *value == first);
    if same && schema["additionalProperties"] == false && schema.get("required").is_none() {
        *schema = json!({
            "type": "object",
            "additionalProperties": first,
            "nullable": schema["nullable"] == true,
        });
    }
}
