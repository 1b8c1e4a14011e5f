//! Fields that a builder need not be told of though typify requires them: what is required
//! and may be null is null, and what the document does not describe is empty. A server that
//! leaves its nulls out is read as well.

use std::collections::HashSet;

use quote::ToTokens;
use syn::{
    Attribute, Field, FieldValue, Item, ItemImpl, ItemMod, Member, Meta, Token, parse_quote,
    punctuated::Punctuated, visit_mut::VisitMut,
};

/// Gives the builders in a types file a value for such fields.
pub fn complete(items: &mut [Item]) {
    let mut unset = HashSet::new();
    for item in items.iter_mut() {
        if let Item::Struct(item) = item {
            let name = item.ident.to_string();
            for field in &mut item.fields {
                if has_default(field)
                    && let Some(ident) = &field.ident
                {
                    unset.insert((name.clone(), ident.to_string()));
                }
            }
        }
    }
    for item in items {
        if let Item::Mod(ItemMod {
            ident,
            content: Some((_, inner)),
            ..
        }) = item
            && ident == "builder"
        {
            for item in inner {
                initialise(item, &unset);
            }
        }
    }
}

/// Whether a field has a value when nothing is said of it. What may be null is read as any
/// `Option` is, missing or not.
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

/// What a `serde` attribute says.
fn options(attr: &Attribute) -> Option<Punctuated<Meta, Token![,]>> {
    if !attr.path().is_ident("serde") {
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

/// `Ok(Default::default())` for the fields of one builder that have a value unset.
fn initialise(item: &mut Item, unset: &HashSet<(String, String)>) {
    let Item::Impl(ItemImpl {
        trait_: Some((path, _)),
        self_ty,
        items,
        ..
    }) = item
    else {
        return;
    };
    if path
        .segments
        .last()
        .is_none_or(|last| last.ident != "Default")
    {
        return;
    }
    let name = self_ty.to_token_stream().to_string();
    struct Fields<'a>(&'a str, &'a HashSet<(String, String)>);
    impl VisitMut for Fields<'_> {
        fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
            if let Member::Named(ident) = &field.member
                && self.1.contains(&(self.0.to_owned(), ident.to_string()))
            {
                field.expr = parse_quote!(Ok(Default::default()));
            }
        }
    }
    for item in items {
        Fields(&name, unset).visit_impl_item_mut(item);
    }
}
