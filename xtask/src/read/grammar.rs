//! Where in a document one stands: what is an object of OpenAPI, what is text, what is mere data.
//!
//! A `$ref` in an example is data, a property named `$ref` is a schema, and `version: 1.10` is text
//! though a YAML parser takes it for a number. All three are told from the way that leads there.

/// The kinds of objects of Swagger 2.0 and OpenAPI 3 that matter for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    Document,
    /// Info, contact, licence, server, tag: objects whose members are text.
    Plain,
    Components,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    Example,
    Link,
    Callback,
    SecurityScheme,
    MediaType,
    Encoding,
    Schema,
    Discriminator,
}

/// What is expected at a place of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// An object of that kind, or a reference to one.
    Object(Kind),
    /// A map whose values are of that kind, under any name.
    Map(Kind),
    /// A map whose values are of that kind, except under names that begin with `x-`.
    Patterned(Kind),
    /// A list of that kind.
    List(Kind),
    /// A string.
    Text,
    /// A list of strings, or one string.
    Texts,
    /// A map of strings.
    TextMap,
    /// A map from discriminator values to names of schemas or references to them.
    Mapping,
    /// Anything at all: examples, defaults, extensions.
    Data,
    /// Numbers, booleans, and what is not known.
    Other,
}

impl Place {
    /// The place of the member or element `key` of what stands here.
    pub(super) fn child(self, key: &str) -> Self {
        match self {
            Self::Map(kind) | Self::List(kind) => Self::Object(kind),
            Self::Patterned(_) if key.starts_with("x-") => Self::Data,
            Self::Patterned(kind) => Self::Object(kind),
            Self::Texts | Self::TextMap => Self::Text,
            Self::Data | Self::Mapping => self,
            Self::Text | Self::Other => Self::Other,
            Self::Object(Kind::PathItem) if key == "x-oai-additionalOperations" => {
                Self::Map(Kind::Operation)
            }
            Self::Object(_) if key.starts_with("x-") => Self::Data,
            Self::Object(_) if key == "$ref" => Self::Text,
            Self::Object(kind) => kind.member(key),
        }
    }

    /// The place of the element of an array that stands here: where one object is expected, older
    /// documents have a list of them (`items`).
    pub(super) fn element(self) -> Self {
        match self {
            Self::Object(_) => self,
            other => other.child(""),
        }
    }
}

impl Kind {
    fn member(self, key: &str) -> Place {
        use Kind::{
            Callback, Components, Discriminator, Document, Encoding, Example, Header, Link,
            MediaType, Operation, Parameter, PathItem, Plain, RequestBody, Response, Schema,
            SecurityScheme,
        };
        use Place::{Data, List, Map, Mapping, Object, Other, Patterned, Text, TextMap, Texts};
        match (self, key) {
            (_, "description" | "summary" | "title" | "name" | "url" | "operationId") => Text,
            (_, "externalDocs") => Object(Plain),
            (Document | PathItem | Operation | Link, "servers" | "server") => List(Plain),
            (Document | Operation, "security") => Data,
            (Document | Operation, "consumes" | "produces" | "schemes") => Texts,

            (Document, "openapi" | "swagger" | "host" | "basePath") => Text,
            (Document, "info") => Object(Plain),
            (Document, "tags") => List(Plain),
            (Document, "paths") => Patterned(PathItem),
            (Document, "webhooks") => Map(PathItem),
            (Document, "components") => Object(Components),
            (Document, "definitions") => Map(Schema),
            (Document, "securityDefinitions") => Map(SecurityScheme),
            (Document | Components, "parameters") => Map(Parameter),
            (Document | Components, "responses") => Map(Response),

            (Plain, "contact" | "license") => Object(Plain),
            (Plain, "variables") => Map(Plain),
            (Plain, "enum") => Texts,
            (Plain, _) => Text,

            (Components, "schemas") => Map(Schema),
            (Components, "examples") => Map(Example),
            (Components, "requestBodies") => Map(RequestBody),
            (Components, "headers") => Map(Header),
            (Components, "securitySchemes") => Map(SecurityScheme),
            (Components, "links") => Map(Link),
            (Components, "callbacks") => Map(Callback),
            (Components, "pathItems") => Map(PathItem),
            (Components, "mediaTypes") => Map(MediaType),

            (PathItem | Operation, "parameters") => List(Parameter),
            (PathItem, "additionalOperations") => Map(Operation),
            (PathItem, _) => Object(Operation),

            (Operation, "tags") => Texts,
            (Operation, "requestBody") => Object(RequestBody),
            (Operation, "responses") => Patterned(Response),
            (Operation, "callbacks") => Map(Callback),

            (Parameter | Header | RequestBody | Response, "content") => Map(MediaType),
            (Parameter | Header | Response | MediaType, "schema") => Object(Schema),
            (Parameter | Header | MediaType, "examples") => Map(Example),
            (Parameter | Header | MediaType, "example") => Data,
            // A parameter or header of Swagger 2.0 is a schema, too.
            (Parameter | Header, "in" | "style" | "collectionFormat") => Text,
            (Parameter | Header, "required") => Other,
            (Parameter | Header, _) => Schema.member(key),

            (Response, "headers") => Map(Header),
            (Response, "links") => Map(Link),
            (Response, "examples") => Data,

            (MediaType, "itemSchema") => Object(Schema),
            (MediaType, "encoding") => Map(Encoding),
            (Encoding, "headers") => Map(Header),
            (Encoding, "contentType" | "style") => Text,

            (Example, "value" | "dataValue") | (Link, "parameters" | "requestBody") => Data,
            (Link, "operationRef") => Text,
            (Callback, _) => Object(PathItem),
            (SecurityScheme, "scopes") => TextMap,
            (SecurityScheme, "flows") => Other,
            (SecurityScheme, _) => Text,

            (Schema, "properties" | "patternProperties" | "definitions" | "$defs") => Map(Schema),
            (Schema, "dependentSchemas") => Map(Schema),
            (Schema, "allOf" | "oneOf" | "anyOf" | "prefixItems") => List(Schema),
            (
                Schema,
                "items"
                | "additionalProperties"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contains"
                | "propertyNames"
                | "unevaluatedProperties"
                | "unevaluatedItems"
                | "additionalItems"
                | "contentSchema",
            ) => Object(Schema),
            (Schema, "enum" | "const" | "default" | "example" | "examples") => Data,
            (Schema, "discriminator") => Object(Discriminator),
            (Schema, "type" | "required") => Texts,
            (Schema, "format" | "pattern" | "$id" | "$anchor" | "$comment") => Text,
            (Schema, "contentMediaType" | "contentEncoding") => Text,

            (Discriminator, "mapping") => Mapping,
            (Discriminator, "propertyName") => Text,
            _ => Other,
        }
    }
}
