//! Enums and unions that stay open: a value that the document does not list is kept, and
//! sent back as it came. typify has no such types; `sixclicks-core` has macros for them.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use serde_json::Value;

use super::{
    docs,
    plan::Plan,
    print::short_line,
    rust_types::{is_open, rust_type, target},
};
use crate::{
    ident,
    lower::{
        constants::{CONSTANT, OWN, TAG},
        tags::{DEFAULT, NAME, TAGS},
    },
};

/// The macro calls for every enum and union of the plan.
pub fn source(plan: &Plan) -> String {
    let holders = Containment::new(plan);
    let mut out = String::new();
    for (name, schema) in &plan.schemas {
        if !is_open(schema) {
            continue;
        }
        out.push('\n');
        out += &if let Some(value) = schema.get(CONSTANT) {
            format!(
                "::sixclicks_core::constant! {{\n    struct {name} = {};\n}}\n",
                literal(value)
            )
        } else if schema.get("x-sixclicks-mark-variants").is_some() {
            enumeration(name, schema)
        } else {
            union(name, schema, plan, &holders)
        };
    }
    out
}

fn described(name: &str, schema: &Value) -> String {
    let text = docs::paragraphs([schema["title"].as_str(), schema["description"].as_str()]);
    if text.is_empty() {
        format!("`{name}` of the API.")
    } else {
        text
    }
}

fn enumeration(name: &str, schema: &Value) -> String {
    let text = schema["type"] == "string";
    let mut out = format!(
        "::sixclicks_core::{} {{\n{}    pub enum {name} {{\n",
        if text {
            "string_enum!"
        } else {
            "integer_enum!"
        },
        docs::comment(&described(name, schema), "    "),
    );
    for variant in schema["x-sixclicks-mark-variants"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let value = &variant["value"];
        let literal = if text {
            rust_string(value.as_str().unwrap_or_default())
        } else {
            value.to_string()
        };
        let told = match variant["description"]
            .as_str()
            .filter(|text| !text.is_empty())
        {
            Some(text) => text.to_owned(),
            None => format!("`{}`", shown(value)),
        };
        out += &docs::comment(&told, "        ");
        out += &format!(
            "        {} = {literal},\n",
            variant["name"].as_str().unwrap_or_default()
        );
    }
    out += &format!(
        "        ..{}\n    }}\n}}\n",
        fallback(
            schema["x-sixclicks-mark-variants"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|v| v["name"].as_str())
        )
    );
    let first = schema["x-sixclicks-mark-variants"][0]["name"].as_str();
    if schema[TAG] == "first"
        && let Some(first) = first
    {
        out += &format!(
            "\nimpl ::std::default::Default for {name} {{\n    fn default() -> Self {{\n        Self::{first}\n    }}\n}}\n"
        );
    }
    out
}

/// A value as it can stand in a line of documentation.
fn shown(value: &Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let text: String = text
        .chars()
        .map(|c| if c == '`' || c.is_control() { ' ' } else { c })
        .collect();
    if text.trim().is_empty() {
        " ".to_owned()
    } else {
        text
    }
}

/// A Rust literal of a string, a number or a boolean.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => rust_string(text),
        other => other.to_string(),
    }
}

/// A Rust string literal.
fn rust_string(text: &str) -> String {
    proc_macro2::Literal::string(text).to_string()
}

/// The name for what is not listed, unless the document has that name.
fn fallback<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: HashSet<&str> = names.collect();
    let mut name = "UnknownValue".to_owned();
    while names.contains(name.as_str()) {
        name.push('_');
    }
    name.replace('_', "Kept")
}

