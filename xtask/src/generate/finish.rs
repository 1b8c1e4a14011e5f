//! Completes progenitor's code and splits it into files: the types, the builders, and the
//! client. Each item is completed, shown and printed before the next one is read.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use syn::{Item, visit_mut::VisitMut};

use super::{
    GenerateError, Part, Source,
    answers::declarations,
    boxes::Boxes,
    builders::{Builders, imports},
    client::client,
    open_types, others,
    paths::Paths,
    print::{Printer, print},
    prologue,
    shorthand::Setters,
    sizes,
    streams::Structs,
    syntax,
    tags::Tags,
    types::Types,
};
use crate::model::{Plan, schema::Shape};

/// Splits and completes progenitor's tokens, and shows each item that a user sees.
///
/// # Errors
///
/// When the tokens are not what this version of progenitor writes.
pub fn finish(
    tokens: TokenStream,
    plan: &Plan,
    show: &mut dyn FnMut(Part, &Item),
) -> Result<Source, GenerateError> {
    let mut modules = syntax::modules(tokens);
    let mut module = |name| modules.remove(name).unwrap_or_default();
    let written = types(module("types"), plan, show)?;
    let (builder, setters) = builders(module("builder"), plan, &written.structs, show)?;
    let mut type_names = written.names;
    let open = plan
        .schemas
        .iter()
        .filter(|(_, schema)| schema.is_open() && !matches!(schema.shape, Shape::Constant(_)));
    type_names.extend(open.map(|(name, _)| name.clone()));
    Ok(Source {
        client: print(client(plan, &setters))?,
        builder,
        types: written.text,
        methods: plan.operations.iter().filter(|o| !o.alternative).count(),
        type_names,
    })
}

/// The types file.
struct Written {
    text: String,
    names: Vec<String>,
    structs: Structs,
}

fn types(
    tokens: TokenStream,
    plan: &Plan,
    show: &mut dyn FnMut(Part, &Item),
) -> syn::Result<Written> {
    let mut types = Types::new(plan);
    let mut boxes = Boxes::new(sizes::large(plan));
    let mut tags = Tags::new(plan);
    let mut structs = Structs::default();
    let mut names = Vec::new();
    let mut printer = Printer::default();
    let mut put = |mut item: Item| {
        // Types name each other without the module that they are in.
        let inside = matches!(&item, Item::Mod(module) if module.ident == "builder");
        let scope = inside.then_some("super");
        Paths { scope }.visit_item_mut(&mut item);
        show(Part::Types, &item);
        let reading = match &mut item {
            Item::Struct(item) => others::reading(item),
            _ => None,
        };
        printer.print(item);
        if let Some(reading) = reading {
            printer.print(reading);
        }
        Ok(())
    };
    // The enums of answers come before the modules.
    let answers = |put: &mut dyn FnMut(Item) -> syn::Result<()>| {
        let mut operations = plan.operations.iter();
        operations.try_for_each(|operation| syntax::items(declarations(operation), &mut *put))
    };
    let mut in_modules = false;
    syntax::items(tokens, |mut item| {
        match &item {
            Item::Struct(item) => names.push(item.ident.to_string()),
            Item::Enum(item) => names.push(item.ident.to_string()),
            Item::Mod(module) if module.ident == "defaults" => return Ok(()),
            Item::Mod(_) if !in_modules => {
                in_modules = true;
                answers(&mut put)?;
            }
            _ => {}
        }
        boxes.visit_item_mut(&mut item);
        if let Item::Struct(item) = &mut item {
            others::first(item);
        }
        tags.complete(&mut item);
        structs.see(&item);
        types.complete(&mut item);
        put(item)
    })?;
    if !in_modules {
        answers(&mut put)?;
    }
    let open = open_types::source(plan);
    for item in syn::parse_file(&open)?.items {
        show(Part::Types, &item);
    }
    let text = printer.finish();
    let text = text.replace("\"::std::option::Option::is_none\"", "\"Option::is_none\"");
    Ok(Written {
        text: text + &open,
        names,
        structs,
    })
}

/// The builders file, and what its setters take.
fn builders(
    tokens: TokenStream,
    plan: &Plan,
    structs: &Structs,
    show: &mut dyn FnMut(Part, &Item),
) -> Result<(String, Setters), GenerateError> {
    let builders = Builders::new(plan, structs);
    let mut setters = Setters::default();
    let mut built = HashSet::new();
    let mut printer = Printer::default();
    syntax::items(prologue::alone(tokens), |mut item| {
        if let Some(operation) = builders.operation(&item) {
            builders.complete(&mut item, operation)?;
            Paths {
                scope: Some("types"),
            }
            .visit_item_mut(&mut item);
            setters.see(&item, operation);
            built.insert(operation.id.as_str());
            let is_struct = matches!(item, Item::Struct(_));
            show(Part::Builders, &item);
            printer.print(item);
            if is_struct {
                printer.print(Builders::debug(operation));
            }
        }
        Ok(())
    })?;
    let mut operations = plan.operations.iter();
    if let Some(gone) = operations.find(|own| !built.contains(own.id.as_str())) {
        return Err(GenerateError::Code(format!(
            "no builder was written for the operation `{}`",
            gone.id
        )));
    }
    let code = printer.finish();
    Ok((print(imports(&code))? + &code, setters))
}
