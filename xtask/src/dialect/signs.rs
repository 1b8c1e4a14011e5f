//! What in a document tells who wrote it, gathered in one walk over the document as it was
//! received.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::order;
use crate::openapi::{
    DEEPEST, deeper_than, grammar::Kind, pointer::Pointer, walk::look, with_room,
};

/// Extensions that NJsonSchema and NSwag write and that other tools do not add.
const NJSONSCHEMA: [&str; 8] = [
    "x-position",
    "x-originalName",
    "x-enumFlags",
    "x-abstract",
    "x-dictionaryKey",
    "x-deprecatedMessage",
    "x-schema",
    "x-name",
];

/// The media types of an MVC controller's responses, in the order of its formatters.
const RESPONSE: [&str; 3] = ["text/plain", "application/json", "text/json"];

/// The media types of an MVC controller's request bodies.
const REQUEST: [&str; 3] = ["application/json", "text/json", "application/*+json"];

/// What Newtonsoft's formatter puts before them.
const PATCH: &str = "application/json-patch+json";

/// The media types of a Web API 2 controller's request bodies, in the order of its formatters.
const WEB_API: [&str; 4] = [
    "application/json",
    "text/json",
    "application/xml",
    "text/xml",
];

/// The signs. A place is the JSON pointer where a sign was seen first.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    /// `x-generator`.
    pub generator: Option<String>,
    /// The extensions of NJsonSchema that occur.
    pub njsonschema: BTreeSet<&'static str>,
    /// A number that has the pattern of System.Text.Json's schema exporter.
    pub number_pattern: Option<String>,
    /// A reference to `#/components/schemas/#…`.
    pub hash_reference: Option<String>,
    /// The title and version that Microsoft's writer has as defaults.
    pub default_title: bool,
    /// The media types of MVC's formatters.
    pub mvc_media_types: Option<String>,
    /// The media types of Web API 2's formatters.
    pub web_api: Option<String>,
    /// A form whose encoding is exactly `style: form` for every property.
    pub form_style: Option<String>,
    /// The format `date-span`.
    pub date_span: Option<String>,
    /// Components that are objects.
    pub objects: usize,
    /// Those of them that are closed.
    pub closed: usize,
    /// Schemas whose keys have an order.
    pub schemas: usize,
    /// Those of them that have OpenAPI.NET's order.
    pub ordered: usize,
    /// The `openapi` or `swagger` version.
    pub version: String,
    /// Whether something has `x-position`, which NSwag writes for ASP.NET Core alone.
    pub position: bool,
}

impl Signs {
    /// Gathers the signs of a document as it was received.
    pub fn of(document: &Value) -> Self {
        let mut signs = Self::default();
        // Such a document is refused later, with a message.
        if deeper_than(document, DEEPEST) {
            return signs;
        }
        with_room(|| {
            look(document, &mut |value, kind, at| {
                if let Value::Object(map) = value {
                    signs.object(map, kind, at);
                }
            });
        });
        signs
    }

    /// Whether the document is Swagger 2.0.
    pub fn is_swagger(&self) -> bool {
        self.version.starts_with('2')
    }

    fn object(&mut self, map: &Map<String, Value>, kind: Kind, at: &Pointer) {
        for key in map.keys() {
            if let Some(known) = NJSONSCHEMA.iter().find(|known| **known == key) {
                self.njsonschema.insert(known);
            }
        }
        self.position |= map.contains_key("x-position");
        match kind {
            Kind::Document => self.document(map),
            Kind::Operation => {
                self.listed(map.get("consumes"), at);
                self.listed(map.get("produces"), at);
            }
            Kind::RequestBody | Kind::Response => {
                let content = map.get("content").and_then(Value::as_object);
                let names: Vec<&str> = content
                    .into_iter()
                    .flat_map(Map::keys)
                    .map(String::as_str)
                    .collect();
                self.media_types(&names, at);
            }
            Kind::MediaType => self.form(map, at),
            Kind::Schema | Kind::SchemaOrBool => self.schema(map, at),
            _ => {}
        }
    }

    fn document(&mut self, map: &Map<String, Value>) {
        let text =
            |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        self.version = text(map.get("openapi").or_else(|| map.get("swagger")));
        self.generator = map
            .get("x-generator")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let info = map.get("info");
        let title = text(info.and_then(|info| info.get("title")));
        self.default_title = text(info.and_then(|info| info.get("version"))) == "1.0.0"
            && title.split_once(" | ").is_some_and(|(assembly, name)| {
                let is_word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
                is_word(assembly) && is_word(name)
            });
        self.listed(map.get("consumes"), &Pointer::default());
    }

