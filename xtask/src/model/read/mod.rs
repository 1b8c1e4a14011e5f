//! Reads the model from a lowered document.

mod operation;
mod schema;

use indexmap::IndexMap;
use serde_json::Value;

use super::{Operation, Plan, Schema, Type};
use crate::{ident, lower::walk};

impl Plan {
    /// Reads a lowered document.
    pub fn new(document: &Value) -> Self {
        let text = |pointer: &str| {
            document
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let mut operations = Vec::new();
        for (path, method, operation) in walk::each_operation(document) {
            operations.push(Operation::read(method, path, false, operation));
            let others = operation["x-sixclicks-mark-alternatives"].as_array();
            for other in others.into_iter().flatten() {
                operations.push(Operation::read(method, path, true, other));
            }
        }
        let schemas = document["components"]["schemas"].as_object();
        let schemas: IndexMap<String, Schema> = schemas
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.clone(), Schema::read(schema)))
            .collect();
        let own = operations.iter().filter(|operation| !operation.alternative);
        let mut taken = ident::taken(own.map(|operation| &operation.id));
        for operation in &mut operations {
            for answer in &mut operation.success {
                answer.enveloped = is_envelope(&answer.ty, &schemas);
            }
            if operation.alternative {
                operation.id = ident::unique(std::mem::take(&mut operation.id), &mut taken);
            }
        }
        let mut types = ident::taken(schemas.keys());
        for operation in &mut operations {
            let base = operation.builder();
            operation.answers = ident::unique(format!("{base}Success"), &mut types);
            operation.failures = ident::unique(format!("{base}Failure"), &mut types);
        }
        Self {
            session: crate::config::SessionRule::default().path,
            title: text("/info/title"),
            version: text("/info/version"),
            description: text("/info/description"),
            operations,
            schemas,
        }
    }
}

/// Returns whether a type describes the envelope that ABP puts around responses.
fn is_envelope(ty: &Type, schemas: &IndexMap<String, Schema>) -> bool {
    let named = ty.target().and_then(|name| schemas.get(name));
    let fields = named.and_then(Schema::as_struct).map(|own| &own.fields);
    let has =
        |name: &str| fields.is_some_and(|fields| fields.iter().any(|field| field.key == name));
    has("__abp") || has("unAuthorizedRequest") && has("result")
}
