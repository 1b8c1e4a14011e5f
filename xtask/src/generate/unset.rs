//! Fields that a builder need not be told of though typify requires them: what is required
//! and may be null is null, and what the document does not describe is empty. A server that
//! leaves its nulls out is read as well.

use std::collections::HashSet;

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::{
    Attribute, Field, FieldValue, ItemImpl, ItemStruct, Member, Meta, Token, parse_quote,
    punctuated::Punctuated, visit_mut::VisitMut,
};

use super::syntax::implementor;

/// Such fields of the structs so far.
#[derive(Default)]
pub struct Unset {
    /// By the struct's and the field's name.
    fields: HashSet<(String, String)>,
}

impl Unset {
    /// Looks at a struct, and has what may be null read as any `Option` is, missing or not.
    pub fn see(&mut self, item: &mut ItemStruct) {
        for field in &mut item.fields {
            if has_default(field)
                && let Some(ident) = &field.ident
            {
                let key = (item.ident.to_string(), ident.to_string());
                self.fields.insert(key);
            }
        }
    }

    /// Gives the fields of a struct's builder a value.
    pub fn initialise(&self, item: &mut ItemImpl) {
        let Some((path, _)) = &item.trait_ else {
            return;
        };
        let of_default = path.segments.last().is_some_and(|p| p.ident == "Default");
        if of_default && let Some(name) = implementor(item) {
            Fields { name, unset: self }.visit_item_impl_mut(item);
        }
    }
}

/// The fields of one builder, as they are at first.
struct Fields<'a> {
    name: String,
    unset: &'a Unset,
}

impl VisitMut for Fields<'_> {
    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        if let Member::Named(ident) = &field.member
            && (self.unset.fields).contains(&(self.name.clone(), ident.to_string()))
        {
            field.expr = parse_quote!(Ok(Default::default()));
        }
    }
}

/// Whether a field has a value when nothing is said of it.
fn has_default(field: &mut Field) -> bool {
    let mut found = false;
    field.attrs.retain_mut(|attr| {
        let Some(mut options) = options(attr) else {
            return true;
        };
        found |= options
            .iter()
            .any(|option| option.path().is_ident("flatten"));
        let all = options.len();
        options = options
            .into_iter()
            .filter(|o| !is_null_or_value(o))
            .collect();
        if options.len() < all {
            found = true;
            *attr = parse_quote!(#[serde(#options)]);
        }
        !options.is_empty()
    });
    found
}

/// What a `serde` attribute says, if it says one of what matters here.
fn options(attr: &Attribute) -> Option<Punctuated<Meta, Token![,]>> {
    let list = attr.meta.require_list().ok()?;
    let concerns = |token: TokenTree| match token {
        TokenTree::Ident(name) => name == "flatten" || name == "deserialize_with",
        _ => false,
    };
    // Most say neither, and there are many of them.
    if !list.path.is_ident("serde") || !list.tokens.clone().into_iter().any(concerns) {
        return None;
    }
    attr.parse_args_with(Punctuated::parse_terminated).ok()
}

/// `deserialize_with = "::std::option::Option::deserialize"`.
fn is_null_or_value(option: &Meta) -> bool {
    option.path().is_ident("deserialize_with")
        && option
            .to_token_stream()
            .to_string()
            .contains("Option::deserialize")
}
