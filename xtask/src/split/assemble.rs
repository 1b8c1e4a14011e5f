//! One API's document, from its operations and the components that they reach.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::components::{self, Id, Shared};
use super::{Api, Group, Operation, Places, SplitError, SplitInput, path};
use crate::openapi::{
    grammar::{ADDITIONAL, Kind, METHODS, SECTIONS},
    pointer::escape,
};

/// Operations by path and method, each with the document it came from. The methods that OpenAPI
/// 3.0 knows come first, in their order.
type Merged = BTreeMap<(String, usize, String), (usize, Value)>;

/// The pointer within a path item to the operation of a method.
pub fn method_pointer(method: &str) -> String {
    match METHODS.contains(&method) {
        true => format!("/{method}"),
        false => format!("/{}/{}", ADDITIONAL[0], escape(method)),
    }
}

/// Puts one API's document together.
pub fn api(
    name: String,
    version: String,
    group: Group,
    inputs: &[SplitInput],
    shared: &[Shared],
) -> Result<Api, SplitError> {
    let Group {
        base_path,
        documents,
        mut operations,
        versions,
    } = group;
    let mut starts: HashMap<usize, Vec<Id>> = HashMap::new();
    for operation in &mut operations {
        let found = components::references(&mut operation.value, Kind::Operation);
        starts.entry(operation.document).or_default().extend(found);
    }
    let reached: Vec<(&Shared, BTreeSet<Id>)> = documents
        .iter()
        .map(|index| {
            let shared = &shared[*index];
            (
                shared,
                shared.reach(starts.remove(index).unwrap_or_default()),
            )
        })
        .collect();
    let renamed = components::distinguish(&reached);
    let mut held: BTreeMap<Id, Value> = BTreeMap::new();
    for ((shared, ids), names) in reached.iter().zip(&renamed) {
        for id in ids {
            let new = names.get(id).cloned().unwrap_or_else(|| id.1.clone());
            held.entry((id.0, new)).or_insert_with(|| {
                let mut value = shared.values[id].clone();
                let kind = SECTIONS.iter().find(|(section, _)| *section == id.0);
                components::rename(
                    &mut value,
                    kind.map_or(Kind::Schema, |(_, kind)| *kind),
                    names,
                );
                value
            });
        }
    }
    let by_document: HashMap<usize, &HashMap<Id, String>> =
        documents.iter().copied().zip(&renamed).collect();
    for operation in &mut operations {
        components::rename(
            &mut operation.value,
            Kind::Operation,
            by_document[&operation.document],
        );
    }
    let places = places(&operations, inputs);
    let merged = merge(&name, operations, inputs)?;

    let mut value = root(&name, &version, base_path.is_some(), &documents, inputs);
    tags(&mut value, &merged, &documents, inputs);
    value.insert("paths".to_owned(), paths(merged));
    let components = sections(held);
    if !components.is_empty() {
        value.insert("components".to_owned(), Value::Object(components));
    }
    let sources = documents
        .iter()
        .map(|index| inputs[*index].name.clone())
        .collect();
    Ok(Api {
        name,
        version,
        value: Value::Object(value),
        base_path,
        sources,
        documents,
        places,
        versions,
    })
}

/// Where the operations stood; with the document's name where there are several.
fn places(operations: &[Operation], inputs: &[SplitInput]) -> Places {
    let mut places = Places::default();
    for operation in operations {
        let document = match inputs {
            [_] => String::new(),
            _ => format!("{}#", inputs[operation.document].name),
        };
        let method = method_pointer(&operation.method);
        let now = format!("/paths/{}{method}", escape(&operation.path));
        for (index, parameter) in operation.parameters.iter().enumerate() {
            places.insert(
                format!("{now}/parameters/{index}"),
                format!("{document}{parameter}"),
            );
        }
        places.insert(now, format!("{document}{}", operation.place));
    }
    places
}

/// Operations that are described twice, alike, are one.
fn merge(
    api: &str,
    operations: Vec<Operation>,
    inputs: &[SplitInput],
) -> Result<Merged, SplitError> {
    let mut merged = Merged::new();
    for Operation {
        document,
        path,
        method,
        value,
        ..
    } in operations
    {
        let place = METHODS.iter().position(|known| *known == method);
        let place = place.unwrap_or(METHODS.len());
        let key = (path.clone(), place, method.clone());
        if let Some((first, other)) = merged.get(&key) {
            if *other != value {
                return Err(SplitError::Conflict {
                    api: api.to_owned(),
                    method: method.to_uppercase(),
                    path,
                    first: inputs[*first].name.clone(),
                    second: inputs[document].name.clone(),
                });
            }
        } else {
            merged.insert(key, (document, value));
        }
    }
    Ok(merged)
}

fn paths(merged: Merged) -> Value {
    let mut paths = Map::new();
    for ((path, place, method), (_, operation)) in merged {
        let item = paths.entry(path).or_insert_with(|| json!({}));
        match place < METHODS.len() {
            true => item[&method] = operation,
            false => item[ADDITIONAL[0]][&method] = operation,
        }
    }
    Value::Object(paths)
}

fn sections(held: BTreeMap<Id, Value>) -> Map<String, Value> {
    let mut components = Map::new();
    for ((section, name), value) in held {
        components.entry(section).or_insert_with(|| json!({}))[&name] = value;
    }
    components
}

/// Everything but paths, tags and components. An API that follows the rule has nothing of the
/// documents that it came from; another keeps what its first document says.
fn root(
    name: &str,
    version: &str,
    named: bool,
    documents: &[usize],
    inputs: &[SplitInput],
) -> Map<String, Value> {
    let mut root = Map::new();
    root.insert("openapi".to_owned(), json!("3.0.3"));
    root.insert(
        "info".to_owned(),
        json!({ "title": name, "version": version }),
    );
    let first = documents
        .first()
        .and_then(|index| inputs[*index].value.as_object());
    if let (false, Some(first)) = (named, first) {
        for (key, value) in first {
            match key.as_str() {
                "info" => drop(root.insert(key.clone(), value.clone())),
                "externalDocs" => drop(root.insert(key.clone(), value.clone())),
                _ if key.starts_with("x-") => drop(root.insert(key.clone(), value.clone())),
                _ => {}
            }
        }
        let mut origins: Vec<String> = Vec::new();
        for server in first
            .get("servers")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            origins.extend(path::origin(server).filter(|origin| !origins.contains(origin)));
        }
        if !origins.is_empty() {
            let servers = origins
                .into_iter()
                .map(|url| json!({ "url": url }))
                .collect();
            root.insert("servers".to_owned(), Value::Array(servers));
        }
    }
    root
}

/// The tags that operations use, sorted by name.
fn tags(
    root: &mut Map<String, Value>,
    merged: &Merged,
    documents: &[usize],
    inputs: &[SplitInput],
) {
    let used: BTreeSet<&str> = merged
        .values()
        .filter_map(|(_, operation)| operation.get("tags")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut described: BTreeMap<&str, &Value> = BTreeMap::new();
    for index in documents {
        let tags = inputs[*index].value.get("tags").and_then(Value::as_array);
        for tag in tags.into_iter().flatten() {
            if let Some(name) = tag
                .get("name")
                .and_then(Value::as_str)
                .filter(|name| used.contains(name))
            {
                described.entry(name).or_insert(tag);
            }
        }
    }
    if !described.is_empty() {
        let tags = described.into_values().cloned().collect();
        root.insert("tags".to_owned(), Value::Array(tags));
    }
}
