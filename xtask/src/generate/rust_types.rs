//! The Rust type of a schema, as typify writes it, for the code that is written beside
//! progenitor's.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::lower::{constants::CONSTANT, walk};

/// The type of a lowered schema; component types are looked up in `scope` (such as
/// `types::`).
pub fn rust_type(schema: &Value, scope: &TokenStream) -> TokenStream {
    match bare(schema, scope) {
        Some(plain) if schema["nullable"] == Value::Bool(true) => {
            quote!(::std::option::Option<#plain>)
        }
        Some(plain) => plain,
        // Any value may be null.
        None => quote!(::serde_json::Value),
    }
}

/// The type without regard to null; none where any value is meant.
fn bare(schema: &Value, scope: &TokenStream) -> Option<TokenStream> {
    if let Some(name) = target(schema) {
        let name = format_ident!("{name}");
        return Some(quote!(#scope #name));
    }
    if let Some(path) = schema["x-sixclicks-mark-rust-type"]["path"].as_str() {
        let name = format_ident!("{}", path.rsplit("::").next().unwrap_or(path));
        let parameters = schema["x-sixclicks-mark-rust-type"]["parameters"].as_array();
        return Some(match parameters.and_then(|p| p.first()) {
            Some(parameter) => {
                let parameter = rust_type(parameter, scope);
                quote!(::sixclicks_core::#name<#parameter>)
            }
            None => quote!(::sixclicks_core::#name),
        });
    }
    let known = match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), Some("uuid")) => quote!(::uuid::Uuid),
        (Some("string"), _) => quote!(::std::string::String),
        (Some("boolean"), _) => quote!(bool),
        (Some("integer"), format) => {
            let name = match format {
                Some("int8") => "i8",
                Some("int16") => "i16",
                Some("int32") => "i32",
                Some("uint8") => "u8",
                Some("uint16") => "u16",
                Some("uint32") => "u32",
                Some("uint64") => "u64",
                _ => "i64",
            };
            let name = format_ident!("{name}");
            quote!(#name)
        }
        (Some("number"), _) => quote!(f64),
        (Some("array"), _) => {
            let items = rust_type(&schema["items"], scope);
            quote!(::std::vec::Vec<#items>)
        }
        (Some("object"), _) => match schema.get("additionalProperties") {
            Some(values) if values.as_object().is_some_and(|v| !v.is_empty()) => {
                let values = rust_type(values, scope);
                quote!(::std::collections::BTreeMap<::std::string::String, #values>)
            }
            _ => quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>),
        },
        _ => return None,
    };
    Some(known)
}

/// Whether a component's type is an enum or union that stays open, which
/// [`super::open_types`] writes and not typify.
pub fn is_open(schema: &Value) -> bool {
    schema.get("x-sixclicks-mark-variants").is_some()
        || schema.get("oneOf").is_some()
        || schema.get(CONSTANT).is_some()
}

/// The component that a schema stands for.
pub fn target(schema: &Value) -> Option<String> {
    walk::referenced(schema).or_else(|| {
        let parts = schema["allOf"].as_array()?;
        walk::referenced(parts.first()?)
    })
}
