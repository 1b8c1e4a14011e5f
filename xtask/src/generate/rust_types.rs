//! The Rust type of a [`Type`], as typify writes it, for the code that is written beside
//! progenitor's.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::schema::{JsonType, Scalar, Type, TypeKind};

/// Returns the Rust type. Component types are looked up in `scope`, such as `types::`.
pub fn rust_type(ty: &Type, scope: &TokenStream) -> TokenStream {
    let plain = plain_type(ty, scope);
    // Any value can be null by itself.
    match ty.nullable && !matches!(ty.kind, TypeKind::Any) {
        true => quote!(::std::option::Option<#plain>),
        false => plain,
    }
}

/// Returns the Rust type of values other than `null`.
pub fn plain_type(ty: &Type, scope: &TokenStream) -> TokenStream {
    match &ty.kind {
        TypeKind::Named(name) => {
            let name = format_ident!("{name}");
            quote!(#scope #name)
        }
        TypeKind::Scalar(scalar) => scalar_type(scalar, scope),
        TypeKind::List(items) => {
            let items = rust_type(items, scope);
            quote!(::std::vec::Vec<#items>)
        }
        TypeKind::Map(values) => {
            let values = rust_type(values, scope);
            quote!(::std::collections::BTreeMap<::std::string::String, #values>)
        }
        TypeKind::Object => quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>),
        TypeKind::Any => quote!(::serde_json::Value),
    }
}

fn scalar_type(scalar: &Scalar, scope: &TokenStream) -> TokenStream {
    if let Some(core) = &scalar.core {
        let name = format_ident!("{}", core.name);
        return match &core.parameter {
            Some(parameter) => {
                let parameter = rust_type(parameter, scope);
                quote!(::sixclicks_core::#name<#parameter>)
            }
            None if name == "i128" || name == "u128" => quote!(#name),
            None => quote!(::sixclicks_core::#name),
        };
    }
    match scalar.json {
        JsonType::Boolean => quote!(bool),
        JsonType::Number => quote!(f64),
        JsonType::String if scalar.format.as_deref() == Some("uuid") => quote!(::uuid::Uuid),
        JsonType::String => quote!(::std::string::String),
        JsonType::Integer => match scalar.format.as_deref() {
            Some("int8") => quote!(i8),
            Some("int16") => quote!(i16),
            Some("int32") => quote!(i32),
            Some("uint8") => quote!(u8),
            Some("uint16") => quote!(u16),
            Some("uint32") => quote!(u32),
            Some("uint64") => quote!(u64),
            _ => quote!(i64),
        },
    }
}
