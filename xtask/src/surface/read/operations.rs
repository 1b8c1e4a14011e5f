//! The client's methods: what their builders take, and what `send` answers.

use std::collections::{BTreeMap, HashMap};

use syn::{Item, ReturnType, Type};

use super::super::{Operation, Parameter};
use crate::{
    generate::{
        answers::status_text,
        print::one_line,
        syntax::{arguments, implementor, last, method},
    },
    model::{Kind, Place, Plan},
};

/// The builders of a crate.
#[derive(Default)]
pub struct Builders {
    /// What can be set, by the builder's and the setter's name.
    taken: HashMap<String, HashMap<String, String>>,
    /// What `send` answers and which errors it knows, by the builder's name.
    answers: HashMap<String, (String, String)>,
}

impl Builders {
    /// Looks at one item of the builders file.
    pub fn see(&mut self, item: &Item) {
        match item {
            Item::Struct(item) => {
                let fields = item.fields.iter().filter_map(|field| {
                    Some((field.ident.as_ref()?.to_string(), setter_type(&field.ty)))
                });
                self.taken.insert(item.ident.to_string(), fields.collect());
            }
            Item::Impl(item) => {
                if let (Some(name), Some(send)) = (implementor(item), method(item, "send")) {
                    self.answers.insert(name, answer_types(&send.sig.output));
                }
            }
            _ => {}
        }
    }

    /// The operations of a crate by their methods' names.
    pub fn operations(mut self, plan: &Plan) -> BTreeMap<String, Operation> {
        let read = |operation: &crate::model::Operation| {
            let types = self.taken.remove(&operation.builder()).unwrap_or_default();
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
            let (answer, error) = self
                .answers
                .remove(&operation.builder())
                .unwrap_or_default();
            let mut responses: BTreeMap<String, String> = BTreeMap::new();
            for answer in operation.success.iter().chain(&operation.errors) {
                responses
                    .entry(status_text(answer.status))
                    .and_modify(|kinds| *kinds += &format!(" or {}", kind(answer.kind)))
                    .or_insert_with(|| kind(answer.kind).to_owned());
            }
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
}

/// `T` of a builder's field `Result<T, String>` or `Result<Option<T>, String>`.
fn setter_type(ty: &Type) -> String {
    let text = one_line(ty);
    let text = text.strip_prefix("Result<").unwrap_or(&text);
    let text = text.strip_suffix(", String>").unwrap_or(text);
    let plain = text
        .strip_prefix("Option<")
        .and_then(|t| t.strip_suffix('>'));
    plain.unwrap_or(text).replace("types::builder::", "types::")
}

/// The two types of `Result<ResponseValue<T>, Error<E>>`.
fn answer_types(output: &ReturnType) -> (String, String) {
    let ReturnType::Type(_, ty) = output else {
        return Default::default();
    };
    let inner = |outer: &Type| {
        let inner = last(outer).and_then(|last| arguments(last).next());
        inner.map(one_line).unwrap_or_default()
    };
    let mut outer = last(ty).into_iter().flat_map(arguments);
    let mut next = || outer.next().map(inner).unwrap_or_default();
    (next(), next())
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
