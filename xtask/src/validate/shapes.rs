//! Things that are not what must stand where they stand.

use serde_json::Value;

use super::Problems;
use crate::openapi::brief;
use crate::openapi::grammar::{Kind, METHODS};
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::look;

/// Reports whatever is of a type that gives it no meaning.
pub fn check(document: &Value, problems: &mut Problems) {
    if !document.is_object() {
        let message = format!(
            "found {}; give a Swagger or OpenAPI document",
            brief(document)
        );
        problems.add(&Pointer::default(), "a document is an object", message);
        return;
    }
    look(document, &mut |value, kind, at| {
        if value.is_object() || value.is_null() {
            return;
        }
        if value.as_array().is_some_and(Vec::is_empty) {
            return;
        }
        let rule = match kind {
            Kind::Schema | Kind::SchemaOrBool if value.is_boolean() || value.is_string() => {
                return;
            }
            Kind::Schema | Kind::SchemaOrBool => "a schema is an object or a boolean",
            Kind::Paths => "`paths` is an object",
            Kind::PathItem => "a path item is an object",
            // Under another key it is none.
            Kind::Operation
                if !at
                    .tokens()
                    .last()
                    .is_some_and(|key| METHODS.contains(&&**key)) =>
            {
                return;
            }
            Kind::Operation => "an operation is an object",
            Kind::Parameter => "a parameter is an object",
            Kind::RequestBody => "a request body is an object",
            Kind::Responses => "`responses` is an object",
            Kind::Response if value.is_string() => return,
            Kind::Response => "a response is an object",
            Kind::Components => "`components` is an object",
            _ => return,
        };
        problems.add(at, rule, format!("found {}", brief(value)));
    });
}
