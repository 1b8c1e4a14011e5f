//! A document as it was received, read for what its operations take and answer: apart from
//! the pipeline, so that a mistake in one shows in the other.

use serde_json::Value;

use crate::{
    aspnet,
    carrier::carrier,
    dialect::Dialect,
    headers,
    parameters::{parameter, routed},
    route::Route,
    rules::Rules,
    schema, swagger,
};

/// A Swagger 2.0 or OpenAPI 3 document.
#[derive(Debug)]
pub struct Document {
    /// The document.
    pub root: Value,
    /// Its operations.
    pub operations: Vec<Operation>,
    /// How it is read.
    pub dialect: Dialect,
    pub(crate) rules: Rules,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The method in capitals.
    pub method: String,
    /// The path template as the document has it.
    pub template: String,
    pub(crate) routes: Vec<Route>,
    /// The parameters, bodies and form fields apart.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Option<Body>,
    /// The documented answers by their statuses (`200`, `4XX`, `default`).
    pub answers: Vec<(String, Vec<Content>)>,
    /// The documented headers of the answers, in the same order.
    pub headers: Vec<Vec<Parameter>>,
}

/// Where a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl Place {
    /// The place as OpenAPI calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// Whether it has to be there.
    pub required: bool,
    /// Its schema.
    pub schema: Value,
    /// How lists and objects are written.
    pub style: String,
    /// Whether each member is written by itself.
    pub explode: bool,
    /// Whether it is JSON text.
    pub json: bool,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether it has to be there.
    pub required: bool,
    /// What it may be.
    pub contents: Vec<Content>,
}

/// A body's media type and schema.
#[derive(Clone, Debug)]
pub struct Content {
    /// The media type, perhaps with a wildcard.
    pub media_type: String,
    /// The schema, if there is one.
    pub schema: Option<Value>,
    /// How the fields of a form are written.
    pub encoding: Value,
}

impl Document {
    /// Reads a document that means what it says.
    pub fn new(root: Value) -> Self {
        Self::in_dialect(root, Dialect::Strict)
    }

    /// Reads a document as its writer means it.
    pub fn in_dialect(mut root: Value, dialect: Dialect) -> Self {
        crate::tangles::undo(&mut root);
        if dialect.is_aspnet() {
            aspnet::correct(&mut root, dialect);
        }
        let mut operations = Vec::new();
        for (template, item) in root["paths"].as_object().into_iter().flatten() {
            let item = schema::follow(&root, item);
            for (method, value) in methods(item) {
                operations.push(operation(&root, template, item, method, value));
            }
        }
        Self {
            rules: Rules::new(&root),
            operations,
            dialect,
            root,
        }
    }

    /// The operations that a request may be for: those with the longest literal text, of
    /// which there are several where paths differ in what no request shows.
    pub fn candidates(&self, method: &str, path: &str) -> Vec<&Operation> {
        let found = self.operations.iter().filter_map(|operation| {
            let routes = operation.routes.iter();
            let literal = routes
                .filter(|route| operation.method == method && route.matches(path).is_some())
                .map(Route::literal)
                .max()?;
            Some((literal, operation))
        });
        let found: Vec<_> = found.collect();
        let most = found.iter().map(|(literal, _)| *literal).max();
        found
            .into_iter()
            .filter(|(literal, _)| Some(*literal) == most)
            .map(|(_, operation)| operation)
            .collect()
    }

    /// Whether some operation has the path, with whatever method.
    pub fn has_path(&self, path: &str) -> bool {
        let mut routes = self
            .operations
            .iter()
            .flat_map(|operation| &operation.routes);
        routes.any(|route| route.matches(path).is_some())
    }
}

