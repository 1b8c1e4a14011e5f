//! The client's `…_stream` for every operation that pages: it takes what the operation
//! cannot do without, and streams the items of all pages.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{ImplItem, Item, Type};

use super::{answers::Answers, docs, streams, syntax::converted};
use crate::model::{self, Operation, Plan, schema::Struct};

/// What the setters of builders take.
#[derive(Default)]
pub struct Setters {
    /// By the operation's id and the setter's name.
    types: HashMap<(String, String), Type>,
}

impl Setters {
    /// Looks at a builder of an operation, as it will be written.
    pub fn see(&mut self, item: &Item, operation: &Operation) {
        let (Item::Impl(item), Some(_)) = (item, &operation.paging) else {
            return;
        };
        for method in &item.items {
            if let ImplItem::Fn(method) = method
                && let Some(clause) = &method.sig.generics.where_clause
                && let Some(taken) = clause.predicates.iter().find_map(converted)
            {
                let key = (operation.id.clone(), method.sig.ident.to_string());
                self.types.insert(key, taken.clone());
            }
        }
    }
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
        && !is_free(&body.ty, plan)
    {
        needed.push("body");
    }
    let mut taken = Vec::new();
    for needed in &needed {
        let key = (operation.id.clone(), (*needed).to_owned());
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
    let deprecated = operation.deprecated.then(|| {
        // The call of the deprecated method inside is no news to anybody.
        quote!(#[deprecated] #[allow(deprecated)])
    });
    Some(quote! {
        #(#doc)*
        #deprecated
        pub fn #stream(&self, #(#taken),*) -> PageStream<'_, #item, #error> {
            self.#method() #(.#set(#set))* .stream()
        }
    })
}

/// Whether an object may be empty.
fn is_free(ty: &model::Type, plan: &Plan) -> bool {
    let schema = ty.target().and_then(|name| plan.schemas.get(name));
    schema.is_some_and(|schema| {
        schema
            .as_struct()
            .is_none_or(Struct::has_no_required_fields)
    })
}
