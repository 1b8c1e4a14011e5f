//! Documentation of generated code: attributes made from the document's text.

use crate::printable::printable;
use proc_macro2::Span;
use syn::{AttrStyle, Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, MetaNameValue};

/// `#[doc]` attributes, one for each line.
pub fn attributes(text: &str) -> Vec<Attribute> {
    let lines = text.trim().lines().map(|line| match line {
        "" => attribute(""),
        line => attribute(&format!(" {}", printable(line))),
    });
    lines.collect()
}

/// `#[doc = "line"]`, put together, because parsing one for every line of a document is slow.
fn attribute(line: &str) -> Attribute {
    let lit = Lit::Str(LitStr::new(line, Span::call_site()));
    let attrs = Vec::new();
    Attribute {
        pound_token: Default::default(),
        style: AttrStyle::Outer,
        bracket_token: Default::default(),
        meta: Meta::NameValue(MetaNameValue {
            path: Ident::new("doc", Span::call_site()).into(),
            eq_token: Default::default(),
            value: Expr::Lit(ExprLit { attrs, lit }),
        }),
    }
}

/// Lines of a `///` comment, indented.
pub fn comment(text: &str, indent: &str) -> String {
    let mut out = String::new();
    for line in text.trim().lines() {
        out += indent;
        out += if line.is_empty() { "///" } else { "/// " };
        out += &printable(line);
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
pub fn replace_docs(attrs: &mut Vec<Attribute>, text: &str) {
    attrs.retain(|attr| !attr.path().is_ident("doc"));
    let mut docs = attributes(text);
    docs.append(attrs);
    *attrs = docs;
}
