//! The program that calls every operation of the crates: it reads a call from each line of
//! its input and writes on a line what came of it. Each document has a library of its own,
//! so that one that does not compile stops no other, and all are linked once.

use std::path::Path;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::{
    emit::Files,
    generate::{answers::Answers, rust_types},
    model::{Answer, Kind, Operation, Parameter, Plan},
};

/// The name of the program.
pub const PROGRAM: &str = "wire";

/// What all drivers depend on; the types of arguments are named by their own crates.
const LIBRARIES: &str = "\
serde_json = \"1\"
uuid = \"1\"
";

/// The files of the library for one document. `crates` are the names of its generated
/// crates, which stand beside it; `root` is the folder of this repository.
pub fn library(name: &str, crates: &[(String, &Plan)], root: &Path) -> Files {
    let mut dependencies = own(root);
    let mut modules = Vec::new();
    let mut arms = Vec::new();
    let mut clients = Vec::new();
    for (index, (own, plan)) in crates.iter().enumerate() {
        dependencies += &beside(own);
        let module = format_ident!("api{index}");
        let krate = format_ident!("{}", own.replace('-', "_"));
        let operations = plan.operations.iter().enumerate();
        let functions = operations.map(|(number, operation)| function(number, operation));
        modules.push(quote! {
            mod #module {
                use conformance_driver::*;
                use ::#krate::{Client, types};
                #(#functions)*
            }
        });
        let client = format_ident!("client{index}");
        clients.push(quote!(let #client = ::#krate::Client::new(&session);));
        for number in 0..plan.operations.len() {
            let function = format_ident!("op{number}");
            let key = format!("{index}.{number}");
            arms.push(quote!(#key => Box::pin(#module::#function(&#client, call)),));
        }
    }
    let code = quote! {
        #![allow(warnings)]
        use conformance_driver::*;
        #(#modules)*
        pub fn run() {
            let session = session();
            #(#clients)*
            serve(&|call| match call.operation.as_str() {
                #(#arms)*
                other => panic!("there is no operation {other}"),
            });
        }
    };
    Files::from([
        ("Cargo.toml".into(), manifest(name, &dependencies)),
        ("src/lib.rs".into(), format!("{code}\n")),
    ])
}

/// The files of the program, which takes the name of a driver.
pub fn program(drivers: &[&str]) -> Files {
    let dependencies: String = drivers.iter().map(|name| beside(name)).collect();
    let arms = drivers.iter().map(|name| {
        let krate = format_ident!("{}", name.replace('-', "_"));
        quote!(Some(#name) => #krate::run(),)
    });
    let code = quote! {
        fn main() {
            match std::env::args().nth(1).as_deref() {
                #(#arms)*
                other => panic!("there is no driver {other:?}"),
            }
        }
    };
    Files::from([
        ("Cargo.toml".into(), manifest(PROGRAM, &dependencies)),
        ("src/main.rs".into(), format!("{code}\n")),
    ])
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n{LIBRARIES}{dependencies}"
    )
}

/// What is not generated.
fn own(root: &Path) -> String {
    let line = |(name, folder)| {
        let path = root.join(folder);
        format!("{name} = {{ path = {:?} }}\n", path.display().to_string())
    };
    [
        ("conformance-driver", "xtask/driver"),
        ("sixclicks-auth", "crates/sixclicks-auth"),
        ("sixclicks-core", "crates/sixclicks-core"),
    ]
    .map(line)
    .concat()
}

fn beside(name: &str) -> String {
    format!("{name} = {{ path = \"../{name}\" }}\n")
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
                Kind::Binary => quote!(call.upload("body")?),
                _ => {
                    let kind = rust_types::plain_type(&body.ty, &quote!(types::));
                    quote!(call.value::<#kind>("body")?)
                }
            },
        ));
    }
    let success = told(&Answers::success(operation), &quote!(answer.into_inner()));
    let failure = told(&Answers::errors(operation), &quote!(typed));
    quote! {
        pub async fn #name(client: &Client, call: Call) -> Done {
            let builder = client.#method();
            #(#setters)*
            match builder.send().await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    let headers = answer.headers().clone();
                    let (variant, value) = #success;
                    Ok(read(status, &headers, variant, value))
                }
                Err(error) => {
                    let (variant, value) = match error.typed() {
                        Some(typed) => #failure,
                        None => ("", nothing()),
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
        Some(false) => quote!(call.file(#name)?),
        Some(true) => quote!(call.files(#name)?),
        None => {
            let kind = rust_types::plain_type(&parameter.ty, &quote!(types::));
            quote!(call.value::<#kind>(#name)?)
        }
    }
}

/// An expression of an answer's variant and content.
fn told(answers: &Answers<'_>, value: &TokenStream) -> TokenStream {
    let Some(variants) = &answers.variants else {
        let content = match answers.answers().first() {
            Some(answer) => content(answer, &quote!(value)),
            None if answers.is_failure() => quote!(none()),
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
                Kind::Empty => quote!(#kind::#variant => (#name, none()),),
                _ => quote!(#kind::#variant(value) => (#name, #content),),
            }
        });
    quote!(match #value { #(#arms)* _ => ("?", nothing()) })
}

/// An expression of what an answer holds.
fn content(answer: &Answer, value: &TokenStream) -> TokenStream {
    match answer.kind {
        Kind::Json => quote!(json(&#value)),
        Kind::Text => quote!(text(&#value)),
        Kind::Binary => quote!(stream(#value).await),
        Kind::Empty => quote!(none()),
        Kind::Any => quote!(any(&#value)),
    }
}
