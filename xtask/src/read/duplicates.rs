//! Duplicate keys. JSON and YAML parsers keep the last value; a document that describes a path, a
//! schema or an operation twice would lose one of them. Maps are merged; where two values differ,
//! the last one is used and the other is a loss.
use super::{
    Note,
    grammar::{Kind, Place},
    parsed::MAX_NOTES,
    pointer,
};
use serde_json::Value;

/// Merges `new`, the value of a key that an object has with the value `old` already. `pointer` is
/// the place of both.
pub(super) fn merge(
    old: Value,
    new: Value,
    pointer: &str,
    line: Option<usize>,
    notes: &mut Vec<Note>,
) -> Value {
    let mut merge = Merge {
        pointer: pointer.to_owned(),
        line,
        notes,
    };
    merge.values(old, new, role(pointer))
}

/// What the value at a place is to a document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Something of the grammar.
    Part(Place),
    /// Text and examples that no request or type depends on.
    Documentation,
}

impl Role {
    fn child(self, key: &str) -> Self {
        let Self::Part(place) = self else {
            return self;
        };
        match (place, key) {
            (Place::Object(_), "description" | "summary" | "title" | "$comment") => {
                Self::Documentation
            }
            (Place::Object(_), "example" | "examples" | "externalDocs") => Self::Documentation,
            (Place::Object(_) | Place::Patterned(_), key) if key.starts_with("x-") => {
                Self::Documentation
            }
            _ => Self::Part(place.child(key)),
        }
    }

    /// Whether the members of two objects here are those of one object: this is a map, or an
    /// object that does nothing but hold such parts.
    fn holds_members(self) -> bool {
        matches!(
            self,
            Self::Part(
                Place::Map(_)
                    | Place::Patterned(_)
                    | Place::TextMap
                    | Place::Mapping
                    | Place::Object(Kind::Document | Kind::Components | Kind::PathItem)
            )
        )
    }
}

/// The role of the value at `pointer`.
fn role(pointer: &str) -> Role {
    pointer
        .split('/')
        .skip(1)
        .fold(Role::Part(Place::Object(Kind::Document)), |role, token| {
            role.child(&pointer::unescape(token))
        })
}

struct Merge<'a> {
    pointer: String,
    line: Option<usize>,
    notes: &'a mut Vec<Note>,
}

impl Merge<'_> {
    fn values(&mut self, old: Value, new: Value, role: Role) -> Value {
        if old == new {
            self.note("the values are equal", false);
            return new;
        }
        match (old, new) {
            (Value::Object(mut old), Value::Object(new)) if role.holds_members() => {
                self.note("the members of both values are kept", false);
                for (key, value) in new {
                    let length = self.pointer.len();
                    pointer::push(&mut self.pointer, &key);
                    let value = match old.get_mut(&key).map(Value::take) {
                        Some(before) => self.values(before, value, role.child(&key)),
                        None => value,
                    };
                    self.pointer.truncate(length);
                    old.insert(key, value);
                }
                Value::Object(old)
            }
            (_, new) => {
                let lost = role != Role::Documentation;
                self.note("the last value is used", lost);
                new
            }
        }
    }

    /// A document that repeats thousands of keys does not need a note for each, but a loss must
    /// not hide behind them.
    fn note(&mut self, now: &str, lost: bool) {
        let alike = self.notes.iter().filter(|note| note.lost == lost).count();
        if alike >= MAX_NOTES {
            return;
        }
        let was = match self.line {
            Some(line) => format!("this key is a duplicate (line {line})"),
            None => "this key is a duplicate".to_owned(),
        };
        let note = if lost { Note::lost } else { Note::adapted };
        self.notes.push(note(&self.pointer, was, now));
    }
}
