//! Discriminators that are numbers: NSwag describes the property as text. All values of the mapping
//! are integers then, which names of types hardly ever are.

use serde_json::{Value, json};

use super::table::Context;
use crate::{
    lower::{tags::NUMBERS, walk},
    report::Report,
};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    walk::schemas(document, &mut |at, schema| {
        let property = schema["discriminator"]["propertyName"].as_str();
        let is_text = property.is_none_or(|property| {
            let kind = &schema["properties"][property]["type"];
            kind.is_null() || kind == "string"
        });
        let mapping = schema["discriminator"]["mapping"].as_object();
        let numbers = mapping.is_some_and(|mapping| {
            !mapping.is_empty() && mapping.keys().all(|key| key.parse::<i64>().is_ok())
        });
        if is_text && numbers && schema["discriminator"].get(NUMBERS).is_none() {
            schema["discriminator"][NUMBERS] = json!(true);
            report.adapt(
                context.name,
                at,
                "a discriminator that is text, with integers for values",
                "one that is a number",
            );
        }
    });
}
