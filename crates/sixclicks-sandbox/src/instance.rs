//! Values made at random from a schema as the document has it, the same for the same seed.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::{
    schema,
    shape::{Direction, Optional, Shape},
};

/// How deep values nest before only what is required is written.
const DEEP: usize = 5;
/// How many values one may hold below its first level before only what is required is
/// written: schemas that refer to each other make trees without end.
const MOST: usize = 400;
/// How deep values nest at all, for schemas that never end.
const DEEPEST: usize = 24;

/// A value for a schema of the document `root`.
pub fn instance(root: &Value, schema: &Value, shape: Shape, seed: u64) -> Value {
    Maker {
        root,
        shape,
        rng: Rng::with_seed(seed),
        made: 0,
        itself: false,
        turn: shape.turn,
    }
    .value(schema, 0)
}

pub(crate) struct Maker<'a> {
    root: &'a Value,
    pub(crate) shape: Shape,
    pub(crate) rng: Rng,
    made: usize,
    /// Whether the next value is of the type itself, and not of one that extends it.
    itself: bool,
    /// What is left of the turn within the parts that were chosen already.
    turn: Option<u64>,
}

impl Maker<'_> {
    /// The place of one of several, by turn or by chance. What is chosen within it is by what
    /// is left of the turn, so that all combinations have theirs.
    fn choose(&mut self, count: usize) -> usize {
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
    fn is_deep(&self, depth: usize) -> bool {
        depth > DEEP || depth > 1 && self.made > MOST
    }

    fn value(&mut self, given: &Value, depth: usize) -> Value {
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
            let parts: Vec<&Value> = parts.iter().filter(|part| part["type"] != "null").collect();
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
            if flat.contains_key("properties") || flat.contains_key("type") {
                let both = json!({"allOf": [Value::Object(flat.clone()), part]});
                let value = self.tagged(&flat, part, both, depth);
                self.turn = turn;
                return value;
            }
            let value = self.tagged(&flat, part, part.clone(), depth);
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

    /// The reference that a schema is, if it is nothing else.
    fn named(&self, given: &Value) -> Option<String> {
        let mut reference = given.get("$ref")?.as_str()?;
        for _ in 0..schema::LONGEST {
            match schema::target(self.root, reference)?.get("$ref") {
                Some(further) => reference = further.as_str()?,
                None => break,
            }
        }
        Some(reference.to_owned())
    }

    /// An instance of one of the types that extend the one that is asked for.
    fn chosen(
        &mut self,
        flat: &Map<String, Value>,
        own: Option<&str>,
        depth: usize,
    ) -> Option<Value> {
        let own = own?;
        let root = self.root;
        let declares = schema::target(root, own)?.get("discriminator").is_some();
        if !declares
            || flat.contains_key("oneOf")
            || flat.contains_key("anyOf")
            || self.is_deep(depth)
        {
            return None;
        }
        let (property, mapping) = schema::discriminator(flat)?;
        let mut others = schema::subtypes(root, own);
        if others.is_empty() {
            return None;
        }
        let turn = self.turn;
        let at = self.choose(others.len());
        let other = others.swap_remove(at);
        let mut value = self.value(&json!({"$ref": other}), depth + 1);
        self.turn = turn;
        let object = value.as_object_mut()?;
        let tag = tag(root, &property, &mapping, &other);
        object.entry(property).or_insert(tag);
        Some(value)
    }

    /// An instance of a union's part, with the value that tells it.
    fn tagged(
        &mut self,
        flat: &Map<String, Value>,
        part: &Value,
        schema: Value,
        depth: usize,
    ) -> Value {
        let mut value = self.value(&schema, depth + 1);
        if let (Some((property, mapping)), Some(reference), Some(object)) = (
            schema::discriminator(flat),
            part.get("$ref").and_then(Value::as_str),
            value.as_object_mut(),
        ) {
            let fixed = self.is_listed(&schema::flatten(self.root, part), &property);
            if !(fixed && object.contains_key(&property)) {
                let tag = tag(self.root, &property, &mapping, reference);
                object.insert(property, tag);
            }
        }
        value
    }

    /// Whether a property says which values it has.
    fn is_listed(&self, flat: &Map<String, Value>, name: &str) -> bool {
        let property = flat.get("properties").map(|known| &known[name]);
        let property = schema::flatten(self.root, property.unwrap_or(&Value::Null));
        property.contains_key("const") || property.contains_key("enum")
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

    fn object(&mut self, flat: &Map<String, Value>, depth: usize) -> Map<String, Value> {
        let mut object = Map::new();
        if depth > DEEPEST {
            return object;
        }
        let required: Vec<&str> = flat
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = flat.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let inner = schema::flatten(self.root, property);
            let left_out = match self.shape.direction {
                Direction::Request => "readOnly",
                Direction::Answer => "writeOnly",
            };
            if inner.get(left_out) == Some(&Value::Bool(true)) {
                continue;
            }
            // Some documents say it of the property itself, as JSON Schema once did.
            let needed = required.contains(&name.as_str()) || property["required"] == true;
            let wanted = match self.shape.optional {
                Optional::Never => false,
                Optional::Always => !self.is_deep(depth),
                Optional::Sometimes => !self.is_deep(depth) && self.rng.bool(),
            };
            if needed || wanted {
                let value = if self.shape.nulls && (!needed || schema::is_nullable(&inner)) {
                    Value::Null
                } else {
                    self.value(property, depth + 1)
                };
                object.insert(name.clone(), value);
            }
        }
        for name in required {
            // Required by name alone: anything goes.
            let declared = properties.is_some_and(|properties| properties.contains_key(name));
            if !declared {
                object.insert(name.to_owned(), "any".into());
            }
        }
        let least = number_of(flat, "minProperties").unwrap_or(0.0) as usize;
        if let Some(rest) = flat
            .get("additionalProperties")
            .filter(|rest| rest.is_object())
        {
            let more = usize::from(self.shape.optional == Optional::Always && !self.is_deep(depth));
            for index in 0..more.max(least.saturating_sub(object.len())) {
                let value = self.value(rest, depth + 1);
                object.insert(format!("key{}", index + 1), value);
            }
        }
        let closed = flat.get("additionalProperties") == Some(&Value::Bool(false));
        if self.shape.filled && object.is_empty() && !closed {
            object.insert("any".to_owned(), "text".into());
        }
        // Where any name is described, none is unknown.
        let named = flat
            .get("additionalProperties")
            .is_none_or(Value::is_boolean)
            && !flat.contains_key("patternProperties");
        if self.shape.unknown_fields && properties.is_some() && named {
            object.insert("somethingNew".to_owned(), json!({"since": "today"}));
        }
        object
    }

    fn array(&mut self, flat: &Map<String, Value>, depth: usize) -> Value {
        let least = number_of(flat, "minItems").unwrap_or(0.0) as usize;
        let most = number_of(flat, "maxItems").map_or(usize::MAX, |most| most as usize);
        let wanted = match self.shape.optional {
            _ if self.is_deep(depth) && !self.shape.filled => 0,
            Optional::Never => 1,
            Optional::Always if self.shape.plain => 1,
            Optional::Always => 2,
            Optional::Sometimes if self.shape.filled => self.rng.usize(1..=2),
            Optional::Sometimes => self.rng.usize(0..=2),
        };
        let any = json!({"type": "string"});
        let items = flat
            .get("items")
            .filter(|items| items.is_object())
            .unwrap_or(&any);
        let distinct = flat.get("uniqueItems") == Some(&Value::Bool(true));
        let mut list: Vec<Value> = Vec::new();
        let turn = self.turn;
        for index in 0..wanted.clamp(least.min(most), most) {
            self.turn = turn.map(|turn| turn + index as u64);
            let value = self.value(items, depth + 1);
            if !(distinct && list.contains(&value)) {
                list.push(value);
            }
        }
        self.turn = turn;
        Value::Array(list)
    }
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

/// The value of a discriminator for a schema: what the mapping says, or what the schema says
/// of itself, or its name, in the type of its property.
fn tag(root: &Value, property: &str, mapping: &[(String, String)], reference: &str) -> Value {
    let flat = schema::flatten(root, &json!({"$ref": reference}));
    let own = flat.get("properties").map(|own| &own[property]);
    let own = own.map_or_else(Map::new, |own| schema::flatten(root, own));
    let listed = own.get("enum").and_then(Value::as_array);
    let listed = listed.map_or(&[][..], Vec::as_slice);
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let name = schema::name_of(reference);
    let mapped = mapping.iter().find(|(_, target)| target == reference);
    let Some((said, _)) = mapped else {
        let own_value = flat.get("x-ms-discriminator-value").or(own.get("const"));
        let named = listed.iter().find(|value| text(value) == name);
        let value = own_value.or(named).or(listed.first());
        return value.cloned().unwrap_or_else(|| name.into());
    };
    if let Some(value) = listed.iter().find(|value| text(value) == *said) {
        return value.clone();
    }
    match (own.get("type").and_then(Value::as_str), said.parse::<i64>()) {
        (Some("integer" | "number"), Ok(number)) => number.into(),
        _ => said.as_str().into(),
    }
}

pub(crate) fn number_of(flat: &Map<String, Value>, keyword: &str) -> Option<f64> {
    flat.get(keyword)?.as_f64()
}
