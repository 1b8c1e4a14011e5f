//! What of a document values show: listed values, parts of unions, and text.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use sixclicks_sandbox::{Direction, Document, Shown};

fn document() -> Document {
    Document::new(json!({"openapi": "3.0.3", "components": {"schemas": {
        "Colour": {"type": "string", "enum": ["red", "green", null], "nullable": true},
        "Cat": {"type": "object", "required": ["claws"],
            "properties": {"claws": {"type": "string"}, "coat": {"$ref": "#/components/schemas/Colour"}}},
        "Dog": {"type": "object", "required": ["tail"], "properties": {
            "tail": {"type": "integer"},
            "secret": {"type": "string", "enum": ["a"], "readOnly": true}}},
        "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
    }}}))
}

fn names(shown: &BTreeSet<Shown>) -> Vec<String> {
    let name = |shown: &Shown| match shown {
        Shown::Value { of, value } => format!("{of} {value}"),
        Shown::Variant { of, variant } => format!("{of} as {variant}"),
        Shown::Text => "text".to_owned(),
    };
    shown.iter().map(name).collect()
}

#[test]
fn all_parts_are_found_and_those_of_a_value_among_them() {
    let document = document();
    let pets = json!({"type": "array", "items": {"$ref": "#/components/schemas/Pet"}});
    let all = document.showable(&pets, "pets", Direction::Request);
    let expected = [
        "Colour \"green\"",
        "Colour \"red\"",
        "Pet as Cat",
        "Pet as Dog",
        "text",
    ];
    assert_eq!(names(&all), expected);
    let answered = document.showable(&pets, "pets", Direction::Answer);
    assert!(names(&answered).contains(&"Dog/secret \"a\"".to_owned()));

    let shown = |value: Value| names(&document.shown(&pets, &value, "pets", Direction::Request));
    let cat = json!([{"claws": "sharp", "coat": "red"}]);
    assert_eq!(shown(cat), ["Colour \"red\"", "Pet as Cat", "text"]);
    assert_eq!(shown(json!([{"tail": 1}])), ["Pet as Dog"]);
    assert_eq!(shown(json!([])), Vec::<String>::new());
}

#[test]
fn schemas_without_end_have_an_end_here() {
    let document = Document::new(json!({"openapi": "3.0.3", "components": {"schemas": {
        "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}},
    }}}));
    let node = json!({"$ref": "#/components/schemas/Node"});
    assert!(
        document
            .showable(&node, "node", Direction::Answer)
            .is_empty()
    );
}
