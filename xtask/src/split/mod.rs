//! From documents to APIs. Which API and which version an operation belongs to is said by
//! its whole path, however that is spread over servers, paths and version segments; all
//! ways of writing the same API give the same result. Each API gets only what it reaches.

mod reach;
mod route;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::lower::walk::METHODS;

/// How APIs are told apart.
#[derive(Clone, Debug, Default)]
pub struct SplitConfig {
    /// The end of a first path segment that names an API, such as `-api`. Empty: one API
    /// for each document.
    pub suffix: String,
    /// The API's name where the paths do not say it.
    pub name: Option<String>,
}

/// A document, brought to OpenAPI 3.0.
#[derive(Clone, Debug)]
pub struct SplitInput {
    /// What it is called.
    pub name: String,
    /// Its content.
    pub value: Value,
}

/// One version of one API.
#[derive(Clone, Debug, PartialEq)]
pub struct Api {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its operations, and the components that they reach.
    pub value: Value,
}

/// Documents that do not go together.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// Two descriptions of one operation.
    #[error(
        "{method} {path} is described differently in {first} and {second}; remove one of the two"
    )]
    Conflict {
        /// The HTTP method in capitals.
        method: String,
        /// The whole path.
        path: String,
        /// The document that has it first.
        first: String,
        /// The other one.
        second: String,
    },
}

/// What belongs to one API so far.
#[derive(Default)]
struct Group {
    /// Whether the paths name the API.
    named: bool,
    paths: Map<String, Value>,
    /// Where each operation came from.
    origins: BTreeMap<(String, String), String>,
    components: Map<String, Value>,
    info: Value,
}

/// Sorts the operations of all documents into APIs.
///
/// # Errors
///
/// When two documents describe one operation differently.
pub fn split(documents: Vec<SplitInput>, config: &SplitConfig) -> Result<Vec<Api>, SplitError> {
    let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
    for document in documents {
        let mut routed = route::routes(&document, config);
        if routed.is_empty() {
            let (name, version) = route::unnamed(&document, config);
            groups.entry((name, version)).or_default().info = document.value["info"].clone();
        }
        // The parts of one document that belong to the same API stay together.
        let mut parts: Vec<((String, String), Vec<route::Route>)> = Vec::new();
        for route in routed.drain(..) {
            let key = (route.api.clone(), route.version.clone());
            match parts.iter_mut().find(|(known, _)| *known == key) {
                Some((_, routes)) => routes.push(route),
                None => parts.push((key, vec![route])),
            }
        }
        for (key, routes) in parts {
            let group = groups.entry(key).or_default();
            group.add(&document, routes)?;
        }
    }
    Ok(groups
        .into_iter()
        .map(|((name, version), group)| group.finish(name, version))
        .collect())
}

impl Group {
    fn add(&mut self, document: &SplitInput, routes: Vec<route::Route>) -> Result<(), SplitError> {
        self.named |= routes.iter().any(|route| route.named);
        if self.info.is_null() {
            self.info = document.value["info"].clone();
        }
        let mut items: Vec<(String, Value)> = routes
            .into_iter()
            .map(|route| (route.path, route.item))
            .collect();
        let mut components = reach::components(&items, &document.value);
        reach::rename_conflicts(&mut items, &mut components, &self.components);
        for (path, item) in items {
            let Value::Object(item) = item else { continue };
            let place = self.paths.entry(path.clone()).or_insert_with(|| json!({}));
            for (key, value) in item {
                if METHODS.contains(&key.as_str()) {
                    let known = self
                        .origins
                        .insert((path.clone(), key.clone()), document.name.clone());
                    if let Some(first) = known.filter(|_| place[key.as_str()] != value) {
                        return Err(SplitError::Conflict {
                            method: key.to_uppercase(),
                            path,
                            first,
                            second: document.name.clone(),
                        });
                    }
                }
                place[key.as_str()] = value;
            }
        }
        for (kind, members) in components {
            let place = self.components.entry(kind).or_insert_with(|| json!({}));
            if let (Some(place), Value::Object(members)) = (place.as_object_mut(), members) {
                place.extend(members);
            }
        }
        Ok(())
    }

    fn finish(mut self, name: String, version: String) -> Api {
        let info = if self.named {
            // Whatever the documents are called, the API is called what its paths say.
            self.paths = sorted(self.paths);
            json!({"title": name, "version": version})
        } else {
            self.info
        };
        let components: Map<String, Value> = sorted(self.components)
            .into_iter()
            .map(|(kind, members)| match members {
                Value::Object(members) => (kind, Value::Object(sorted(members))),
                other => (kind, other),
            })
            .collect();
        let mut value = json!({"openapi": "3.0.3", "info": info, "paths": self.paths});
        if !components.is_empty() {
            value["components"] = Value::Object(components);
        }
        Api {
            name,
            version,
            value,
        }
    }
}

fn sorted(map: Map<String, Value>) -> Map<String, Value> {
    let sorted: BTreeMap<String, Value> = map.into_iter().collect();
    sorted.into_iter().collect()
}
