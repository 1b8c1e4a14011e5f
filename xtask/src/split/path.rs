//! Whole paths: what the servers put before a path, and version segments written out.

use serde_json::Value;

/// The path that the first of these servers puts before every path, without a slash at its end.
pub fn prefix(servers: Option<&Value>) -> String {
    let Some(server) = servers.and_then(|servers| servers.get(0)) else {
        return String::new();
    };
    let url = expand(server);
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => match url.strip_prefix("//") {
            Some(rest) => rest.find('/').map_or("", |slash| &rest[slash..]),
            None => &url,
        },
    };
    let path = path
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_matches('/');
    if path.is_empty() || path == "." {
        String::new()
    } else {
        format!("/{path}")
    }
}

/// The scheme and host of a server, when it has them.
pub fn origin(server: &Value) -> Option<String> {
    let url = expand(server);
    let (scheme, rest) = url.split_once("://")?;
    Some(format!(
        "{scheme}://{}",
        rest.split(['/', '?', '#']).next()?
    ))
}

/// A server's URL with the defaults of its variables.
fn expand(server: &Value) -> String {
    let mut url = server
        .get("url")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    for (name, variable) in server
        .get("variables")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let default = variable
            .get("default")
            .and_then(Value::as_str)
            .unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
    }
    url
}

/// Joins a prefix and a path. A path that repeats the prefix of a named API stays as it is.
pub fn join(prefix: &str, path: &str, suffix: Option<&str>) -> String {
    let path = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    let names_api = |path: &str| suffix.is_some_and(|suffix| api_name(path, suffix).is_some());
    if names_api(prefix) && names_api(&path) {
        path
    } else {
        format!("{prefix}{path}")
    }
}

/// The name of the API in the first segment of a path.
pub fn api_name<'a>(path: &'a str, suffix: &str) -> Option<&'a str> {
    let name = path
        .trim_start_matches('/')
        .split('/')
        .next()?
        .strip_suffix(suffix)?;
    (!name.is_empty() && !name.contains('{')).then_some(name)
}

/// A version without a leading `v`; nothing for what is no version.
pub fn version(text: &str) -> Option<&str> {
    let text = text.trim();
    let number = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let parts = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (plain, status) = number
        .split_once('-')
        .map_or((number, None), |(a, b)| (a, Some(b)));
    let fits = plain.split('.').all(parts) && status.is_none_or(|status| !status.is_empty());
    fits.then_some(number)
}

/// A name that can be a crate's: lower case words with dashes, without a final `api`.
pub fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        [] | ["api"] => String::new(),
        [name @ .., "api"] => name.join("-"),
        name => name.join("-"),
    }
}
