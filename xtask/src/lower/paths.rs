//! Path templates: ASP.NET route constraints, catch-all and optional segments, segments
//! that no parameter declares, parameters that no segment takes, and parameters that are
//! declared for the whole path item.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::report::Report;

const CONSTRUCT: &str = "paths";

/// The public extension that says of a path parameter that its value may hold slashes.
const KEEPS_SLASHES: &str = "x-sixclicks-catch-all";

/// A piece of a path template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that is sent as it stands.
    Literal(String),
    /// A parameter in braces.
    Parameter {
        /// Its name.
        name: String,
        /// Whether its value may hold slashes (`{*path}`).
        catch_all: bool,
        /// Whether the segment may be left out (`{id?}`).
        optional: bool,
    },
}

/// Takes a path template apart. Braces inside a constraint are part of the constraint;
/// a brace that is never closed is text.
pub fn parse(template: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let Some(length) = closing(&rest[start..]) else {
            break;
        };
        literal += &rest[..start];
        let inner = &rest[start + 1..start + length];
        rest = &rest[start + length + 1..];
        match parameter(inner) {
            Some(piece) => {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(piece);
            }
            None => literal += &format!("{{{inner}}}"),
        }
    }
    literal += rest;
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    pieces
}

/// A template without the mark behind its `#` that only tells operations apart, as in
/// `/#X-Target=Save`: URLs lose it on their way. What is like a part of the path, with nothing
/// or more segments behind the `#`, is a `#` of the path itself.
pub fn sent(template: &str) -> &str {
    match template.rsplit_once('#') {
        Some((path, mark)) if !mark.is_empty() && !mark.contains(['/', '{']) => path,
        _ => template,
    }
}

/// The distance to the brace that closes the one at the start.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}

fn parameter(inner: &str) -> Option<Piece> {
    let catch_all = inner.starts_with('*') || inner.starts_with('+');
    let name = inner.trim_start_matches(['*', '+']);
    let end = name.find([':', '=']).unwrap_or(name.len());
    let optional = name[..end].ends_with('?')
        || inner.ends_with('?')
        || end < name.len() && name[end..].starts_with('=');
    let name = name[..end].trim_end_matches(['?', '*']).trim();
    (!name.is_empty()).then(|| Piece::Parameter {
        name: name.to_owned(),
        catch_all: catch_all || inner.ends_with('*'),
        optional,
    })
}

/// The pass: afterwards every operation carries all its parameters.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let Some(paths) = walk::object_at(document, &["paths"]) else {
        document["paths"] = json!({});
        return Ok(());
    };
    paths.retain(|_, item| item.is_object());
    let routes = routes(paths);
    for (path, item) in paths.iter_mut() {
        let shared: Vec<Value> = match item.as_object_mut().and_then(|i| i.remove("parameters")) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        let around = format!("/paths/{}", walk::escape(path));
        walk::operations_of(item, &around, &mut |pointer, method, operation| {
            if sent(path) != path {
                let mark = format!(
                    "`{}`, which tells operations apart",
                    &path[sent(path).len()..]
                );
                report.adapt(CONSTRUCT, pointer, mark, "is not sent");
            }
            let own = match operation.get_mut("parameters").map(Value::take) {
                Some(Value::Array(list)) => list,
                _ => Vec::new(),
            };
            let mut parameters = merged(own, &shared);
            let omitted = declare(path, pointer, &mut parameters, report);
            if let Some(last) = omitted.last() {
                let whole = complete(path, &omitted);
                if routes.contains(&(method.to_owned(), route(&whole))) {
                    let now = format!("left out: the operation of `{whole}` has it");
                    let names = omitted.join("`, `");
                    let was = format!("the path parameter `{names}`, whose segment the path omits");
                    report.adapt(CONSTRUCT, pointer, was, now);
                    let is_omitted = |p: &Value| {
                        p["in"] == "path" && omitted.iter().any(|name| p["name"] == **name)
                    };
                    parameters.retain(|parameter| !is_omitted(parameter));
                } else {
                    let was = format!("a path without the segment of `{last}`");
                    report.adapt(CONSTRUCT, pointer, was, format!("`{whole}`"));
                    declare(&whole, pointer, &mut parameters, report);
                    operation["x-sixclicks-mark-path"] = json!(whole);
                }
            }
            operation["parameters"] = Value::Array(parameters);
        });
    }
    Ok(())
}

/// An operation's own parameters, and those of the path item that it does not redefine.
fn merged(own: Vec<Value>, shared: &[Value]) -> Vec<Value> {
    let same = |a: &Value, b: &Value| a["name"] == b["name"] && a["in"] == b["in"];
    let mut parameters: Vec<Value> = Vec::new();
    for parameter in shared
        .iter()
        .filter(|s| !own.iter().any(|o| same(o, s)))
        .chain(&own)
    {
        if parameter.is_object() && !parameters.iter().any(|known| same(known, parameter)) {
            parameters.push(parameter.clone());
        }
    }
    parameters
}

