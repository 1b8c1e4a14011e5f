//! Which key of which object holds what: one grammar for Swagger 2.0 and OpenAPI 3.x together,
//! because real documents mix them. Whatever is not named here is opaque: examples, defaults,
//! enumerations and extensions are data, and nothing in them is a schema or a reference.

/// What an object in a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The document itself.
    Document,
    /// `components`.
    Components,
    /// `paths`, and anything shaped like it.
    Paths,
    /// One path.
    PathItem,
    /// One operation.
    Operation,
    /// A parameter of either version.
    Parameter,
    /// A request body.
    RequestBody,
    /// The responses of an operation, by status.
    Responses,
    /// One response.
    Response,
    /// A response header.
    Header,
    /// What stands under one media type.
    MediaType,
    /// How one property of a form is written.
    Encoding,
    /// A schema.
    Schema,
    /// `additionalProperties` and its like, where a boolean is as good as a schema.
    SchemaOrBool,
    /// A callback: expressions, each with a path item.
    Callback,
    /// A security scheme.
    SecurityScheme,
    /// A named example.
    Example,
    /// A link.
    Link,
}

/// What stands under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Child {
    /// One object of that kind.
    One(Kind),
    /// A list of them.
    Many(Kind),
    /// A map of them, by name.
    Named(Kind),
    /// One, or a list of them.
    Either(Kind),
    /// Data.
    Opaque,
}

/// The methods that a path item of OpenAPI 3.0 knows.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Where a path item has operations with other methods, by the methods: in OpenAPI 3.2, and in an
/// extension for older versions.
pub const ADDITIONAL: [&str; 2] = ["additionalOperations", "x-oai-additionalOperations"];

/// The keys of a path item that are no methods.
const BESIDE_METHODS: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];

/// Whether a path item has an operation under a key, of whatever method.
#[must_use]
pub fn has_operation(key: &str, value: &serde_json::Value) -> bool {
    let has_responses = value
        .get("responses")
        .is_some_and(serde_json::Value::is_object);
    may_be_method(key) && (has_responses || key == "query" && value.is_object())
}

/// Whether a key of a path item may be a method.
fn may_be_method(key: &str) -> bool {
    !key.starts_with("x-") && !BESIDE_METHODS.contains(&key) && !ADDITIONAL.contains(&key)
}

/// The sections of `components`, with what they hold.
pub const SECTIONS: [(&str, Kind); 9] = [
    ("schemas", Kind::Schema),
    ("responses", Kind::Response),
    ("parameters", Kind::Parameter),
    ("examples", Kind::Example),
    ("requestBodies", Kind::RequestBody),
    ("headers", Kind::Header),
    ("securitySchemes", Kind::SecurityScheme),
    ("links", Kind::Link),
    ("callbacks", Kind::Callback),
];

/// The section of `components` for objects of a kind; none for those that cannot be shared there.
#[must_use]
pub fn section(kind: Kind) -> Option<&'static str> {
    let kind = if kind == Kind::SchemaOrBool {
        Kind::Schema
    } else {
        kind
    };
    SECTIONS
        .iter()
        .find(|(_, held)| *held == kind)
        .map(|(name, _)| *name)
}

/// What stands under `key` of an object of this kind.
#[must_use]
pub fn child(kind: Kind, key: &str) -> Child {
    use Child::{Either, Named, One, Opaque};
    match (kind, key) {
        (Kind::Document, "paths") => One(Kind::Paths),
        (Kind::Document, "webhooks") => Named(Kind::PathItem),
        (Kind::Document, "components") => One(Kind::Components),
        (Kind::Document, "definitions") => Named(Kind::Schema),
        (Kind::Document, "parameters") => Named(Kind::Parameter),
        (Kind::Document, "responses") => Named(Kind::Response),
        (Kind::Document, "securityDefinitions") => Named(Kind::SecurityScheme),
        (Kind::Components, "pathItems") => Named(Kind::PathItem),
        (Kind::Components, "mediaTypes") => Named(Kind::MediaType),
        (Kind::Components, _) => SECTIONS
            .iter()
            .find(|(name, _)| *name == key)
            .map_or(Opaque, |(_, held)| Named(*held)),
        (Kind::Paths | Kind::Callback, _) if !key.starts_with("x-") && key != "$ref" => {
            One(Kind::PathItem)
        }
        (Kind::PathItem | Kind::Operation, "parameters") => Either(Kind::Parameter),
        (Kind::PathItem, key) if ADDITIONAL.contains(&key) => Named(Kind::Operation),
        (Kind::PathItem, key) if may_be_method(key) => One(Kind::Operation),
        (Kind::Operation, "requestBody") => One(Kind::RequestBody),
        (Kind::Operation, "responses") => One(Kind::Responses),
        (Kind::Operation, "callbacks") => Named(Kind::Callback),
        (Kind::Responses, _) if !key.starts_with("x-") => One(Kind::Response),
        (Kind::RequestBody | Kind::Response | Kind::Parameter | Kind::Header, "content") => {
            Named(Kind::MediaType)
        }
        (Kind::Response | Kind::Encoding, "headers") => Named(Kind::Header),
        (Kind::Response, "links") => Named(Kind::Link),
        (Kind::Response | Kind::Parameter | Kind::Header | Kind::MediaType, "schema") => {
            One(Kind::Schema)
        }
        (Kind::Parameter | Kind::Header, "items") => One(Kind::Schema),
        (Kind::MediaType, "itemSchema") => One(Kind::Schema),
        (Kind::MediaType, "encoding") => Named(Kind::Encoding),
        (Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => Named(Kind::Example),
        (Kind::Schema | Kind::SchemaOrBool, _) => schema_child(key),
        _ => Opaque,
    }
}

fn schema_child(key: &str) -> Child {
    match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" => {
            Child::Named(Kind::Schema)
        }
        "items" => Child::Either(Kind::Schema),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Child::Many(Kind::Schema),
        "not" | "if" | "then" | "else" | "contains" | "propertyNames" | "contentSchema" => {
            Child::One(Kind::Schema)
        }
        "additionalProperties"
        | "additionalItems"
        | "unevaluatedItems"
        | "unevaluatedProperties" => Child::One(Kind::SchemaOrBool),
        _ => Child::Opaque,
    }
}
