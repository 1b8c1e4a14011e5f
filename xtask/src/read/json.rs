//! JSON to a value: depth checked before parsing, positions in errors, duplicate keys merged.
use super::{
    Note, Origin, Parsed, ReadError, duplicates,
    parsed::{self, MAX_VALUES},
    pointer::{self, Anchors},
};
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::{cell::RefCell, collections::HashMap, fmt};

/// Parses `text` as JSON. The caller's stack must hold `max_depth` levels of the parser.
pub(super) fn parse(origin: &Origin, text: &str, max_depth: usize) -> Result<Parsed, ReadError> {
    check_size(origin, text, max_depth)?;
    let notes = RefCell::new(Vec::new());
    let mut parser = serde_json::Deserializer::from_str(text);
    parser.disable_recursion_limit();
    let seed = Seed {
        path: None,
        notes: &notes,
    };
    let value = seed
        .deserialize(&mut parser)
        .and_then(|value| parser.end().map(|()| value));
    let value = value.map_err(|error| {
        let full = error.to_string();
        let message = full.split(" at line ").next().unwrap_or(&full).to_owned();
        let hint = if error.is_eof() {
            "the end is missing: download or export the document again"
        } else {
            "correct the document there, or export it again"
        };
        let (line, column) = (error.line(), error.column().max(1));
        ReadError::Syntax {
            origin: origin.clone(),
            format: "JSON",
            line,
            column,
            message,
            hint,
        }
    })?;
    Ok(Parsed {
        value,
        texts: HashMap::new(),
        notes: notes.into_inner(),
        anchors: Anchors::default(),
    })
}

/// Counts brackets and commas outside strings, so that neither depth nor number of values can cost
/// more than the text itself.
fn check_size(origin: &Origin, text: &str, limit: usize) -> Result<(), ReadError> {
    let (mut depth, mut values) = (0_usize, 1_usize);
    let (mut line, mut line_start) = (1_usize, 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => (line, line_start, escaped) = (line + 1, at + 1, false),
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => (depth, values) = (depth + 1, values + 1),
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if depth > limit || values > MAX_VALUES {
            let column = at - line_start + 1;
            if values > MAX_VALUES {
                return Err(parsed::too_many_values(origin, line, column));
            }
            return Err(ReadError::TooDeep {
                origin: origin.clone(),
                line,
                column,
                limit,
            });
        }
    }
    Ok(())
}

/// Where the parser stands: a list from the inside out, on the stack.
struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    token: &'a dyn fmt::Display,
}

impl Path<'_> {
    fn write(&self, pointer: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(pointer);
        }
        pointer::push(pointer, &self.token.to_string());
    }
}

/// Builds a [`Value`] as serde_json does, and merges the values of duplicate keys.
struct Seed<'a> {
    path: Option<&'a Path<'a>>,
    notes: &'a RefCell<Vec<Note>>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        loop {
            let index = array.len();
            let path = Path {
                parent: self.path,
                token: &index,
            };
            match access.next_element_seed(Seed {
                path: Some(&path),
                notes: self.notes,
            })? {
                Some(value) => array.push(value),
                None => return Ok(Value::Array(array)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let path = Path {
                parent: self.path,
                token: &key,
            };
            let seed = Seed {
                path: Some(&path),
                notes: self.notes,
            };
            let value = access.next_value_seed(seed)?;
            let value = match object.get_mut(&key).map(Value::take) {
                Some(before) => {
                    let mut pointer = String::new();
                    path.write(&mut pointer);
                    let mut notes = self.notes.borrow_mut();
                    duplicates::merge(before, value, &pointer, None, &mut notes)
                }
                None => value,
            };
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
