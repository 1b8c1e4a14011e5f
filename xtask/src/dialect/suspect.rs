//! What the warnings share: finding operations in a document of any version as it was received, and
//! writing JSONPath that an overlay can use as it stands.

use serde_json::Value;

use crate::{lower::walk, report::Action};

/// An operation of a document as it was received.
pub struct Operation<'a> {
    /// The path.
    pub path: &'a str,
    /// The method, in lower case.
    pub method: &'a str,
    /// What the document says of it.
    pub value: &'a Value,
    /// The path item.
    item: &'a Value,
}

/// A parameter with its place.
pub struct Parameter<'a> {
    /// Its JSON pointer.
    pub pointer: String,
    /// Its JSONPath, by its name.
    pub target: String,
    /// Its JSONPath, by its place in the list.
    pub indexed: String,
    /// What the document says of it.
    pub value: &'a Value,
}

/// The operations.
pub fn operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    walk::each_operation(document).map(|(path, method, value)| Operation {
        path,
        method,
        value,
        item: &document["paths"][path],
    })
}

impl<'a> Operation<'a> {
    /// Its JSON pointer.
    pub fn pointer(&self) -> String {
        format!("/paths/{}/{}", walk::escape(self.path), self.method)
    }

    /// Its JSONPath.
    pub fn target(&self) -> String {
        format!("$.paths[{}].{}", quoted(self.path), self.method)
    }

    /// Its parameters and those of its path item, where they stand in place.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter<'a>> {
        let item = format!("/paths/{}", walk::escape(self.path));
        let target = format!("$.paths[{}]", quoted(self.path));
        let own = listed(self.value, self.pointer(), self.target());
        own.chain(listed(self.item, item, target))
    }

    /// Whether it has a body or fields of a form.
    pub fn has_body(&self) -> bool {
        let in_body = |parameter: Parameter<'_>| {
            matches!(parameter.value["in"].as_str(), Some("body" | "formData"))
        };
        self.value.get("requestBody").is_some() || self.parameters().any(in_body)
    }

    /// Whether it has shared parameters, of which one may be the body.
    pub fn has_references(&self) -> bool {
        self.parameters()
            .any(|parameter| parameter.value.get("$ref").is_some())
    }
}

fn listed(holder: &Value, pointer: String, target: String) -> impl Iterator<Item = Parameter<'_>> {
    let list = holder["parameters"].as_array().into_iter().flatten();
    list.enumerate().map(move |(index, value)| Parameter {
        pointer: format!("{pointer}/parameters/{index}"),
        target: format!(
            "{target}.parameters[?@.name == {} && @.in == {}]",
            quoted(value["name"].as_str().unwrap_or_default()),
            quoted(value["in"].as_str().unwrap_or_default())
        ),
        indexed: format!("{target}.parameters[{index}]"),
        value,
    })
}

/// A name as JSONPath quotes it.
pub fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// An action that merges.
pub fn update(target: impl Into<String>, why: &str, update: Value) -> Action {
    Action {
        target: target.into(),
        description: why.to_owned(),
        update: Some(update),
    }
}

/// An action that removes.
pub fn remove(target: impl Into<String>, why: &str) -> Action {
    Action {
        target: target.into(),
        description: why.to_owned(),
        update: None,
    }
}

/// The words of a name, in lower case.
pub fn words(name: &str) -> Vec<String> {
    use heck::ToSnakeCase;
    name.to_snake_case().split('_').map(str::to_owned).collect()
}

/// Whether the document is Swagger 2.0.
pub fn is_swagger(document: &Value) -> bool {
    document.get("swagger").is_some()
}
