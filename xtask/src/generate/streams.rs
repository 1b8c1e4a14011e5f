//! The method beside `send` that streams the items of all pages.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Item, Type};

use super::{
    docs,
    rust_types::rust_type,
    send::Send,
    syntax::{last, optional},
};
use crate::model::{Field, Operation, Paging, Scheme};

/// The structs that typify wrote: what their fields hold.
#[derive(Default)]
pub struct Structs {
    fields: HashMap<(String, String), Held>,
}

/// What a field holds.
struct Held {
    optional: bool,
    /// The type's last name, without the option around it.
    name: String,
}

impl Structs {
    /// Looks at a type as it was written.
    pub fn see(&mut self, item: &Item) {
        let Item::Struct(item) = item else { return };
        for field in &item.fields {
            let Some(ident) = &field.ident else { continue };
            let key = (item.ident.to_string(), ident.to_string());
            self.fields.insert(key, Held::of(&field.ty));
        }
    }

    fn is_optional(&self, name: &str, field: &str) -> bool {
        let key = (name.to_owned(), field.to_owned());
        self.fields.get(&key).is_some_and(|held| held.optional)
    }

    fn inner(&self, name: &str, field: &str) -> String {
        let key = (name.to_owned(), field.to_owned());
        self.fields
            .get(&key)
            .map(|held| held.name.clone())
            .unwrap_or_default()
    }
}

impl Held {
    fn of(ty: &Type) -> Self {
        let inner = optional(ty);
        let named = last(inner.unwrap_or(ty));
        Self {
            optional: inner.is_some(),
            name: named.map_or(String::new(), |last| last.ident.to_string()),
        }
    }
}

/// The type of a stream's items.
pub fn item(paging: &Paging) -> TokenStream {
    rust_type(&paging.item, &quote!(types::))
}

