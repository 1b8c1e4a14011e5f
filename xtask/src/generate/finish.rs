//! Completes progenitor's code and splits it into files: the types, the builders, and the
//! client.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use syn::{File, Item, ItemMod, visit_mut::VisitMut};

use super::{
    GenerateError, Source,
    builders::{complete_builders, imports},
    client::client,
    open_types,
    paths::Paths,
    plan::Plan,
    print::{print, print_types, unparse},
    send::{Send, send},
    shorthand::Setters,
    skeleton,
    streams::Structs,
    types::complete_types,
};

/// Splits and completes progenitor's tokens.
///
/// # Errors
///
/// When the tokens are not what this version of progenitor writes.
pub fn finish(tokens: TokenStream, plan: &Plan) -> Result<Source, GenerateError> {
    let file: File = syn::parse2(tokens).map_err(|error| GenerateError::Code(error.to_string()))?;
    let mut types = Vec::new();
    let mut builders = Vec::new();
    for item in file.items {
        if let Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) = item
        {
            match ident.to_string().as_str() {
                "types" => types = items,
                "builder" => builders = items,
                _ => {}
            }
        }
    }
    let sends: HashMap<String, Send> = plan
        .operations
        .iter()
        .map(|operation| (operation.builder(), send(operation)))
        .collect();
    let mut type_names: Vec<String> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    type_names.extend(
        plan.schemas
            .iter()
            .filter(|(_, schema)| skeleton::is_open(schema))
            .map(|(name, _)| name.clone()),
    );
    let structs = Structs::of(&types);
    complete_types(&mut types, plan);
    let mut declared = Vec::new();
    for operation in &plan.operations {
        let answers: File = syn::parse2(sends[&operation.builder()].types.clone())
            .map_err(|error| GenerateError::Code(error.to_string()))?;
        declared.extend(answers.items);
    }
    let modules = types
        .iter()
        .position(|item| matches!(item, Item::Mod(_)))
        .unwrap_or(types.len());
    types.splice(modules..modules, declared);
    every_operation_has_a_builder(plan, &builders)?;
    let setters = Setters::of(&builders);
    complete_builders(&mut builders, plan, &sends, &structs)?;
    Ok(Source {
        client: unparse(client(plan, &setters))?,
        builder: {
            for item in &mut builders {
                Paths {
                    scope: Some("types"),
                }
                .visit_item_mut(item);
            }
            let code = print(builders);
            print(imports(&code)) + &code
        },
        types: print_types(types) + &open_types::source(plan),
        methods: plan.operations.iter().filter(|o| !o.alternative).count(),
        type_names,
    })
}

/// An operation that is named otherwise than its builder would be gone without a word.
fn every_operation_has_a_builder(plan: &Plan, builders: &[Item]) -> Result<(), GenerateError> {
    let names: HashSet<String> = builders
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    match plan
        .operations
        .iter()
        .find(|o| !names.contains(&o.builder()))
    {
        Some(operation) => Err(GenerateError::Code(format!(
            "no builder was written for the operation `{}`",
            operation.id
        ))),
        None => Ok(()),
    }
}
