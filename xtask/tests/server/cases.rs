//! The calls, which are the same for all documents: an operation is known by its method and
//! path, a parameter or field by its name on the wire. A value with `|` in its name is set by
//! the first of these names that the document has; `{"enum": [10, "Low"]}` is a number or a
//! name, as the server is started.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use serde_json::value::RawValue;
use xtask::{
    model::{Operation, Place},
    wire::{json::Json, process::Values},
};

use crate::{process::KEY, subject::Named};

/// An operation with its calls.
#[derive(Deserialize)]
pub struct Case {
    /// Its method and path.
    pub operation: String,
    /// The calls.
    pub calls: Vec<Call>,
}

/// One call, and what the server makes of it when it is made right.
#[derive(Deserialize)]
pub struct Call {
    /// What is special about it.
    pub name: String,
    /// What the names of the documents begin with that have room for it; all of them without
    /// this. With their overlays, all are `corrected`.
    #[serde(default)]
    documents: Option<Vec<String>>,
    /// Parameters.
    #[serde(default)]
    values: BTreeMap<String, Box<RawValue>>,
    /// Fields of a form.
    #[serde(default)]
    form: BTreeMap<String, Box<RawValue>>,
    /// The body.
    #[serde(default)]
    body: Option<Box<RawValue>>,
    /// The statuses that the server may answer with.
    pub status: Statuses,
    /// The arguments that the server binds; `null` where it refuses before that.
    pub bound: Box<RawValue>,
    /// The body of the response, where the arguments do not show what was sent.
    #[serde(default)]
    pub answer: Option<Box<RawValue>>,
}

/// One status or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Statuses {
    /// This one.
    One(u16),
    /// One of these.
    Several(Vec<u16>),
}

impl Statuses {
    /// Whether a status is among them.
    pub fn has(&self, status: u16) -> bool {
        match self {
            Self::One(one) => *one == status,
            Self::Several(several) => several.contains(&status),
        }
    }
}

/// Reads all cases.
pub fn read() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/server/cases");
    let entries = fs::read_dir(folder).expect("the folder of the cases");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let files = paths.iter().map(|path| {
        let text = fs::read_to_string(path)
            .expect("a file")
            .replace("lookalike-key", KEY);
        let cases: Vec<Case> = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        cases
    });
    files.flatten().collect()
}

impl Call {
    /// Whether a document has room for it.
    pub fn is_for(&self, named: &Named) -> bool {
        self.documents.as_ref().is_none_or(|documents| {
            let is = |start: &String| match start.as_str() {
                "corrected" => named.corrected,
                start => named.name.starts_with(start),
            };
            documents.iter().any(is)
        })
    }

    /// The values of the setters of an operation, or what no setter takes.
    pub fn values(&self, operation: &Operation, text_enums: bool) -> Result<Values, String> {
        let mut values = Values::new();
        let shown = |value: &RawValue| shown(value, text_enums);
        for (names, value) in &self.values {
            let names: Vec<&str> = names.split('|').collect();
            let found = names.iter().find_map(|name| {
                let mut parameters = operation.parameters.iter();
                parameters.find(|own| !is_field(own.place) && own.wire.eq_ignore_ascii_case(name))
            });
            match found {
                Some(own) => drop(values.insert(own.rust.clone(), shown(value))),
                // The path may have the value in it.
                None if names == ["version"] => {}
                None => return Err(format!("nothing sets `{}`", names[0])),
            }
        }
        let fields = || {
            operation
                .parameters
                .iter()
                .filter(|own| is_field(own.place))
        };
        let mut rest = Vec::new();
        for (name, value) in &self.form {
            let single = |own: &&_| -> bool {
                let own: &xtask::model::Parameter = own;
                !own.whole && own.wire.eq_ignore_ascii_case(name)
            };
            match (fields().find(single), fields().find(|own| own.whole)) {
                (Some(own), _) => drop(values.insert(own.rust.clone(), shown(value))),
                (None, Some(_)) => rest.push(format!("{name:?}:{}", shown(value).get())),
                (None, None) => return Err(format!("no field of a form is `{name}`")),
            }
        }
        if let Some(whole) = fields().find(|own| own.whole).filter(|_| !rest.is_empty()) {
            values.insert(whole.rust.clone(), raw(format!("{{{}}}", rest.join(","))));
        }
        if let Some(body) = &self.body {
            if operation.body.is_none() {
                return Err("the document has no body".to_owned());
            }
            values.insert("body".to_owned(), shown(body));
        }
        Ok(values)
    }
}

fn is_field(place: Place) -> bool {
    matches!(place, Place::Form | Place::Multipart)
}

fn raw(text: String) -> Box<RawValue> {
    RawValue::from_string(text).expect("JSON")
}

/// A value with its enums as numbers or as names.
fn shown(value: &RawValue, text_enums: bool) -> Box<RawValue> {
    fn walk(value: Json, text_enums: bool) -> Json {
        match value {
            Json::Object(members) => match members.as_slice() {
                [(name, Json::List(both))] if name == "enum" => {
                    both[usize::from(text_enums)].clone()
                }
                _ => Json::Object(
                    members
                        .into_iter()
                        .map(|(name, value)| (name, walk(value, text_enums)))
                        .collect(),
                ),
            },
            Json::List(items) => Json::List(
                items
                    .into_iter()
                    .map(|item| walk(item, text_enums))
                    .collect(),
            ),
            other => other,
        }
    }
    let value = Json::parse(value.get()).expect("JSON");
    raw(walk(value, text_enums).to_string())
}
