//! What a user sees of the crate that a document makes, a line for each method and type.

use serde_json::{Value, json};
use xtask::{
    config::Config,
    emit::Place,
    pipeline::{Input, run},
    surface::{Operation, Type},
};

/// The crate's methods and types, or why there is none. A document of schemas alone gets an
/// operation that takes and answers each of them, which is not told.
pub fn seen(mut document: Value, config: &Config) -> Value {
    let schemas_alone = document["paths"]
        .as_object()
        .is_none_or(|paths| paths.is_empty());
    if schemas_alone {
        use_schemas(&mut document);
    }
    let input = Input::new("t", "t.json", document);
    let made = match run(vec![input], config, &Place::Workspace) {
        Ok(made) => made,
        Err(error) => return json!({"error": error.to_string()}),
    };
    let mut lines = Vec::new();
    for surface in made.iter().map(|made| &made.surface) {
        let operations = surface.operations.iter().filter(|_| !schemas_alone);
        lines.extend(operations.map(|(name, operation)| method(name, operation)));
        lines.extend(
            surface
                .types
                .iter()
                .map(|(name, found)| a_type(name, found)),
        );
    }
    json!(lines)
}

fn use_schemas(document: &mut Value) {
    let names: Vec<String> = document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flat_map(|schemas| schemas.keys().cloned())
        .collect();
    for (index, name) in names.iter().enumerate() {
        let name = name.replace('~', "~0").replace('/', "~1");
        let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        document["paths"][format!("/use/{index}")] = json!({"put": {
            "requestBody": {"required": true, "content": content},
            "responses": {"200": {"description": "OK", "content": content}}}});
    }
}

/// `GET /a get_a(query b: String) -> Answer, error E; 404: types::Missing`, with `!` behind
/// the names of what is required.
fn method(name: &str, operation: &Operation) -> String {
    let Operation {
        route,
        answer,
        error,
        ..
    } = operation;
    let parameters: Vec<String> = operation
        .parameters
        .iter()
        .map(|(name, parameter)| {
            let wire = match parameter.wire.split_once(' ') {
                Some((place, wire)) if wire == name => place,
                _ => &parameter.wire,
            };
            let rust = &parameter.rust;
            format!("{wire} {name}{}: {rust}", needed(parameter.required))
        })
        .collect();
    let responses: Vec<String> = operation
        .responses
        .iter()
        .map(|(status, meaning)| format!("; {status}: {meaning}"))
        .collect();
    let told = format!(
        "{route} {name}({}) -> {answer}, error {error}",
        parameters.join(", ")
    );
    told + &responses.concat()
}

/// `struct A { b!: String, c: Option<i32> as "C" }`, `struct A(String)`, or
/// `string_enum A { B = "b" }`.
fn a_type(name: &str, found: &Type) -> String {
    match found {
        Type::Struct { fields, .. } => {
            if let Some(held) = fields.get("0") {
                return format!("struct {name}({})", held.rust);
            }
            let fields = fields.iter().map(|(name, field)| {
                let needed = needed(field.required);
                let wire = named(name, &field.wire);
                format!("{name}{needed}: {}{wire}", field.rust)
            });
            braced("struct", name, fields)
        }
        Type::Enum {
            form,
            tag,
            variants,
        } => {
            let variants = variants.iter().map(|variant| {
                let holds = variant.holds.as_ref();
                let holds = holds.map_or(String::new(), |held| format!("({held})"));
                let wire = named(&variant.name, variant.wire.as_deref().unwrap_or_default());
                format!("{}{holds}{wire}", variant.name)
            });
            let tag = tag.as_ref();
            let tag = tag.map_or(String::new(), |tag| format!(" by {tag:?}"));
            braced(&(form.clone() + &tag), name, variants)
        }
    }
}

fn braced(kind: &str, name: &str, members: impl Iterator<Item = String>) -> String {
    let members: Vec<String> = members.collect();
    format!("{kind} {name} {{ {} }}", members.join(", "))
}

fn needed(required: bool) -> &'static str {
    if required { "!" } else { "" }
}

/// The name on the wire, where there is one and it is another.
fn named(name: &str, wire: &str) -> String {
    if wire == name || wire.is_empty() {
        return String::new();
    }
    format!(" as {wire}")
}
