//! Structs with their fields and traits, and enums with their variants.

use std::collections::{BTreeMap, HashMap, HashSet};

use quote::ToTokens;
use serde_json::Value;
use syn::{Attribute, Item, ItemEnum, ItemImpl, ItemMod, ItemStruct};

use super::{
    super::{Field, Type, Variant},
    open::Open,
};
use crate::{
    generate::{Plan, print::one_line},
    ident,
};

/// The types of a crate by name.
pub fn types(plan: &Plan, items: &[Item]) -> BTreeMap<String, Type> {
    let mut needed: HashSet<(String, String)> = HashSet::new();
    for item in items {
        if let Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) = item
            && ident == "builder"
        {
            items.iter().for_each(|item| needs(item, &mut needed));
        }
    }
    let mut types = BTreeMap::new();
    for item in items {
        match item {
            Item::Struct(item) => {
                types.insert(item.ident.to_string(), structure(item, plan, &needed));
            }
            Item::Enum(item) => {
                types.insert(item.ident.to_string(), responses(item));
            }
            Item::Macro(item) => {
                let form = item
                    .mac
                    .path
                    .segments
                    .last()
                    .map(|last| last.ident.to_string());
                if let Ok(open) = syn::parse2::<Open>(item.mac.tokens.clone()) {
                    let kind = Type::Enum {
                        form: form.unwrap_or_default(),
                        tag: open.tag,
                        variants: open.variants,
                    };
                    types.insert(open.name, kind);
                }
            }
            _ => {}
        }
    }
    types
}

/// The fields that a builder's `default` leaves as an error.
fn needs(item: &Item, needed: &mut HashSet<(String, String)>) {
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
    struct Fields<'a>(&'a str, &'a mut HashSet<(String, String)>);
    impl syn::visit_mut::VisitMut for Fields<'_> {
        fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
            if field.expr.to_token_stream().to_string().starts_with("Err")
                && let syn::Member::Named(ident) = &field.member
            {
                self.1.insert((self.0.to_owned(), ident.to_string()));
            }
        }
    }
    for item in items {
        syn::visit_mut::VisitMut::visit_impl_item_mut(
            &mut Fields(&name, needed),
            &mut item.clone(),
        );
    }
}

fn structure(item: &ItemStruct, plan: &Plan, needed: &HashSet<(String, String)>) -> Type {
    let name = item.ident.to_string();
    let none = Value::Null;
    let properties: HashMap<String, (&String, &Value)> =
        plan.schemas.get(&name).unwrap_or(&none)["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(wire, property)| (ident::field_name(wire), (wire, property)))
            .collect();
    let fields = item
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| {
            let own = field
                .ident
                .as_ref()
                .map_or(index.to_string(), ToString::to_string);
            let known = properties.get(&own);
            let wire = known.map_or("", |(wire, property)| {
                property["x-wire-name"].as_str().unwrap_or(wire.as_str())
            });
            let field = Field {
                wire: wire.to_owned(),
                rust: one_line(&field.ty.to_token_stream()),
                required: needed.contains(&(name.clone(), own.clone())),
                deprecated: known.is_some_and(|(_, p)| p["deprecated"] == Value::Bool(true)),
            };
            (own, field)
        })
        .collect();
    Type::Struct {
        fields,
        traits: derived(&item.attrs),
        sent: false,
    }
}

fn derived(attrs: &[Attribute]) -> Vec<String> {
    let mut traits = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("derive")) {
        // What does not parse is no derive that the generator writes.
        let _ = attr.parse_nested_meta(|meta| {
            traits.extend(meta.path.segments.last().map(|last| last.ident.to_string()));
            Ok(())
        });
    }
    traits.sort();
    traits
}

fn responses(item: &ItemEnum) -> Type {
    let variants = item
        .variants
        .iter()
        .map(|variant| Variant {
            name: variant.ident.to_string(),
            holds: variant
                .fields
                .iter()
                .next()
                .map(|f| one_line(&f.ty.to_token_stream())),
            wire: None,
        })
        .collect();
    Type::Enum {
        form: "responses".to_owned(),
        tag: None,
        variants,
    }
}
