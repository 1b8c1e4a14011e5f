//! The builders that progenitor wrote: documentation from the document, and the sending of
//! every request.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{
    File, Item, ItemImpl, Type, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::{
    GenerateError, docs,
    plan::{Operation, Parameter, Place, Plan},
    send::Send,
    streams::{self, Structs},
};

/// Completes the builders.
///
/// # Errors
///
/// When the sending of an operation is no Rust.
pub fn complete_builders(
    items: &mut Vec<Item>,
    plan: &Plan,
    sends: &HashMap<String, Send>,
    structs: &Structs,
) -> Result<(), GenerateError> {
    items.retain(|item| !matches!(item, Item::Use(_)));
    let operations: HashMap<String, &Operation> = plan
        .operations
        .iter()
        .map(|operation| (operation.builder(), operation))
        .collect();
    for item in items.iter_mut() {
        match item {
            Item::Struct(item) => {
                let Some(operation) = operations.get(&item.ident.to_string()) else {
                    continue;
                };
                let text = format!(
                    "Builder for [`Client::{0}`](crate::Client::{0}).",
                    operation.id
                );
                docs::replace_docs(&mut item.attrs, &docs::attributes(&text));
                if streams::follows_links(operation)
                    && let syn::Fields::Named(fields) = &mut item.fields
                {
                    fields.named.push(parse_quote!(next_link: Option<String>));
                }
            }
            Item::Impl(item) => {
                let Type::Path(path) = &*item.self_ty else {
                    continue;
                };
                let Some(name) = path
                    .path
                    .segments
                    .last()
                    .map(|segment| segment.ident.to_string())
                else {
                    continue;
                };
                let (Some(operation), Some(send)) = (operations.get(&name), sends.get(&name))
                else {
                    continue;
                };
                complete_builder(item, operation, send)?;
                if let Some(paging) = &operation.paging {
                    let stream = streams::method(operation, paging, send, structs);
                    let method = syn::parse2(stream.clone())
                        .map_err(|error| GenerateError::Code(format!("{error} in {stream}")))?;
                    item.items.push(method);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the file of the builders has to bring into scope for its code.
pub fn imports(code: &str) -> Vec<Item> {
    if code.is_empty() {
        return Vec::new();
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
    let head: File = parse_quote! {
        use sixclicks_core::{#(#names),*};
        #types
    };
    head.items
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

fn complete_builder(
    item: &mut ItemImpl,
    operation: &Operation,
    send: &Send,
) -> Result<(), GenerateError> {
    for method in &mut item.items {
        let syn::ImplItem::Fn(method) = method else {
            continue;
        };
        let name = method.sig.ident.to_string();
        match name.as_str() {
            "new" => {
                docs::replace_docs(
                    &mut method.attrs,
                    &docs::attributes("The operation with nothing set."),
                );
                if let Some(syn::Stmt::Expr(syn::Expr::Struct(made), _)) =
                    method.block.stmts.last_mut()
                {
                    for field in &mut made.fields {
                        plain_field(field);
                    }
                    if streams::follows_links(operation) {
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
                docs::replace_docs(&mut method.attrs, &docs::attributes(&text));
                let (success, error) = (&send.success, &send.error);
                method.sig.output = parse_quote!(-> Result<ResponseValue<#success>, Error<#error>>);
                let kept = prologue(&method.block, operation);
                let body = &send.body;
                let block = quote!({ #kept #body });
                method.block = syn::parse2(block.clone())
                    .map_err(|error| GenerateError::Code(format!("{error} in {block}")))?;
            }
            "body_map" => {
                docs::replace_docs(
                    &mut method.attrs,
                    &docs::attributes("Changes the body that is being built."),
                );
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
                docs::replace_docs(&mut method.attrs, &docs::attributes(&text));
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
    let schema_text = parameter.schema["description"].as_str();
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

/// The statements of progenitor's `send` that take the parameters out of the builder.
fn prologue(block: &syn::Block, operation: &Operation) -> TokenStream {
    let id = &operation.id;
    let statements = block.stmts.iter().filter_map(|statement| {
        let syn::Stmt::Local(local) = statement else {
            return None;
        };
        let mut local = local.clone();
        let mut rewrite = Rewrite { id, found: false };
        rewrite.visit_local_mut(&mut local);
        if let syn::Pat::Struct(pattern) = &mut local.pat {
            if streams::follows_links(operation) {
                pattern.fields.push(syn::FieldPat {
                    attrs: Vec::new(),
                    member: format_ident!("next_link").into(),
                    colon_token: None,
                    pat: Box::new(parse_quote!(next_link)),
                });
            }
        } else if !rewrite.found {
            return None;
        }
        Some(local.to_token_stream())
    });
    quote!(#(#statements)*)
}

/// Puts our errors in the place of progenitor's, which does not know the operation.
struct Rewrite<'a> {
    id: &'a str,
    found: bool,
}

impl VisitMut for Rewrite<'_> {
    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let syn::Expr::Path(path) = &*expression
            && path.path.segments.len() == 2
            && path.path.segments[0].ident == "Error"
            && path.path.segments[1].ident == "InvalidRequest"
        {
            let id = self.id;
            *expression = parse_quote!(|e| Error::invalid_request(#id, e));
            self.found = true;
        }
    }
}
