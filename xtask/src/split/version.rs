//! The parameter that leads a path and stands for the version of the API, as in
//! `/api/v{version}/orders`. It is written into the path where the document or the configuration
//! says its one value; otherwise it stays a parameter of every call. `info.version` is the version
//! of the document, which servers do not know as a part of their paths; it counts only for APIs
//! that follow the naming rule, whose second segment is the version.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::operation::{identity, resolve};
use super::{SplitConfig, path};
use crate::report::Report;

const CONSTRUCT: &str = "version in the path";

/// The version parameter of one path.
pub struct Found {
    /// The parameter's name, where the path has one.
    name: Option<String>,
    /// Its value, and what says so.
    value: Option<(String, &'static str)>,
}

impl Found {
    /// Finds the version parameter of a whole path that begins with the path of a server.
    pub fn of(
        whole: &str,
        server: &str,
        operation: &Map<String, Value>,
        document: &Map<String, Value>,
        config: &SplitConfig,
    ) -> Self {
        let suffix = config.suffix.as_deref();
        let name = parameter(whole, server, suffix);
        let value = name.and_then(|name| {
            let given = config.version.clone();
            given
                .map(|given| (given, "the configuration says"))
                .or_else(|| {
                    let given = documented(name, operation, document)?;
                    Some((given, "the document says"))
                })
                .or_else(|| {
                    let given = by_rule(whole, name, document, suffix?)?;
                    Some((
                        given,
                        "`info.version` says, which names the version of this API",
                    ))
                })
        });
        Self {
            name: name.map(str::to_owned),
            value,
        }
    }

    /// The path with the value in place of the parameter, which goes from the operation's list and
    /// from `places`; the path as it is where there is no value.
    pub fn write(
        &self,
        whole: &str,
        operation: &mut Map<String, Value>,
        document: &Map<String, Value>,
        places: &mut Vec<String>,
    ) -> String {
        let (Some(name), Some((value, _))) = (&self.name, &self.value) else {
            return whole.to_owned();
        };
        if let Some(Value::Array(list)) = operation.get_mut("parameters") {
            let (kept, at): (Vec<Value>, Vec<String>) = std::mem::take(list)
                .into_iter()
                .zip(std::mem::take(places))
                .filter(|(parameter, _)| !is_it(parameter, name, document))
                .unzip();
            (*list, *places) = (kept, at);
            if list.is_empty() {
                operation.shift_remove("parameters");
            }
        }
        whole.replacen(&format!("{{{name}}}"), value, 1)
    }
}

/// The version parameters of an API: for each, with its value, where it stands first, and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions(BTreeMap<Named, (usize, String, usize)>);

/// The name of a parameter, and its value with where that comes from.
type Named = (String, Option<(String, &'static str)>);

impl Versions {
    /// Counts the parameter of an operation.
    pub fn add(&mut self, found: Found, document: usize, place: &str) {
        if let Some(name) = found.name {
            let first = || (document, place.to_owned(), 0);
            self.0.entry((name, found.value)).or_insert_with(first).2 += 1;
        }
    }

    /// Says what became of each parameter, which a document's index and a pointer place.
    pub fn report(&self, report: &mut Report, place: impl Fn(usize, &str) -> String) {
        for ((name, value), (document, pointer, count)) in &self.0 {
            let was = match count {
                1 => format!("the parameter `{{{name}}}`"),
                count => format!(
                    "the parameter `{{{name}}}`, here and in {} more operations",
                    count - 1
                ),
            };
            let now = match value {
                Some((value, who)) => {
                    format!(
                        "`{value}`, as {who}; `version` of `[api]` in sixclicks.toml sets another"
                    )
                }
                None => "an argument of every call, since the document does not say its value; \
                         `version` of `[api]` in sixclicks.toml sets one for all"
                    .to_owned(),
            };
            report.adapt(CONSTRUCT, place(*document, pointer), was, now);
        }
    }
}

/// The parameter that stands for the version of the API: in the first segment, in the one behind
/// `api` or the API's name, or in the path of the server. A `{version}` further down is a parameter
/// like any other: the version of a package, say.
fn parameter<'a>(whole: &'a str, server: &str, suffix: Option<&str>) -> Option<&'a str> {
    let own = whole.strip_prefix(server).unwrap_or(whole);
    let of_server = server
        .split('/')
        .filter(|segment| !segment.is_empty())
        .count();
    let of_server = if own.len() < whole.len() {
        of_server
    } else {
        0
    };
    let mut before = "";
    for (index, segment) in whole.trim_start_matches('/').split('/').enumerate() {
        let names_api = suffix.is_some_and(|suffix| index == 1 && before.ends_with(suffix));
        let leads = index <= of_server
            || names_api
            || index == of_server + 1 && before.eq_ignore_ascii_case("api");
        if !leads {
            return None;
        }
        before = segment;
        let Some((lead, rest)) = segment.split_once('{') else {
            continue;
        };
        let parameter = rest.strip_suffix('}')?;
        let name: String = parameter
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let is_version = matches!(name.as_str(), "version" | "apiversion");
        return (is_version && matches!(lead, "" | "v" | "V")).then_some(parameter);
    }
    None
}

fn is_it(parameter: &Value, name: &str, document: &Map<String, Value>) -> bool {
    identity(parameter, document) == (Some("path"), Some(name))
}

/// The version of an API that follows the naming rule (`/things-api/{version}/…`): there, the whole
/// segment is the version of the API, and documents that write it out have it from `info.version`.
/// What tools write where nobody said a version, `1.0.0`, is none.
fn by_rule(whole: &str, name: &str, document: &Map<String, Value>, suffix: &str) -> Option<String> {
    path::api_name(whole, suffix)?;
    let mut segments = whole.trim_start_matches('/').split('/');
    let is_segment = segments.nth(1)? == format!("{{{name}}}");
    let version = path::version(document.get("info")?.get("version")?.as_str()?)?;
    let (major, minor) = version.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (is_segment && digits(major) && digits(minor)).then(|| version.to_owned())
}

/// The one value that the document gives the parameter: its `const`, the only one of its `enum`, or
/// its `default` where there is no `enum`.
fn documented(
    name: &str,
    operation: &Map<String, Value>,
    document: &Map<String, Value>,
) -> Option<String> {
    let mut parameters = operation.get("parameters")?.as_array()?.iter();
    let declared = parameters.find(|parameter| is_it(parameter, name, document))?;
    let schema = resolve(declared, document).get("schema")?;
    let schema = resolve(schema, document);
    let value = match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => value,
        (None, Some(Value::Array(values))) if values.len() == 1 => &values[0],
        (None, None) => schema.get("default")?,
        _ => return None,
    };
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    path::version(&text).is_some().then_some(text)
}
