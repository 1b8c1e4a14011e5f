//! Discriminators in structs: the first field, so that they are sent first. One that has a
//! single value is private and has no setter; one that only the server knows has none either.

use std::collections::HashMap;

use syn::{
    Attribute, Field, Fields, ImplItem, Item, ItemMod, ItemStruct, Meta, Token, Type, Visibility,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::syntax::{implementor, last, optional};
use crate::{
    ident,
    model::{Plan, schema::Tag},
};

/// The discriminators of a plan's structs.
pub struct Tags {
    /// By the struct's and the field's name.
    fields: HashMap<String, HashMap<String, Tag>>,
    unwrapped: Unwrapped,
}

/// The types that have a default of their own, and are no `Option` therefore.
struct Unwrapped(Vec<String>);

impl Tags {
    /// Of the structs of a plan.
    pub fn new(plan: &Plan) -> Self {
        let mut fields: HashMap<String, HashMap<String, Tag>> = HashMap::new();
        let mut unwrapped = Vec::new();
        for (name, schema) in &plan.schemas {
            let own = schema.as_struct().map_or(&[][..], |own| &own.fields);
            for field in own {
                let Some(tag) = field.tag else { continue };
                if matches!(tag, Tag::Fixed | Tag::First) {
                    unwrapped.extend(field.ty.target().map(str::to_owned));
                }
                let own = fields.entry(name.clone()).or_default();
                own.insert(ident::field_name(&field.key), tag);
            }
        }
        unwrapped.sort();
        Self {
            fields,
            unwrapped: Unwrapped(unwrapped),
        }
    }

    /// Completes one item of the types file.
    pub fn complete(&mut self, item: &mut Item) {
        if self.fields.is_empty() {
            return;
        }
        match item {
            Item::Struct(item) => self.structure(item),
            Item::Mod(ItemMod {
                ident,
                content: Some((_, items)),
                ..
            }) if ident == "builder" => items.iter_mut().for_each(|item| self.builder(item)),
            _ => {}
        }
    }

    fn structure(&mut self, item: &mut ItemStruct) {
        let Some(tags) = self.fields.get(&item.ident.to_string()) else {
            return;
        };
        let Fields::Named(fields) = &mut item.fields else {
            return;
        };
        let tag = |field: &Field| {
            let ident = field.ident.as_ref()?.to_string();
            tags.get(&ident).copied()
        };
        for field in &mut fields.named {
            let Some(found @ (Tag::Fixed | Tag::First)) = tag(field) else {
                continue;
            };
            default(&mut field.attrs);
            if found == Tag::Fixed {
                field.vis = Visibility::Inherited;
            }
            self.unwrapped.visit_type_mut(&mut field.ty);
        }
        let mut sorted: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
        sorted.sort_by_key(|field| tag(field).is_none());
        fields.named = sorted.into_iter().collect();
    }

    fn builder(&mut self, item: &mut Item) {
        let name = match &*item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Impl(item) => implementor(item),
            _ => None,
        };
        let Some(tags) = name.and_then(|name| self.fields.get(&name)) else {
            return;
        };
        if let Item::Impl(item) = item
            && item.trait_.is_none()
        {
            item.items.retain(|member| match member {
                ImplItem::Fn(method) => !matches!(
                    tags.get(&method.sig.ident.to_string()),
                    Some(Tag::Fixed | Tag::Received)
                ),
                _ => true,
            });
        }
        self.unwrapped.visit_item_mut(item);
    }
}

impl VisitMut for Unwrapped {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        let inner = optional(ty)
            .and_then(last)
            .map(|last| last.ident.to_string());
        if inner.is_some_and(|inner| self.0.binary_search(&inner).is_ok())
            && let Some(inner) = optional(ty).cloned()
        {
            *ty = inner;
        }
        visit_mut::visit_type_mut(self, ty);
    }
}

/// Has a field always be written, and have a value where it is not read.
fn default(attrs: &mut Vec<Attribute>) {
    let mut kept: Vec<Meta> = Vec::new();
    attrs.retain(|attr| {
        if !attr.path().is_ident("serde") {
            return true;
        }
        let options = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        let renames = |option: &Meta| option.path().is_ident("rename");
        kept.extend(options.into_iter().flatten().filter(renames));
        false
    });
    attrs.push(parse_quote!(#[serde(#(#kept,)* default)]));
}
