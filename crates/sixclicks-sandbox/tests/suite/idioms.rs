//! Documents that are not meant to the letter: what is meant is taken as well, and what is
//! sent as a sample is right to the letter where that can be.

use serde_json::{Value, json};
use sixclicks_sandbox::{Direction, Document, Optional, Shape, sample};

use crate::client::{Client, sandbox};

/// A document that takes a schema.
fn document(schema: Value, components: Value) -> Value {
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
    "paths": {"/a": {"post": {
        "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
        "responses": {"204": {"description": ""}},
    }}},
    "components": {"schemas": components}})
}

fn pets() -> Value {
    let pet = |own: &str| {
        json!({"allOf": [{"$ref": "#/components/schemas/Pet"},
            {"type": "object", "properties": {own: {"type": "string"}}, "additionalProperties": false}]})
    };
    json!({
        "Pet": {"type": "object", "required": ["kind"], "additionalProperties": false,
            "properties": {"kind": {"type": "string"}},
            "discriminator": {"propertyName": "kind"}},
        "Cat": pet("claws"),
        "Dog": pet("tail"),
    })
}

fn one_pet() -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    json!({"oneOf": [reference("Pet"), reference("Cat"), reference("Dog")]})
}

async fn statuses(document: Value, bodies: &[Value]) -> Vec<u16> {
    let sandbox = sandbox([document]).await;
    let client = Client::new(&sandbox).await;
    let mut statuses = Vec::new();
    for body in bodies {
        statuses.push(client.json("POST", "/a", body).await.status);
    }
    statuses
}

#[tokio::test]
async fn a_closed_base_and_what_extends_it_are_taken_side_by_side() {
    let bodies = [
        json!({"kind": "Pet"}),
        json!({"kind": "Cat", "claws": "sharp"}),
        json!({"kind": "Dog", "tail": "long"}),
        json!({"kind": "Dog", "wings": "none"}),
        json!({"tail": "long"}),
    ];
    let given = document(one_pet(), pets());
    assert_eq!(statuses(given, &bodies).await, [204, 204, 204, 400, 400]);
}

#[tokio::test]
async fn a_closed_object_has_what_it_requires() {
    let schema = json!({"type": "object", "required": ["name"], "additionalProperties": false});
    let bodies = [json!({"name": 1}), json!({}), json!({"name": 1, "age": 2})];
    let given = document(schema, json!({}));
    assert_eq!(statuses(given, &bodies).await, [204, 400, 400]);
}

#[tokio::test]
async fn an_overlap_is_no_contradiction() {
    let problem = |own: Value| json!({"type": "object", "properties": own});
    let schema = json!({"additionalProperties": false, "oneOf": [
        problem(json!({"title": {"type": "string"}})),
        problem(json!({"title": {"type": "string"}, "errors": {"type": "object"}})),
    ]});
    let bodies = [
        json!({"title": "a"}),
        json!({"title": "a", "errors": {}}),
        json!({"title": 1}),
        json!({"other": 1}),
    ];
    let given = document(schema, json!({}));
    assert_eq!(statuses(given, &bodies).await, [204, 204, 400, 400]);
}

#[tokio::test]
async fn a_base_says_nothing_of_the_names_that_its_extensions_describe() {
    let schema = json!({"allOf": [{"$ref": "#/components/schemas/Base"}],
        "properties": {"name": {"type": "string"}}});
    let components =
        json!({"Base": {"type": "object", "additionalProperties": {"type": "object"}}});
    let bodies = [json!({"name": "a", "more": {}}), json!({"name": 1})];
    let given = document(schema, components);
    assert_eq!(statuses(given, &bodies).await, [204, 400]);
}

#[tokio::test]
async fn an_enum_of_texts_lists_what_there_is() {
    let schema = json!({"type": "integer", "enum": ["0 (Unknown)", "1 (Known)"]});
    let bodies = [json!("1 (Known)"), json!("2 (Other)")];
    assert_eq!(
        statuses(document(schema, json!({})), &bodies).await,
        [204, 400]
    );
}

