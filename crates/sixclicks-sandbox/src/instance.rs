//! Values made at random from a schema as the document has it, the same for the same seed.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::{
    schema,
    shape::{Optional, Shape},
    unions::tag,
};

/// How deep values nest before only what is required is written.
const DEEP: usize = 5;
/// How many values one may hold below its first level before only what is required is
/// written: schemas that refer to each other make trees without end.
const MOST: usize = 400;
/// How deep values nest at all, for schemas that never end.
pub(crate) const DEEPEST: usize = 24;

/// A value for a schema of the document `root`.
pub fn instance(root: &Value, schema: &Value, shape: Shape, seed: u64) -> Value {
    Maker {
        root,
        shape,
        rng: Rng::with_seed(seed),
        made: 0,
        unions: 0,
        itself: false,
        turn: shape.turn,
    }
    .value(schema, 0)
}

pub(crate) struct Maker<'a> {
    pub(crate) root: &'a Value,
    pub(crate) shape: Shape,
    pub(crate) rng: Rng,
    made: usize,
    /// How many unions the value that is being made is in.
    pub(crate) unions: usize,
    /// Whether the next value is of the type itself, and not of one that extends it.
    itself: bool,
    /// What is left of the turn within the parts that were chosen already.
    pub(crate) turn: Option<u64>,
}

impl Maker<'_> {
    /// The place of one of several, by turn or by chance. What is chosen within it is by what
    /// is left of the turn, so that all combinations have theirs.
    pub(crate) fn choose(&mut self, count: usize) -> usize {
        let Some(turn) = self.turn else {
            return match self.shape.plain {
                true => 0,
                false => self.rng.usize(0..count),
            };
        };
        let count = count as u64;
        self.turn = Some(turn / count);
        (turn % count) as usize
    }

    /// Whether it is time to come to an end.
    pub(crate) fn is_deep(&self, depth: usize) -> bool {
        depth > DEEP || depth > 1 && self.made > MOST
    }

    pub(crate) fn value(&mut self, given: &Value, depth: usize) -> Value {
        self.made += 1;
        if depth > 2 * DEEPEST {
            return Value::Null;
        }
        let mut flat = schema::flatten(self.root, given);
        if self.shape.plain
            && let Some(value) = self.exemplary(&flat)
        {
            return value;
        }
        let own = self.named(given);
        if !std::mem::take(&mut self.itself)
            && let Some(chosen) = self.chosen(&flat, own.as_deref(), depth)
        {
            return chosen;
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(Value::Array(parts)) = flat.remove(keyword) else {
                continue;
            };
            let root = self.root;
            let parts = parts.iter().filter(|part| !schema::is_null(root, part));
            let parts: Vec<&Value> = parts.collect();
            if parts.is_empty() {
                continue;
            }
            let turn = self.turn;
            let part = match self.is_deep(depth) {
                true => parts[0],
                false => parts[self.choose(parts.len())],
            };
            self.itself = part["$ref"].as_str().is_some_and(|base| {
                let others = schema::subtypes(self.root, base);
                parts
                    .iter()
                    .any(|part| others.iter().any(|other| part["$ref"] == *other))
            });
            let given = match flat.keys().any(|word| says_more(word)) {
                true => json!({"allOf": [Value::Object(flat.clone()), part]}),
                false => part.clone(),
            };
            self.unions += 1;
            let value = self.tagged(&flat, part, given, depth);
            self.unions -= 1;
            self.turn = turn;
            return value;
        }
        if let Some(value) = flat.get("const") {
            return value.clone();
        }
        if let Some(Value::Array(values)) = flat.get("enum")
            && !values.is_empty()
        {
            return self.listed(values);
        }
        let kind = match flat.get("type") {
            Some(Value::String(name)) => name.clone(),
            Some(Value::Array(names)) => {
                let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                let names: Vec<&str> = names.into_iter().filter(|name| *name != "null").collect();
                match self.shape.plain {
                    true => names.first().copied(),
                    false => self.rng.choice(names),
                }
                .unwrap_or("null")
                .to_owned()
            }
            _ if flat.contains_key("properties") || flat.contains_key("additionalProperties") => {
                "object".to_owned()
            }
            _ if flat.contains_key("items") => "array".to_owned(),
            _ => by_format(&flat).to_owned(),
        };
        if self.is_deep(depth) && schema::is_nullable(&flat) && matches!(&*kind, "object" | "array")
        {
            return Value::Null;
        }
        match kind.as_str() {
            "null" => Value::Null,
            "boolean" => Value::Bool(self.shape.plain || self.rng.bool()),
            "integer" => self.integer(&flat),
            "number" => self.number(&flat),
            "array" => self.array(&flat, depth),
            "object" => {
                let mut object = self.object(&flat, depth);
                if let (Some(own), Some((property, mapping))) = (own, schema::discriminator(&flat))
                    && object.contains_key(&property)
                    && !self.is_listed(&flat, &property)
                {
                    let tag = tag(self.root, &property, &mapping, &own);
                    object.insert(property, tag);
                }
                Value::Object(object)
            }
            "string" | "file" => Value::String(self.string(&flat)),
            _ => json!({"any": self.rng.u8(..)}),
        }
    }

    /// The value that a schema shows: an example or a default. One of an object may have more
    /// than is wanted.
    fn exemplary(&self, flat: &Map<String, Value>) -> Option<Value> {
        let whole = self.shape.optional == Optional::Always;
        let shown = [flat.get("example"), flat.get("default")];
        let listed = flat.get("examples").and_then(|examples| examples.get(0));
        let mut shown = shown.into_iter().flatten().chain(listed);
        shown
            .find(|value| !value.is_null() && (whole || !value.is_object()))
            .cloned()
    }

    fn listed(&mut self, values: &[Value]) -> Value {
        if self.shape.unknown_values {
            match values.iter().find(|value| !value.is_null()) {
                Some(Value::String(_)) => return "SomethingNew".into(),
                Some(Value::Number(_)) => return 9_137.into(),
                _ => {}
            }
        }
        let present: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
        if present.is_empty() {
            return Value::Null;
        }
        let turn = self.turn;
        let at = self.choose(present.len());
        self.turn = turn;
        present[at].clone()
    }
}

/// Whether a word beside the parts of a union says something of their values.
fn says_more(word: &str) -> bool {
    const NOTES: [&str; 11] = [
        "title",
        "description",
        "default",
        "example",
        "examples",
        "nullable",
        "deprecated",
        "externalDocs",
        "discriminator",
        "readOnly",
        "writeOnly",
    ];
    !word.starts_with("x-") && !NOTES.contains(&word)
}

/// The type that a format implies where none is given; empty for any.
fn by_format(flat: &Map<String, Value>) -> &'static str {
    match flat.get("format").and_then(Value::as_str) {
        Some(format) if format.trim_start_matches('u').starts_with("int") => "integer",
        Some("double" | "float" | "decimal") => "number",
        Some(_) => "string",
        None if flat.contains_key("pattern") => "string",
        None => "",
    }
}

pub(crate) fn number_of(flat: &Map<String, Value>, keyword: &str) -> Option<f64> {
    flat.get(keyword)?.as_f64()
}
