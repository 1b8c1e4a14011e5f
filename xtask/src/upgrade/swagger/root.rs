//! The top of a Swagger 2.0 document: version, servers, security schemes, shared sections.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{Swagger, parameter, response};
use crate::openapi::brief;
use crate::openapi::pointer::Pointer;
use crate::upgrade::{Context, component, object};

/// `swagger` becomes `openapi`, in its place.
pub fn version(root: &mut Map<String, Value>, context: &mut Context) {
    let mut was = Value::Null;
    let mut new = Map::new();
    new.insert("openapi".to_owned(), json!("3.0.3"));
    for (key, value) in std::mem::take(root) {
        match key.as_str() {
            "swagger" | "openapi" => was = value,
            _ => drop(new.insert(key, value)),
        }
    }
    *root = new;
    context.notes.add(
        &Pointer::new(["swagger"]),
        "version",
        brief(&was),
        "openapi 3.0.3",
    );
}

/// `host`, `basePath` and `schemes` become `servers`, the safest scheme first.
pub fn servers(root: &mut Map<String, Value>, context: &mut Context) {
    let mut text = |key: &str| match root.shift_remove(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    let (host, base) = (text("host"), text("basePath"));
    let base = base.trim_end_matches('/');
    let base = if base.is_empty() || base.starts_with('/') {
        base.to_owned()
    } else {
        format!("/{base}")
    };
    let mut schemes = super::media_types(root.shift_remove("schemes").as_ref()).unwrap_or_default();
    schemes.sort_by_key(|scheme| scheme != "https");
    if host.is_empty() && base.is_empty() {
        return;
    }
    let urls: Vec<String> = match (host.as_str(), schemes.is_empty()) {
        ("", _) => vec![base],
        (host, _) if host.contains("://") => vec![format!("{host}{base}")],
        (host, true) => vec![format!("https://{host}{base}")],
        (host, false) => schemes
            .iter()
            .map(|scheme| format!("{scheme}://{host}{base}"))
            .collect(),
    };
    context.notes.add(
        &Pointer::default(),
        "host, base path and schemes",
        "apart",
        urls.join(" "),
    );
    let servers = urls.into_iter().map(|url| json!({ "url": url })).collect();
    root.entry("servers").or_insert(Value::Array(servers));
}

/// Security schemes: `basic` and the OAuth flows have other names in OpenAPI 3.0.
pub fn security(root: &mut Map<String, Value>, context: &mut Context) {
    let schemes = root
        .get_mut("components")
        .and_then(|held| held.get_mut("securitySchemes"));
    let Some(Value::Object(schemes)) = schemes else {
        return;
    };
    for (name, scheme) in schemes {
        let Value::Object(scheme) = scheme else {
            continue;
        };
        let at = component("securitySchemes", name);
        match scheme.get("type").and_then(Value::as_str) {
            Some("basic") => {
                context
                    .notes
                    .add(&at, "security scheme", "basic", "http basic");
                scheme.insert("type".to_owned(), json!("http"));
                scheme.insert("scheme".to_owned(), json!("basic"));
            }
            Some("oauth2") if !scheme.contains_key("flows") => {
                let was = scheme.shift_remove("flow").unwrap_or_default();
                let flow = match was.as_str() {
                    Some("application") => "clientCredentials",
                    Some("accessCode") => "authorizationCode",
                    Some("password") => "password",
                    _ => "implicit",
                };
                context.notes.add(&at, "OAuth flow", brief(&was), flow);
                let mut settings = Map::new();
                for key in ["authorizationUrl", "tokenUrl", "scopes"] {
                    settings.extend(
                        scheme
                            .shift_remove(key)
                            .map(|value| (key.to_owned(), value)),
                    );
                }
                settings.entry("scopes").or_insert_with(|| json!({}));
                scheme.insert("flows".to_owned(), json!({ flow: settings }));
            }
            _ => {}
        }
    }
}

/// Shared parameters and responses, upgraded; those of the body stand at their operations now.
pub fn components(root: &mut Map<String, Value>, swagger: Swagger, context: &mut Context) {
    let Swagger {
        defaults,
        parameters,
        responses,
    } = swagger;
    let mut kept = Map::new();
    let of_body: HashSet<String> = parameters
        .iter()
        .filter(|(_, shared)| parameter::in_body(parameter::resolve(shared, &parameters)))
        .map(|(name, _)| name.clone())
        .collect();
    for (name, mut shared) in parameters {
        if !of_body.contains(&name) {
            parameter::upgrade(&mut shared, &component("parameters", &name), context);
            kept.insert(name, shared);
        }
    }
    if !kept.is_empty() {
        object(root, "components").insert("parameters".to_owned(), Value::Object(kept));
    }
    let mut kept = Map::new();
    for (name, mut shared) in responses {
        let at = component("responses", &name);
        response::upgrade(&mut shared, &defaults.produces, &at, context);
        kept.insert(name, shared);
    }
    if !kept.is_empty() {
        object(root, "components").insert("responses".to_owned(), Value::Object(kept));
    }
}
