//! Repairs of what stands at the top of a document: servers, tags, contacts, security schemes.

use serde_json::{Map, Value, json};

use crate::openapi::brief;
use crate::openapi::pointer::Pointer;
use crate::upgrade::note::Notes;

/// Completes the lists at the top of a document.
pub fn document(root: &mut Map<String, Value>, notes: &mut Notes) {
    if let Some(Value::Object(info)) = root.get_mut("info") {
        for key in ["contact", "license"] {
            if info.get(key).is_some_and(|held| !held.is_object()) {
                left_out(info, key, &Pointer::new(["info"]), notes);
            }
        }
        if let Some(Value::Object(licence)) = info.get_mut("license") {
            licence.entry("name").or_insert_with(|| json!(""));
        }
    }
    servers(root, notes);
    tags(root, notes);
    let described = root
        .get("externalDocs")
        .is_none_or(|docs| docs.get("url").is_some_and(Value::is_string));
    if !described {
        left_out(root, "externalDocs", &Pointer::default(), notes);
    }
}

fn left_out(map: &mut Map<String, Value>, key: &str, at: &Pointer, notes: &mut Notes) {
    let was = map.shift_remove(key).unwrap_or_default();
    notes.add(
        &at.join(&[key]),
        "incomplete object",
        brief(&was),
        "left out",
    );
}

fn servers(root: &mut Map<String, Value>, notes: &mut Notes) {
    let Some(servers) = root.get_mut("servers") else {
        return;
    };
    let at = Pointer::new(["servers"]);
    if servers.is_object() {
        notes.add(&at, "servers", "an object", "a list of one");
        *servers = Value::Array(vec![servers.take()]);
    }
    let Value::Array(list) = servers else {
        return left_out(root, "servers", &Pointer::default(), notes);
    };
    for (index, server) in list.iter_mut().enumerate() {
        let at = at.join(&[&index.to_string()]);
        if server.is_string() {
            notes.add(&at, "server", brief(server), "its URL");
            *server = json!({ "url": server });
        }
        let Value::Object(server) = server else {
            continue;
        };
        if !server.get("url").is_some_and(Value::is_string) {
            notes.add(&at.join(&["url"]), "server", "no URL", "/");
            server.insert("url".to_owned(), json!("/"));
        }
        let Some(Value::Object(variables)) = server.get_mut("variables") else {
            continue;
        };
        for (name, variable) in variables {
            variable_default(variable, &at.join(&["variables", name]), notes);
        }
    }
    list.retain(Value::is_object);
}

/// A server variable has a default, as text.
fn variable_default(variable: &mut Value, at: &Pointer, notes: &mut Notes) {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    let was = brief(variable);
    if !variable.is_object() {
        *variable = json!({ "default": text(variable).unwrap_or_default() });
        notes.add(at, "server variable", was, brief(variable));
        return;
    }
    let Value::Object(variable) = variable else {
        return;
    };
    if let Some(Value::Array(values)) = variable.get_mut("enum") {
        *values = values.iter().filter_map(text).map(Value::String).collect();
    }
    if variable.get("default").is_some_and(Value::is_string) {
        return;
    }
    let first = variable.get("enum").and_then(|values| values.get(0));
    let default = variable
        .get("default")
        .or(first)
        .and_then(text)
        .unwrap_or_default();
    notes.add(at, "server variable", was, format!("default {default:?}"));
    variable.insert("default".to_owned(), json!(default));
}

fn tags(root: &mut Map<String, Value>, notes: &mut Notes) {
    match root.get_mut("tags") {
        None => {}
        Some(Value::Array(list)) => {
            for (index, tag) in list.iter_mut().enumerate() {
                let at = Pointer::new(["tags".to_owned(), index.to_string()]);
                if tag.is_string() {
                    notes.add(&at, "tag", brief(tag), "its name");
                    *tag = json!({ "name": tag });
                }
                let Value::Object(tag) = tag else { continue };
                let docs = tag.get("externalDocs");
                if docs.is_some_and(|docs| !docs.get("url").is_some_and(Value::is_string)) {
                    left_out(tag, "externalDocs", &at, notes);
                }
            }
            list.retain(|tag| tag.get("name").is_some_and(Value::is_string));
        }
        Some(_) => left_out(root, "tags", &Pointer::default(), notes),
    }
}

/// Completes a security scheme. The client's credentials come from elsewhere, so nothing depends on
/// what is filled in.
pub fn security_scheme(scheme: &mut Map<String, Value>, at: &Pointer, notes: &mut Notes) {
    if scheme.contains_key("$ref") {
        return;
    }
    let before = scheme.clone();
    let mut complete = |key: &str, value: Value| {
        let fits = scheme
            .get(key)
            .is_some_and(|held| held.is_string() || held.is_object());
        if !fits {
            scheme.insert(key.to_owned(), value);
        }
    };
    match before.get("type").and_then(Value::as_str) {
        Some("apiKey") => {
            complete("name", json!("Authorization"));
            complete("in", json!("header"));
        }
        Some("http") => complete("scheme", json!("bearer")),
        Some("oauth2") => complete("flows", json!({})),
        Some("openIdConnect") => complete("openIdConnectUrl", json!("")),
        other => {
            let marker = if other == Some("mutualTLS") {
                "x-sixclicks-mark-mutual-tls"
            } else {
                "x-sixclicks-mark-other-type"
            };
            scheme.insert("type".to_owned(), json!("http"));
            scheme.insert("scheme".to_owned(), json!("other"));
            scheme.insert(marker.to_owned(), json!(true));
        }
    }
    if let Some(Value::Object(flows)) = scheme.get_mut("flows") {
        flows.retain(|name, flow| name.starts_with("x-") || flow.is_object());
        for (name, flow) in flows {
            if let Value::Object(flow) = flow {
                oauth_flow(name, flow);
            }
        }
    }
    if *scheme != before {
        let (was, now) = (
            brief(&Value::Object(before)),
            brief(&Value::Object(scheme.clone())),
        );
        notes.add(at, "security scheme", was, now);
    }
}

fn oauth_flow(name: &str, flow: &mut Map<String, Value>) {
    let needs: &[&str] = match name {
        "implicit" => &["authorizationUrl"],
        "password" | "clientCredentials" => &["tokenUrl"],
        "authorizationCode" => &["authorizationUrl", "tokenUrl"],
        _ => return,
    };
    for key in needs {
        if !flow.get(*key).is_some_and(Value::is_string) {
            flow.insert((*key).to_owned(), json!(""));
        }
    }
    let listed = match flow.get("scopes") {
        Some(Value::Object(scopes)) if scopes.values().all(Value::is_string) => return,
        Some(Value::Object(scopes)) => scopes.keys().cloned().collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    };
    let scopes: Map<_, _> = listed.into_iter().map(|name| (name, json!(""))).collect();
    flow.insert("scopes".to_owned(), Value::Object(scopes));
}
