//! Nothing is lost: instances made at random from each schema are read as the generated
//! type and written again, and are the same. Over constructs of ours, and over documents
//! of real products in `../shared/corpus` when that is there: a few of them, or with
//! `SIXCLICKS_ROUNDTRIP=all` every one.

mod driver;
mod instances;
mod schema;
mod variants;

use std::collections::BTreeMap;

use driver::Types;
use instances::Maker;
use proc_macro2::TokenStream;
use schema::{as_uri, json_schema};
use serde_json::{Value, json};
use xtask::{
    config::Config,
    generate::{generate, print::short_line, rust_types::rust_type},
    lower::lower,
    model::Plan,
    pipeline::STACK,
    read,
    report::Report,
    split::{SplitConfig, SplitInput, split},
    upgrade::upgrade,
};

/// A document of OpenAPI 3.0 with its types.
struct Subject {
    name: String,
    document: Value,
    schemas: Vec<String>,
    types: Types,
}

/// Generates the types of a document's schemas, whatever its operations are.
fn subject(name: &str, received: Value) -> Result<Subject, String> {
    let mut document = upgrade(received).map_err(|error| error.to_string())?.value;
    let schemas: Vec<String> = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    let paths: serde_json::Map<String, Value> = schemas
        .iter()
        .enumerate()
        .map(|(index, name)| (format!("/roundtrip{index}"), driver::operation(index, name)))
        .collect();
    document["paths"] = Value::Object(paths);
    if let Some(object) = document.as_object_mut() {
        object.remove("servers");
    }
    let rule = Config::default().api;
    let rule = SplitConfig {
        suffix: Some(rule.suffix).filter(|s| !s.is_empty()),
        name: rule.name,
        version: rule.version,
    };
    let input = SplitInput {
        name: name.to_owned(),
        value: document.clone(),
    };
    let mut apis = split(vec![input], &rule).map_err(|error| error.to_string())?;
    if apis.len() != 1 {
        return Err(format!("{} APIs instead of one", apis.len()));
    }
    let mut lowered = apis.remove(0).value;
    lower(&mut lowered, &mut Report::default()).map_err(|error| error.to_string())?;
    let plan = Plan::new(&lowered);
    let of_schemas = schemas
        .iter()
        .enumerate()
        .map(|(index, schema)| {
            let path = format!("/roundtrip{index}");
            let operation = plan.operations.iter().find(|o| o.path == path);
            let body = operation
                .and_then(|o| o.body.as_ref())
                .ok_or(format!("no body for {schema}"))?;
            let scope: TokenStream = "types::".parse().expect("a path");
            let kind = short_line(&rust_type(&body.ty, &scope));
            // Without `use`, as the types file names what is in the standard library.
            Ok(kind.replace(
                "Map<String, Value>",
                "serde_json::Map<String, serde_json::Value>",
            ))
        })
        .collect::<Result<Vec<String>, String>>()?;
    let source = generate(&plan, &mut |_, _| ())
        .map_err(|error| error.to_string())?
        .types;
    Ok(Subject {
        name: name.to_owned(),
        document,
        schemas,
        types: Types { source, of_schemas },
    })
}

/// What became of the instances of some documents.
#[derive(Default)]
struct Outcome {
    instances: usize,
    schemas: usize,
    /// Schemas of which no valid instance was found.
    without: Vec<String>,
    different: Vec<String>,
}

