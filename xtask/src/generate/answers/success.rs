//! The arms that read a success as the variant that the document has for it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Answers, pattern, reader};
use crate::model::{Answer, Kind, Status, schema::TypeKind};

impl Answers<'_> {
    /// The arms of the match over the status that read a success.
    pub fn success_arms(&self) -> TokenStream {
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
        let mut arms = Vec::new();
        for (status, members) in by_status(&self.answers, variants) {
            let read = |answer: &Answer, variant: &String| self.read_as(answer, variant);
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
                        _ => text_test(answer),
                    };
                    if index == last {
                        quote!(#read)
                    } else {
                        quote!(if #test #read else)
                    }
                });
            arms.push(quote!(#pattern => { #(#choices)* }));
        }
        arms.extend(self.undocumented_arm(variants));
        quote!(#(#arms)*)
    }

    /// The code that reads an answer as its variant.
    fn read_as(&self, answer: &Answer, variant: &str) -> TokenStream {
        let name = self.enum_name();
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
            // A documented answer without content is what a server means that sends none.
            Kind::Json if !answer.ty.nullable && !matches!(answer.ty.kind, TypeKind::Any) => {
                match self.variant_without_content() {
                    Some(empty) => quote!({
                        match response.#read().await? {
                            Some(value) => Ok(response.wrap(types::#name::#variant(value))),
                            None => Ok(response.wrap(types::#name::#empty)),
                        }
                    }),
                    None => quote!({
                        let value = response.#read().await?;
                        Ok(response.wrap(types::#name::#variant(value)))
                    }),
                }
            }
            _ => quote!({
                let value = response.#read().await?;
                Ok(response.wrap(types::#name::#variant(value)))
            }),
        }
    }

    /// The variant of an answer that is documented without content.
    fn variant_without_content(&self) -> Option<proc_macro2::Ident> {
        let at = self.answers.iter().position(|a| a.kind == Kind::Empty)?;
        let variant = self.variants.as_ref()?.get(at)?;
        Some(format_ident!("{variant}"))
    }

    /// The arm that reads a success of another status as the only answer that has content.
    fn undocumented_arm(&self, variants: &[String]) -> Option<TokenStream> {
        let covers_all =
            |answer: &&Answer| matches!(answer.status, Status::Default | Status::Range(2));
        if self.answers.iter().any(covers_all) {
            return None;
        }
        let mut all = self.answers.iter().zip(variants);
        let has_content = |(answer, _): &(&&Answer, &String)| answer.kind != Kind::Empty;
        let (answer, variant) = all.find(has_content)?;
        if all.any(|pair| has_content(&pair)) {
            return None;
        }
        let read = self.read_as(answer, variant);
        Some(quote!(200..=299 => #read))
    }
}

/// Whether an answer is text: of any kind, or of another media type that the document reads as
/// text, such as `image/svg+xml`.
fn text_test(answer: &Answer) -> TokenStream {
    let others = answer
        .media_types
        .iter()
        .filter(|media_type| !media_type.starts_with("text/"))
        .map(|media_type| quote!(|| response.is(#media_type)));
    quote!(response.is("text/*") #(#others)*)
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