#[tokio::test]
async fn null_beside_a_reference_is_one_of_two() {
    let child = json!({"type": "null", "allOf": [{"$ref": "#/components/schemas/Child"}]});
    let schema = json!({"type": "object", "properties": {"child": child}});
    let components =
        json!({"Child": {"type": "object", "properties": {"name": {"type": "string"}}}});
    let bodies = [
        json!({"child": {"name": "a"}}),
        json!({"child": null}),
        json!({"child": 1}),
    ];
    let given = document(schema, components);
    assert_eq!(statuses(given, &bodies).await, [204, 204, 400]);
}

#[tokio::test]
async fn a_union_of_types_that_extend_it_is_a_union() {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let animal = |own: &str| {
        json!({"allOf": [reference("Animal"),
            {"type": "object", "required": [own], "properties": {own: {"type": "string"}}}]})
    };
    let components = json!({
        "Animal": {"type": "object", "required": ["kind"],
            "properties": {"kind": {"type": "string"}},
            "oneOf": [reference("Cat"), reference("Dog")],
            "discriminator": {"propertyName": "kind"}},
        "Cat": animal("claws"),
        "Dog": animal("tail"),
    });
    let bodies = [
        json!({"kind": "Cat", "claws": "sharp"}),
        json!({"kind": "Dog", "tail": "long"}),
        json!({"kind": "Dog"}),
        json!({"tail": "long"}),
    ];
    let given = document(reference("Animal"), components);
    assert_eq!(statuses(given, &bodies).await, [204, 204, 400, 400]);
}

#[tokio::test]
async fn a_reference_finds_any_name_and_the_definitions_of_old() {
    let name = "Page`1[[Item, Lib]] «of» Тип <x>";
    for at in ["components/schemas", "definitions"] {
        let schema = json!({"$ref": format!("#/{at}/{name}")});
        let components =
            json!({name: {"type": "object", "properties": {"a": {"type": "integer"}}}});
        let bodies = [json!({"a": 1}), json!({"a": "b"}), json!({"b": 1})];
        let given = document(schema, components);
        assert_eq!(statuses(given, &bodies).await, [204, 400, 400], "{at}");
    }
}

#[test]
fn schemas_that_lead_nowhere_come_to_an_end() {
    let components = json!({
        "A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"},
        "Endless": {"type": "object", "required": ["next"],
            "properties": {"next": {"$ref": "#/components/schemas/Endless"}}},
    });
    for name in ["A", "Endless"] {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        let document = Document::new(document(schema.clone(), components.clone()));
        let found = sample(&document, &schema, Shape::default(), 1);
        assert!(found.is_some(), "{name}");
    }
}

#[tokio::test]
async fn an_enum_beside_a_list_lists_its_items() {
    let schema = json!({"type": "array", "enum": ["live", "soon"], "items": {"type": "string"}});
    let bodies = [
        json!(["live", "soon"]),
        json!([]),
        json!(["late"]),
        json!("live"),
    ];
    let given = document(schema, json!({}));
    assert_eq!(statuses(given, &bodies).await, [204, 204, 400, 400]);
}

#[tokio::test]
async fn what_only_answers_have_is_not_required_of_requests_by_whatever_name() {
    let components = json!({
        "Id": {"type": "string", "readOnly": true},
        "Ticket": {"type": "object", "required": ["id", "subject"],
            "properties": {"id": {"$ref": "#/components/schemas/Id"}, "subject": {"type": "string"}}},
    });
    let bodies = [json!({"subject": "a"}), json!({})];
    let given = document(json!({"$ref": "#/components/schemas/Ticket"}), components);
    assert_eq!(statuses(given, &bodies).await, [204, 400]);
}

#[tokio::test]
async fn what_closes_a_circle_of_requirements_may_be_left_out() {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let requiring = |properties: Value| {
        let names: Vec<&String> = properties.as_object().expect("properties").keys().collect();
        json!({"type": "object", "required": names, "properties": properties})
    };
    let components = json!({
        "Account": requiring(json!({"user": reference("User")})),
        "User": requiring(json!({"name": {"type": "string"}, "profile": reference("Profile")})),
        "Profile": {"allOf": [requiring(json!({"user": reference("User")}))]},
    });
    let bodies = [
        json!({"user": {"name": "a"}}),
        json!({"user": {"name": "a", "profile": {}}}),
        json!({"user": {"name": "a", "profile": {"user": {"name": "b"}}}}),
        json!({"user": {}}),
        json!({}),
    ];
    let given = document(reference("Account"), components);
    assert_eq!(statuses(given, &bodies).await, [204, 204, 204, 400, 400]);
}

