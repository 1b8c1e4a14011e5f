//! The types that typify wrote: documentation from the document, the names that
//! properties have on the wire, and setters that take a plain value.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Attribute, Block, Expr, FieldValue, ImplItem, Item, ItemImpl, ItemMod, ItemStruct, Stmt,
    parse_quote,
};

use super::{
    docs,
    syntax::{boxed, converted_mut, implementor, optional},
    unset::Unset,
};
use crate::model::{self, Plan};

/// Completes the types one after the other: the builders of the structs are a module that
/// comes after them.
pub struct Types<'a> {
    plan: &'a Plan,
    /// What the fields of the structs so far mean.
    told: HashMap<String, HashMap<String, String>>,
    unset: Unset,
}

impl<'a> Types<'a> {
    /// For the types of a plan.
    pub fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            told: HashMap::new(),
            unset: Unset::default(),
        }
    }

    /// Completes one item of the types file.
    pub fn complete(&mut self, item: &mut Item) {
        match item {
            Item::Struct(item) => {
                self.unset.see(item);
                bend(item);
                let told = complete_struct(item, self.plan);
                self.told.insert(item.ident.to_string(), told);
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let Some(name) = implementor(item) else {
                    return;
                };
                for method in &mut item.items {
                    if let ImplItem::Fn(method) = method
                        && method.sig.ident == "builder"
                    {
                        let text = format!("Starts a [`{name}`](Self) from nothing.");
                        docs::replace_docs(&mut method.attrs, &text);
                    }
                }
            }
            Item::Mod(ItemMod {
                ident,
                content: Some((_, items)),
                ..
            }) if ident == "builder" => items.iter_mut().for_each(|item| self.builder(item)),
            _ => {}
        }
    }

    /// Completes one item of the module of builders.
    fn builder(&self, item: &mut Item) {
        let Item::Impl(item) = item else { return };
        self.unset.initialise(item);
        if item.trait_.is_none()
            && let Some(told) = implementor(item).and_then(|name| self.told.get(&name))
        {
            setters(item, told);
        }
    }
}

/// Whether a builder's field is an error until it is set.
pub fn is_missing(field: &FieldValue) -> bool {
    match &field.expr {
        Expr::Call(call) => matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err")),
        _ => false,
    }
}

/// A struct is made with its builder and not field by field, so that a field that is added
/// breaks nobody. A struct around one value does not grow.
fn bend(item: &mut ItemStruct) {
    if matches!(item.fields, syn::Fields::Named(_)) {
        item.attrs.push(parse_quote!(#[non_exhaustive]));
    }
}

/// Documentation and wire names of a struct; answers the documentation of its fields.
fn complete_struct(item: &mut ItemStruct, plan: &Plan) -> HashMap<String, String> {
    let name = item.ident.to_string();
    let mut told = HashMap::new();
    let Some(schema) = plan.schemas.get(&name) else {
        return told;
    };
    let text = docs::paragraphs([
        schema.title.as_deref().filter(|title| *title != name),
        schema.description.as_deref(),
    ]);
    let text = if text.is_empty() {
        format!("`{name}` of the API.")
    } else {
        text
    };
    docs::replace_docs(&mut item.attrs, &text);
    let own = schema.as_struct().map_or(&[][..], |own| &own.fields);
    let by_field: HashMap<String, &model::schema::Field> = own
        .iter()
        .map(|field| (crate::ident::field_name(&field.key), field))
        .collect();
    for field in &mut item.fields {
        let Some(ident) = field.ident.as_ref().map(ToString::to_string) else {
            continue;
        };
        let Some(property) = by_field.get(&ident) else {
            docs::replace_docs(&mut field.attrs, "Whatever else the object holds.");
            continue;
        };
        if property.wire != property.key {
            rename(&mut field.attrs, &property.wire);
        }
        let mut text = property.ty.description.clone().unwrap_or_default();
        for (is_said, sentence) in [
            (property.read_only, "Only the server sets it."),
            (property.write_only, "Only sent, never answered."),
            (property.deprecated, "Deprecated."),
        ] {
            if is_said {
                text = docs::paragraphs([Some(text.as_str()), Some(sentence)]);
            }
        }
        if text.is_empty() {
            text = format!("`{}`", docs::shown(&property.wire));
        }
        docs::replace_docs(&mut field.attrs, &text);
        told.insert(ident, text);
    }
    told
}

/// Gives a field the name that it has on the wire.
fn rename(attrs: &mut Vec<Attribute>, wire: &str) {
    let mut options: Vec<TokenStream> = vec![quote!(rename = #wire)];
    attrs.retain(|attr| {
        if !attr.path().is_ident("serde") {
            return true;
        }
        if let Ok(list) = attr.parse_args_with(
            syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
        ) {
            options.extend(
                list.iter()
                    .filter(|meta| !meta.path().is_ident("rename"))
                    .map(ToTokens::to_token_stream),
            );
        }
        false
    });
    attrs.push(parse_quote!(#[serde(#(#options),*)]));
}

/// Setters say what they set, and those of fields that are optional or in a box take the plain
/// value.
fn setters(item: &mut ItemImpl, told: &HashMap<String, String>) {
    for method in &mut item.items {
        let ImplItem::Fn(method) = method else {
            continue;
        };
        if let Some(text) = told.get(&method.sig.ident.to_string()) {
            docs::replace_docs(&mut method.attrs, text);
        }
        let mut predicates = method.sig.generics.where_clause.iter_mut();
        let taken =
            predicates.find_map(|clause| clause.predicates.iter_mut().find_map(converted_mut));
        let Some(taken) = taken else { continue };
        let is_optional = optional(taken)
            .cloned()
            .map(|plain| *taken = plain)
            .is_some();
        if let Some(plain) = boxed(taken).cloned() {
            *taken = plain;
            map(&mut method.block, &parse_quote!(::std::boxed::Box::new));
        }
        if is_optional {
            map(&mut method.block, &parse_quote!(Some));
        }
    }
}

/// `value.try_into().map(f)` where a setter has `value.try_into()`.
fn map(block: &mut Block, f: &Expr) {
    if let Some(Stmt::Expr(Expr::Assign(set), _)) = block.stmts.first_mut()
        && let Expr::MethodCall(map_err) = &mut *set.right
    {
        let converted = &map_err.receiver;
        map_err.receiver = parse_quote!(#converted.map(#f));
    }
}
