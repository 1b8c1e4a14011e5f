//! The types that typify wrote: documentation from the document, the names that
//! properties have on the wire, and setters that take a plain value.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Item, ItemImpl, ItemMod, ItemStruct, Type, parse_quote};

use super::{docs, plan::Plan, unset};

/// Completes the types file; the builders of its structs are a module in it.
pub fn complete_types(items: &mut Vec<Item>, plan: &Plan) {
    items.retain(|item| !matches!(item, Item::Mod(item) if item.ident == "defaults"));
    unset::complete(items);
    let mut fields: HashMap<String, HashMap<String, TokenStream>> = HashMap::new();
    for item in items.iter_mut() {
        if let Item::Struct(item) = item {
            bend(item);
            fields.insert(item.ident.to_string(), complete_struct(item, plan));
        }
    }
    for item in items.iter_mut() {
        let Item::Mod(ItemMod {
            ident,
            content: Some((_, inner)),
            ..
        }) = item
        else {
            continue;
        };
        if ident != "builder" {
            continue;
        }
        for item in inner.iter_mut() {
            if let Item::Impl(item) = item
                && item.trait_.is_none()
            {
                let name = item.self_ty.to_token_stream().to_string();
                setters(item, fields.get(&name));
            }
        }
    }
    for item in items.iter_mut() {
        if let Item::Impl(item) = item
            && item.trait_.is_none()
        {
            let name = item.self_ty.to_token_stream().to_string();
            for method in &mut item.items {
                if let syn::ImplItem::Fn(method) = method
                    && method.sig.ident == "builder"
                {
                    let doc = docs::attributes(&format!("Starts a [`{name}`](Self) from nothing."));
                    method.attrs = docs::parse_attributes(&doc);
                }
            }
        }
    }
}

/// A struct is made with its builder and not field by field, so that a field that is added
/// breaks nobody. A struct around one value does not grow.
fn bend(item: &mut ItemStruct) {
    if matches!(item.fields, syn::Fields::Named(_)) {
        item.attrs.push(parse_quote!(#[non_exhaustive]));
    }
}

/// Documentation and wire names of a struct; answers the documentation of its fields.
fn complete_struct(item: &mut ItemStruct, plan: &Plan) -> HashMap<String, TokenStream> {
    let name = item.ident.to_string();
    let mut told = HashMap::new();
    let Some(schema) = plan.schemas.get(&name) else {
        return told;
    };
    let text = docs::paragraphs([
        schema["title"].as_str().filter(|t| *t != name),
        schema["description"].as_str(),
    ]);
    let text = if text.is_empty() {
        format!("`{name}` of the API.")
    } else {
        text
    };
    docs::replace_docs(&mut item.attrs, &docs::attributes(&text));
    let by_field: HashMap<String, (&String, &serde_json::Value)> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(wire, property)| (crate::ident::field_name(wire), (wire, property)))
        .collect();
    for field in &mut item.fields {
        let Some(ident) = field.ident.as_ref().map(ToString::to_string) else {
            continue;
        };
        let Some((key, property)) = by_field.get(&ident) else {
            docs::replace_docs(
                &mut field.attrs,
                &docs::attributes("Whatever else the object holds."),
            );
            continue;
        };
        let wire = property["x-wire-name"].as_str();
        if let Some(wire) = wire {
            rename(&mut field.attrs, wire);
        }
        let mut text = property["description"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        for (keyword, sentence) in [
            ("readOnly", "Only the server sets it."),
            ("writeOnly", "Only sent, never answered."),
            ("deprecated", "Deprecated."),
        ] {
            if property[keyword] == serde_json::Value::Bool(true) {
                text = docs::paragraphs([Some(text.as_str()), Some(sentence)]);
            }
        }
        if text.is_empty() {
            text = format!("`{}`", docs::shown(wire.unwrap_or(key)));
        }
        let doc = docs::attributes(&text);
        docs::replace_docs(&mut field.attrs, &doc);
        told.insert(ident, doc);
    }
    told
}

/// Gives a field the name that it has on the wire.
fn rename(attrs: &mut Vec<Attribute>, wire: &str) {
    let mut options: Vec<TokenStream> = vec![quote!(rename = #wire)];
    attrs.retain(|attr| {
        if !attr.path().is_ident("serde") {
            return true;
        }
        if let Ok(list) = attr.parse_args_with(
            syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
        ) {
            options.extend(
                list.iter()
                    .filter(|meta| !meta.path().is_ident("rename"))
                    .map(ToTokens::to_token_stream),
            );
        }
        false
    });
    attrs.push(parse_quote!(#[serde(#(#options),*)]));
}

/// Setters of optional fields take the plain value, and say what they set.
fn setters(item: &mut ItemImpl, told: Option<&HashMap<String, TokenStream>>) {
    for method in &mut item.items {
        let syn::ImplItem::Fn(method) = method else {
            continue;
        };
        let name = method.sig.ident.to_string();
        if let Some(doc) = told.and_then(|told| told.get(&name)) {
            docs::replace_docs(&mut method.attrs, doc);
        }
        let Some(clause) = &mut method.sig.generics.where_clause else {
            continue;
        };
        let Some(inner) = clause.predicates.iter().find_map(optional_target) else {
            continue;
        };
        let field = &method.sig.ident;
        let message = format!("error converting supplied value for {name}: {{e}}");
        *clause = parse_quote!(where T: std::convert::TryInto<#inner>, T::Error: std::fmt::Display);
        method.block = parse_quote!({
            self.#field = value.try_into().map(Some).map_err(|e| format!(#message));
            self
        });
    }
}

/// `X` of a bound `T: TryInto<Option<X>>`.
fn optional_target(predicate: &syn::WherePredicate) -> Option<Type> {
    let text = predicate.to_token_stream().to_string();
    let rest = text.split_once("TryInto <")?.1.trim();
    let inner = rest.strip_prefix(":: std :: option :: Option <")?.trim();
    let inner = inner.trim_end_matches([',', ' ']);
    let inner = inner
        .strip_suffix('>')?
        .trim_end_matches([',', ' '])
        .strip_suffix('>')?
        .trim_end_matches([',', ' ']);
    syn::parse_str(inner).ok()
}
