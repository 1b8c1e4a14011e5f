//! Instances of an OpenAPI 3.0 schema, made at random.

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Map, Value, json};

use super::schema::{escaped, means};

/// How deep instances nest before they take the shortest way out.
const DEEP: usize = 5;
/// How deep they nest at all; a schema that wants more has no finite instance.
const DEEPEST: usize = 24;

/// Makes instances of the schemas of one document.
pub struct Maker<'a> {
    root: &'a Value,
    rng: fastrand::Rng,
}

impl<'a> Maker<'a> {
    pub fn new(root: &'a Value, seed: u64) -> Self {
        Self {
            root,
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// An instance, unless the schema has no finite one.
    pub fn instance(&mut self, schema: &Value) -> Option<Value> {
        self.value(schema, 0)
    }

    fn value(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        if let Some(pointer) = schema["$ref"].as_str() {
            return self.referenced(pointer, depth);
        }
        if schema["nullable"] == true && (depth > DEEP || self.rng.u8(..6) == 0) {
            return Some(Value::Null);
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.rng.choice(values).cloned();
        }
        let mut made = Map::new();
        let mut other = None;
        let mut take = |value: Value| match value {
            Value::Object(object) => made.extend(object),
            value => other = Some(value),
        };
        let parts = schema["allOf"].as_array();
        for part in parts.into_iter().flatten() {
            let inherited = part["$ref"].as_str();
            // A part is taken as it is, not as one of those that inherit from it.
            let part = inherited
                .and_then(|p| self.root.pointer(&p[1..]))
                .unwrap_or(part);
            let lists = ["oneOf", "anyOf"].map(|keyword| part[keyword].as_array());
            let mut listed = lists.into_iter().flatten().flatten();
            let lists_heirs = listed.any(|variant| self.inherits(variant, inherited));
            let keywords = ["nullable", "discriminator", "oneOf", "anyOf"];
            let left_out = if lists_heirs {
                &keywords[..]
            } else {
                &keywords[..2]
            };
            take(self.value(&without(part, left_out), depth + 1)?);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(variants) = schema[keyword].as_array().filter(|v| !v.is_empty()) {
                let variant = self.rng.choice(variants)?;
                let mut value = self.value(variant, depth + 1)?;
                self.tag(schema, variant, &mut value);
                take(value);
            }
        }
        let composed = parts.is_some() || schema["oneOf"].is_array() || schema["anyOf"].is_array();
        if !composed || schema["properties"].is_object() {
            take(self.plain(schema, depth)?);
        }
        Some(other.unwrap_or(Value::Object(made)))
    }

    /// Whether a variant builds upon what stands at a pointer.
    fn inherits(&self, variant: &Value, pointer: Option<&str>) -> bool {
        let target = variant["$ref"]
            .as_str()
            .and_then(|p| self.root.pointer(&p[1..]));
        let parts = target.and_then(|target| target["allOf"].as_array());
        let mut parts = parts.into_iter().flatten();
        pointer.is_some_and(|pointer| parts.any(|part| part["$ref"] == pointer))
    }

    /// What stands at a reference, or something that inherits from it and says so.
    fn referenced(&mut self, pointer: &str, depth: usize) -> Option<Value> {
        let target = self.root.pointer(pointer.strip_prefix('#')?)?;
        let property = target["discriminator"]["propertyName"].as_str();
        let Some(property) =
            property.filter(|_| !target["oneOf"].is_array() && !target["anyOf"].is_array())
        else {
            return self.value(target, depth + 1);
        };
        let schemas = self.root["components"]["schemas"].as_object()?;
        let inherits = |schema: &Value| {
            let parts = schema["allOf"].as_array();
            parts
                .into_iter()
                .flatten()
                .any(|part| part["$ref"] == pointer)
        };
        let heirs: Vec<&String> = schemas
            .iter()
            .filter(|(_, s)| inherits(s))
            .map(|(n, _)| n)
            .collect();
        let Some(heir) = self.rng.choice(heirs.iter()) else {
            return self.value(target, depth + 1);
        };
        let reference = json!({"$ref": format!("#/components/schemas/{}", escaped(heir))});
        let mut value = self.value(&schemas[heir.as_str()], depth + 1)?;
        if value.is_object() {
            value[property] = json!(tag_of(target, &reference));
        }
        Some(value)
    }

    /// Writes into the value which variant it is.
    fn tag(&self, union: &Value, variant: &Value, value: &mut Value) {
        if let Some(property) = union["discriminator"]["propertyName"].as_str()
            && value.is_object()
        {
            let target = variant["$ref"]
                .as_str()
                .and_then(|p| self.root.pointer(&p[1..]));
            let listed = &target.unwrap_or(variant)["properties"][property]["enum"];
            if listed.is_array() {
                value[property] = listed[0].clone();
                return;
            }
            value[property] = json!(tag_of(union, variant));
        }
    }

    fn plain(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let kind = schema["type"].as_str().unwrap_or_else(|| {
            if schema["properties"].is_object() || schema["additionalProperties"].is_object() {
                "object"
            } else if schema["items"].is_object() {
                "array"
            } else {
                ""
            }
        });
        match kind {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, depth),
            "string" => Some(Value::String(self.text(schema))),
            "integer" => Some(self.integer(schema)),
            "number" => Some(self.number(schema)),
            "boolean" => Some(Value::Bool(self.rng.bool())),
            _ => Some(self.anything()),
        }
    }

    fn anything(&mut self) -> Value {
        match self.rng.u8(..5) {
            0 => Value::Bool(self.rng.bool()),
            1 => json!(self.rng.i32(..)),
            2 => json!([self.word(), 1.5, null]),
            3 => json!({"a": {"b": [self.word()]}, "$c": null}),
            _ => json!(self.word()),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let mut made = Map::new();
        let required = schema["required"].as_array();
        let properties = schema["properties"].as_object();
        for (name, property) in properties.into_iter().flatten() {
            let needed = required.is_some_and(|names| names.iter().any(|n| means(n, name)));
            if !needed && (depth > DEEP || self.rng.u8(..4) == 0) {
                continue;
            }
            match self.value(property, depth + 1) {
                Some(value) => drop(made.insert(name.clone(), value)),
                None if needed => return None,
                None => {}
            }
        }
        // What is required but not described may be anything.
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            let described =
                properties.is_some_and(|all| all.keys().any(|key| means(&json!(name), key)));
            if !described && properties.is_some() {
                made.insert(name.to_owned(), self.anything());
            }
        }
        let free =
            properties.is_none_or(Map::is_empty) && schema.get("additionalProperties").is_none();
        let rest = match &schema["additionalProperties"] {
            Value::Object(rest) => Some(Value::Object(rest.clone())),
            Value::Bool(true) => Some(json!({})),
            _ if free => Some(json!({})),
            _ => None,
        };
        if let Some(rest) = rest
            && depth <= DEEP
        {
            for index in 0..self.rng.u8(..3) {
                let name = format!("more {index}/{}", self.word());
                if let Some(value) = self.value(&rest, depth + 1) {
                    made.insert(name, value);
                }
            }
        }
        Some(Value::Object(made))
    }

    fn array(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let least = schema["minItems"].as_u64().unwrap_or(0).min(50);
        let most = schema["maxItems"].as_u64().unwrap_or(least + 3).max(least);
        let most = if depth > DEEP {
            least
        } else {
            most.min(least + 3)
        };
        let items = schema.get("items").cloned().unwrap_or(json!({}));
        (0..self.rng.u64(least..=most))
            .map(|_| self.value(&items, depth + 1))
            .collect::<Option<Vec<_>>>()
            .map(Value::Array)
    }

    fn text(&mut self, schema: &Value) -> String {
        let rng = &mut self.rng;
        let (year, month, day) = (rng.u32(1970..2100), rng.u32(1..=12), rng.u32(1..=28));
        let (hour, minute, second) = (rng.u32(..24), rng.u32(..60), rng.u32(..60));
        let date = format!("{year:04}-{month:02}-{day:02}");
        let time = format!("{hour:02}:{minute:02}:{second:02}");
        let format = schema["format"]
            .as_str()
            .unwrap_or_default()
            .to_ascii_lowercase();
        match format.as_str() {
            "date-time" => {
                let ends = [
                    "Z",
                    "+02:00",
                    "-11:30",
                    "",
                    ".5Z",
                    ".1234567",
                    ".123456789Z",
                    ".250+05:45",
                ];
                format!("{date}T{time}{}", ends[rng.usize(..ends.len())])
            }
            "date" => date,
            "time" => time,
            "duration" => ["P1DT2H", "PT0.5S", "P3W", "-PT7M"][rng.usize(..4)].to_owned(),
            "date-span" | "time-span" | "timespan" => format!("{}.{time}.1234567", rng.u8(1..)),
            "uuid" | "guid" => format!(
                "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                rng.u32(..),
                rng.u16(..),
                rng.u16(..4096),
                rng.u16(..4096),
                rng.u64(..1 << 48)
            ),
            "byte" | "base64" => ["", "AA==", "aGVsbG8=", "+/+/"][rng.usize(..4)].to_owned(),
            "int64" | "int32" | "integer" => rng.i32(..).to_string(),
            "decimal" | "currency" => format!("{}.10", rng.i32(..)),
            "double" | "float" | "number" => format!("{}.5", rng.i32(1..)),
            "boolean" | "bool" => rng.bool().to_string(),
            "uri" => format!("https://example.com/{}?q=%20{}", rng.u16(..), rng.u16(..)),
            _ => self.free_text(schema),
        }
    }

    fn free_text(&mut self, schema: &Value) -> String {
        if let Some(text) = schema["pattern"]
            .as_str()
            .and_then(|pattern| self.matching(pattern))
        {
            return text;
        }
        let least = schema["minLength"].as_u64().unwrap_or(0).min(200) as usize;
        let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX) as usize;
        let mut text = self.word();
        while text.chars().count() < least {
            text.push('x');
        }
        text.chars().take(most).collect()
    }

