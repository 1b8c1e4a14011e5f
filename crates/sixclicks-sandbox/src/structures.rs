//! Objects and lists made at random from their schemas.

use serde_json::{Map, Value, json};

use crate::{
    instance::{DEEPEST, Maker, number_of},
    schema,
    shape::{Direction, Optional},
};

impl Maker<'_> {
    pub(crate) fn object(&mut self, flat: &Map<String, Value>, depth: usize) -> Map<String, Value> {
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
        let left_out = match self.shape.direction {
            Direction::Request => "readOnly",
            Direction::Answer => "writeOnly",
        };
        let properties = flat.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let inner = schema::flatten(self.root, property);
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
        let rest = flat
            .get("additionalProperties")
            .filter(|rest| rest.is_object());
        for name in required {
            // Required by name alone: as all other names are, or anything.
            let declared = properties.is_some_and(|properties| properties.contains_key(name));
            if !declared {
                let value = match rest {
                    Some(rest) => self.value(rest, depth + 1),
                    None => "any".into(),
                };
                object.insert(name.to_owned(), value);
            }
        }
        let least = number_of(flat, "minProperties").unwrap_or(0.0) as usize;
        if let Some(rest) = rest {
            let more = usize::from(self.shape.optional == Optional::Always && !self.is_deep(depth));
            for index in 0..more.max(least.saturating_sub(object.len())) {
                let value = self.value(rest, depth + 1);
                object.insert(format!("key{}", index + 1), value);
            }
        }
        let closed = flat.get("additionalProperties") == Some(&Value::Bool(false));
        if self.shape.filled && object.is_empty() {
            let goes = |(_, property): &(&String, &Value)| {
                let inner = schema::flatten(self.root, property);
                inner.get(left_out) != Some(&Value::Bool(true))
            };
            match properties.into_iter().flatten().find(goes) {
                Some((name, property)) => {
                    object.insert(name.clone(), self.value(property, depth + 1));
                }
                None if !closed => {
                    object.insert("any".to_owned(), "text".into());
                }
                None => {}
            }
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

    pub(crate) fn array(&mut self, flat: &Map<String, Value>, depth: usize) -> Value {
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
        let places = schema::places(flat);
        let (wanted, most) = match flat.get("items") {
            _ if places.is_empty() => (wanted, most),
            // A tuple is sent whole, and no longer than it is described.
            Some(Value::Object(_)) => (wanted.max(places.len()), most),
            _ => (places.len(), most.min(places.len())),
        };
        let mut list: Vec<Value> = Vec::new();
        let turn = self.turn;
        for index in 0..wanted.clamp(least.min(most), most) {
            self.turn = turn.map(|turn| turn + index as u64);
            let value = self.value(places.get(index).unwrap_or(items), depth + 1);
            if !(distinct && list.contains(&value)) {
                list.push(value);
            }
        }
        self.turn = turn;
        Value::Array(list)
    }
}
