//! Enums and unions that stay open: a value that the document does not list is kept, and
//! sent back as it came. typify has no such types; `sixclicks-core` has macros for them.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use serde_json::Value;

use super::{docs, print::short_line, rust_types::plain_type};
use crate::{
    ident,
    model::{
        Plan, Schema,
        schema::{Enum, JsonType, Shape, TypeKind, Union, Variant},
    },
};

/// The macro calls for every enum and union of the plan.
pub fn source(plan: &Plan) -> String {
    let holders = Containment::new(plan);
    let mut out = String::new();
    for (name, schema) in &plan.schemas {
        let written = match &schema.shape {
            Shape::Constant(value) => format!(
                "::sixclicks_core::constant! {{\n    struct {name} = {};\n}}\n",
                literal(value)
            ),
            Shape::Enum(own) => enumeration(name, schema, own),
            Shape::Union(own) => union(name, schema, own, plan, &holders),
            Shape::Struct(_) | Shape::Alias(_) => continue,
        };
        out.push('\n');
        out += &written;
    }
    out
}

fn described(name: &str, schema: &Schema) -> String {
    let text = docs::paragraphs([schema.title.as_deref(), schema.description.as_deref()]);
    if text.is_empty() {
        format!("`{name}` of the API.")
    } else {
        text
    }
}

fn enumeration(name: &str, schema: &Schema, own: &Enum) -> String {
    let mut out = format!(
        "::sixclicks_core::{} {{\n{}    pub enum {name} {{\n",
        if own.is_string {
            "string_enum!"
        } else {
            "integer_enum!"
        },
        docs::comment(&described(name, schema), "    "),
    );
    for value in &own.values {
        let told = match value.description.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => text.to_owned(),
            None => format!("`{}`", shown(&value.value)),
        };
        out += &docs::comment(&told, "        ");
        out += &format!("        {} = {},\n", value.name, literal(&value.value));
    }
    let names = own.values.iter().map(|value| value.name.as_str());
    out += &format!("        ..{}\n    }}\n}}\n", fallback(names));
    if own.first_is_default
        && let Some(first) = own.values.first()
    {
        out += &format!(
            "\nimpl ::std::default::Default for {name} {{\n    fn default() -> Self {{\n        Self::{}\n    }}\n}}\n",
            first.name
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

fn union(name: &str, schema: &Schema, own: &Union, plan: &Plan, holders: &Containment) -> String {
    let mut variants: Vec<&Variant> = own.variants.iter().collect();
    // An enum lists its values, so that it is asked before a type that takes all of them.
    let lists = |variant: &Variant| {
        let named = variant.ty.target().and_then(|name| plan.schemas.get(name));
        named.is_some_and(|schema| matches!(schema.shape, Shape::Enum(_)))
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
            let plain = short_line(&plain_type(&variant.ty, &TokenStream::new()));
            match variant.ty.target() {
                Some(inner) if holders.reaches(inner, name) => format!("Box<{plain}>"),
                _ => plain,
            }
        })
        .collect();
    let comment = docs::comment(&described(name, schema), "    ");
    let unknown = fallback(names.iter().map(String::as_str));
    let mut out = match &own.discriminator {
        Some(property) => format!(
            "::sixclicks_core::tagged_union! {{\n{comment}    pub enum {name} by {} {{\n",
            rust_string(property)
        ),
        None => format!("::sixclicks_core::untagged_union! {{\n{comment}    pub enum {name} {{\n"),
    };
    for ((variant, rust), kind) in variants.iter().zip(&names).zip(&types) {
        let target = variant
            .ty
            .target()
            .and_then(|target| plan.schemas.get(target));
        let described = target
            .and_then(|target| target.description.as_deref().map(first_line))
            .unwrap_or_else(|| format!("`{}`", kind.replace("Box<", "").replace('>', "")));
        out += &docs::comment(&described, "        ");
        if own.discriminator.is_none() {
            out += &format!("        {rust}({kind}),\n");
            continue;
        }
        let tags: Vec<String> = variant.tags.iter().map(literal).collect();
        let flags: String = [
            (variant.writes_tag, " own"),
            (variant.is_default, " default"),
        ]
        .into_iter()
        .filter(|(is_set, _)| *is_set)
        .map(|(_, flag)| flag)
        .collect();
        out += &format!("        {rust}({kind}) = [{}]{flags},\n", tags.join(", "));
    }
    out += &format!("        ..{unknown}\n    }}\n}}\n");
    out
}

/// Whether a variant is a string or a number of any value.
fn takes_any(variant: &Variant, plan: &Plan) -> bool {
    let named = variant.ty.target().and_then(|name| plan.schemas.get(name));
    let ty = match named.map(|schema| &schema.shape) {
        Some(Shape::Alias(ty)) => ty,
        Some(_) => return false,
        None => &variant.ty,
    };
    ty.scalar()
        .is_some_and(|scalar| scalar.json != JsonType::Boolean)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// What a variant is called: after its type, or after the kind of value.
fn variant_name(union: &str, variant: &Variant) -> String {
    if let Some(name) = &variant.name {
        return ident::type_name(name);
    }
    match &variant.ty.kind {
        TypeKind::Named(name) => {
            // `ShapeVariant1` in `Shape` is `Variant1`.
            let short = name
                .strip_prefix(union)
                .filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
            return short.unwrap_or(name).to_owned();
        }
        TypeKind::Scalar(scalar) => match (&scalar.core, scalar.json) {
            (Some(core), _) if matches!(core.name.as_str(), "i128" | "u128") => "Integer",
            (Some(core), _) => return core.name.clone(),
            (_, JsonType::String) if scalar.format.as_deref() == Some("uuid") => "Uuid",
            (_, JsonType::String) => "Text",
            (_, JsonType::Integer) => "Integer",
            (_, JsonType::Number) => "Number",
            (_, JsonType::Boolean) => "Boolean",
        },
        TypeKind::List(_) => "List",
        TypeKind::Map(_) | TypeKind::Object => "Map",
        TypeKind::Any => "Any",
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
                let held = schema.direct_types();
                let held = held.iter().filter_map(|ty| ty.target());
                (name.clone(), held.map(str::to_owned).collect())
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