    fn matching(&mut self, pattern: &str) -> Option<String> {
        let inner = pattern.strip_prefix('^').unwrap_or(pattern);
        let inner = inner.strip_suffix('$').unwrap_or(inner);
        let strategy = proptest::string::string_regex(inner).ok()?;
        let mut seed = [0; 32];
        self.rng.fill(&mut seed);
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        Some(strategy.new_tree(&mut runner).ok()?.current())
    }

    fn word(&mut self) -> String {
        const WORDS: [&str; 8] = [
            "",
            "plain",
            "two words",
            "ä€😀",
            "\"quoted\\",
            "line\nbreak",
            "null",
            "1e3",
        ];
        WORDS[self.rng.usize(..WORDS.len())].to_owned()
    }

    fn integer(&mut self, schema: &Value) -> Value {
        let (low, high) = match schema["format"].as_str() {
            Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
            Some("int8" | "sbyte") => (-128, 127),
            Some("int16" | "short") => (-32_768, 32_767),
            Some("uint8") => (0, 255),
            Some("uint16" | "ushort") => (0, 65_535),
            Some("uint32" | "uint") => (0, i64::from(u32::MAX)),
            Some("uint64" | "ulong" | "uint128") => (0, i64::MAX),
            _ => (i64::MIN, i64::MAX),
        };
        let low = schema["minimum"]
            .as_i64()
            .map_or(low, |least| least.max(low));
        let high = schema["maximum"]
            .as_i64()
            .map_or(high, |most| most.min(high))
            .max(low);
        json!(match self.rng.u8(..4) {
            0 => low,
            1 => high,
            2 => self.rng.i64(low..=high),
            _ => self.rng.i64(..1000).clamp(low, high),
        })
    }