#[test]
fn a_sample_is_right_to_the_letter_where_that_can_be() {
    let shape = Shape {
        direction: Direction::Request,
        optional: Optional::Always,
        ..Shape::default()
    };
    let of = |schema: &Value, components: Value| {
        let document = Document::new(document(schema.clone(), components));
        sample(&document, schema, shape, 1)
    };
    let pet = of(&one_pet(), pets()).expect("a pet");
    assert_eq!(pet.as_object().expect("an object").len(), 1, "{pet}");

    // Where no value can be found for a part, it is left out.
    let impossible = json!({"allOf": [{"type": "string"}, {"type": "integer"}]});
    let schema = json!({"type": "object", "required": ["name", "all"], "properties": {
        "name": {"type": "string"}, "one": impossible,
        "all": {"type": "array", "items": {"type": "object", "properties": {"in/side": impossible}}}}});
    let value = of(&schema, json!({})).expect("a value");
    assert!(value["name"].is_string(), "{value}");
    assert!(value.get("one").is_none(), "{value}");
    assert_eq!(value["all"], json!([{}, {}]));

    // What has to be there and cannot is no sample.
    let schema = json!({"type": "object", "required": ["one"], "properties": {"one": impossible}});
    assert_eq!(of(&schema, json!({})), None);
}

/// What is sampled for a schema.
fn sampled(openapi: &str, schema: Value, components: Value) -> Option<Value> {
    let mut document = document(schema, components);
    document["openapi"] = openapi.into();
    let document = Document::new(document);
    let body = document.operations[0].body.as_ref()?;
    let schema = body.contents[0].schema.as_ref()?;
    let shape = Shape {
        direction: Direction::Request,
        optional: Optional::Always,
        ..Shape::default()
    };
    sample(&document, schema, shape, 1)
}

#[test]
fn a_tuple_is_sampled_place_by_place() {
    let places = json!([{"type": "integer"}, {"type": "boolean"}]);
    for schema in [
        json!({"type": "array", "prefixItems": places, "items": false}),
        json!({"type": "array", "items": places}),
    ] {
        let value = sampled("3.1.0", schema, json!({})).unwrap();
        assert!(value[0].is_i64() && value[1].is_boolean(), "{value}");
        assert_eq!(value.as_array().map(Vec::len), Some(2));
    }
    let longer = json!({"type": "array", "prefixItems": [{"type": "boolean"}],
        "items": {"type": "integer"}, "minItems": 3});
    let value = sampled("3.1.0", longer, json!({})).unwrap();
    assert!(value[0].is_boolean() && value[1].is_i64() && value[2].is_i64());
}

#[test]
fn a_required_name_that_only_the_rest_describes_is_sampled_as_the_rest() {
    let schema = json!({"type": "object", "required": ["total"],
        "additionalProperties": {"type": "integer"}});
    let value = sampled("3.0.3", schema, json!({})).unwrap();
    assert!(value["total"].is_i64(), "{value}");
}

#[tokio::test]
async fn what_stands_beside_a_reference_counts_since_3_1() {
    let beside = json!({"$ref": "#/components/schemas/Name", "type": "integer", "maxLength": 2});
    let components = json!({"Name": {"type": "string"}});
    let value = sampled("3.0.3", beside.clone(), components.clone()).unwrap();
    assert!(value.is_string(), "{value}");
    let given = document(beside, components.clone());
    assert_eq!(statuses(given, &[json!("long")]).await, [204]);
    let short = json!({"$ref": "#/components/schemas/Name", "maxLength": 2});
    let mut given = document(short, components);
    given["openapi"] = "3.1.0".into();
    let bodies = [json!("a"), json!("long")];
    assert_eq!(statuses(given, &bodies).await, [204, 400]);
}