/// `stream` of a builder.
pub fn method(
    operation: &Operation,
    paging: &Paging,
    send: &Send,
    structs: &Structs,
) -> TokenStream {
    let id = &operation.id;
    let (item, error) = (item(paging), &send.error);
    let steps = match &paging.scheme {
        Scheme::Skip(_) => "as many items are left out as have come",
        Scheme::Number { .. } => "the pages are counted up",
        Scheme::Link(_) => "the links of the server are followed, on this host only",
    };
    let size = match &paging.size {
        Some(field) => format!(
            "\n\n`{}` sets how many items are on a page.",
            setter(field, operation)
        ),
        None => String::new(),
    };
    let doc = docs::attributes(&format!(
        "Streams the items of all pages, from the page that is set or the first: {steps}, and the next pages are fetched while one is consumed.{size}\n\n# Errors\n\nEach item is one or the error that ended the stream; [`Error::reached`] says how far it got."
    ));
    let fetch = |at, set| fetch(operation, paging, structs, at, set);
    let made = match &paging.scheme {
        Scheme::Skip(field) => {
            let start = given(field, operation, structs);
            let fetch = fetch(&quote!(at: u64), &set(field, operation, structs));
            quote! {
                let start = #start;
                PageStream::by_skip(#id, start, #fetch)
            }
        }
        Scheme::Number { field, first } => {
            let start = given(field, operation, structs);
            let size = paging.size.as_ref();
            let size = size.map_or(quote!(None), |size| given(size, operation, structs));
            let first = proc_macro2::Literal::u64_unsuffixed(*first);
            let fetch = fetch(&quote!(at: u64), &set(field, operation, structs));
            quote! {
                let (start, size) = (#start, #size);
                PageStream::by_number(#id, #first, start, size, #fetch)
            }
        }
        Scheme::Link(_) => {
            let set = quote! {
                let mut request = self.clone();
                request.next_link = next_link;
            };
            let fetch = fetch(&quote!(next_link: Option<String>), &set);
            quote!(PageStream::by_link(#id, &self.client.baseurl, #fetch))
        }
    };
    quote! {
        #(#doc)*
        pub fn stream(self) -> PageStream<'a, #item, #error> {
            #made
        }
    }
}

/// The closure that fetches one page.
fn fetch(
    operation: &Operation,
    paging: &Paging,
    structs: &Structs,
    at: &TokenStream,
    set: &TokenStream,
) -> TokenStream {
    let ty = &operation.success[0].ty;
    let answer = Answer {
        structs,
        name: ty.target().unwrap_or_default().to_owned(),
        nullable: ty.nullable,
    };
    let mut lets = quote!();
    let mut withs = quote!();
    if let Some(path) = &paging.total {
        let total = answer.look(path, &|page, field| quote!(#page.#field.clone()));
        lets.extend(quote!(let total = #total.and_then(sixclicks_core::__private::count);));
        withs.extend(quote!(.with_total(total)));
    }
    if let Scheme::Link(path) = &paging.scheme {
        let link = answer.look(path, &|page, field| quote!(#page.#field.clone()));
        lets.extend(quote!(let link = #link;));
        withs.extend(quote!(.with_link(link)));
    }
    let items = answer.take(&paging.items);
    quote! {
        move |#at| {
            #set
            async move {
                let page = request.send().await?.into_inner();
                #lets
                Ok(Page::new(#items) #withs)
            }
        }
    }
}

/// The answer of a page, with what it holds.
struct Answer<'a> {
    structs: &'a Structs,
    /// The name of its type; empty for a list.
    name: String,
    nullable: bool,
}

impl Answer<'_> {
    /// A small value of it, as an option, without taking the answer apart.
    fn look(
        &self,
        path: &[String],
        value: &dyn Fn(TokenStream, Ident) -> TokenStream,
    ) -> TokenStream {
        let mut holder = self.name.clone();
        let mut found: Option<TokenStream> = self.nullable.then(|| quote!(page.as_ref()));
        for (index, name) in path.iter().enumerate() {
            let field = format_ident!("{name}");
            let optional = self.structs.is_optional(&holder, name);
            let last = index + 1 == path.len();
            let read = match (last, optional) {
                (true, _) => value(quote!(page), field),
                (false, true) => quote!(page.#field.as_ref()),
                (false, false) => quote!(&page.#field),
            };
            found = Some(match (found, optional) {
                (None, true) => read,
                (None, false) => quote!(Some(#read)),
                (Some(found), true) => quote!(#found.and_then(|page| #read)),
                (Some(found), false) => quote!(#found.map(|page| #read)),
            });
            holder = self.structs.inner(&holder, name);
        }
        found.unwrap_or_else(|| quote!(None))
    }

    /// The items, taken out of it.
    fn take(&self, path: &[String]) -> TokenStream {
        let mut holder = self.name.clone();
        // Whether what is written so far is an option.
        let mut optional = self.nullable;
        let mut taken = quote!(page);
        for name in path {
            let field = format_ident!("{name}");
            let option = self.structs.is_optional(&holder, name);
            taken = match (optional, option) {
                (false, _) => quote!(#taken.#field),
                (true, true) => quote!(#taken.and_then(|page| page.#field)),
                (true, false) => quote!(#taken.map(|page| page.#field)),
            };
            optional |= option;
            holder = self.structs.inner(&holder, name);
        }
        if optional {
            quote!(#taken.unwrap_or_default())
        } else {
            taken
        }
    }
}

/// What sets a field, for documentation.
fn setter(field: &Field, operation: &Operation) -> String {
    match field {
        Field::Parameter(index) => operation.parameters[*index].rust.clone(),
        Field::Body(name) => format!("{name}` of the `body"),
    }
}

/// The name of the body's type.
fn body_type(operation: &Operation) -> Ident {
    let name = operation.body.as_ref().and_then(|body| body.ty.target());
    format_ident!("{}", name.unwrap_or_default())
}

/// An expression for the value that is set in the builder, as an option.
fn given(field: &Field, operation: &Operation, structs: &Structs) -> TokenStream {
    let count = quote!(.and_then(sixclicks_core::__private::count));
    match field {
        Field::Parameter(index) => {
            let parameter = &operation.parameters[*index];
            let name = format_ident!("{}", parameter.rust);
            let flat = (!parameter.required).then(|| quote!(.flatten()));
            quote!(self.#name.as_ref().ok().copied() #flat #count)
        }
        Field::Body(name) => {
            let ty = body_type(operation);
            let field = format_ident!("{name}");
            let required = operation.body.as_ref().is_some_and(|body| body.required);
            let body = if required {
                quote!(self.body.clone().ok().and_then(|body| types::#ty::try_from(body).ok()))
            } else {
                quote!(self.body.clone().ok().flatten())
            };
            if structs.is_optional(&ty.to_string(), name) {
                quote!(#body.and_then(|body| body.#field) #count)
            } else {
                quote!(#body.map(|body| body.#field) #count)
            }
        }
    }
}

/// Statements that make the request with a field set to `at`.
fn set(field: &Field, operation: &Operation, structs: &Structs) -> TokenStream {
    match field {
        Field::Parameter(index) => {
            let name = format_ident!("{}", operation.parameters[*index].rust);
            quote!(let request = self.clone().#name(at);)
        }
        Field::Body(name) => {
            let setter = format_ident!("{name}");
            if operation.body.as_ref().is_some_and(|body| body.required) {
                return quote!(let request = self.clone().body_map(|body| body.#setter(at)););
            }
            let ty = body_type(operation);
            let value = quote!(
                at.try_into()
                    .map_err(|_| format!("{at} is too much for it"))?
            );
            let value = match structs.is_optional(&ty.to_string(), name) {
                true => quote!(Some(#value)),
                false => value,
            };
            quote! {
                let mut request = self.clone();
                request.body = request.body.and_then(|body: Option<types::#ty>| {
                    let mut body = body.unwrap_or_default();
                    body.#setter = #value;
                    Ok(Some(body))
                });
            }
        }
    }
}
