//! Reading a crate's surface off its source.

use std::collections::{BTreeMap, HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::ToTokens;
use serde_json::Value;
use syn::{
    Attribute, Ident, Item, ItemEnum, ItemImpl, ItemMod, ItemStruct, LitInt, LitStr, Token, braced,
    bracketed, parenthesized,
    parse::{Parse, ParseStream},
};

use super::{Field, Operation, Parameter, Surface, Type, Variant};
use crate::{
    generate::{
        Plan, Source,
        answers::status_text,
        plan::{Kind, Place},
        print::one_line,
    },
    ident,
};

/// The surface of a crate's source.
pub fn surface(plan: &Plan, source: &Source) -> Result<Surface, syn::Error> {
    let types = syn::parse_file(&source.types)?;
    let builders = syn::parse_file(&source.builder)?;
    let mut surface = Surface {
        types: read_types(plan, &types.items),
        operations: operations(plan, &builders.items),
    };
    mark_sent(&mut surface);
    Ok(surface)
}

fn read_types(plan: &Plan, items: &[Item]) -> BTreeMap<String, Type> {
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
                    let (name, variants) = (open.name, open.variants);
                    let form = form.unwrap_or_default();
                    types.insert(name, Type::Enum { form, variants });
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
        variants,
    }
}

/// A call of one of the macros that write open enums and unions.
struct Open {
    name: String,
    variants: Vec<Variant>,
}

impl Parse for Open {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Attribute::parse_outer(input)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![enum]>()?;
        let name = input.parse::<Ident>()?.to_string();
        if !input.peek(syn::token::Brace) {
            input.parse::<Ident>()?;
            input.parse::<LitStr>()?;
        }
        let content;
        braced!(content in input);
        let mut variants = Vec::new();
        loop {
            Attribute::parse_outer(&content)?;
            if content.parse::<Option<Token![..]>>()?.is_some() {
                let name = content.parse::<Ident>()?.to_string();
                variants.push(Variant {
                    name,
                    holds: None,
                    wire: None,
                });
                break;
            }
            variants.push(open_variant(&content)?);
        }
        content.parse::<TokenStream>()?;
        Ok(Self { name, variants })
    }
}

fn open_variant(content: ParseStream<'_>) -> syn::Result<Variant> {
    let name = content.parse::<Ident>()?.to_string();
    let mut holds = None;
    if content.peek(syn::token::Paren) {
        let inner;
        parenthesized!(inner in content);
        holds = Some(one_line(&inner.parse::<syn::Type>()?.to_token_stream()));
    }
    let mut wire = None;
    if content.parse::<Option<Token![=]>>()?.is_some() {
        wire = Some(if content.peek(syn::token::Bracket) {
            let inner;
            bracketed!(inner in content);
            inner.parse::<TokenStream>()?.to_string()
        } else if content.peek(LitStr) {
            content.parse::<LitStr>()?.value()
        } else {
            let minus = content.parse::<Option<Token![-]>>()?.map_or("", |_| "-");
            format!("{minus}{}", content.parse::<LitInt>()?)
        });
    }
    content.parse::<Option<Token![,]>>()?;
    Ok(Variant { name, holds, wire })
}

