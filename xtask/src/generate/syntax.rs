//! Taking generated code apart: the modules and items of a stream of tokens, and what a type
//! is made of.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    GenericArgument, ImplItem, Item, ItemImpl, PathArguments, PathSegment, Type, TypeParamBound,
    WherePredicate,
    parse::{ParseStream, Parser},
};

/// The modules of a file by their names, unread.
pub fn modules(tokens: TokenStream) -> HashMap<String, TokenStream> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let modules = trees.windows(3).filter_map(|trees| match trees {
        [
            TokenTree::Ident(keyword),
            TokenTree::Ident(name),
            TokenTree::Group(content),
        ] if keyword == "mod" => Some((name.to_string(), content.stream())),
        _ => None,
    });
    modules.collect()
}

/// Reads the items of a file or module and hands them out one at a time: the syntax of a large
/// document all at once would take gigabytes.
///
/// # Errors
///
/// When the tokens are no items, and what `each` answers.
pub fn items(
    tokens: TokenStream,
    mut each: impl FnMut(Item) -> syn::Result<()>,
) -> syn::Result<()> {
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            each(input.parse()?)?;
        }
        Ok(())
    };
    read.parse2(tokens)
}

/// The last name of the type that an implementation is for.
pub fn implementor(item: &ItemImpl) -> Option<String> {
    last(&item.self_ty).map(|last| last.ident.to_string())
}

/// The method of this name.
pub fn method<'a>(item: &'a ItemImpl, name: &str) -> Option<&'a syn::ImplItemFn> {
    item.items.iter().find_map(|item| match item {
        ImplItem::Fn(method) if method.sig.ident == name => Some(method),
        _ => None,
    })
}

/// The last name in a type, with what it is generic over.
pub fn last(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The types that a name is generic over.
pub fn arguments(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let held = match &segment.arguments {
        PathArguments::AngleBracketed(held) => Some(&held.args),
        _ => None,
    };
    held.into_iter()
        .flatten()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
}

/// The same, to be changed.
pub fn arguments_mut(segment: &mut PathSegment) -> impl Iterator<Item = &mut Type> {
    let held = match &mut segment.arguments {
        PathArguments::AngleBracketed(held) => Some(&mut held.args),
        _ => None,
    };
    held.into_iter()
        .flatten()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
}

/// `T` of `Option<T>`.
pub fn optional(ty: &Type) -> Option<&Type> {
    let last = last(ty).filter(|last| last.ident == "Option")?;
    arguments(last).next()
}

/// `T` of `Box<T>`.
pub fn boxed(ty: &Type) -> Option<&Type> {
    let last = last(ty).filter(|last| last.ident == "Box")?;
    arguments(last).next()
}

/// `T` of a bound `V: TryInto<T>`.
pub fn converted(predicate: &WherePredicate) -> Option<&Type> {
    let WherePredicate::Type(bounded) = predicate else {
        return None;
    };
    bounded.bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last()?;
            arguments(last).next().filter(|_| last.ident == "TryInto")
        }
        _ => None,
    })
}

/// The same, to be changed.
pub fn converted_mut(predicate: &mut WherePredicate) -> Option<&mut Type> {
    let WherePredicate::Type(bounded) = predicate else {
        return None;
    };
    bounded.bounds.iter_mut().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last_mut()?;
            let converts = last.ident == "TryInto";
            arguments_mut(last).next().filter(|_| converts)
        }
        _ => None,
    })
}
