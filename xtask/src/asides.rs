//! What a document says beside its calls, as it was received: where it is served, who may
//! call, what the vendor adds in extensions. None of it is a method or a type. Each is in the
//! report, with its place, and with where it is found again.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    openapi::{brief, grammar::Kind, pointer::Pointer, walk::look},
    report::Report,
};

/// Extensions that the pipeline reads.
const KNOWN: [&str; 17] = [
    "x-body-name",
    "x-enum",
    "x-enum-description",
    "x-enum-descriptions",
    "x-enum-names",
    "x-enum-varnames",
    "x-enumDescriptions",
    "x-enumFlags",
    "x-enumNames",
    "x-enumVarnames",
    "x-example",
    "x-examples",
    "x-generator",
    "x-ms-enum",
    "x-nullable",
    "x-oai-additionalOperations",
    "x-sixclicks-catch-all",
];

/// Notes everything of this kind in a document.
pub fn note(document: &Value, report: &mut Report) {
    let mut asides = Asides {
        report,
        often: BTreeMap::new(),
    };
    look(document, &mut |value, kind, at| {
        if let Value::Object(map) = value {
            asides.object(map, kind, at);
        }
    });
    asides.finish();
}

/// Something that is said in many places alike: the construct, what was there, what is now.
type Saying = (&'static str, String, &'static str);

struct Asides<'a> {
    report: &'a mut Report,
    /// Where it is said first, and how often.
    often: BTreeMap<Saying, (String, usize)>,
}

impl Asides<'_> {
    fn object(&mut self, map: &Map<String, Value>, kind: Kind, at: &Pointer) {
        match kind {
            Kind::Document => self.document(map, at),
            Kind::PathItem | Kind::Operation => self.operation(map, at),
            Kind::SecurityScheme => {
                let was = format!("the scheme {}", scheme(map));
                self.one("security", at, was, "the session signs every request");
            }
            Kind::Response => {
                let headers = "read with `headers()` of the answer";
                self.named(
                    map,
                    "headers",
                    at,
                    "response headers",
                    "the header",
                    headers,
                );
                let links = "a call by the caller";
                self.named(map, "links", at, "links", "the link", links);
            }
            Kind::Parameter | Kind::Schema | Kind::SchemaOrBool => {
                if map.get("deprecated") == Some(&Value::Bool(true)) {
                    let now = "said in the documentation";
                    self.one("deprecation", at, "deprecated".to_owned(), now);
                }
                self.link(map, at);
                if let Some(xml) = map.get("xml") {
                    self.many("XML", at, brief(xml), "left out: the client speaks JSON");
                }
            }
            _ => {}
        }
        if matches!(
            kind,
            Kind::Parameter | Kind::Schema | Kind::SchemaOrBool | Kind::MediaType | Kind::Header
        ) {
            for key in ["example", "examples"] {
                if map.contains_key(key) {
                    let was = format!("`{key}` of a {}", called(kind));
                    let now =
                        "in the documentation when it is a short value of a field or parameter";
                    self.many("examples", at, was, now);
                }
            }
        }
        for key in map.keys() {
            if key.starts_with("x-") && !KNOWN.contains(&key.as_str()) {
                self.many("extensions", at, format!("`{key}`"), "left out");
            }
        }
    }

    fn document(&mut self, map: &Map<String, Value>, at: &Pointer) {
        for key in ["servers", "host", "schemes"] {
            if let Some(value) = map.get(key) {
                let now = "the session says the host; paths are kept";
                self.one("servers", &at.join(&[key]), brief(value), now);
            }
        }
        if let Some(security) = map.get("security") {
            let now = "the session signs every request";
            self.one("security", &at.join(&["security"]), brief(security), now);
        }
        for key in ["contact", "license", "termsOfService"] {
            if let Some(value) = map.get("info").and_then(|info| info.get(key)) {
                let at = at.join(&["info", key]);
                self.one("information on the API", &at, brief(value), "left out");
            }
        }
        self.link(map, at);
        let tags = map.get("tags").and_then(Value::as_array);
        for (index, tag) in tags.into_iter().flatten().enumerate() {
            for key in ["description", "externalDocs"] {
                if let Some(value) = tag.get(key) {
                    let at = at.join(&["tags", &index.to_string(), key]);
                    self.one(
                        "tags",
                        &at,
                        brief(value),
                        "left out: methods are in no groups",
                    );
                }
            }
        }
    }

    fn operation(&mut self, map: &Map<String, Value>, at: &Pointer) {
        if let Some(servers) = map.get("servers") {
            let now = "paths are kept; another host is said in the documentation";
            self.one("servers", &at.join(&["servers"]), brief(servers), now);
        }
        if let Some(security) = map.get("security") {
            let now = "said in the documentation when no sign-in or a scope is needed";
            self.many("security", at, brief(security), now);
        }
        self.link(map, at);
        let now = "no method: the server makes this request";
        self.named(map, "callbacks", at, "callbacks", "the callback", now);
    }

    fn link(&mut self, map: &Map<String, Value>, at: &Pointer) {
        if let Some(link) = map.get("externalDocs") {
            let at = at.join(&["externalDocs"]);
            self.one(
                "external documentation",
                &at,
                brief(link),
                "said in the documentation",
            );
        }
    }

    fn named(
        &mut self,
        map: &Map<String, Value>,
        key: &str,
        at: &Pointer,
        construct: &'static str,
        what: &str,
        now: &'static str,
    ) {
        for name in map
            .get(key)
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::keys)
        {
            let was = format!("{what} `{name}`");
            self.one(construct, &at.join(&[key, name]), was, now);
        }
    }

    fn one(&mut self, construct: &'static str, at: &Pointer, was: String, now: &'static str) {
        self.report.adapt(construct, at.to_string(), was, now);
    }

    fn many(&mut self, construct: &'static str, at: &Pointer, was: String, now: &'static str) {
        self.often
            .entry((construct, was, now))
            .or_insert_with(|| (at.to_string(), 0))
            .1 += 1;
    }

    fn finish(self) {
        for ((construct, was, now), (pointer, count)) in self.often {
            let was = match count {
                1 => was,
                count => format!("{was}, here and in {} more places", count - 1),
            };
            self.report.adapt(construct, pointer, was, now);
        }
    }
}

/// A security scheme in a few words.
fn scheme(map: &Map<String, Value>) -> String {
    let words: Vec<&str> = ["type", "scheme", "in", "name"]
        .iter()
        .filter_map(|key| map.get(*key)?.as_str())
        .collect();
    format!("`{}`", words.join(" "))
}

fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::Parameter => "parameter",
        Kind::MediaType => "body",
        Kind::Header => "header",
        _ => "schema",
    }
}
