//! Values of unions and of types that others extend, with what tells them apart.

use serde_json::{Map, Value, json};

use crate::{instance::Maker, schema};

impl Maker<'_> {
    /// The reference that a schema is, if it is nothing else.
    pub(crate) fn named(&self, given: &Value) -> Option<String> {
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
    pub(crate) fn chosen(
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
        self.unions += 1;
        let mut value = self.value(&json!({"$ref": other}), depth + 1);
        self.unions -= 1;
        self.turn = turn;
        let object = value.as_object_mut()?;
        let tag = tag(root, &property, &mapping, &other);
        object.entry(property).or_insert(tag);
        Some(value)
    }

    /// An instance of a union's part, with the value that tells it.
    pub(crate) fn tagged(
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
    pub(crate) fn is_listed(&self, flat: &Map<String, Value>, name: &str) -> bool {
        let property = flat.get("properties").map(|known| &known[name]);
        let property = schema::flatten(self.root, property.unwrap_or(&Value::Null));
        property.contains_key("const") || property.contains_key("enum")
    }
}

/// The value of a discriminator for a schema: what the mapping says, or what the schema says
/// of itself, or its name, in the type of its property.
pub(crate) fn tag(
    root: &Value,
    property: &str,
    mapping: &[(String, String)],
    reference: &str,
) -> Value {
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