    /// A list of media types of Swagger 2.0.
    fn listed(&mut self, names: Option<&Value>, at: &Pointer) {
        let names = names.and_then(Value::as_array);
        let names: Vec<&str> = names
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        self.media_types(&names, at);
    }

    fn media_types(&mut self, names: &[&str], at: &Pointer) {
        if names.starts_with(&RESPONSE) || is_mvc_request(names) {
            first(&mut self.mvc_media_types, at);
        }
        if names.starts_with(&WEB_API) {
            first(&mut self.web_api, at);
        }
    }

    fn form(&mut self, map: &Map<String, Value>, at: &Pointer) {
        let encoding = map.get("encoding").and_then(Value::as_object);
        let properties = map
            .get("schema")
            .and_then(|schema| schema.get("properties"))
            .and_then(Value::as_object);
        let is_style = |how: &Value| {
            how.as_object().is_some_and(|how| {
                how.len() == 1 && how.get("style").is_some_and(|style| style == "form")
            })
        };
        if let (Some(encoding), Some(properties)) = (encoding, properties)
            && !properties.is_empty()
            && encoding.len() == properties.len()
            && properties
                .keys()
                .all(|name| encoding.get(name).is_some_and(is_style))
        {
            first(&mut self.form_style, at);
        }
    }

    fn schema(&mut self, map: &Map<String, Value>, at: &Pointer) {
        let text = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default();
        if let Some(keeps) = order::keeps(map, self.is_swagger()) {
            self.schemas += 1;
            self.ordered += usize::from(keeps);
        }
        if is_number_pattern(text("pattern")) {
            first(&mut self.number_pattern, at);
        }
        if text("format") == "date-span" {
            first(&mut self.date_span, at);
        }
        let reference = text("$ref");
        if reference == "#/components/schemas/#" || reference.starts_with("#/components/schemas/#/")
        {
            first(&mut self.hash_reference, at);
        }
        let is_component = match at.tokens() {
            [definitions, _] => definitions == "definitions",
            [components, schemas, _] => components == "components" && schemas == "schemas",
            _ => false,
        };
        if !is_component {
            return;
        }
        if text("type") == "object" || map.contains_key("properties") {
            self.objects += 1;
            self.closed +=
                usize::from(map.get("additionalProperties") == Some(&Value::Bool(false)));
        }
    }
}

/// Whether these are the media types of an MVC controller's request body.
pub fn is_mvc_request(names: &[&str]) -> bool {
    names
        .strip_prefix(&[PATCH])
        .unwrap_or(names)
        .starts_with(&REQUEST)
}

fn first(place: &mut Option<String>, at: &Pointer) {
    place.get_or_insert_with(|| at.to_string());
}

/// Whether a pattern is one of those that System.Text.Json's schema exporter gives to numbers.
fn is_number_pattern(pattern: &str) -> bool {
    const INTEGER: &str = r"(?:0|[1-9]\d*)";
    let Some(rest) = pattern
        .strip_prefix('^')
        .and_then(|rest| rest.strip_suffix('$'))
    else {
        return false;
    };
    let rest = rest.strip_prefix("-?").unwrap_or(rest);
    let Some(rest) = rest.strip_prefix(INTEGER) else {
        return false;
    };
    let rest = rest.strip_prefix(r"(?:\.\d+)?").unwrap_or(rest);
    rest.is_empty() || rest == r"(?:[eE][+-]?\d+)?"
}

#[cfg(test)]
mod tests {
    use super::is_number_pattern;

    #[test]
    fn the_patterns_of_system_text_json_are_known() {
        for pattern in [
            r"^-?(?:0|[1-9]\d*)$",
            r"^(?:0|[1-9]\d*)$",
            r"^-?(?:0|[1-9]\d*)(?:\.\d+)?$",
            r"^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$",
        ] {
            assert!(is_number_pattern(pattern), "{pattern}");
        }
        for pattern in [
            "",
            r"^\d+$",
            r"^-?[0-9]+$",
            r"^(0|[1-9]\d*)$",
            r"^(?:0|[1-9]\d*)x$",
        ] {
            assert!(!is_number_pattern(pattern), "{pattern}");
        }
    }
}
