//! Operation ids: every operation gets a method name that is its own. A vendor's id is
//! kept where it names one operation; otherwise the name is made from the method and the
//! path alone, so that adding an operation renames no other.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    LowerError,
    paths::{Piece, parse},
    walk,
};
use crate::{ident, report::Report};

const CONSTRUCT: &str = "operation ids";

/// Names that generated clients use themselves.
const RESERVED: [&str; 11] = [
    "new",
    "clone",
    "client",
    "baseurl",
    "inner",
    "pre",
    "post",
    "exec",
    "api_version",
    "session",
    "fmt",
];

/// Names that the file with the builders uses for something else.
const BUILDERS: [&str; 21] = [
    "box",
    "call",
    "client",
    "default",
    "err",
    "error",
    "form",
    "multipart",
    "none",
    "ok",
    "operationinfo",
    "option",
    "pathstyle",
    "querystyle",
    "responsevalue",
    "result",
    "self",
    "some",
    "string",
    "types",
    "vec",
];

/// Words that say what an operation does, so that no verb has to be put before them.
const VERBS: [&str; 64] = [
    "accept",
    "activate",
    "add",
    "apply",
    "approve",
    "archive",
    "assign",
    "batch",
    "cancel",
    "change",
    "check",
    "clear",
    "clone",
    "close",
    "complete",
    "confirm",
    "copy",
    "create",
    "deactivate",
    "delete",
    "disable",
    "download",
    "enable",
    "execute",
    "export",
    "fetch",
    "find",
    "generate",
    "get",
    "import",
    "invite",
    "link",
    "list",
    "login",
    "logout",
    "lookup",
    "mark",
    "merge",
    "move",
    "open",
    "ping",
    "process",
    "publish",
    "query",
    "refresh",
    "register",
    "reject",
    "remove",
    "rename",
    "reset",
    "resend",
    "restore",
    "revoke",
    "run",
    "search",
    "send",
    "set",
    "start",
    "stop",
    "submit",
    "sync",
    "test",
    "update",
    "upload",
];

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let mut taken: HashSet<String> = HashSet::new();
    walk::operations(document, &mut |pointer, method, path, operation| {
        let written = operation
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let was = match written {
            "" => "no operationId".to_owned(),
            id => format!("the operationId `{id}`"),
        };
        let given = vendor_name(operation);
        let name = [
            given.clone(),
            // A name that is only reserved stays readable with the method before it.
            given
                .filter(|name| is_reserved(name))
                .map(|name| format!("{method}_{name}")),
            Some(made(method, path, false)),
            Some(made(method, path, true)),
        ]
        .into_iter()
        .flatten()
        .find(|name| !is_reserved(name) && taken.insert(ident::key(name)))
        .unwrap_or_else(|| ident::unique(made(method, path, true), &mut taken));
        let name = if ident::is_keyword(&name) {
            format!("{name}_")
        } else {
            name
        };
        if written != name && ident::snake_name(written) != name {
            report.adapt(CONSTRUCT, pointer, was, format!("`{name}`"));
        }
        operation["operationId"] = json!(name);
    });
    Ok(())
}

fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || BUILDERS.contains(&ident::key(name).as_str())
}

/// The vendor's id as a method name, without what frameworks put before and after it.
fn vendor_name(operation: &Value) -> Option<String> {
    let id = operation.get("operationId")?.as_str()?;
    let hash = id.len() >= 16 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if hash || !id.chars().any(char::is_alphanumeric) {
        return None;
    }
    let mut name = ident::snake_name(id);
    if let Some(rest) = name.strip_prefix("api_services_app_") {
        name = rest.to_owned();
        for method in walk::METHODS {
            let bare = name.strip_suffix(method).and_then(|n| n.strip_suffix('_'));
            if let Some(bare) = bare.filter(|bare| bare.split('_').any(|w| VERBS.contains(&w))) {
                name = bare.to_owned();
                break;
            }
        }
    }
    Some(name)
}

