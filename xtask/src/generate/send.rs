//! The `send` of every operation: the request as the document describes it, and every
//! documented answer told apart. progenitor's own `send` has no way to write cookies,
//! nested parameters, forms or optional bodies, and to tell answers apart by status.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    docs,
    plan::{Answer, Body, Kind, Operation, Parameter, Place, Segment, Status},
    rust_types::rust_type,
};

/// The types that an operation answers with, and the code that sends it.
pub struct Send {
    /// What `send` returns on success.
    pub success: TokenStream,
    /// What a documented error holds.
    pub error: TokenStream,
    /// Enums for answers of several kinds.
    pub types: TokenStream,
    /// The body of `send`, after the parameters have been taken out of the builder.
    pub body: TokenStream,
}

/// Writes the sending of one operation.
pub fn send(operation: &Operation) -> Send {
    let success = Answers::success(operation);
    let error = Answers::errors(operation);
    let call = call(operation, &success);
    let id = &operation.id;
    let success_arms = success.success_arms();
    let error_arms = error.error_arms();
    let rest = (!error.covers_all()).then(|| quote!(_ => Err(response.unexpected().await),));
    let mutable = success.variants.is_some().then(|| quote!(mut));
    Send {
        body: quote! {
            let call = #call;
            let info = OperationInfo { operation_id: #id };
            let #mutable response = call.send(client, &info).await?;
            match response.status().as_u16() {
                #success_arms
                #error_arms
                #rest
            }
        },
        success: success.outer(),
        error: error.outer(),
        types: {
            let (a, b) = (success.declaration(), error.declaration());
            quote!(#a #b)
        },
    }
}

/// The expression that makes the call.
fn call(operation: &Operation, success: &Answers<'_>) -> TokenStream {
    let method = format_ident!("{}", operation.method);
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
    let accept = accept(operation);
    if !accept.is_empty() {
        steps.push(quote!(.accept(#accept)));
    }
    if !success.describe_envelope() {
        steps.push(quote!(.unwrap_abp(true)));
    }
    quote!(Call::new(reqwest::Method::#method, &client.baseurl, #id) #(#steps)*)
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
        _ => quote!(PathStyle::Simple),
    };
    let explode = parameter.explode;
    if parameter.catch_all {
        return if parameter.required {
            quote!(.path_param_rest(#wire, &#name.to_string()))
        } else {
            quote!(.path_param_rest(#wire, &#name.map(|value| value.to_string()).unwrap_or_default()))
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
                (false, _, false) => quote!(.field(#name, #style, #explode, #value)),
            }
        });
    if multipart {
        quote!(.multipart(Multipart::new() #(#fields)*))
    } else {
        quote!(.form(Form::new() #(#fields)*))
    }
}

fn body_step(body: &Body) -> TokenStream {
    let media_type = &body.media_type;
    match (body.kind, body.required) {
        (Kind::Text, true) => quote!(.text(#media_type, body)),
        (Kind::Text, false) => quote!(.text_opt(#media_type, body)),
        (Kind::Binary, true) => quote!(.upload(#media_type, body)),
        (Kind::Binary, false) => quote!(.upload_opt(#media_type, body)),
        (_, true) => quote!(.json(#media_type, &body)),
        (_, false) => quote!(.json_opt(#media_type, body.as_ref())),
    }
}

/// How a list or object is written in a query or form.
fn style(parameter: &Parameter) -> TokenStream {
    match parameter.style.as_str() {
        "spaceDelimited" => quote!(QueryStyle::SpaceDelimited),
        "pipeDelimited" => quote!(QueryStyle::PipeDelimited),
        "tsv" => quote!(QueryStyle::TabDelimited),
        "deepObject" => quote!(QueryStyle::DeepObject),
        _ => quote!(QueryStyle::Form),
    }
}

/// What the client asks for: JSON where there is JSON, otherwise what the document names.
fn accept(operation: &Operation) -> String {
    let mut names: Vec<&str> = Vec::new();
    for answer in operation.success.iter().chain(&operation.errors) {
        let wished: Vec<&str> = match answer.kind {
            Kind::Json => {
                let plain = answer
                    .media_types
                    .iter()
                    .any(|name| crate::media::essence(name) == "application/json");
                if plain || answer.media_types.is_empty() {
                    vec!["application/json"]
                } else {
                    answer
                        .media_types
                        .iter()
                        .take(1)
                        .map(String::as_str)
                        .collect()
                }
            }
            Kind::Text | Kind::Binary => answer.media_types.iter().map(String::as_str).collect(),
            Kind::Empty | Kind::Any => continue,
        };
        for name in wished {
            if !names.contains(&name) && name.is_ascii() && !name.trim().is_empty() {
                names.push(name);
            }
        }
    }
    names.join(", ")
}

/// The answers of one class, success or failure, with the type that holds them.
struct Answers<'a> {
    operation: &'a Operation,
    answers: Vec<&'a Answer>,
    failure: bool,
    /// The variant of each answer, when there are several types.
    variants: Option<Vec<String>>,
}

impl<'a> Answers<'a> {
    fn success(operation: &'a Operation) -> Self {
        Self::new(operation, operation.success.iter().collect(), false)
    }

    fn errors(operation: &'a Operation) -> Self {
        // What has no schema is read from the error itself, which keeps the whole answer.
        let typed = operation
            .errors
            .iter()
            .filter(|answer| answer.kind == Kind::Json && is_described(answer))
            .collect();
        Self::new(operation, typed, true)
    }

    fn new(operation: &'a Operation, answers: Vec<&'a Answer>, failure: bool) -> Self {
        let distinct: HashSet<String> = answers
            .iter()
            .map(|answer| kind_type(answer).to_string())
            .collect();
        let variants = (distinct.len() > 1).then(|| {
            let mut taken = HashSet::new();
            answers
                .iter()
                .map(|answer| {
                    let several = answers
                        .iter()
                        .filter(|other| other.status == answer.status)
                        .count()
                        > 1;
                    let base = status_name(answer.status);
                    let name = match (several, answer.kind) {
                        (false, _) => base,
                        (true, Kind::Json) => format!("{base}Json"),
                        (true, Kind::Text) => format!("{base}Text"),
                        (true, _) => format!("{base}Binary"),
                    };
                    crate::ident::unique(name, &mut taken)
                })
                .collect()
        });
        Self {
            operation,
            answers,
            failure,
            variants,
        }
    }

    fn enum_name(&self) -> proc_macro2::Ident {
        let suffix = if self.failure { "Failure" } else { "Success" };
        format_ident!("{}{suffix}", self.operation.builder())
    }

    /// Whether the document itself describes ABP's envelope around the answers.
    fn describe_envelope(&self) -> bool {
        self.answers.iter().any(|answer| answer.enveloped)
    }

    /// The type that `send` names.
    fn outer(&self) -> TokenStream {
        if self.variants.is_some() {
            let name = self.enum_name();
            return quote!(types::#name);
        }
        match self.answers.first() {
            Some(answer) => kind_type(answer),
            None if self.failure => quote!(()),
            None => quote!(::sixclicks_core::AnyBody),
        }
    }

    /// The enum of several kinds of answers.
    fn declaration(&self) -> TokenStream {
        let Some(variants) = &self.variants else {
            return quote!();
        };
        let name = self.enum_name();
        let what = if self.failure { "fails" } else { "answers" };
        let doc = docs::attributes(&format!("How `{}` {what}.", self.operation.id));
        let entries = self.answers.iter().zip(variants).map(|(answer, variant)| {
            let variant = format_ident!("{variant}");
            let text = docs::paragraphs([
                Some(status_text(answer.status).as_str()),
                answer.description.as_deref(),
            ]);
            let doc = docs::attributes(&text);
            let inner = match answer.kind {
                Kind::Empty => quote!(),
                _ => {
                    let inner = inner_type(answer, &quote!());
                    quote!((#inner))
                }
            };
            quote!(#doc #variant #inner,)
        });
        let stream = self
            .answers
            .iter()
            .any(|answer| answer.kind == Kind::Binary);
        let derive = if stream {
            quote!()
        } else {
            quote!(#[derive(Clone, Debug)])
        };
        quote! {
            #doc
            #derive
            #[non_exhaustive]
            pub enum #name { #(#entries)* }
        }
    }

    fn success_arms(&self) -> TokenStream {
        let Some(variants) = &self.variants else {
            // One kind of success: any success is read as it.
            let read = match self.answers.first() {
                Some(answer) => reader(answer.kind),
                None => format_ident!("any"),
            };
            let beyond: Vec<TokenStream> = self
                .answers
                .iter()
                .filter(|answer| match answer.status {
                    Status::Code(code) => !(200..300).contains(&code),
                    Status::Range(hundred) => hundred != 2,
                    Status::Default => false,
                })
                .map(|answer| pattern(answer.status))
                .collect();
            return quote!(200..=299 #(| #beyond)* => response.#read().await,);
        };
        let name = self.enum_name();
        let mut arms = Vec::new();
        for (status, members) in by_status(&self.answers, variants) {
            let read = |answer: &Answer, variant: &String| {
                let read = format_ident!("{}_value", reader(answer.kind));
                let variant = format_ident!("{variant}");
                match answer.kind {
                    Kind::Empty => quote!({
                        response.empty_value().await?;
                        Ok(response.wrap(types::#name::#variant))
                    }),
                    Kind::Binary => quote!({
                        let stream = response.stream_value();
                        Ok(response.wrap(types::#name::#variant(stream)))
                    }),
                    _ => quote!({
                        let value = response.#read().await?;
                        Ok(response.wrap(types::#name::#variant(value)))
                    }),
                }
            };
            let pattern = if status == Status::Default {
                quote!(200..=299)
            } else {
                pattern(status)
            };
            if let [(answer, variant)] = members.as_slice() {
                let read = read(answer, variant);
                arms.push(quote!(#pattern => #read));
                continue;
            }
            let last = members.len() - 1;
            let choices = members
                .iter()
                .enumerate()
                .map(|(index, (answer, variant))| {
                    let read = read(answer, variant);
                    let test = match answer.kind {
                        Kind::Json => quote!(response.is("application/json")),
                        _ => quote!(response.is("text/*")),
                    };
                    if index == last {
                        quote!(#read)
                    } else {
                        quote!(if #test #read else)
                    }
                });
            arms.push(quote!(#pattern => { #(#choices)* }));
        }
        quote!(#(#arms)*)
    }

    fn error_arms(&self) -> TokenStream {
        let name = self.enum_name();
        let mut arms = Vec::new();
        for (index, answer) in self.sorted() {
            let pattern = pattern(answer.status);
            arms.push(match &self.variants {
                None => quote!(#pattern => Err(response.error_json().await),),
                Some(variants) => {
                    let variant = format_ident!("{}", variants[index]);
                    quote!(#pattern => Err(response.error_json().await.map_typed(types::#name::#variant)),)
                }
            });
        }
        quote!(#(#arms)*)
    }

    /// Exact statuses before ranges, and `default` last.
    fn sorted(&self) -> Vec<(usize, &'a Answer)> {
        let mut answers: Vec<(usize, &Answer)> = self.answers.iter().copied().enumerate().collect();
        answers.sort_by_key(|(_, answer)| match answer.status {
            Status::Code(code) => (0, code),
            Status::Range(hundred) => (1, hundred),
            Status::Default => (2, 0),
        });
        answers
    }

    fn covers_all(&self) -> bool {
        self.answers
            .iter()
            .any(|answer| answer.status == Status::Default)
    }
}

/// Whether the document says what the JSON holds.
fn is_described(answer: &Answer) -> bool {
    answer
        .schema
        .as_object()
        .is_some_and(|schema| schema.keys().any(|key| key != "description"))
}

type Members<'a> = Vec<(&'a Answer, &'a String)>;

/// Answers with the same status together, `default` last.
fn by_status<'a>(answers: &[&'a Answer], variants: &'a [String]) -> Vec<(Status, Members<'a>)> {
    let mut groups: Vec<(Status, Members<'a>)> = Vec::new();
    for (answer, variant) in answers.iter().zip(variants) {
        match groups
            .iter_mut()
            .find(|(status, _)| *status == answer.status)
        {
            Some((_, members)) => members.push((answer, variant)),
            None => groups.push((answer.status, vec![(answer, variant)])),
        }
    }
    for (_, members) in &mut groups {
        members.sort_by_key(|(answer, _)| match answer.kind {
            Kind::Json => 0,
            Kind::Text => 1,
            _ => 2,
        });
    }
    groups.sort_by_key(|(status, _)| *status);
    groups
}

fn kind_type(answer: &Answer) -> TokenStream {
    inner_type(answer, &quote!(types::))
}

fn inner_type(answer: &Answer, scope: &TokenStream) -> TokenStream {
    match answer.kind {
        Kind::Json => rust_type(&answer.schema, scope),
        Kind::Text => quote!(::std::string::String),
        Kind::Binary => quote!(::sixclicks_core::ByteStream),
        Kind::Empty => quote!(()),
        Kind::Any => quote!(::sixclicks_core::AnyBody),
    }
}

fn reader(kind: Kind) -> proc_macro2::Ident {
    format_ident!(
        "{}",
        match kind {
            Kind::Json => "json",
            Kind::Text => "text",
            Kind::Binary => "bytes_stream",
            Kind::Empty => "empty",
            Kind::Any => "any",
        }
    )
}

fn pattern(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => {
            let code = proc_macro2::Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        Status::Range(hundred) => {
            let from = proc_macro2::Literal::u16_unsuffixed(hundred * 100);
            let to = proc_macro2::Literal::u16_unsuffixed(hundred * 100 + 99);
            quote!(#from..=#to)
        }
        Status::Default => quote!(_),
    }
}

fn status_name(status: Status) -> String {
    match status {
        Status::Code(code) => http::StatusCode::from_u16(code)
            .ok()
            .and_then(|status| status.canonical_reason())
            .map_or_else(
                || format!("Status{code}"),
                |reason| crate::ident::type_name(&reason.replace("I'm", "Im")),
            )
            .replace("OkSchema", "Ok"),
        Status::Range(hundred) => format!("Status{hundred}Xx"),
        Status::Default => "Other".to_owned(),
    }
}

/// A status as documentation shows it.
pub fn status_text(status: Status) -> String {
    match status {
        Status::Code(code) => match http::StatusCode::from_u16(code)
            .ok()
            .and_then(|s| s.canonical_reason())
        {
            Some(reason) => format!("{code} {reason}"),
            None => code.to_string(),
        },
        Status::Range(hundred) => format!("{hundred}XX"),
        Status::Default => "Any other status".to_owned(),
    }
}
