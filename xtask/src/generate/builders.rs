//! The builders that progenitor wrote: documentation from the document, and the sending of
//! every request.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{File, Item, ItemImpl, Type, parse_quote};

use super::{
    GenerateError, docs,
    plan::{Operation, Parameter, Place, Plan},
    send::Send,
    skeleton,
    streams::{self, Structs},
};

/// Completes the builders file.
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
    for item in items.iter_mut() {
        match item {
            Item::Struct(item) => {
                let Some(operation) = skeleton::by_builder(plan, &item.ident.to_string()) else {
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
                let (Some(operation), Some(send)) =
                    (skeleton::by_builder(plan, &name), sends.get(&name))
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
    let text = items
        .iter()
        .map(|item| item.to_token_stream().to_string())
        .collect::<String>();
    let used = [
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
    .filter(|name| match *name {
        "Form" | "Multipart" | "Page" => text.contains(&format!("{name} :: new")),
        _ => text.contains(&format!("{name} ")),
    })
    .map(|name| format_ident!("{name}"));
    let types = text.contains("types ::").then(|| {
        quote!(
            use crate::types;
        )
    });
    let head: File = parse_quote! {
        use sixclicks_core::{#(#used),*};
        #types
    };
    if items.is_empty() {
        return Ok(());
    }
    items.splice(0..0, head.items);
    Ok(())
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
                if streams::follows_links(operation)
                    && let Some(syn::Stmt::Expr(syn::Expr::Struct(made), _)) =
                        method.block.stmts.last_mut()
                {
                    made.fields.push(parse_quote!(next_link: None));
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

/// progenitor's messages spell types as tokens; the name of the parameter is enough.
fn plain_message(block: &mut syn::Block, name: &str) {
    struct Messages<'a>(&'a str);
    impl syn::visit_mut::VisitMut for Messages<'_> {
        fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
            if literal.value().starts_with("conversion to `") && !literal.value().contains("{}") {
                *literal = syn::LitStr::new(
                    &format!("`{}` is not of the type that is sent", self.0),
                    literal.span(),
                );
            }
        }
    }
    syn::visit_mut::VisitMut::visit_block_mut(&mut Messages(name), block);
}

/// The statements of progenitor's `send` that take the parameters out of the builder.
fn prologue(block: &syn::Block, operation: &Operation) -> TokenStream {
    let id = &operation.id;
    let statements = block.stmts.iter().filter_map(|statement| {
        let syn::Stmt::Local(local) = statement else {
            return None;
        };
        let text = local.to_token_stream().to_string();
        let destructures = matches!(&local.pat, syn::Pat::Struct(_));
        if !destructures && !text.contains("Error :: InvalidRequest") {
            return None;
        }
        let mut local = local.clone();
        if streams::follows_links(operation)
            && let syn::Pat::Struct(pattern) = &mut local.pat
        {
            pattern.fields.push(syn::FieldPat {
                attrs: Vec::new(),
                member: format_ident!("next_link").into(),
                colon_token: None,
                pat: Box::new(parse_quote!(next_link)),
            });
        }
        struct Rewrite<'a>(&'a str);
        impl syn::visit_mut::VisitMut for Rewrite<'_> {
            fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
                syn::visit_mut::visit_expr_mut(self, expression);
                if expression.to_token_stream().to_string() == "Error :: InvalidRequest" {
                    let id = self.0;
                    *expression = parse_quote!(|e| Error::invalid_request(#id, e));
                }
            }
        }
        syn::visit_mut::VisitMut::visit_local_mut(&mut Rewrite(id), &mut local);
        Some(local.to_token_stream())
    });
    quote!(#(#statements)*)
}
