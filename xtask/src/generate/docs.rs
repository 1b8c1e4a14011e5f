//! Documentation of generated code: attributes made from the document's text.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, ItemStruct, parse_quote};

/// `#[doc]` attributes, one for each line.
pub fn attributes(text: &str) -> TokenStream {
    let lines = text.trim().lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// Lines of a `///` comment, indented.
pub fn comment(text: &str, indent: &str) -> String {
    let mut out = String::new();
    for line in text.trim().lines() {
        out += indent;
        out += if line.is_empty() { "///" } else { "/// " };
        out += line;
        out.push('\n');
    }
    out
}

/// Joins paragraphs.
pub fn paragraphs<'a>(parts: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let parts: Vec<&str> = parts
        .into_iter()
        .flatten()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n\n")
}

/// Attributes that are written before an item.
pub fn parse_attributes(tokens: &TokenStream) -> Vec<Attribute> {
    let item: ItemStruct = parse_quote!(#tokens struct S;);
    item.attrs
}

/// A name as it can stand between backticks.
pub fn shown(name: &str) -> String {
    let text: String = name
        .chars()
        .map(|c| if c == '`' || c.is_control() { ' ' } else { c })
        .collect();
    if text.trim().is_empty() {
        " ".to_owned()
    } else {
        text
    }
}

/// Puts documentation in the place of what there is.
pub fn replace_docs(attrs: &mut Vec<Attribute>, doc: &TokenStream) {
    attrs.retain(|attr| !attr.path().is_ident("doc"));
    let mut all = parse_attributes(doc);
    all.append(attrs);
    *attrs = all;
}
