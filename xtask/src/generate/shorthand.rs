//! The client's `…_stream` for every operation that pages: it takes what the operation
//! cannot do without, and streams the items of all pages.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    GenericArgument, ImplItem, Item, PathArguments, Type, TypeParamBound, WherePredicate,
    visit_mut::VisitMut,
};

use super::{
    answers::Answers,
    docs,
    paths::Paths,
    plan::{Operation, Plan},
    rust_types::target,
    streams,
};

/// What the setters of progenitor's builders take.
#[derive(Default)]
pub struct Setters {
    /// By the builder's and the setter's name.
    types: HashMap<(String, String), Type>,
}

impl Setters {
    /// Looks at the builders as they were written.
    pub fn of(builders: &[Item]) -> Self {
        let mut setters = Self::default();
        for item in builders {
            let Item::Impl(item) = item else { continue };
            let Type::Path(builder) = &*item.self_ty else {
                continue;
            };
            let Some(builder) = builder.path.segments.last() else {
                continue;
            };
            for method in &item.items {
                if let ImplItem::Fn(method) = method
                    && let Some(clause) = &method.sig.generics.where_clause
                    && let Some(taken) = clause.predicates.iter().find_map(converted)
                {
                    let key = (builder.ident.to_string(), method.sig.ident.to_string());
                    setters.types.insert(key, short(taken));
                }
            }
        }
        setters
    }
}

/// `X` of a bound `V: TryInto<X>`.
fn converted(predicate: &WherePredicate) -> Option<Type> {
    let WherePredicate::Type(bounded) = predicate else {
        return None;
    };
    bounded.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        match &last.arguments {
            PathArguments::AngleBracketed(arguments) if last.ident == "TryInto" => {
                match arguments.args.first()? {
                    GenericArgument::Type(taken) => Some(taken.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    })
}

/// A type as the client's file names it.
fn short(mut kind: Type) -> Type {
    let mut paths = Paths {
        scope: Some("types"),
    };
    paths.visit_type_mut(&mut kind);
    kind
}

/// The method, unless an operation has its name or needs what no setter takes.
pub fn method(
    operation: &Operation,
    plan: &Plan,
    ids: &HashSet<&str>,
    setters: &Setters,
) -> Option<TokenStream> {
    let paging = operation.paging.as_ref()?;
    let name = format!("{}_stream", operation.id);
    if ids.contains(name.as_str()) {
        return None;
    }
    let parameters = operation.parameters.iter().filter(|own| own.required);
    let mut needed: Vec<&str> = parameters.map(|own| own.rust.as_str()).collect();
    if let Some(body) = &operation.body
        && body.required
        && !is_free(&body.schema, plan)
    {
        needed.push("body");
    }
    let mut taken = Vec::new();
    for needed in &needed {
        let key = (operation.builder(), (*needed).to_owned());
        let (name, kind) = (format_ident!("{needed}"), setters.types.get(&key)?);
        taken.push(quote!(#name: impl TryInto<#kind, Error: std::fmt::Display>));
    }
    let set = needed.iter().map(|name| format_ident!("{name}"));
    let (method, stream) = (format_ident!("{}", operation.id), format_ident!("{name}"));
    let item = streams::item(paging);
    let error = Answers::errors(operation).outer();
    let setting: String = needed
        .iter()
        .map(|name| format!(".{name}({name})"))
        .collect();
    let doc = docs::attributes(&format!(
        "Streams the items of all pages of [`{0}`](Self::{0}): short for `{0}(){setting}.stream()`.",
        operation.id
    ));
    let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
    Some(quote! {
        #doc
        #deprecated
        pub fn #stream(&self, #(#taken),*) -> PageStream<'_, #item, #error> {
            self.#method() #(.#set(#set))* .stream()
        }
    })
}

/// Whether an object may be empty.
fn is_free(schema: &serde_json::Value, plan: &Plan) -> bool {
    let schema = target(schema).and_then(|name| plan.schemas.get(&name));
    schema.is_some_and(|schema| schema["required"].as_array().is_none_or(Vec::is_empty))
}
