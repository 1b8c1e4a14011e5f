//! Operations, each complete in itself: with the parameters of its path, the document's security,
//! its whole path, and the API that it belongs to.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::{Group, Operation, SplitConfig, SplitInput, assemble, path, version};
use crate::openapi::grammar::{ADDITIONAL, METHODS};
use crate::openapi::pointer::{candidates, escape};

/// Name and version.
type Key = (String, String);

/// Takes the operations out of a document and sorts them into APIs.
pub fn collect(
    index: usize,
    input: &mut SplitInput,
    config: &SplitConfig,
    groups: &mut BTreeMap<Key, Group>,
) {
    let stem = stem(&input.name);
    let Value::Object(document) = &mut input.value else {
        return;
    };
    let paths = match document.get_mut("paths").map(Value::take) {
        Some(Value::Object(paths)) => paths,
        _ => Map::new(),
    };
    let info = |key: &str| {
        document
            .get("info")
            .and_then(|info| info.get(key))
            .and_then(Value::as_str)
    };
    let own_version = info("version").unwrap_or_default().to_owned();
    let title = path::slug(info("title").unwrap_or_default());
    let title = if title.is_empty() {
        path::slug(&stem)
    } else {
        title
    };
    let title = if title.is_empty() {
        "api".to_owned()
    } else {
        title
    };
    let fallback = (
        config.name.clone().unwrap_or(title),
        plain_version(&own_version),
    );
    if paths.is_empty() {
        join(groups, fallback.clone(), index, None);
    }
    let suffix = config.suffix.as_deref();
    let common = path::prefix(document.get("servers"));
    let security = document.get("security").cloned();
    let origins = origins(document.get("servers"));
    for (written, item) in paths {
        let Value::Object(mut item) = item else {
            continue;
        };
        if written.starts_with("x-") {
            continue;
        }
        let item_servers = item.shift_remove("servers");
        let parameters = item.shift_remove("parameters");
        let around = format!("/paths/{}", escape(&written));
        let describe = ["summary", "description"].map(|key| (key, item.shift_remove(key)));
        for (method, mut operation) in operations(&mut item) {
            let place = format!("{around}{}", assemble::method_pointer(&method));
            let mut places = add_parameters(&mut operation, parameters.as_ref(), document)
                .into_iter()
                .map(|(own, index)| {
                    let holder = if own { &place } else { &around };
                    format!("{holder}/parameters/{index}")
                })
                .collect();
            for (key, text) in &describe {
                if let Some(text) = text
                    .as_ref()
                    .filter(|_| !operation.contains_key("description"))
                {
                    operation.entry(*key).or_insert_with(|| text.clone());
                }
            }
            if let Some(security) = &security {
                operation
                    .entry("security")
                    .or_insert_with(|| security.clone());
            }
            let own = operation.shift_remove("servers");
            // A list without a server in it says nothing.
            let mut servers = [own.as_ref(), item_servers.as_ref()].into_iter().flatten();
            let own = servers.find(|servers| servers.get(0).is_some());
            other_hosts(&mut operation, own, &origins);
            let prefix = own.map_or_else(|| common.clone(), |own| path::prefix(Some(own)));
            let whole = path::join(&prefix, &written, suffix);
            let found = version::Found::of(&whole, &prefix, &operation, document, config);
            let whole = found.write(&whole, &mut operation, document, &mut places);
            let (key, base_path) = belongs(&whole, &own_version, &fallback, suffix);
            let group = join(groups, key, index, base_path);
            group.versions.add(found, index, &place);
            group.operations.push(Operation {
                document: index,
                path: whole,
                method,
                value: Value::Object(operation),
                place,
                parameters: places,
            });
        }
    }
}

/// Takes the operations out of a path item, with their methods.
fn operations(item: &mut Map<String, Value>) -> Vec<(String, Map<String, Value>)> {
    let mut found: Vec<_> = METHODS
        .into_iter()
        .filter_map(|method| Some((method.to_owned(), item.shift_remove(method)?)))
        .collect();
    if let Some(Value::Object(additional)) = item.shift_remove(ADDITIONAL[0]) {
        found.extend(additional);
    }
    found
        .into_iter()
        .filter_map(|(method, operation)| match operation {
            Value::Object(operation) => Some((method, operation)),
            _ => None,
        })
        .collect()
}

