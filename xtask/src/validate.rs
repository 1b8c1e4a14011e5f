//! Whether a document says something whose meaning cannot be known. Only that makes it
//! invalid: what is bent and yet plain is repaired later.

use serde_json::Value;

use crate::lower::walk::{METHODS, escape};

/// A rule that a document breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer of the place.
    pub pointer: String,
    /// The rule of the specification.
    pub rule: &'static str,
    /// What is wrong, and what to do.
    pub message: String,
}

/// The most problems that are worth telling.
const MOST: usize = 100;

/// Looks for what makes a document meaningless.
pub fn validate(document: &Value) -> Vec<Problem> {
    let mut check = Check {
        document,
        problems: Vec::new(),
    };
    check.structure();
    check.references(document, "", "", 0);
    check.problems
}

struct Check<'a> {
    document: &'a Value,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, pointer: &str, rule: &'static str, message: impl Into<String>) {
        if self.problems.len() < MOST {
            self.problems.push(Problem {
                pointer: pointer.to_owned(),
                rule,
                message: message.into(),
            });
        }
    }

    fn structure(&mut self) {
        let document = self.document;
        match document.get("paths") {
            None | Some(Value::Null) => return,
            Some(Value::Object(_)) => {}
            Some(_) => {
                return self.problem(
                    "/paths",
                    "Paths Object",
                    "`paths` is no object; it maps each path to its operations",
                );
            }
        }
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let pointer = format!("/paths/{}", escape(path));
            if path.starts_with("x-") || item.is_null() {
                continue;
            }
            if !item.is_object() {
                self.problem(
                    &pointer,
                    "Path Item Object",
                    "a path item is an object of operations",
                );
                continue;
            }
            self.parameters(&pointer, &item["parameters"]);
            for method in METHODS {
                let operation = &item[method];
                let pointer = format!("{pointer}/{method}");
                if operation.is_null() {
                    continue;
                }
                if !operation.is_object() {
                    self.problem(&pointer, "Operation Object", "an operation is an object");
                    continue;
                }
                self.operation(&pointer, operation, &item["parameters"]);
            }
        }
    }

    fn operation(&mut self, pointer: &str, operation: &Value, shared: &Value) {
        self.parameters(pointer, &operation["parameters"]);
        let places: Vec<&str> = [shared, &operation["parameters"]]
            .into_iter()
            .filter_map(Value::as_array)
            .flatten()
            .filter_map(|parameter| parameter["in"].as_str())
            .collect();
        let own_bodies = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "body")
            .count();
        if own_bodies > 1 {
            self.problem(
                pointer,
                "Parameter Object (2.0): one body",
                "more than one body parameter; which one is sent cannot be known",
            );
        }
        if places.contains(&"body") && places.contains(&"formData") {
            self.problem(
                pointer,
                "Parameter Object (2.0): body or form",
                "a body and form parameters; a request has one or the other",
            );
        }
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            if !response.is_object() && !response.is_null() && !status.starts_with("x-") {
                self.problem(
                    &format!("{pointer}/responses/{}", escape(status)),
                    "Response Object",
                    "a response is an object",
                );
            }
        }
    }

    fn parameters(&mut self, pointer: &str, parameters: &Value) {
        for (index, parameter) in parameters.as_array().into_iter().flatten().enumerate() {
            let pointer = format!("{pointer}/parameters/{index}");
            if !parameter.is_object() {
                self.problem(&pointer, "Parameter Object", "a parameter is an object");
                continue;
            }
            if parameter.get("$ref").is_some() {
                continue;
            }
            if !parameter["name"].is_string() {
                self.problem(
                    &pointer,
                    "Parameter Object: name",
                    "a parameter without a name cannot be sent; name it",
                );
            }
            match parameter["in"].as_str() {
                Some(
                    "path" | "query" | "querystring" | "header" | "cookie" | "body" | "formData",
                ) => {}
                Some(place) => self.problem(
                    &pointer,
                    "Parameter Object: in",
                    format!("`{place}` is no place for a parameter"),
                ),
                None => {}
            }
        }
    }

    /// Every local reference leads somewhere. `key` is the key that the value stands
    /// under: names of properties and data are no keywords.
    fn references(&mut self, value: &Value, pointer: &str, key: &str, depth: usize) {
        if depth > crate::upgrade::DEEPEST + 8 {
            return;
        }
        match value {
            Value::Object(object) => {
                let names = matches!(
                    key,
                    "properties"
                        | "patternProperties"
                        | "schemas"
                        | "definitions"
                        | "$defs"
                        | "responses"
                        | "parameters"
                );
                if !names && let Some(target) = object.get("$ref").and_then(Value::as_str) {
                    self.reference(target, pointer);
                }
                for (name, child) in object {
                    let data = !names
                        && (matches!(
                            name.as_str(),
                            "example"
                                | "examples"
                                | "default"
                                | "enum"
                                | "const"
                                | "value"
                                | "mapping"
                        ) || name.starts_with("x-"));
                    if !data {
                        let key = if names { "" } else { name.as_str() };
                        self.references(
                            child,
                            &format!("{pointer}/{}", escape(name)),
                            key,
                            depth + 1,
                        );
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.references(item, &format!("{pointer}/{index}"), "", depth + 1);
                }
            }
            _ => {}
        }
    }

    fn reference(&mut self, target: &str, pointer: &str) {
        let Some(path) = target.strip_prefix('#') else {
            return self.problem(
                pointer,
                "Reference Object",
                format!(
                    "the reference `{target}` leads out of the document; put the file beside it"
                ),
            );
        };
        if path.is_empty() {
            return;
        }
        let decoded = percent_encoding::percent_decode_str(path)
            .decode_utf8_lossy()
            .into_owned();
        let found = |path: &str| {
            self.document.pointer(path).is_some()
                // Schemas of one version are looked up where the other keeps them.
                || path.strip_prefix("/definitions/").is_some_and(|rest| self.document.pointer(&format!("/components/schemas/{rest}")).is_some())
        };
        // `#/$defs/X` inside a schema, and `#anchor`, are relative to that schema.
        let relative = path.starts_with("/$defs/")
            || path.starts_with("/definitions/")
                && self
                    .document
                    .get("openapi")
                    .is_some_and(|v| v.as_str().is_some_and(|v| v.starts_with("3.1")))
            || !path.starts_with('/');
        let lead = found(path) || found(&decoded) || relative && self.within_schema(path, pointer);
        if !lead {
            self.problem(
                pointer,
                "Reference Object",
                format!(
                    "the reference `{target}` leads nowhere; define what it names or correct it"
                ),
            );
        }
    }

    /// Whether a schema around the reference has what it names.
    fn within_schema(&self, path: &str, pointer: &str) -> bool {
        let mut around = pointer;
        loop {
            if self.document.pointer(&format!("{around}{path}")).is_some() {
                return true;
            }
            match around.rfind('/') {
                Some(end) => around = &around[..end],
                None => return false,
            }
        }
    }
}
