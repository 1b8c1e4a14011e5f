//! Reads schemas from a lowered document. The marks that the passes leave on schemas end here.

use serde_json::Value;

use crate::{
    lower::{
        constants::{CONSTANT, OWN, TAG},
        tags::{DEFAULT, NAME, TAGS},
        walk,
    },
    model::schema::{
        CoreType, Enum, EnumValue, Field, JsonType, Scalar, Schema, Shape, Struct, Tag, Type,
        TypeKind, Union, Variant,
    },
};

/// The Rust name and the description of each value of an enum.
const VARIANTS: &str = "x-sixclicks-mark-variants";
/// The name on the wire, where the property is called otherwise.
const WIRE_NAME: &str = "x-sixclicks-mark-wire-name";
/// The type of the core crate.
const RUST_TYPE: &str = "x-sixclicks-mark-rust-type";
/// A default that is a number.
const NUMERIC_DEFAULT: &str = "x-sixclicks-mark-default";

impl Schema {
    /// Reads a component schema.
    pub(super) fn read(value: &Value) -> Self {
        Self {
            title: text(value, "title"),
            description: text(value, "description"),
            shape: Shape::read(value),
        }
    }
}

impl Shape {
    fn read(value: &Value) -> Self {
        if let Some(constant) = value.get(CONSTANT) {
            Self::Constant(constant.clone())
        } else if let Some(values) = value[VARIANTS].as_array() {
            Self::Enum(Enum {
                is_string: value["type"] == "string",
                values: values.iter().map(EnumValue::read).collect(),
                first_is_default: value[TAG] == "first",
            })
        } else if let Some(variants) = value["oneOf"].as_array() {
            Self::Union(Union {
                discriminator: text(&value["discriminator"], "propertyName"),
                variants: variants.iter().map(Variant::read).collect(),
            })
        } else if value.get("properties").is_some() {
            Self::Struct(Struct::read(value))
        } else {
            Self::Alias(Type::read(value))
        }
    }
}

impl EnumValue {
    fn read(value: &Value) -> Self {
        Self {
            name: text(value, "name").unwrap_or_default(),
            value: value["value"].clone(),
            description: text(value, "description"),
        }
    }
}

impl Variant {
    fn read(value: &Value) -> Self {
        Self {
            ty: Type::read(value),
            name: text(value, NAME),
            tags: value[TAGS].as_array().cloned().unwrap_or_default(),
            writes_tag: value.get(OWN).is_some(),
            is_default: value.get(DEFAULT).is_some(),
        }
    }
}

impl Struct {
    fn read(value: &Value) -> Self {
        let required = value["required"].as_array();
        let is_required =
            |key: &str| required.is_some_and(|required| required.iter().any(|name| name == key));
        let properties = value["properties"].as_object().into_iter().flatten();
        Self {
            fields: properties
                .map(|(key, property)| Field::read(key, property, is_required(key)))
                .collect(),
            rest: value["additionalProperties"]
                .is_object()
                .then(|| Type::read(&value["additionalProperties"])),
        }
    }
}

impl Field {
    fn read(key: &str, value: &Value, required: bool) -> Self {
        let is_set = |keyword: &str| value[keyword] == Value::Bool(true);
        Self {
            wire: text(value, WIRE_NAME).unwrap_or_else(|| key.to_owned()),
            key: key.to_owned(),
            required,
            ty: Type::read(value),
            read_only: is_set("readOnly"),
            write_only: is_set("writeOnly"),
            deprecated: is_set("deprecated"),
            tag: match value[TAG].as_str() {
                Some("fixed") => Some(Tag::Fixed),
                Some("first") => Some(Tag::First),
                Some("received") => Some(Tag::Received),
                Some("free") => Some(Tag::Free),
                _ => None,
            },
        }
    }
}

impl Type {
    /// Reads a schema that is not a component. A missing schema is any value.
    pub(super) fn read(value: &Value) -> Self {
        Self {
            kind: TypeKind::read(value),
            nullable: value["nullable"] == Value::Bool(true),
            description: text(value, "description"),
            default: value.get(NUMERIC_DEFAULT).cloned(),
        }
    }
}

impl TypeKind {
    fn read(value: &Value) -> Self {
        // A reference with something beside it is the only member of an `allOf`.
        let reference = walk::referenced(value).or_else(|| walk::referenced(&value["allOf"][0]));
        if let Some(name) = reference {
            return Self::Named(name);
        }
        let json = match value["type"].as_str() {
            Some("boolean") => JsonType::Boolean,
            Some("integer") => JsonType::Integer,
            Some("number") => JsonType::Number,
            Some("string") => JsonType::String,
            Some("array") => return Self::List(Box::new(Type::read(&value["items"]))),
            Some("object") => {
                return match value["additionalProperties"].as_object() {
                    Some(values) if !values.is_empty() => {
                        Self::Map(Box::new(Type::read(&value["additionalProperties"])))
                    }
                    _ => Self::Object,
                };
            }
            _ => return Self::Any,
        };
        Self::Scalar(Scalar {
            json,
            format: text(value, "format"),
            core: CoreType::read(&value[RUST_TYPE]),
        })
    }
}

impl CoreType {
    fn read(value: &Value) -> Option<Self> {
        let path = value["path"].as_str()?;
        let name = path.rsplit("::").next().unwrap_or(path);
        let parameter = value["parameters"].get(0);
        Some(Self {
            name: name.to_owned(),
            parameter: parameter.map(|parameter| Box::new(Type::read(parameter))),
        })
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().map(str::to_owned)
}