/// The schemes and hosts of servers.
fn origins(servers: Option<&Value>) -> Vec<String> {
    let servers = servers.and_then(Value::as_array);
    servers
        .into_iter()
        .flatten()
        .filter_map(path::origin)
        .collect()
}

/// Leaves word of the hosts that only this operation has.
fn other_hosts(operation: &mut Map<String, Value>, own: Option<&Value>, common: &[String]) {
    let mut other = origins(own);
    other.retain(|origin| !common.contains(origin));
    if !other.is_empty() {
        operation.insert("x-sixclicks-mark-servers".to_owned(), other.into());
    }
}

fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.split_once('.')
        .map_or(file, |(stem, _)| stem)
        .to_owned()
}

fn plain_version(version: &str) -> String {
    path::version(version).unwrap_or(version).to_owned()
}

fn join(
    groups: &mut BTreeMap<Key, Group>,
    key: Key,
    document: usize,
    base: Option<String>,
) -> &mut Group {
    let group = groups.entry(key).or_default();
    if group.documents.last() != Some(&document) {
        group.documents.push(document);
    }
    group.base_path = group.base_path.take().or(base);
    group
}

/// The API of a whole path, and what all its paths begin with.
fn belongs(
    whole: &str,
    own_version: &str,
    fallback: &Key,
    suffix: Option<&str>,
) -> (Key, Option<String>) {
    let Some(name) = suffix.and_then(|suffix| path::api_name(whole, suffix)) else {
        return (fallback.clone(), None);
    };
    let mut segments = whole.trim_start_matches('/').split('/');
    let (first, second) = (
        segments.next().unwrap_or_default(),
        segments.next().unwrap_or_default(),
    );
    match path::version(second) {
        Some(version) => (
            (name.to_owned(), version.to_owned()),
            Some(format!("/{first}/{second}")),
        ),
        None => (
            (name.to_owned(), plain_version(own_version)),
            Some(format!("/{first}")),
        ),
    }
}

/// A parameter behind its reference.
pub fn resolve<'a>(parameter: &'a Value, document: &'a Map<String, Value>) -> &'a Value {
    let mut parameter = parameter;
    for _ in 0..16 {
        let Some(target) = parameter.get("$ref").and_then(Value::as_str) else {
            break;
        };
        let found = candidates(target).iter().find_map(|at| {
            let (first, rest) = at.tokens().split_first()?;
            rest.iter()
                .try_fold(document.get(first)?, |value, key| value.get(key))
        });
        match found {
            Some(found) => parameter = found,
            None => break,
        }
    }
    parameter
}

pub fn identity<'a>(
    parameter: &'a Value,
    document: &'a Map<String, Value>,
) -> (Option<&'a str>, Option<&'a str>) {
    let parameter = resolve(parameter, document);
    let text = |key: &str| parameter.get(key).and_then(Value::as_str);
    (text("in"), text("name"))
}

/// Puts the parameters of the path before those of the operation, which win. Answers where each
/// stood: whether in the operation, and at which index.
fn add_parameters(
    operation: &mut Map<String, Value>,
    common: Option<&Value>,
    document: &Map<String, Value>,
) -> Vec<(bool, usize)> {
    let own = match operation.get_mut("parameters") {
        Some(Value::Array(own)) => std::mem::take(own),
        _ => Vec::new(),
    };
    let common = common
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let taken: HashSet<_> = own
        .iter()
        .map(|parameter| identity(parameter, document))
        .collect();
    let (mut places, mut all): (Vec<_>, Vec<_>) = common
        .iter()
        .enumerate()
        .filter(|(_, common)| !taken.contains(&identity(common, document)))
        .map(|(index, common)| ((false, index), common.clone()))
        .unzip();
    drop(taken);
    places.extend((0..own.len()).map(|index| (true, index)));
    all.extend(own);
    if !all.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(all));
    }
    places
}
