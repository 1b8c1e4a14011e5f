//! The parameters of operations: where each is, how its value is written, and what it may be.

use serde_json::{Value, json};

use crate::{
    document::{Parameter, Place},
    route::Route,
    schema, swagger,
};

/// The template with the segments of path parameters that it omits: NSwag leaves out `{*rest}` and
/// `{id?}` at the end of a route. A request may leave them out as well.
pub(crate) fn routed(template: &str, parameters: &mut [Parameter]) -> String {
    let route = Route::new("", template);
    let omitted = parameters.iter_mut().filter(|parameter| {
        parameter.place == Place::Path && !route.parameters().any(|name| is_called(parameter, name))
    });
    let mut routed = template.to_owned();
    let mut last = None;
    for parameter in omitted {
        parameter.required = false;
        if let Some(name) = last.replace(parameter.name.clone()) {
            routed = format!("{}/{{{name}}}", routed.trim_end_matches('/'));
        }
    }
    match last {
        Some(name) => format!("{}/{{*{name}?}}", routed.trim_end_matches('/')),
        None => routed,
    }
}

/// Whether a parameter is the one that a template names, to ASP.NET in letters of any case;
/// some bring its mark along.
pub fn is_called(parameter: &Parameter, name: &str) -> bool {
    let own = parameter.name.trim_start_matches(['*', '+']);
    let own = own.split(':').next().unwrap_or_default();
    own.trim_end_matches(['?', '*']).eq_ignore_ascii_case(name)
}

/// A parameter of an operation.
pub(crate) fn parameter(
    root: &Value,
    value: &Value,
    template: &str,
    old: bool,
) -> Option<Parameter> {
    let name = value["name"].as_str()?.to_owned();
    let place = match value.get("in") {
        None => usual_place(&name, template),
        Some(place) => match place.as_str()? {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" => Place::Header,
            "cookie" => Place::Cookie,
            _ => return None,
        },
    };
    let content = value["content"].as_object().and_then(|c| c.values().next());
    let by_default = match place {
        Place::Path | Place::Header => "simple",
        Place::Query | Place::Cookie => "form",
    };
    let (style, explode) = if old {
        swagger::collection(value, by_default)
    } else {
        let style = value["style"].as_str().unwrap_or(by_default).to_owned();
        let by_default = style == "form" || style == "deepObject";
        (style, value["explode"].as_bool().unwrap_or(by_default))
    };
    let given = match content {
        Some(content) => content["schema"].clone(),
        None if old => swagger::own_schema(value),
        // A parameter of which nothing is said is text.
        None if value.get("schema").is_none() && value.get("type").is_none() => {
            json!({"type": "string"})
        }
        None if value.get("schema").is_none() => swagger::own_schema(value),
        None => value["schema"].clone(),
    };
    Some(Parameter {
        name,
        place,
        required: value["required"] == true || place == Place::Path,
        // No style but those of a query says objects and lists within each other.
        json: content.is_some() || place != Place::Query && nests(root, &given),
        schema: given,
        style,
        explode,
    })
}

/// Whether the members of a value may be objects or lists themselves.
fn nests(root: &Value, given: &Value) -> bool {
    let flat = schema::flatten(root, given);
    let properties = flat.get("properties").and_then(Value::as_object);
    let named = properties
        .into_iter()
        .flat_map(|properties| properties.values());
    let rest = ["items", "additionalProperties"]
        .into_iter()
        .filter_map(|key| flat.get(key));
    let is_structure = |member: &Value| {
        ["object", "array"]
            .iter()
            .any(|kind| schema::may_be(root, member, kind))
    };
    named.chain(rest).any(is_structure)
}

/// Where ASP.NET reads a parameter of which nothing is said.
fn usual_place(name: &str, template: &str) -> Place {
    let headers = ["accept", "authorization", "content-type"];
    if template.contains(&format!("{{{name}}}")) {
        Place::Path
    } else if headers.contains(&name.to_lowercase().as_str()) {
        Place::Header
    } else {
        Place::Query
    }
}
