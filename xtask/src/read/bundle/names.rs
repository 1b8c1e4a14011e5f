//! Names and sections for what becomes a component.
use super::Location;
use crate::read::{grammar::Kind, pointer};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

const SECTIONS_3: [(Kind, &str); 9] = [
    (Kind::Schema, "/components/schemas"),
    (Kind::Response, "/components/responses"),
    (Kind::Parameter, "/components/parameters"),
    (Kind::Example, "/components/examples"),
    (Kind::RequestBody, "/components/requestBodies"),
    (Kind::Header, "/components/headers"),
    (Kind::SecurityScheme, "/components/securitySchemes"),
    (Kind::Link, "/components/links"),
    (Kind::Callback, "/components/callbacks"),
];

const SECTIONS_2: [(Kind, &str); 3] = [
    (Kind::Schema, "/definitions"),
    (Kind::Response, "/responses"),
    (Kind::Parameter, "/parameters"),
];

/// Last tokens of pointers that say what something is, not what it is called.
const POSITIONS: [&str; 8] = [
    "schema",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "additionalProperties",
    "content",
];

/// The components of a document and the names that are taken.
pub(super) struct Names {
    sections: &'static [(Kind, &'static str)],
    taken: HashSet<(Kind, String)>,
    /// The last number that each name got, where it alone was taken.
    numbers: HashMap<(Kind, String), usize>,
}

impl Names {
    pub(super) fn of(document: &Value) -> Self {
        let sections: &[_] = if document.get("swagger").is_some() {
            &SECTIONS_2
        } else {
            &SECTIONS_3
        };
        let mut taken = HashSet::new();
        for (kind, section) in sections {
            let map = document.pointer(section).and_then(Value::as_object);
            taken.extend(
                map.into_iter()
                    .flat_map(Map::keys)
                    .map(|name| (*kind, name.clone())),
            );
        }
        Self {
            sections,
            taken,
            numbers: HashMap::new(),
        }
    }

    /// The kinds of components of this version, and the pointers of their maps.
    pub(super) fn sections(&self) -> &'static [(Kind, &'static str)] {
        self.sections
    }

    /// The pointer of the map for components of that kind.
    pub(super) fn section(&self, kind: Kind) -> Option<&'static str> {
        self.sections
            .iter()
            .find(|(of, _)| *of == kind)
            .map(|(_, section)| *section)
    }

    /// A free name for what is at `pointer` of a file: the last token, or the file's name, or both
    /// where one alone says little or is taken.
    pub(super) fn choose(&mut self, kind: Kind, location: &Location, pointer: &str) -> String {
        let stem = clean(&location.stem());
        let token = pointer::last_token(pointer)
            .map(|token| clean(&token))
            .unwrap_or_default();
        let is_position =
            POSITIONS.contains(&token.as_str()) || token.bytes().all(|byte| byte.is_ascii_digit());
        let both = [stem.as_str(), token.as_str()].join("_");
        let candidates = match (token.is_empty(), is_position) {
            (true, _) => vec![stem],
            (false, true) => vec![both],
            (false, false) => vec![token, both],
        };
        let last = candidates.last().cloned().unwrap_or_default();
        for name in candidates {
            if self.taken.insert((kind, name.clone())) {
                return name;
            }
        }
        loop {
            let number = self.numbers.entry((kind, last.clone())).or_insert(1);
            *number += 1;
            let name = format!("{last}{number}");
            if self.taken.insert((kind, name.clone())) {
                return name;
            }
        }
    }

    /// Adds a component.
    pub(super) fn insert(&self, document: &mut Value, kind: Kind, name: String, value: Value) {
        let Some(section) = self.section(kind) else {
            return;
        };
        let mut at = document;
        for token in section.split('/').skip(1) {
            let Some(object) = at.as_object_mut() else {
                return;
            };
            at = object
                .entry(token)
                .or_insert_with(|| Value::Object(Map::new()));
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
        }
        if let Some(object) = at.as_object_mut() {
            object.insert(name, value);
        }
    }
}

/// `name` with only the characters that names of components may have.
fn clean(name: &str) -> String {
    let keep = |char: char| {
        if char.is_ascii_alphanumeric() || "._-".contains(char) {
            char
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(keep).collect();
    if name.is_empty() {
        "Part".to_owned()
    } else {
        name
    }
}