fn operations(plan: &Plan, items: &[Item]) -> BTreeMap<String, Operation> {
    let mut taken: HashMap<String, HashMap<String, String>> = HashMap::new();
    let mut answers: HashMap<String, (String, String)> = HashMap::new();
    for item in items {
        match item {
            Item::Struct(item) => {
                let fields = item.fields.iter().filter_map(|field| {
                    Some((field.ident.as_ref()?.to_string(), setter_type(&field.ty)))
                });
                taken.insert(item.ident.to_string(), fields.collect());
            }
            Item::Impl(item) => {
                let name = item.self_ty.to_token_stream().to_string();
                let name = name.split(' ').next().unwrap_or_default().to_owned();
                for method in &item.items {
                    if let syn::ImplItem::Fn(method) = method
                        && method.sig.ident == "send"
                    {
                        answers.insert(name.clone(), answer_types(&method.sig.output));
                    }
                }
            }
            _ => {}
        }
    }
    let read = |operation: &crate::generate::plan::Operation| {
        let types = taken.remove(&operation.builder()).unwrap_or_default();
        let rust = |name: &str| types.get(name).cloned().unwrap_or_default();
        let mut parameters: BTreeMap<String, Parameter> = operation
            .parameters
            .iter()
            .map(|own| {
                let parameter = Parameter {
                    wire: format!("{} {}", place(own.place), own.wire),
                    rust: rust(&own.rust),
                    required: own.required,
                };
                (own.rust.clone(), parameter)
            })
            .collect();
        if let Some(body) = &operation.body {
            let parameter = Parameter {
                wire: body.media_type.clone(),
                rust: rust("body"),
                // A body that is built from nothing is there without being set.
                required: body.required,
            };
            parameters.insert("body".to_owned(), parameter);
        }
        let (answer, error) = answers.remove(&operation.builder()).unwrap_or_default();
        let responses = operation
            .success
            .iter()
            .chain(&operation.errors)
            .map(|answer| (status_text(answer.status), kind(answer.kind).to_owned()))
            .collect();
        let surface = Operation {
            route: format!("{} {}", operation.method, operation.path),
            deprecated: operation.deprecated,
            parameters,
            answer,
            error,
            responses,
        };
        (operation.id.clone(), surface)
    };
    plan.operations.iter().map(read).collect()
}

/// `T` of a builder's field `Result<T, String>` or `Result<Option<T>, String>`.
fn setter_type(ty: &syn::Type) -> String {
    let text = one_line(&ty.to_token_stream());
    let text = text.strip_prefix("Result<").unwrap_or(&text);
    let text = text.strip_suffix(", String>").unwrap_or(text);
    let plain = text
        .strip_prefix("Option<")
        .and_then(|t| t.strip_suffix('>'));
    plain.unwrap_or(text).replace("types::builder::", "types::")
}

/// The two types of `Result<ResponseValue<T>, Error<E>>`.
fn answer_types(output: &syn::ReturnType) -> (String, String) {
    let syn::ReturnType::Type(_, ty) = output else {
        return Default::default();
    };
    let mut inner = arguments(ty).into_iter().map(|outer| {
        arguments(&outer)
            .first()
            .map(|ty| one_line(&ty.to_token_stream()))
            .unwrap_or_default()
    });
    (
        inner.next().unwrap_or_default(),
        inner.next().unwrap_or_default(),
    )
}

fn arguments(ty: &syn::Type) -> Vec<syn::Type> {
    let syn::Type::Path(path) = ty else {
        return Vec::new();
    };
    match path.path.segments.last().map(|last| &last.arguments) {
        Some(syn::PathArguments::AngleBracketed(held)) => held
            .args
            .iter()
            .filter_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Cookie => "cookie",
        Place::Form | Place::Multipart => "form",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Json => "JSON",
        Kind::Text => "text",
        Kind::Binary => "bytes",
        Kind::Empty => "nothing",
        Kind::Any => "anything",
    }
}

/// Marks the types that requests hold.
fn mark_sent(surface: &mut Surface) {
    let mut open: Vec<String> = surface
        .operations
        .values()
        .flat_map(|operation| operation.parameters.values())
        .flat_map(|parameter| words(&parameter.rust))
        .collect();
    let mut seen = HashSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        match surface.types.get_mut(&name) {
            Some(Type::Struct { fields, sent, .. }) => {
                *sent = true;
                open.extend(fields.values().flat_map(|field| words(&field.rust)));
            }
            Some(Type::Enum { variants, .. }) => {
                open.extend(
                    variants
                        .iter()
                        .filter_map(|v| v.holds.as_ref())
                        .flat_map(|h| words(h)),
                );
            }
            None => {}
        }
    }
}

/// The names in a type.
fn words(rust: &str) -> Vec<String> {
    rust.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
