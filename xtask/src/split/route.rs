//! Where each path of a document leads: its whole path, the API and the version.

use serde_json::{Value, json};

use super::{SplitConfig, SplitInput};
use crate::{config::slug, lower::walk::METHODS};

/// One path item with its whole path.
#[derive(Clone, Debug)]
pub struct Route {
    /// The API's name.
    pub api: String,
    /// The API's version.
    pub version: String,
    /// Whether the path says the API's name.
    pub named: bool,
    /// The path below the host.
    pub path: String,
    /// The operations, without what only says where they are.
    pub item: Value,
}

/// The routes of a document.
pub fn routes(document: &SplitInput, config: &SplitConfig) -> Vec<Route> {
    let base = server_path(&document.value);
    let info_version = document.value["info"]["version"]
        .as_str()
        .unwrap_or_default();
    let (api, version) = unnamed(document, config);
    let mut routes = Vec::new();
    for (key, item) in document.value["paths"].as_object().into_iter().flatten() {
        if key.starts_with("x-") {
            continue;
        }
        let slash = if key.starts_with('/') { "" } else { "/" };
        let mut path = format!("{base}{slash}{key}");
        let mut item = bare(item);
        settle_version(&mut path, &mut item, info_version);
        let mut route = Route {
            api: api.clone(),
            version: version.clone(),
            named: false,
            path,
            item,
        };
        let mut segments = route.path.split('/').filter(|segment| !segment.is_empty());
        let first = segments.next().unwrap_or_default();
        let name = first
            .strip_suffix(&config.suffix)
            .filter(|name| !config.suffix.is_empty() && !name.is_empty());
        if let Some(name) = name.filter(|name| !name.contains('{')) {
            route.named = true;
            route.api = name.to_owned();
            let next = segments.next().unwrap_or_default();
            let said = if is_version(next) { next } else { info_version };
            route.version = said.trim_start_matches(['v', 'V']).to_owned();
        }
        routes.push(route);
    }
    routes
}

/// What an API is called whose paths do not say it.
pub fn unnamed(document: &SplitInput, config: &SplitConfig) -> (String, String) {
    let info = &document.value["info"];
    let title = info["title"].as_str().unwrap_or_default();
    let title = title
        .trim()
        .trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ')
        .trim_end_matches(" v")
        .trim_end_matches(" API")
        .trim_end_matches(" Api");
    let name = match (&config.name, slug(title).as_str()) {
        (Some(name), _) => name.clone(),
        (None, "unnamed" | "api") => slug(&document.name),
        (None, slug) => slug.to_owned(),
    };
    (
        name,
        info["version"].as_str().unwrap_or_default().to_owned(),
    )
}

/// The path of the first server, its variables filled in.
fn server_path(document: &Value) -> String {
    let server = &document["servers"][0];
    let mut url = server["url"].as_str().unwrap_or_default().to_owned();
    for (name, variable) in server["variables"].as_object().into_iter().flatten() {
        if let Some(value) = variable["default"].as_str() {
            url = url.replace(&format!("{{{name}}}"), value);
        }
    }
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => match url.strip_prefix("//") {
            Some(rest) => rest.find('/').map_or("", |slash| &rest[slash..]),
            None => &url,
        },
    };
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let path = path[..end].trim_matches('/');
    // `.` and a host alone say nothing about the path.
    if path.is_empty() || path == "." || path.contains('{') {
        String::new()
    } else {
        format!("/{}", path.trim_start_matches("./"))
    }
}

/// An item without where it is served and who may call it: the session knows both.
fn bare(item: &Value) -> Value {
    let mut item = item.clone();
    if let Some(object) = item.as_object_mut() {
        object.remove("servers");
        for method in METHODS {
            if let Some(operation) = object.get_mut(method).and_then(Value::as_object_mut) {
                operation.remove("servers");
                operation.remove("security");
                operation.remove("callbacks");
            }
        }
    }
    item
}

/// Whether a segment is a version: `1.0`, `v2`.
fn is_version(segment: &str) -> bool {
    let digits = segment.trim_start_matches(['v', 'V']);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Puts the version in the place of a `{version}` segment at the head of the path, and
/// takes the parameter away.
fn settle_version(path: &mut String, item: &mut Value, info_version: &str) {
    let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
    let Some(index) = segments.iter().position(|segment| segment.contains('{')) else {
        return;
    };
    let segment = segments[index].clone();
    let Some(open) = segment.find('{') else {
        return;
    };
    let Some(inner) = segment[open + 1..].strip_suffix('}') else {
        return;
    };
    let prefix = &segment[..open];
    let name = inner.split([':', '?', '=']).next().unwrap_or_default();
    let plain: String = name
        .to_lowercase()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    if !matches!(plain.as_str(), "version" | "apiversion") || !matches!(prefix, "" | "v" | "V") {
        return;
    }
    // `/documents/{version}` is not about the API; `/api/v{version}` is.
    let head = segments[1..index].iter().all(|segment| {
        let segment = segment.to_lowercase();
        segment == "api" || segment.ends_with("-api") || segment == "rest"
    });
    if !head && prefix.is_empty() {
        return;
    }
    let told = parameter_value(item, name)
        .or_else(|| is_version(info_version).then(|| info_version.to_owned()));
    let Some(value) = told else { return };
    let value = if prefix.is_empty() {
        value.as_str()
    } else {
        value.trim_start_matches(['v', 'V'])
    };
    segments[index] = format!("{prefix}{value}");
    *path = segments.join("/");
    remove_parameter(item, name);
}

/// The only value that the version parameter can have, if the document says it.
fn parameter_value(item: &Value, name: &str) -> Option<String> {
    let lists = std::iter::once(&item["parameters"])
        .chain(METHODS.iter().map(|method| &item[*method]["parameters"]));
    lists
        .filter_map(Value::as_array)
        .flatten()
        .filter(|parameter| parameter["in"] == "path" && parameter["name"] == name)
        .find_map(|parameter| {
            let schema = &parameter["schema"];
            let single = schema["enum"]
                .as_array()
                .filter(|values| values.len() == 1)
                .map(|values| &values[0]);
            let value = schema.get("default").or(single)?;
            Some(
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned),
            )
        })
        .filter(|value| is_version(value))
}

fn remove_parameter(item: &mut Value, name: &str) {
    let remove = |holder: &mut Value| {
        let Some(list) = holder.get_mut("parameters").and_then(Value::as_array_mut) else {
            return;
        };
        list.retain(|parameter| {
            !(parameter["in"] == json!("path") && parameter["name"] == json!(name))
        });
        if list.is_empty()
            && let Some(holder) = holder.as_object_mut()
        {
            holder.remove("parameters");
        }
    };
    remove(item);
    for method in METHODS {
        if let Some(operation) = item.get_mut(method) {
            remove(operation);
        }
    }
}
