//! The client's methods: what their builders take, and what `send` answers.

use std::collections::{BTreeMap, HashMap};

use quote::ToTokens;
use syn::Item;

use super::super::{Operation, Parameter};
use crate::generate::{
    Plan,
    answers::status_text,
    plan::{Kind, Place},
    print::one_line,
};

/// The operations of a crate by their methods' names.
pub fn operations(plan: &Plan, items: &[Item]) -> BTreeMap<String, Operation> {
    let mut taken: HashMap<String, HashMap<String, String>> = HashMap::new();
    let mut answers: HashMap<String, (String, String)> = HashMap::new();
    for item in items {
        match item {
            Item::Struct(item) => {
                let fields = item.fields.iter().filter_map(|field| {
                    Some((field.ident.as_ref()?.to_string(), setter_type(&field.ty)))
                });
                taken.insert(item.ident.to_string(), fields.collect());
            }
            Item::Impl(item) => {
                let name = item.self_ty.to_token_stream().to_string();
                let name = name.split(' ').next().unwrap_or_default().to_owned();
                for method in &item.items {
                    if let syn::ImplItem::Fn(method) = method
                        && method.sig.ident == "send"
                    {
                        answers.insert(name.clone(), answer_types(&method.sig.output));
                    }
                }
            }
            _ => {}
        }
    }
    let read = |operation: &crate::generate::plan::Operation| {
        let types = taken.remove(&operation.builder()).unwrap_or_default();
        let rust = |name: &str| types.get(name).cloned().unwrap_or_default();
        let mut parameters: BTreeMap<String, Parameter> = operation
            .parameters
            .iter()
            .map(|own| {
                let parameter = Parameter {
                    wire: format!("{} {}", place(own.place), own.wire),
                    rust: rust(&own.rust),
                    required: own.required,
                };
                (own.rust.clone(), parameter)
            })
            .collect();
        if let Some(body) = &operation.body {
            let parameter = Parameter {
                wire: body.media_type.clone(),
                rust: rust("body"),
                // A body that is built from nothing is there without being set.
                required: body.required,
            };
            parameters.insert("body".to_owned(), parameter);
        }
        let (answer, error) = answers.remove(&operation.builder()).unwrap_or_default();
        let mut responses: BTreeMap<String, String> = BTreeMap::new();
        for answer in operation.success.iter().chain(&operation.errors) {
            responses
                .entry(status_text(answer.status))
                .and_modify(|kinds| *kinds += &format!(" or {}", kind(answer.kind)))
                .or_insert_with(|| kind(answer.kind).to_owned());
        }
        let surface = Operation {
            route: format!("{} {}", operation.method, operation.path),
            deprecated: operation.deprecated,
            parameters,
            answer,
            error,
            responses,
        };
        (operation.id.clone(), surface)
    };
    plan.operations.iter().map(read).collect()
}

/// `T` of a builder's field `Result<T, String>` or `Result<Option<T>, String>`.
fn setter_type(ty: &syn::Type) -> String {
    let text = one_line(&ty.to_token_stream());
    let text = text.strip_prefix("Result<").unwrap_or(&text);
    let text = text.strip_suffix(", String>").unwrap_or(text);
    let plain = text
        .strip_prefix("Option<")
        .and_then(|t| t.strip_suffix('>'));
    plain.unwrap_or(text).replace("types::builder::", "types::")
}

/// The two types of `Result<ResponseValue<T>, Error<E>>`.
fn answer_types(output: &syn::ReturnType) -> (String, String) {
    let syn::ReturnType::Type(_, ty) = output else {
        return Default::default();
    };
    let mut inner = arguments(ty).into_iter().map(|outer| {
        arguments(&outer)
            .first()
            .map(|ty| one_line(&ty.to_token_stream()))
            .unwrap_or_default()
    });
    (
        inner.next().unwrap_or_default(),
        inner.next().unwrap_or_default(),
    )
}

fn arguments(ty: &syn::Type) -> Vec<syn::Type> {
    let syn::Type::Path(path) = ty else {
        return Vec::new();
    };
    match path.path.segments.last().map(|last| &last.arguments) {
        Some(syn::PathArguments::AngleBracketed(held)) => held
            .args
            .iter()
            .filter_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
        Place::Form | Place::Multipart => "form",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Json => "JSON",
        Kind::Text => "text",
        Kind::Binary => "bytes",
        Kind::Empty => "nothing",
        Kind::Any => "anything",
    }
}