fn prove(program: &str, subjects: Vec<Subject>, each: u64) -> Outcome {
    let (kinds, subjects): (Vec<Types>, Vec<_>) = subjects
        .into_iter()
        .map(|s| (s.types, (s.name, s.document, s.schemas)))
        .unzip();
    let program = driver::build(program, &kinds);
    let mut outcome = Outcome::default();
    let mut sent = Vec::new();
    for (at, (name, document, schemas)) in subjects.iter().enumerate() {
        let all = json_schema(&document["components"]);
        for (index, schema) in schemas.iter().enumerate() {
            let pointer = format!("#/components/schemas/{}", schema::escaped(schema));
            let checked = json!({"$ref": as_uri(&pointer.replace('%', "%25")), "components": all});
            let validator = jsonschema::draft4::options()
                .should_validate_formats(false)
                .build(&checked);
            let Ok(validator) = validator else {
                outcome
                    .without
                    .push(format!("{name}: {schema} (no JSON Schema)"));
                continue;
            };
            let before = sent.len();
            for seed in 0..each * 8 {
                if sent.len() - before >= each as usize {
                    break;
                }
                let made = Maker::new(document, seed).instance(&json!({"$ref": pointer}));
                if let Some(value) = made.filter(|value| validator.is_valid(value)) {
                    sent.push((at, index, value));
                }
            }
            if sent.len() == before {
                outcome.without.push(format!("{name}: {schema}"));
            } else {
                outcome.schemas += 1;
            }
        }
    }
    outcome.instances = sent.len();
    for ((at, index, value), back) in sent.iter().zip(driver::run(&program, &sent)) {
        let (name, _, schemas) = &subjects[*at];
        // Through text, as what came back: this program's own reading of numbers is not
        // what is tested.
        let value: Value = serde_json::from_str(&value.to_string()).expect("JSON");
        let problem = match back {
            Ok(back) if driver::same(&value, &back.value) => continue,
            Ok(back) => format!("came back as {}", back.value),
            Err(error) => format!("was not read: {error}"),
        };
        outcome.different.push(format!(
            "{name}: {} ({})\n  {value}\n  {problem}",
            schemas[*index], kinds[*at].of_schemas[*index]
        ));
    }
    outcome
}

/// With as much stack as the pipeline has.
fn on_a_deep_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(test)
        .expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn every_construct_comes_back_as_it_was_sent() {
    on_a_deep_stack(|| {
        let constructs: BTreeMap<String, Value> =
            serde_json::from_str(include_str!("constructs.json")).expect("constructs");
        let subjects = constructs
            .into_iter()
            .map(|(name, schemas)| {
                let document = json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
                    "paths": {}, "components": {"schemas": schemas}});
                subject(&name, document).unwrap_or_else(|error| panic!("{name}: {error}"))
            })
            .collect();
        let outcome = prove("constructs", subjects, 40);
        assert!(
            outcome.different.is_empty(),
            "{}",
            outcome.different.join("\n")
        );
        assert!(
            outcome.without.is_empty(),
            "no instance of {:?}",
            outcome.without
        );
        assert!(outcome.instances >= 40 * outcome.schemas / 2);
    });
}

#[test]
fn schemas_of_real_products_come_back_as_they_were_sent() {
    on_a_deep_stack(|| {
        let Some(corpus) = crate::shared::shared("corpus") else {
            return;
        };
        let all = std::env::var("SIXCLICKS_ROUNDTRIP").is_ok_and(|asked| asked == "all");
        let files = if all {
            read::documents_in(&corpus).expect("documents")
        } else {
            [
                "products/eShop_src_Catalog.API_Catalog.API.json",
                "products/Xero-OpenAPI_xero_files.yaml",
                "products/OpenAPI-Specifications_click.rest.swagger_v2.json",
            ]
            .map(|name| corpus.join(name))
            .to_vec()
        };
        let mut subjects = Vec::new();
        for file in files {
            let path = file.display().to_string();
            let Ok(documents) = read::read(&path, &read::ReadOptions::default()) else {
                continue;
            };
            for document in documents {
                match subject(&document.name, document.value) {
                    Ok(subject) => subjects.push(subject),
                    Err(error) => eprintln!("left out: {path}: {error}"),
                }
            }
        }
        let outcome = prove(if all { "corpus" } else { "products" }, subjects, 12);
        eprintln!(
            "{} instances of {} schemas; {} differ; no instance of {}: {:?}",
            outcome.instances,
            outcome.schemas,
            outcome.different.len(),
            outcome.without.len(),
            outcome.without
        );
        assert!(
            outcome.different.is_empty(),
            "{}",
            outcome.different.join("\n")
        );
    });
}
