//! The program that calls every operation of a document's crates: it reads a call from each
//! line of its input and writes on a line what came of it.

use std::path::Path;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{
    emit::Files,
    generate::{
        answers::Answers,
        plan::{Answer, Kind, Operation, Parameter, Plan},
        rust_types::rust_type,
    },
};

/// What is the same for every document.
const COMMON: &str = include_str!("driver_common.rs.txt");

/// The files of a driver.
///
/// `crates` are the names of the generated crates, which stand beside it; `handwritten` is
/// the folder of those that they use.
pub fn files(name: &str, crates: &[(String, &Plan)], handwritten: &Path) -> Files {
    let mut dependencies = String::new();
    for own in ["sixclicks-auth", "sixclicks-core"] {
        let path = handwritten.join(own);
        dependencies += &format!("{own} = {{ path = {:?} }}\n", path.display().to_string());
    }
    let mut modules = Vec::new();
    let mut arms = Vec::new();
    let mut clients = Vec::new();
    for (index, (own, plan)) in crates.iter().enumerate() {
        dependencies += &format!("{own} = {{ path = \"../{own}\" }}\n");
        let module = format_ident!("api{index}");
        let krate = format_ident!("{}", own.replace('-', "_"));
        let operations = plan.operations.iter().enumerate();
        let functions = operations.map(|(number, operation)| function(number, operation));
        modules.push(quote! {
            mod #module {
                use super::*;
                use ::#krate::{Client, types};
                #(#functions)*
            }
        });
        let client = format_ident!("client{index}");
        clients.push(quote!(let #client = ::#krate::Client::new(&session);));
        for number in 0..plan.operations.len() {
            let function = format_ident!("op{number}");
            let key = format!("{index}.{number}");
            arms.push(quote!(#key => Box::pin(#module::#function(&#client, &call)),));
        }
    }
    let code = quote! {
        #(#modules)*
        #[tokio::main(flavor = "current_thread")]
        async fn main() {
            let session = session();
            #(#clients)*
            for line in std::io::stdin().lines() {
                let call = Call::read(&line.unwrap());
                let done: Pin<Box<dyn Future<Output = Done> + '_>> = match call.operation.as_str() {
                    #(#arms)*
                    other => panic!("there is no operation {other}"),
                };
                println!("{}", done.await.unwrap_or_else(|error| json!({"unset": error})));
            }
        }
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nfutures-util = {{ version = \"0.3\", default-features = false }}\nserde = \"1\"\nserde_json = \"1\"\nuuid = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\", \"time\", \"net\"] }}\n{dependencies}"
    );
    Files::from([
        ("Cargo.toml".into(), manifest),
        ("src/main.rs".into(), format!("{COMMON}\n{code}\n")),
    ])
}

/// One call: every value that is given is set, and the answer is told.
fn function(number: usize, operation: &Operation) -> TokenStream {
    let name = format_ident!("op{number}");
    let method = format_ident!("{}", operation.id);
    let mut setters: Vec<TokenStream> = operation
        .parameters
        .iter()
        .map(|parameter| set(&parameter.rust, &parameter_value(parameter)))
        .collect();
    if let Some(body) = &operation.body {
        setters.push(set(
            "body",
            &match body.kind {
                Kind::Text => quote!(call.value::<String>("body")?),
                Kind::Binary => quote!(call.upload("body")),
                _ => {
                    let kind = plain_type(&body.schema);
                    quote!(call.value::<#kind>("body")?)
                }
            },
        ));
    }
    let success = told(&Answers::success(operation), &quote!(answer.into_inner()));
    let failure = told(&Answers::errors(operation), &quote!(typed));
    quote! {
        pub async fn #name(client: &Client, call: &Call) -> Done {
            let builder = client.#method();
            #(#setters)*
            match builder.send().await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    let (variant, value) = #success;
                    Ok(json!({"ok": true, "status": status, "variant": variant, "value": value}))
                }
                Err(error) => {
                    let (variant, value) = match error.typed() {
                        Some(typed) => #failure,
                        None => ("", json!(null)),
                    };
                    Ok(failed(&error, variant, value))
                }
            }
        }
    }
}

fn set(name: &str, value: &TokenStream) -> TokenStream {
    let setter = format_ident!("{name}");
    quote! {
        let builder = match call.has(#name) {
            true => builder.#setter(#value),
            false => builder,
        };
    }
}

fn parameter_value(parameter: &Parameter) -> TokenStream {
    let name = &parameter.rust;
    match parameter.files {
        Some(false) => quote!(call.file(#name)),
        Some(true) => quote!(call.files(#name)),
        None => {
            let kind = plain_type(&parameter.schema);
            quote!(call.value::<#kind>(#name)?)
        }
    }
}

/// The type that a setter takes: never an option.
fn plain_type(schema: &Value) -> TokenStream {
    let mut schema = schema.clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("nullable");
    }
    rust_type(&schema, &quote!(types::))
}

/// An expression of an answer's variant and content.
fn told(answers: &Answers<'_>, value: &TokenStream) -> TokenStream {
    let Some(variants) = &answers.variants else {
        let content = match answers.answers().first() {
            Some(answer) => content(answer, &quote!(value)),
            None if answers.is_failure() => quote!(json!({"none": true})),
            None => quote!(any(&value)),
        };
        return quote!({ let value = #value; ("", #content) });
    };
    let kind = answers.outer();
    let arms = answers
        .answers()
        .iter()
        .zip(variants)
        .map(|(answer, name)| {
            let variant: Ident = format_ident!("{name}");
            let content = content(answer, &quote!(value));
            match answer.kind {
                Kind::Empty => quote!(#kind::#variant => (#name, json!({"none": true})),),
                _ => quote!(#kind::#variant(value) => (#name, #content),),
            }
        });
    quote!(match #value { #(#arms)* _ => ("?", json!(null)) })
}

/// An expression of what an answer holds.
fn content(answer: &Answer, value: &TokenStream) -> TokenStream {
    match answer.kind {
        Kind::Json => quote!(json!({"json": #value})),
        Kind::Text => quote!(json!({"text": #value})),
        Kind::Binary => quote!(stream(#value).await),
        Kind::Empty => quote!(json!({"none": true})),
        Kind::Any => quote!(any(&#value)),
    }
}