fn union(name: &str, schema: &Value, plan: &Plan, holders: &Containment) -> String {
    let mut variants: Vec<&Value> = schema["oneOf"].as_array().into_iter().flatten().collect();
    // An enum lists its values, so that it is asked before a type that takes all of them.
    let lists = |variant: &Value| {
        let named = target(variant).and_then(|name| plan.schemas.get(&name));
        named.is_some_and(|schema| schema.get("x-sixclicks-mark-variants").is_some())
    };
    if variants.iter().any(|variant| lists(variant)) {
        variants.sort_by_key(|variant| takes_any(variant, plan));
    }
    let mut taken = HashSet::new();
    let names: Vec<String> = variants
        .iter()
        .map(|variant| ident::unique(variant_name(name, variant), &mut taken))
        .collect();
    let types: Vec<String> = variants
        .iter()
        .map(|variant| {
            let mut bare = (*variant).clone();
            if let Some(object) = bare.as_object_mut() {
                object.remove("nullable");
            }
            let plain = short_line(&rust_type(&bare, &TokenStream::new()));
            match target(variant) {
                Some(inner) if holders.reaches(&inner, name) => {
                    format!("Box<{plain}>")
                }
                _ => plain,
            }
        })
        .collect();
    let comment = docs::comment(&described(name, schema), "    ");
    let unknown = fallback(names.iter().map(String::as_str));
    let property = schema["discriminator"]["propertyName"].as_str();
    let mut out = match property {
        Some(property) => format!(
            "::sixclicks_core::tagged_union! {{\n{comment}    pub enum {name} by {} {{\n",
            rust_string(property)
        ),
        None => format!("::sixclicks_core::untagged_union! {{\n{comment}    pub enum {name} {{\n"),
    };
    for ((variant, rust), kind) in variants.iter().zip(&names).zip(&types) {
        let described = target(variant)
            .and_then(|target| {
                plan.schemas.get(&target)?["description"]
                    .as_str()
                    .map(first_line)
            })
            .unwrap_or_else(|| format!("`{}`", kind.replace("Box<", "").replace('>', "")));
        out += &docs::comment(&described, "        ");
        let Some(_) = property else {
            out += &format!("        {rust}({kind}),\n");
            continue;
        };
        let tags = variant[TAGS].as_array().map_or(&[][..], Vec::as_slice);
        let tags: Vec<String> = tags.iter().map(literal).collect();
        let flags: String = [(OWN, " own"), (DEFAULT, " default")]
            .into_iter()
            .filter(|(mark, _)| variant.get(*mark).is_some())
            .map(|(_, flag)| flag)
            .collect();
        out += &format!("        {rust}({kind}) = [{}]{flags},\n", tags.join(", "));
    }
    out += &format!("        ..{unknown}\n    }}\n}}\n");
    out
}

/// Whether a variant is a string or a number of any value.
fn takes_any(variant: &Value, plan: &Plan) -> bool {
    let named = target(variant).and_then(|name| plan.schemas.get(&name));
    let schema = named.unwrap_or(variant);
    let is_scalar = matches!(
        schema["type"].as_str(),
        Some("string" | "integer" | "number")
    );
    is_scalar && !is_open(schema)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// What a variant is called: after its type, or after the kind of value.
fn variant_name(union: &str, variant: &Value) -> String {
    if let Some(name) = variant[NAME].as_str() {
        return ident::type_name(name);
    }
    if let Some(name) = target(variant) {
        // `ShapeVariant1` in `Shape` is `Variant1`.
        let short = name
            .strip_prefix(union)
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
        return match short {
            Some(rest) => rest.to_owned(),
            None => name,
        };
    }
    if let Some(path) = variant["x-sixclicks-mark-rust-type"]["path"].as_str() {
        return path.rsplit("::").next().unwrap_or("Value").to_owned();
    }
    match variant["type"].as_str() {
        Some("string") if variant["format"] == "uuid" => "Uuid",
        Some("string") => "Text",
        Some("integer") => "Integer",
        Some("number") => "Number",
        Some("boolean") => "Boolean",
        Some("array") => "List",
        Some("object") => "Map",
        _ => "Any",
    }
    .to_owned()
}

/// Which types hold which others without a list, map or box between, so that a union in a
/// circle of types gets a box.
struct Containment {
    direct: HashMap<String, Vec<String>>,
}

impl Containment {
    fn new(plan: &Plan) -> Self {
        let direct = plan
            .schemas
            .iter()
            .map(|(name, schema)| {
                let properties = schema["properties"].as_object().into_iter().flatten();
                let held = properties
                    .map(|(_, property)| property)
                    .chain(schema["oneOf"].as_array().into_iter().flatten())
                    .chain(std::iter::once(schema))
                    .filter_map(target)
                    .collect();
                (name.clone(), held)
            })
            .collect();
        Self { direct }
    }

    /// Whether a value of type `from` can hold a value of type `to` directly.
    fn reaches(&self, from: &str, to: &str) -> bool {
        let mut open = vec![from];
        let mut seen = HashSet::new();
        while let Some(name) = open.pop() {
            if name == to {
                return true;
            }
            if seen.insert(name) {
                open.extend(
                    self.direct
                        .get(name)
                        .into_iter()
                        .flatten()
                        .map(String::as_str),
                );
            }
        }
        false
    }
}
