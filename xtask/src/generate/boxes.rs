//! Fields in boxes. In a circle of types, typify puts the box around the `Option`, which is then
//! sent as null where nothing is set: inside of it, it is left out like any other. And large
//! types are put into one as well.

use std::collections::HashSet;

use proc_macro2::TokenTree;
use syn::{
    Attribute, Field, Type, WherePredicate, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::syntax::{arguments_mut, boxed, converted_mut, last, optional};

/// Turns `Box<Option<T>>` into `Option<Box<T>>`, and fields of large types into boxes.
pub struct Boxes {
    large: HashSet<String>,
}

impl Boxes {
    /// With the names of the types that are large.
    pub fn new(large: HashSet<String>) -> Self {
        Self { large }
    }

    /// Puts a large type into a box, within the `Option` if there is one.
    fn enclose(&self, ty: &mut Type) {
        let is_large =
            |ty: &Type| last(ty).is_some_and(|last| self.large.contains(&last.ident.to_string()));
        if is_large(ty) {
            *ty = parse_quote!(::std::boxed::Box<#ty>);
        } else if let Some(inner) = optional(ty).filter(|inner| is_large(inner)) {
            *ty = parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>);
        }
    }
}

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
        // A struct around one value is that value.
        if field.ident.is_none() {
            return;
        }
        // The builder of a struct holds results.
        match result(&mut field.ty) {
            Some(ty) => self.enclose(ty),
            None => self.enclose(&mut field.ty),
        }
    }

    /// A setter takes what the field is.
    fn visit_where_predicate_mut(&mut self, predicate: &mut WherePredicate) {
        visit_mut::visit_where_predicate_mut(self, predicate);
        if let Some(ty) = converted_mut(predicate) {
            self.enclose(ty);
        }
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Some(inner) = inside(ty) {
            *ty = parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>);
        }
        visit_mut::visit_type_mut(self, ty);
    }
}

/// `T` of `Result<T, E>`.
fn result(ty: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last_mut()?;
    let is_result = last.ident == "Result";
    arguments_mut(last).next().filter(|_| is_result)
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
    boxed(ty).and_then(optional)
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
        Boxes::new(HashSet::new()).visit_item_struct_mut(&mut item);
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

    #[test]
    fn large_types_are_in_boxes_where_they_are_fields_and_setters_take_them() {
        let mut item: syn::ItemMod = parse_quote! {
            mod builder {
                struct Chat {
                    owner: User,
                    pinned: ::std::option::Option<Message>,
                    messages: ::std::vec::Vec<Message>,
                    last: ::std::result::Result<::std::option::Option<super::Message>, String>,
                }
                impl Chat {
                    fn last<T>(self, value: T) -> Self
                    where
                        T: ::std::convert::TryInto<::std::option::Option<super::Message>>,
                    {
                        self
                    }
                }
                struct Alone(Message);
            }
        };
        Boxes::new(HashSet::from(["Message".to_owned()])).visit_item_mod_mut(&mut item);
        let expected: syn::ItemMod = parse_quote! {
            mod builder {
                struct Chat {
                    owner: User,
                    pinned: ::std::option::Option<::std::boxed::Box<Message>>,
                    messages: ::std::vec::Vec<Message>,
                    last: ::std::result::Result<
                        ::std::option::Option<::std::boxed::Box<super::Message>>,
                        String
                    >,
                }
                impl Chat {
                    fn last<T>(self, value: T) -> Self
                    where
                        T: ::std::convert::TryInto<
                            ::std::option::Option<::std::boxed::Box<super::Message>>
                        >,
                    {
                        self
                    }
                }
                struct Alone(Message);
            }
        };
        assert_eq!(item, expected);
    }
}