/// The methods of the document with the paths that they have, however these name their parameters.
fn routes(paths: &mut walk::Object) -> HashSet<(String, String)> {
    let mut routes = HashSet::new();
    for (path, item) in paths.iter_mut() {
        walk::operations_of(item, "", &mut |_, method, _| {
            routes.insert((method.to_owned(), route(path)));
        });
    }
    routes
}

/// A path without the names of its parameters. Paths that differ in letter case alone are one to
/// ASP.NET.
fn route(path: &str) -> String {
    let pieces = parse(path).into_iter();
    let pieces = pieces.map(|piece| match piece {
        Piece::Literal(text) => text.to_lowercase(),
        Piece::Parameter { .. } => "{}".to_owned(),
    });
    pieces.collect()
}

/// A path with the segments that it omits behind it. What tools omit is the end of a route: a
/// segment that may be missing, or all the rest of the path.
fn complete(path: &str, omitted: &[String]) -> String {
    let mut whole = sent(path).trim_end_matches('/').to_owned();
    for (index, name) in omitted.iter().enumerate() {
        match index + 1 == omitted.len() {
            true => whole += &format!("/{{*{name}?}}"),
            false => whole += &format!("/{{{name}}}"),
        }
    }
    whole
}

/// Brings the declared parameters and the segments of the template together, and returns the names
/// of the path parameters that no segment takes.
fn declare(
    path: &str,
    pointer: &str,
    parameters: &mut Vec<Value>,
    report: &mut Report,
) -> Vec<String> {
    let mut taken: Vec<usize> = Vec::new();
    for piece in parse(path) {
        let Piece::Parameter {
            name,
            catch_all,
            optional,
        } = piece
        else {
            continue;
        };
        let in_path = |p: &Value| p["in"] == "path";
        let known = |p: &Value| p["name"].as_str().is_some_and(|n| plain(n) == name);
        let nearly = |p: &Value| {
            p["name"]
                .as_str()
                .is_some_and(|n| plain(n).eq_ignore_ascii_case(&name))
        };
        let found = parameters
            .iter()
            .position(|p| in_path(p) && known(p))
            .or_else(|| parameters.iter().position(|p| in_path(p) && nearly(p)));
        let index = match found {
            Some(index) => index,
            None => {
                report.adapt(
                    CONSTRUCT,
                    pointer,
                    format!("the segment `{{{name}}}` that no parameter declares"),
                    "a required string",
                );
                parameters.push(json!({
                    "name": name, "in": "path", "required": true, "schema": {"type": "string"}
                }));
                parameters.len() - 1
            }
        };
        taken.push(index);
        let parameter = &mut parameters[index];
        parameter["x-sixclicks-mark-segment"] = json!(name);
        parameter["required"] = json!(!optional);
        if catch_all || parameter[KEEPS_SLASHES] == json!(true) {
            parameter["x-sixclicks-mark-catch-all"] = json!(true);
        }
    }
    let parameters = parameters.iter().enumerate();
    parameters
        .filter(|(index, parameter)| parameter["in"] == "path" && !taken.contains(index))
        .filter_map(|(_, parameter)| parameter["name"].as_str().map(str::to_owned))
        .collect()
}

/// A declared name without the marks that belong to the template.
fn plain(name: &str) -> &str {
    let name = name.trim_start_matches(['*', '+']);
    let end = name.find(':').unwrap_or(name.len());
    name[..end].trim_end_matches(['?', '*']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(name: &str, catch_all: bool, optional: bool) -> Piece {
        Piece::Parameter {
            name: name.to_owned(),
            catch_all,
            optional,
        }
    }

    #[test]
    fn route_constraints_are_no_part_of_the_name() {
        assert_eq!(
            parse("/a/{id:int}/{code:regex(^\\d{{3}}$)}/{*rest}/{page?}"),
            [
                Piece::Literal("/a/".into()),
                piece("id", false, false),
                Piece::Literal("/".into()),
                piece("code", false, false),
                Piece::Literal("/".into()),
                piece("rest", true, false),
                Piece::Literal("/".into()),
                piece("page", false, true),
            ]
        );
    }

    #[test]
    fn a_mark_that_tells_operations_apart_is_not_sent() {
        assert_eq!(sent("/#X-Target=Store.Save"), "/");
        assert_eq!(sent("/a#b"), "/a");
        for path in ["/a", "/languages/c#", "/languages/c#/docs", "/a#{b}"] {
            assert_eq!(sent(path), path);
        }
    }

    #[test]
    fn a_brace_that_is_never_closed_is_text() {
        assert_eq!(parse("/a/{b"), [Piece::Literal("/a/{b".into())]);
        assert_eq!(parse("/a/{}"), [Piece::Literal("/a/{}".into())]);
    }
}