/// A name from method and path: `list_assessments`, `get_series_by_id`,
/// `account_reset_password`; `whole` takes every parameter in.
fn made(method: &str, path: &str, whole: bool) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut trailing: Vec<String> = Vec::new();
    for piece in parse(path) {
        match piece {
            Piece::Literal(text) => {
                let text = text
                    .split_once('?')
                    .map_or(text.as_str(), |(before, query)| {
                        if whole || query.contains('=') {
                            text.as_str()
                        } else {
                            before
                        }
                    });
                let new: Vec<String> = text
                    .split(['/', '?', '&', '='])
                    .filter(|segment| segment.chars().any(char::is_alphanumeric))
                    .filter(|segment| !is_version(segment) && !segment.eq_ignore_ascii_case("v"))
                    .map(ident::snake_part)
                    .collect();
                if !new.is_empty() {
                    if whole {
                        by(&mut words, &trailing);
                    }
                    trailing.clear();
                    words.extend(new);
                }
            }
            Piece::Parameter { name, .. } => {
                if !name.to_lowercase().ends_with("version") || whole {
                    trailing.push(ident::snake_name(&name));
                }
            }
        }
    }
    for prefix in [&["api", "services", "app"][..], &["api"]] {
        if words.len() > prefix.len() && words.iter().zip(prefix).all(|(w, p)| w == p) {
            words.drain(..prefix.len());
            break;
        }
    }
    if words.len() > 1 && words[0].ends_with("_api") {
        words.remove(0);
    }
    let verb = verb(method, &words, &trailing, whole);
    by(&mut words, &trailing);
    if words.is_empty() {
        words.push("root".to_owned());
    }
    match verb {
        Some(verb) => format!("{verb}_{}", words.join("_")),
        None => ident::snake_name(&words.join("_")),
    }
}

fn by(words: &mut Vec<String>, parameters: &[String]) {
    if !parameters.is_empty() {
        words.push("by".to_owned());
        words.push(parameters.join("_and_"));
    }
}

/// A segment such as `v1`, `1.0` or `v3.1`, which says nothing about what is done.
fn is_version(segment: &str) -> bool {
    let digits = segment.trim_start_matches(['v', 'V']);
    !digits.is_empty()
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && (digits.contains('.') || segment.len() > digits.len())
}

/// The word to put first, unless the path says already what is done. `GET …/search` and
/// `POST …/search` are told apart by it (`whole`).
fn verb(method: &str, words: &[String], trailing: &[String], whole: bool) -> Option<&'static str> {
    let last = words.last().map(String::as_str).unwrap_or_default();
    let first_word = last.split('_').next().unwrap_or_default();
    let done = words.len() > 1 && VERBS.contains(&first_word) && !(whole && method == "post");
    if trailing.is_empty() && done && method != "delete" {
        return (method != "get" && method != "post" && !last.starts_with(method))
            .then(|| other(method));
    }
    let plural = last.ends_with('s') && !last.ends_with("ss") && !last.ends_with("us");
    Some(match method {
        "get" if plural && trailing.is_empty() => "list",
        "get" => "get",
        "post" if plural && trailing.is_empty() => "create",
        method => other(method),
    })
}

fn other(method: &str) -> &'static str {
    match method {
        "post" => "post",
        "put" => "update",
        "patch" => "patch",
        "delete" => "delete",
        "head" => "head",
        "options" => "options",
        "trace" => "trace",
        _ => "get",
    }
}

#[cfg(test)]
mod tests {
    use super::made;

    #[test]
    fn names_read_as_a_person_would_choose() {
        for (method, path, name) in [
            (
                "get",
                "/assessments-api/1.0/assessments",
                "list_assessments",
            ),
            ("get", "/api/v3/series", "list_series"),
            ("get", "/api/v3/series/{id}", "get_series_by_id"),
            ("get", "/api/services/app/User/GetAll", "user_get_all"),
            (
                "post",
                "/api/v{version}/Account/reset-password",
                "account_reset_password",
            ),
            ("post", "/api/v1/orders", "create_orders"),
            (
                "delete",
                "/api/v1/orders/{orderId}",
                "delete_orders_by_order_id",
            ),
            ("get", "/", "get_root"),
            ("post", "/par/account/1/0/check", "par_account_1_0_check"),
            ("get", "/2fa/1/export", "x2fa_1_export"),
        ] {
            assert_eq!(made(method, path, false), name, "{method} {path}");
        }
    }
}
