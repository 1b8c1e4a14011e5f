//! Optional fields in a circle of types: typify puts the box around the `Option`, which is then
//! sent as null where nothing is set. Inside of it, it is left out like any other.

use proc_macro2::TokenTree;
use syn::{
    Attribute, Field, Type, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::syntax::{arguments, last, optional};

/// Turns `Box<Option<T>>` into `Option<Box<T>>`.
pub struct Boxes;

impl VisitMut for Boxes {
    fn visit_field_mut(&mut self, field: &mut Field) {
        let turned = inside(&field.ty).is_some();
        visit_mut::visit_field_mut(self, field);
        if turned && let Some(attr) = field.attrs.iter_mut().find(|attr| has_default(attr)) {
            let list = attr.meta.require_list();
            let others = list.into_iter().flat_map(|list| list.tokens.clone());
            let others = others.filter(|token| !is_default(token));
            *attr = parse_quote!(
                #[serde(#(#others)* skip_serializing_if = "::std::option::Option::is_none")]
            );
        }
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Some(inner) = inside(ty) {
            *ty = parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>);
        }
        visit_mut::visit_type_mut(self, ty);
    }
}

/// `#[serde(default)]`, which typify writes behind a new name if there is one.
fn has_default(attr: &Attribute) -> bool {
    let list = attr.meta.require_list();
    list.is_ok_and(|list| {
        list.tokens
            .clone()
            .into_iter()
            .any(|token| is_default(&token))
    })
}

fn is_default(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(name) if name == "default")
}

/// `T` of `Box<Option<T>>`.
fn inside(ty: &Type) -> Option<&Type> {
    let last = last(ty).filter(|last| last.ident == "Box")?;
    arguments(last).next().and_then(optional)
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::ItemStruct;

    #[test]
    fn the_box_goes_into_the_option_and_what_is_unset_is_left_out() {
        let mut item: ItemStruct = parse_quote! {
            struct Chat {
                #[serde(default)]
                pinned: ::std::boxed::Box<::std::option::Option<Message>>,
                #[serde(rename = "default last", default)]
                last: ::std::boxed::Box<::std::option::Option<Message>>,
                #[serde(rename = "default")]
                needed: ::std::boxed::Box<::std::option::Option<Message>>,
                owner: ::std::boxed::Box<User>,
            }
        };
        Boxes.visit_item_struct_mut(&mut item);
        let expected: ItemStruct = parse_quote! {
            struct Chat {
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                pinned: ::std::option::Option<::std::boxed::Box<Message>>,
                #[serde(rename = "default last", skip_serializing_if = "::std::option::Option::is_none")]
                last: ::std::option::Option<::std::boxed::Box<Message>>,
                #[serde(rename = "default")]
                needed: ::std::option::Option<::std::boxed::Box<Message>>,
                owner: ::std::boxed::Box<User>,
            }
        };
        assert_eq!(item, expected);
    }
}