/// The operations of a path item, with the methods as they are sent. OpenAPI 3.2 and an extension
/// for older versions list those whose methods are no keys of a path item.
fn methods(item: &Value) -> Vec<(String, &Value)> {
    const BESIDE: [&str; 5] = ["$ref", "summary", "description", "servers", "parameters"];
    const ADDITIONAL: [&str; 2] = ["additionalOperations", "x-oai-additionalOperations"];
    let is_known = |method: &str| {
        const METHODS: [&str; 9] = [
            "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
        ];
        METHODS
            .iter()
            .any(|known| method.eq_ignore_ascii_case(known))
    };
    let direct = item.as_object().into_iter().flatten();
    let direct = direct.filter(|(key, value)| {
        let other = !key.starts_with("x-") && !BESIDE.contains(&key.as_str());
        (is_known(key) && value.is_object()) || (other && value["responses"].is_object())
    });
    let additional = ADDITIONAL.iter().filter_map(|key| item[*key].as_object());
    let additional = additional.flatten().filter(|(_, value)| value.is_object());
    direct
        .map(|(key, value)| (key.to_uppercase(), value))
        .chain(additional.map(|(method, value)| match is_known(method) {
            true => (method.to_uppercase(), value),
            false => (method.clone(), value),
        }))
        .collect()
}

/// What the paths of an operation may begin with.
fn prefixes(root: &Value, item: &Value, value: &Value) -> Vec<String> {
    if root.get("swagger").is_some() {
        return vec![root["basePath"].as_str().unwrap_or_default().to_owned()];
    }
    let servers = [value, item, root].into_iter().find_map(|at| {
        at["servers"]
            .as_array()
            .filter(|servers| !servers.is_empty())
    });
    let mut found: Vec<String> = servers.into_iter().flatten().map(server_path).collect();
    if found.is_empty() {
        found.push(String::new());
    }
    found
}

fn server_path(server: &Value) -> String {
    let mut url = server["url"].as_str().unwrap_or_default().to_owned();
    for (name, variable) in server["variables"].as_object().into_iter().flatten() {
        let default = variable["default"].as_str().unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
    }
    let host = url.split_once("://").map(|(_, rest)| rest);
    match host.or_else(|| url.strip_prefix("//")) {
        Some(rest) => rest
            .find('/')
            .map_or(String::new(), |at| rest[at..].to_owned()),
        None => url,
    }
}

fn operation(
    root: &Value,
    template: &str,
    item: &Value,
    method: String,
    value: &Value,
) -> Operation {
    let mut given: Vec<&Value> = Vec::new();
    for list in [&item["parameters"], &value["parameters"]] {
        for parameter in list.as_array().into_iter().flatten() {
            let parameter = schema::follow(root, parameter);
            let same = |other: &&Value| {
                other["name"] == parameter["name"] && other["in"] == parameter["in"]
            };
            given.retain(|other| !same(other));
            given.push(parameter);
        }
    }
    let old = root.get("swagger").is_some();
    let mut parameters: Vec<Parameter> = given
        .iter()
        .filter_map(|value| parameter(root, value, template, old))
        .collect();
    let routed = routed(template, &mut parameters);
    let keep_slashes = given
        .iter()
        .filter(|value| value["in"] == "path" && value["x-sixclicks-catch-all"] == true)
        .filter_map(|value| value["name"].as_str());
    let routes = prefixes(root, item, value).into_iter().map(|prefix| {
        let mut route = Route::new(&prefix, &routed);
        keep_slashes
            .clone()
            .for_each(|name| route.keep_slashes(name));
        route
    });
    let answers = || {
        let answers = value["responses"].as_object().into_iter().flatten();
        let answers = answers.filter(|(status, _)| !status.starts_with("x-"));
        answers.map(|(status, answer)| (status, schema::follow(root, answer)))
    };
    Operation {
        method,
        template: template.to_owned(),
        routes: routes.collect(),
        parameters,
        body: if old {
            swagger::body(root, value, &given)
        } else {
            body(root, &value["requestBody"])
        },
        answers: answers()
            .map(|(status, answer)| {
                let contents = if old {
                    swagger::answer(root, value, answer)
                } else {
                    contents(root, &answer["content"])
                };
                (status.clone(), contents)
            })
            .collect(),
        headers: answers()
            .map(|(_, answer)| headers::read(root, answer))
            .collect(),
    }
}

fn body(root: &Value, value: &Value) -> Option<Body> {
    let value = schema::follow(root, value);
    let contents = contents(root, &value["content"]);
    (!contents.is_empty()).then(|| Body {
        required: value["required"] == true,
        contents,
    })
}

fn contents(root: &Value, value: &Value) -> Vec<Content> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(media_type, content)| Content {
            media_type: carrier(root, media_type, &content["schema"]),
            schema: content.get("schema").cloned(),
            encoding: content["encoding"].clone(),
        })
        .collect()
}
