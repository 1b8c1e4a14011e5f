//! How a struct is read that keeps members beside its fields: its fields as a struct of their own,
//! and the rest as a map. A derived `Deserialize` would take the whole object for a map.

use quote::{format_ident, quote};
use syn::{
    Attribute, Field, Fields, GenericArgument, Ident, Item, ItemStruct, Meta, Path, PathArguments,
    Token, Type, parse_quote, punctuated::Punctuated,
};

/// Puts the other members of a struct before its fields, so that they are sent first: among them
/// may be the discriminator of a type whose subtypes the document leaves out.
pub fn first(item: &mut ItemStruct) {
    if let Fields::Named(fields) = &mut item.fields
        && fields.named.iter().any(is_flat)
    {
        let mut sorted: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
        sorted.sort_by_key(|field| !is_flat(field));
        fields.named = sorted.into_iter().collect();
    }
}

/// Takes `Deserialize` from the derived traits of a struct that keeps other members, and returns
/// its implementation; `None` for any other struct.
pub fn reading(item: &mut ItemStruct) -> Option<Item> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let others = fields.named.iter().find(|field| is_flat(field))?;
    let value = last_argument(&others.ty)?.clone();
    let others = others.ident.clone()?;
    let known: Vec<Field> = fields
        .named
        .iter()
        .filter(|field| field.ident.as_ref() != Some(&others))
        .map(|field| Field {
            attrs: serde_alone(&field.attrs),
            vis: syn::Visibility::Inherited,
            ..field.clone()
        })
        .collect();
    let attributes = serde_alone(&item.attrs);
    if !take_deserialize(&mut item.attrs) {
        return None;
    }
    let name = &item.ident;
    let own: Vec<&Ident> = known
        .iter()
        .filter_map(|field| field.ident.as_ref())
        .collect();
    // The name of no field.
    let read = format_ident!("known");
    let type_name = format_ident!("{name}Known");
    Some(parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(::serde::Deserialize)]
                #(#attributes)*
                struct #type_name { #(#known),* }
                let (#read, #others) = sixclicks_core::__private::with_others::<#type_name, #value, _, D>(deserializer)?;
                Ok(Self { #(#own: #read.#own,)* #others })
            }
        }
    })
}

fn is_flat(field: &Field) -> bool {
    field.attrs.iter().any(|attr| {
        let options = attr
            .path()
            .is_ident("serde")
            .then(|| attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated));
        let options = options.and_then(Result::ok);
        options.is_some_and(|options| {
            options
                .iter()
                .any(|option| option.path().is_ident("flatten"))
        })
    })
}

/// The type of a map's values.
fn last_argument(map: &Type) -> Option<&Type> {
    let Type::Path(path) = map else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.last()? {
        GenericArgument::Type(value) => Some(value),
        _ => None,
    }
}

fn serde_alone(attrs: &[Attribute]) -> Vec<Attribute> {
    let own = attrs.iter().filter(|attr| attr.path().is_ident("serde"));
    own.cloned().collect()
}

/// Takes `Deserialize` out of the derived traits; whether it was there.
fn take_deserialize(attrs: &mut [Attribute]) -> bool {
    let mut taken = false;
    for attr in attrs
        .iter_mut()
        .filter(|attr| attr.path().is_ident("derive"))
    {
        let Ok(traits) = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
        else {
            continue;
        };
        let is = |path: &Path| {
            path.segments
                .last()
                .is_some_and(|last| last.ident == "Deserialize")
        };
        let kept: Vec<&Path> = traits.iter().filter(|path| !is(path)).collect();
        if kept.len() < traits.len() {
            taken = true;
            let kept = quote!(#(#kept),*);
            *attr = parse_quote!(#[derive(#kept)]);
        }
    }
    taken
}
