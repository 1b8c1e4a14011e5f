//! The `send` of every operation: the request as the document describes it, and every
//! documented answer told apart. progenitor's own `send` has no way to write cookies,
//! nested parameters, forms or optional bodies, and to tell answers apart by status.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::answers::Answers;
use crate::{
    lower::walk::METHODS,
    media::{self, essence},
    model::{Answer, Body, Kind, Operation, Parameter, Place, Segment},
};

/// What an operation answers with, and the code that sends it.
pub struct Send {
    /// What `send` returns on success.
    pub success: TokenStream,
    /// What a documented error holds.
    pub error: TokenStream,
    /// The body of `send`, after the parameters have been taken out of the builder.
    pub body: TokenStream,
}

/// Writes the sending of one operation, whose answers may nest without end.
pub fn send(operation: &Operation, nests: bool) -> Send {
    let success = Answers::success(operation);
    let error = Answers::errors(operation);
    let call = call(operation, &success);
    let id = &operation.id;
    let success_arms = success.success_arms();
    let error_arms = error.error_arms();
    let rest = (!error.covers_all()).then(|| quote!(_ => Err(response.unexpected().await),));
    let nesting = nests.then(|| quote!(.nesting()));
    let mutable = success.variants.is_some().then(|| quote!(mut));
    Send {
        body: quote! {
            let call = #call;
            let info = OperationInfo { operation_id: #id };
            let #mutable response = call.send(client, &info).await? #nesting;
            match response.status().as_u16() {
                #success_arms
                #error_arms
                #rest
            }
        },
        success: success.outer(),
        error: error.outer(),
    }
}

/// The expression that makes the call.
fn call(operation: &Operation, success: &Answers<'_>) -> TokenStream {
    // reqwest has constants for the methods that OpenAPI 3.0 knows.
    let known = METHODS
        .iter()
        .any(|known| operation.method == known.to_uppercase());
    let method = format_ident!("{}", if known { &operation.method } else { "POST" });
    let another = (!known).then(|| {
        let name = &operation.method;
        quote!(.method(#name))
    });
    let id = &operation.id;
    let mut steps: Vec<TokenStream> = Vec::new();
    for piece in &operation.pieces {
        steps.push(match piece {
            Segment::Literal(text) => quote!(.path(#text)),
            Segment::Parameter(index) => path_step(&operation.parameters[*index]),
        });
    }
    steps.extend(operation.parameters.iter().filter_map(parameter_step));
    if let Some(media_type) = &operation.form {
        steps.push(form_step(operation, media_type));
    }
    if let Some(body) = &operation.body {
        steps.push(body_step(body));
    }
    if operation.follows_links() {
        steps.push(quote!(.at_link(next_link)));
    }
    let accept = accept(operation).join(", ");
    if !accept.is_empty() {
        steps.push(quote!(.accept(#accept)));
    }
    if !success.describe_envelope() {
        steps.push(quote!(.unwrap_abp(client.unwrap_abp)));
    }
    quote!(Call::new(reqwest::Method::#method, &client.baseurl, #id) #another #(#steps)*)
}

fn ident(parameter: &Parameter) -> proc_macro2::Ident {
    format_ident!("{}", parameter.rust)
}

/// A parameter's value as an option.
fn optional(parameter: &Parameter) -> TokenStream {
    let name = ident(parameter);
    if parameter.required {
        quote!(Some(&#name))
    } else {
        quote!(#name.as_ref())
    }
}

fn path_step(parameter: &Parameter) -> TokenStream {
    let (wire, name) = (&parameter.wire, ident(parameter));
    let style = match parameter.style.as_str() {
        "label" => quote!(PathStyle::Label),
        "matrix" => quote!(PathStyle::Matrix),
        "ssv" => quote!(PathStyle::SpaceDelimited),
        "pipes" => quote!(PathStyle::PipeDelimited),
        "tsv" => quote!(PathStyle::TabDelimited),
        _ => quote!(PathStyle::Simple),
    };
    let explode = parameter.explode;
    if parameter.catch_all {
        return if parameter.required {
            quote!(.path_param_rest(#wire, #style, #explode, &#name))
        } else {
            quote!(.path_param_rest_opt(#wire, #style, #explode, #name.as_ref()))
        };
    }
    if parameter.content_type.is_some() && parameter.required {
        return quote!(.path_param_json(#wire, &#name));
    }
    if parameter.required {
        quote!(.path_param(#wire, #style, #explode, &#name))
    } else {
        quote!(.path_param_opt(#wire, #style, #explode, #name.as_ref()))
    }
}

fn parameter_step(parameter: &Parameter) -> Option<TokenStream> {
    let (name, value, style) = (&parameter.wire, optional(parameter), style(parameter));
    let explode = parameter.explode;
    let content = parameter.content_type.is_some();
    Some(match parameter.place {
        Place::Query if content => quote!(.query_json(#name, #value)),
        Place::Query if parameter.reserved => {
            quote!(.query_reserved(#name, #style, #explode, #value))
        }
        Place::Query => quote!(.query(#name, #style, #explode, #value)),
        Place::Header if content => quote!(.header_json(#name, #value)),
        Place::Header if matches!(parameter.style.as_str(), "ssv" | "pipes" | "tsv") => {
            quote!(.header_delimited(#name, #style, #value))
        }
        Place::Header => quote!(.header(#name, #explode, #value)),
        Place::Cookie if content => quote!(.cookie_json(#name, #value)),
        Place::Cookie => quote!(.cookie(#name, #explode, #value)),
        Place::Path | Place::Form | Place::Multipart => return None,
    })
}

/// The fields of a form.
fn form_step(operation: &Operation, media_type: &str) -> TokenStream {
    let multipart = media_type.starts_with("multipart/");
    let fields = operation
        .parameters
        .iter()
        .filter(|parameter| matches!(parameter.place, Place::Form | Place::Multipart))
        .map(|parameter| {
            let (name, value, style) = (&parameter.wire, optional(parameter), style(parameter));
            let (ident, explode) = (ident(parameter), parameter.explode);
            let kind = match &parameter.content_type {
                Some(kind) => quote!(Some(#kind)),
                None => quote!(None),
            };
            match (multipart, parameter.files, parameter.whole) {
                (true, Some(false), _) if parameter.required => {
                    quote!(.file(#name, #kind, Some(#ident)))
                }
                (true, Some(false), _) => quote!(.file(#name, #kind, #ident)),
                (true, Some(true), _) if parameter.required => quote!(.files(#name, #kind, #ident)),
                (true, Some(true), _) => quote!(.files(#name, #kind, #ident.unwrap_or_default())),
                (true, None, true) => quote!(.field_styled(#name, QueryStyle::Form, true, #value)),
                (true, None, false) if parameter.styled => {
                    quote!(.field_styled(#name, #style, #explode, #value))
                }
                (true, None, false) => quote!(.field(#name, #kind, #value)),
                (false, _, true) => quote!(.field(#name, QueryStyle::Form, true, #value)),
                (false, _, false) if parameter.content_type.is_some() => {
                    quote!(.field_json(#name, #value))
                }
                (false, _, false) if parameter.by_content => {
                    quote!(.field_content(#name, #value))
                }
                (false, _, false) => quote!(.field(#name, #style, #explode, #value)),
            }
        });
    let other = (essence(media_type) != "multipart/form-data")
        .then(|| quote!(.with_media_type(#media_type)));
    match (multipart, operation.form_optional) {
        (true, false) => quote!(.multipart(Multipart::new() #other #(#fields)*)),
        (true, true) => quote!(.multipart_opt(Multipart::new() #other #(#fields)*)),
        (false, false) => quote!(.form(Form::new() #(#fields)*)),
        (false, true) => quote!(.form_opt(Form::new() #(#fields)*)),
    }
}

fn body_step(body: &Body) -> TokenStream {
    let (media_type, media_types) = (&body.media_type, &body.media_types);
    match (body.kind, body.required) {
        (Kind::Text, true) => quote!(.text(#media_type, body)),
        (Kind::Text, false) => quote!(.text_opt(#media_type, body)),
        (Kind::Binary, true) => quote!(.upload(&[#(#media_types),*], body)),
        (Kind::Binary, false) => quote!(.upload_opt(&[#(#media_types),*], body)),
        // Without a value, `null` is sent.
        (_, _) if body.nullable => quote!(.json(#media_type, &body)),
        (_, true) => quote!(.json(#media_type, &body)),
        (_, false) => quote!(.json_opt(#media_type, body.as_ref())),
    }
}

/// How a list or object is written in a query or form.
fn style(parameter: &Parameter) -> TokenStream {
    match parameter.style.as_str() {
        "spaceDelimited" | "ssv" => quote!(QueryStyle::SpaceDelimited),
        "pipeDelimited" | "pipes" => quote!(QueryStyle::PipeDelimited),
        "tsv" => quote!(QueryStyle::TabDelimited),
        "dotted" => quote!(QueryStyle::Dotted),
        "keyed" => quote!(QueryStyle::Keyed),
        "deepObject" => quote!(QueryStyle::DeepObject),
        _ => quote!(QueryStyle::Form),
    }
}

/// What the client asks for: JSON where there is JSON, otherwise what the document names. Where
/// the document says nothing of a success, whatever errors are made of, any success will do.
pub fn accept(operation: &Operation) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let answers = operation.success.iter().chain(&operation.errors);
    for name in answers.flat_map(wished) {
        if !names.contains(&name) && name.is_ascii() && !name.trim().is_empty() {
            names.push(name);
        }
    }
    let open = |answer: &Answer| matches!(answer.kind, Kind::Empty | Kind::Any);
    if !names.is_empty() && operation.success.iter().any(open) {
        names.push("*/*;q=0.8");
    }
    names
}

/// The media types that are asked for to receive an answer.
fn wished(answer: &Answer) -> Vec<&str> {
    let listed = answer.media_types.iter().map(String::as_str);
    match answer.kind {
        Kind::Json => {
            let plain = |name: &&str| essence(name) == "application/json";
            let plain: Vec<&str> = listed.clone().filter(plain).collect();
            let chooses = |name: &&str| media::parameters(name).next().is_some();
            let versions: Vec<&str> = plain.iter().copied().filter(chooses).collect();
            if !versions.is_empty() && plain.iter().all(|name| name.contains(';')) {
                // Their parameters choose a version of the answer.
                versions
            } else if plain.is_empty() && !answer.media_types.is_empty() {
                listed.collect()
            } else {
                vec!["application/json"]
            }
        }
        Kind::Text | Kind::Binary => listed.collect(),
        Kind::Empty | Kind::Any => Vec::new(),
    }
}
