//! Constructs whose Rust is told in one line: the document's part, and what stands for it.

use serde_json::{Value, json};

use super::{component, document, file, ok, says};

/// A schema as the property `p` of the only type.
fn property(schema: &Value, others: &Value) -> String {
    let mut schemas = others.clone();
    schemas["T"] = json!({"type": "object", "properties": {"p": schema}});
    let made = document(
        json!({"/a": {"get": {"responses": ok(component("T"))}}}),
        schemas,
    );
    file(&made, "src/types.rs")
}

#[test]
fn a_property_has_the_type_that_keeps_its_value() {
    let part = json!({"Part": {"type": "object", "properties": {"a": {"type": "string"}}}});
    for (schema, rust) in [
        (
            json!({"type": "string", "format": "uuid"}),
            "pub p: Option<uuid::Uuid>,",
        ),
        (
            json!({"type": "string", "format": "date-time"}),
            "pub p: Option<sixclicks_core::DateTime>,",
        ),
        (
            json!({"type": "integer", "format": "int64"}),
            "pub p: Option<i64>,",
        ),
        (
            json!({"allOf": [component("Part")], "nullable": true}),
            "pub p: Option<Part>,",
        ),
        (
            json!({"oneOf": [component("Part")]}),
            "pub p: Option<Part>,",
        ),
        (
            json!({"type": "array", "items": component("Part")}),
            "pub p: Option<Vec<Part>>,",
        ),
        (
            json!({"type": "string", "maxLength": 3, "pattern": "^a"}),
            "pub p: Option<String>,",
        ),
        (
            json!({"type": "object", "additionalProperties": component("Part")}),
            "BTreeMap<String, Part>",
        ),
    ] {
        let types = property(&schema, &part);
        says(&types, rust);
        assert!(!types.contains("deny_unknown_fields"), "{types}");
    }
}

#[test]
fn a_schema_that_holds_itself_is_boxed() {
    let node = json!({"Node": {"type": "object", "properties": {"next": component("Node")}}});
    says(
        &property(&component("Node"), &node),
        "pub next: Option<Box<Node>>,",
    );
}

#[test]
fn an_integer_enum_has_the_names_that_the_vendor_gave() {
    let named = json!({"Kind": {"type": "integer", "enum": [0, 1], "x-enumNames": ["Off", "On"]}});
    let types = property(&component("Kind"), &named);
    says(&types, "pub enum Kind {");
    for part in ["Off", "On"] {
        says(&types, part);
    }
}
