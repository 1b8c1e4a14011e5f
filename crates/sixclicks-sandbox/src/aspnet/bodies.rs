//! Bodies that are described as something else: those of MVC as optional, and the forms of NSwag
//! as lists of anything or as objects in the query.

use serde_json::{Map, Value, json};

use super::{each_object, has_members};
use crate::{dialect::Dialect, schema};

/// Makes lists of files of what NSwag calls lists of anything.
pub fn correct(root: &mut Value, dialect: Dialect) {
    if dialect != Dialect::Nswag {
        return;
    }
    each_object(root, &mut |fields| {
        let form = fields
            .get_mut("multipart/form-data")
            .and_then(|form| form.pointer_mut("/schema/properties"))
            .and_then(Value::as_object_mut);
        for (_, property) in form.into_iter().flatten() {
            let of_anything = property["items"].as_object().is_some_and(Map::is_empty);
            if property["type"] == "array" && of_anything {
                property["items"] = json!({"type": "string", "format": "binary"});
            }
        }
    });
}

/// The media types of a JSON body that MVC's own formatters read.
const MVC: [&str; 3] = ["application/json", "text/json", "application/*+json"];

/// Makes a body required that MVC does not do without, and that Swashbuckle says nothing of.
pub fn required(root: &Value, operation: &mut Map<String, Value>, dialect: Dialect) {
    if dialect != Dialect::Swashbuckle {
        return;
    }
    let is_mvc = |names: Vec<&str>| {
        let names = match names.as_slice() {
            ["application/json-patch+json", rest @ ..] => rest,
            names => names,
        };
        names.starts_with(&MVC)
    };
    let consumes = operation.get("consumes").or_else(|| root.get("consumes"));
    let consumes = consumes.and_then(Value::as_array).into_iter().flatten();
    let consumes = is_mvc(consumes.filter_map(Value::as_str).collect());
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten().filter(|_| consumes) {
        if parameter["in"] == "body" && parameter.get("required").is_none() {
            parameter["required"] = true.into();
        }
    }
    let Some(Value::Object(body)) = operation.get_mut("requestBody") else {
        return;
    };
    let content = body.get("content").and_then(Value::as_object);
    let names = content.map(|content| content.keys().map(String::as_str).collect());
    if names.is_some_and(is_mvc) {
        body.entry("required").or_insert(true.into());
    }
}

/// Makes lists of Swagger 2.0 repeat their names that say nothing of how they are written: ASP.NET
/// takes `a,b` for one value. A field of which nothing is said is text.
pub fn repeated(root: &Value, operation: &mut Map<String, Value>) {
    if root.get("swagger").is_none() {
        return;
    }
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let untyped = ["type", "schema", "$ref"];
        if parameter["in"] == "formData" && untyped.iter().all(|word| parameter.get(word).is_none())
        {
            parameter["type"] = "string".into();
        }
        let pairs = matches!(parameter["in"].as_str(), Some("query" | "formData"));
        if pairs && parameter["type"] == "array" && parameter.get("collectionFormat").is_none() {
            parameter["collectionFormat"] = "multi".into();
        }
    }
}

/// Makes the form of an operation of an object that NSwag places in the query.
pub fn queries(root: &Value, operation: &mut Map<String, Value>, dialect: Dialect) {
    if dialect != Dialect::Nswag || operation.contains_key("requestBody") {
        return;
    }
    let Some(Value::Array(parameters)) = operation.get_mut("parameters") else {
        return;
    };
    let has_body =
        |parameter: &Value| matches!(parameter["in"].as_str(), Some("body" | "formData"));
    if parameters.iter().any(has_body) {
        return;
    }
    let is_form = |parameter: &Value| {
        parameter["in"] == "query"
            && parameter["style"] != "deepObject"
            && has_members(root, &parameter["schema"])
    };
    let Some(at) = parameters.iter().position(is_form) else {
        return;
    };
    let form = parameters.remove(at);
    let flat = schema::flatten(root, &form["schema"]);
    let properties = flat.get("properties").and_then(Value::as_object);
    let is_file = |property: &Value| {
        let items = schema::flatten(root, property).remove("items");
        schema::is_binary(root, property)
            || items.is_some_and(|items| schema::is_binary(root, &items))
    };
    let files = properties.is_some_and(|all| all.values().any(is_file));
    let media_type = match files {
        true => "multipart/form-data",
        false => "application/x-www-form-urlencoded",
    };
    operation.insert(
        "requestBody".to_owned(),
        json!({
            "required": form["required"] == true,
            "content": {media_type: {"schema": form["schema"]}},
        }),
    );
}
