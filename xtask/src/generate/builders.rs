//! The builders that progenitor wrote: documentation from the document, and the sending of
//! every request.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Block, Fields, Item, ItemImpl, parse_quote, visit_mut::VisitMut};

use super::{
    docs,
    nesting::Nesting,
    prologue,
    send::{Send, send},
    streams::{self, Structs},
    syntax::implementor,
};
use crate::model::{Operation, Parameter, Place, Plan};

/// Completes the builders one after the other.
pub struct Builders<'a> {
    /// The operations by their builders' names.
    operations: HashMap<String, &'a Operation>,
    structs: &'a Structs,
    nesting: Nesting,
}

impl<'a> Builders<'a> {
    /// For the operations of a plan, whose types are these.
    pub fn new(plan: &'a Plan, structs: &'a Structs) -> Self {
        let operations = plan.operations.iter();
        Self {
            operations: operations.map(|own| (own.builder(), own)).collect(),
            structs,
            nesting: Nesting::new(plan),
        }
    }

    /// The operation that an item is the builder of.
    pub fn operation(&self, item: &Item) -> Option<&'a Operation> {
        match item {
            Item::Struct(item) => self.operations.get(&item.ident.to_string()).copied(),
            Item::Impl(item) => self.operations.get(&implementor(item)?).copied(),
            _ => None,
        }
    }

    /// The `Debug` of a builder. It shows the operation alone: parameters and body may be secret.
    pub fn debug(operation: &Operation) -> Item {
        let (name, text) = (
            format_ident!("{}", operation.builder()),
            operation.builder(),
        );
        parse_quote! {
            impl ::std::fmt::Debug for #name<'_> {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_struct(#text).finish_non_exhaustive()
                }
            }
        }
    }

    /// Completes one item of a builder.
    ///
    /// # Errors
    ///
    /// When what is written into it is no Rust.
    pub fn complete(&self, item: &mut Item, operation: &Operation) -> syn::Result<()> {
        match item {
            Item::Struct(item) => {
                let text = format!(
                    "Builder for [`Client::{0}`](crate::Client::{0}).",
                    operation.id
                );
                docs::replace_docs(&mut item.attrs, &text);
                item.attrs
                    .retain(|attribute| !attribute.path().is_ident("derive"));
                item.attrs.push(parse_quote!(#[derive(Clone)]));
                if operation.follows_links()
                    && let Fields::Named(fields) = &mut item.fields
                {
                    fields.named.push(parse_quote!(next_link: Option<String>));
                }
            }
            Item::Impl(item) => {
                let send = send(operation, self.nesting.answers(operation));
                complete_builder(item, operation, &send)?;
                if let Some(paging) = &operation.paging {
                    let stream = streams::method(operation, paging, &send, self.structs);
                    item.items.push(syn::parse2(stream)?);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// What the file of the builders has to bring into scope for its code.
pub fn imports(code: &str) -> TokenStream {
    if code.is_empty() {
        return quote!();
    }
    let names = [
        "Call",
        "Error",
        "Form",
        "Multipart",
        "OperationInfo",
        "Page",
        "PageStream",
        "PathStyle",
        "QueryStyle",
        "ResponseValue",
    ]
    .into_iter()
    .filter(|name| uses(code, name))
    .map(|name| format_ident!("{name}"));
    let types = uses(code, "types").then(|| {
        quote!(
            use crate::types;
        )
    });
    quote! {
        use sixclicks_core::{#(#names),*};
        #types
    }
}

/// Whether printed code takes something from a name in scope: `Form::new` does, and neither the
/// variant `QueryStyle::Form` nor the path `/Form`.
fn uses(code: &str, name: &str) -> bool {
    let uses = |line: &str| {
        line.match_indices(name).any(|(at, _)| {
            let (before, after) = (&line[..at], &line[at + name.len()..]);
            let starts = before.ends_with(|c: char| !c.is_alphanumeric() && !"_:/".contains(c));
            let goes_on = ["::", "<", " {"].iter().any(|next| after.starts_with(next));
            (starts || before.is_empty()) && goes_on
        })
    };
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(uses)
}

fn complete_builder(item: &mut ItemImpl, operation: &Operation, send: &Send) -> syn::Result<()> {
    for method in &mut item.items {
        let syn::ImplItem::Fn(method) = method else {
            continue;
        };
        let name = method.sig.ident.to_string();
        match name.as_str() {
            "new" => {
                docs::replace_docs(&mut method.attrs, "The operation with nothing set.");
                if let Some(syn::Stmt::Expr(syn::Expr::Struct(made), _)) =
                    method.block.stmts.last_mut()
                {
                    for field in &mut made.fields {
                        plain_field(field);
                    }
                    if operation.follows_links() {
                        made.fields.push(parse_quote!(next_link: None));
                    }
                }
            }
            "send" => {
                let text = format!(
                    "Sends a `{}` request to `{}`.\n\n# Errors\n\nWhen a value is missing, the request cannot be sent, or the server answers with an error.",
                    operation.method,
                    docs::shown(&operation.path)
                );
                docs::replace_docs(&mut method.attrs, &text);
                let (success, error) = (&send.success, &send.error);
                method.sig.output = parse_quote!(-> Result<ResponseValue<#success>, Error<#error>>);
                let body = &send.body;
                let body: Block = syn::parse2(quote!({ #body }))?;
                prologue::keep(&mut method.block.stmts, operation);
                method.block.stmts.extend(body.stmts);
            }
            "body_map" => {
                docs::replace_docs(&mut method.attrs, "Changes the body that is being built.");
            }
            name => {
                let parameter = operation
                    .parameters
                    .iter()
                    .find(|parameter| parameter.rust == name);
                let text = match parameter {
                    Some(parameter) => setter_doc(parameter),
                    None => docs::paragraphs([
                        operation
                            .body
                            .as_ref()
                            .and_then(|body| body.description.as_deref()),
                        Some("The body."),
                    ]),
                };
                docs::replace_docs(&mut method.attrs, &text);
                plain_message(&mut method.block, name);
            }
        }
    }
    Ok(())
}

fn setter_doc(parameter: &Parameter) -> String {
    let place = match parameter.place {
        Place::Path => "in the path",
        Place::Query => "in the query",
        Place::Header => "as a header",
        Place::Cookie => "as a cookie",
        Place::Form | Place::Multipart => "as a field of the form",
    };
    let needed = if parameter.required { ", required" } else { "" };
    let sent = format!("`{}`, {place}{needed}.", docs::shown(&parameter.wire));
    let schema_text = parameter.ty.description.as_deref();
    docs::paragraphs([
        parameter.description.as_deref().or(schema_text),
        Some(&sent),
        schema_text.filter(|text| {
            parameter.description.is_some() && parameter.description.as_deref() != Some(*text)
        }),
    ])
}

/// `client` instead of `client: client`, and what a caller calls a value that is missing.
fn plain_field(field: &mut syn::FieldValue) {
    struct Missing;
    impl VisitMut for Missing {
        fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
            if let Some(name) = literal.value().strip_suffix(" was not initialized") {
                *literal = syn::LitStr::new(&format!("`{name}` is not set"), literal.span());
            }
        }
    }
    if let (syn::Member::Named(name), syn::Expr::Path(value)) = (&field.member, &field.expr)
        && value.path.is_ident(name)
    {
        field.colon_token = None;
    }
    Missing.visit_field_value_mut(field);
}

/// progenitor's messages spell types as tokens; the name of the parameter is enough.
fn plain_message(block: &mut syn::Block, name: &str) {
    struct Messages<'a>(&'a str);
    impl VisitMut for Messages<'_> {
        fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
            if literal.value().starts_with("conversion to `") && !literal.value().contains("{}") {
                *literal = syn::LitStr::new(
                    &format!("`{}` is not of the type that is sent", self.0),
                    literal.span(),
                );
            }
        }
    }
    Messages(name).visit_block_mut(block);
}