    fn number(&mut self, schema: &Value) -> Value {
        if matches!(
            schema["format"].as_str(),
            Some("int32" | "int64" | "integer" | "long")
        ) {
            return self.integer(schema);
        }
        let low = schema["minimum"].as_f64().unwrap_or(-1e6);
        let high = schema["maximum"].as_f64().unwrap_or(1e6).max(low);
        let value = low + (high - low) * self.rng.f64();
        match self.rng.u8(..3) {
            0 => json!(value),
            1 => json!((value * 8.0).round() / 8.0),
            _ => json!(value.round() as i64),
        }
    }
}

/// The tag of a variant: what the mapping says, or its name.
fn tag_of(union: &Value, variant: &Value) -> String {
    let pointer = variant["$ref"].as_str().unwrap_or_default();
    let name = pointer
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .replace("~1", "/")
        .replace("~0", "~");
    let mapping = union["discriminator"]["mapping"].as_object();
    let mapped = mapping
        .into_iter()
        .flatten()
        .find(|(_, to)| *to == pointer || **to == json!(name));
    mapped.map_or(name, |(tag, _)| tag.clone())
}

fn without(schema: &Value, keywords: &[&str]) -> Value {
    let mut schema = schema.clone();
    if let Some(object) = schema.as_object_mut() {
        object.retain(|keyword, _| !keywords.contains(&keyword.as_str()));
    }
    schema
}
