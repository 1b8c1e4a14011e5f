//! The documented answers of an operation: the type that holds them, and the arms that
//! tell them apart.

mod success;

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{docs, rust_types::rust_type};
use crate::model::{Answer, Kind, Operation, Status};

/// The answers of one class, success or failure, with the type that holds them.
pub struct Answers<'a> {
    operation: &'a Operation,
    answers: Vec<&'a Answer>,
    failure: bool,
    /// The variant of each answer, when there are several types.
    pub variants: Option<Vec<String>>,
}

impl<'a> Answers<'a> {
    /// The answers that mean success.
    pub fn success(operation: &'a Operation) -> Self {
        Self::new(operation, operation.success.iter().collect(), false)
    }

    /// The errors that the document describes.
    pub fn errors(operation: &'a Operation) -> Self {
        // What has no schema is read from the error itself, which keeps the whole answer.
        let typed = operation
            .errors
            .iter()
            .filter(|answer| answer.kind == Kind::Json && answer.is_described)
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

    /// The answers, in the order of the variants.
    pub fn answers(&self) -> &[&'a Answer] {
        &self.answers
    }

    /// Whether these are failures.
    pub fn is_failure(&self) -> bool {
        self.failure
    }

    fn enum_name(&self) -> proc_macro2::Ident {
        match self.failure {
            true => format_ident!("{}", self.operation.failures),
            false => format_ident!("{}", self.operation.answers),
        }
    }

    /// Whether the document itself describes ABP's envelope around the answers.
    pub fn describe_envelope(&self) -> bool {
        self.answers.iter().any(|answer| answer.enveloped)
    }

    /// The type that `send` names.
    pub fn outer(&self) -> TokenStream {
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
            quote!(#(#doc)* #variant #inner,)
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
            #(#doc)*
            #derive
            #[non_exhaustive]
            pub enum #name { #(#entries)* }
        }
    }

    /// The arms that read a documented error.
    pub fn error_arms(&self) -> TokenStream {
        let name = self.enum_name();
        let mut arms = Vec::new();
        for (index, answer) in self.sorted() {
            let pattern = pattern(answer.status);
            let arm = match &self.variants {
                None => quote!(#pattern => Err(response.error_json().await),),
                Some(variants) => {
                    let variant = format_ident!("{}", variants[index]);
                    quote!(#pattern => Err(response.error_json().await.map_typed(types::#name::#variant)),)
                }
            };
            arms.push((rank(answer.status), arm));
        }
        let untyped = self.operation.errors.iter();
        for answer in untyped.filter(|answer| self.is_told_apart(answer)) {
            let pattern = pattern(answer.status);
            let arm = quote!(#pattern => Err(response.error_none().await),);
            arms.push((rank(answer.status), arm));
        }
        arms.sort_by_key(|(rank, _)| *rank);
        let arms = arms.into_iter().map(|(_, arm)| arm);
        quote!(#(#arms)*)
    }

    /// Whether an error without a type of its own would be read as that of a wider range of
    /// statuses, or is a redirect: no success, but documented.
    fn is_told_apart(&self, answer: &Answer) -> bool {
        let wider = |typed: &&Answer| rank(typed.status).0 > rank(answer.status).0;
        let typed = self
            .answers
            .iter()
            .any(|typed| typed.status == answer.status);
        let redirect = matches!(answer.status, Status::Code(300..=399));
        !typed && (redirect || self.answers.iter().any(wider))
    }

    /// Exact statuses before ranges, and `default` last.
    fn sorted(&self) -> Vec<(usize, &'a Answer)> {
        let mut answers: Vec<(usize, &Answer)> = self.answers.iter().copied().enumerate().collect();
        answers.sort_by_key(|(_, answer)| rank(answer.status));
        answers
    }

    /// Whether there is an arm for every status.
    pub fn covers_all(&self) -> bool {
        self.answers
            .iter()
            .any(|answer| answer.status == Status::Default)
    }
}

/// The place of a status among the arms: exact statuses before ranges, and `default` last.
fn rank(status: Status) -> (u8, u16) {
    match status {
        Status::Code(code) => (0, code),
        Status::Range(hundred) => (1, hundred),
        Status::Default => (2, 0),
    }
}

/// The enums of an operation that answers with several kinds.
pub fn declarations(operation: &Operation) -> TokenStream {
    let success = Answers::success(operation).declaration();
    let errors = Answers::errors(operation).declaration();
    quote!(#success #errors)
}

fn kind_type(answer: &Answer) -> TokenStream {
    inner_type(answer, &quote!(types::))
}

fn inner_type(answer: &Answer, scope: &TokenStream) -> TokenStream {
    match answer.kind {
        Kind::Json => rust_type(&answer.ty, scope),
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
