//! Checks that every reference of a complete document leads somewhere.
use super::display;
use crate::read::{
    Origin, ReadError,
    grammar::{Kind, Place},
    pointer,
};
use serde_json::Value;

/// How many references may lead to references, one after the other.
const MAX_STEPS: usize = 100;

/// References to correct: the pointer of each, and what it should be.
type Corrections = Vec<(String, String)>;

/// Checks all references of `document`, and its depth. References with percent encoding, with an
/// anchor get the plain form.
pub(super) fn check(
    document: &mut Value,
    origin: &Origin,
    max_depth: usize,
    notes: &mut Vec<String>,
) -> Result<(), ReadError> {
    let mut check = Check {
        document,
        origin,
        max_depth,
        corrections: Vec::new(),
    };
    check.walk(
        document,
        Place::Object(Kind::Document),
        &mut String::new(),
        0,
    )?;
    let corrections = check.corrections;
    if let Some((first, _)) = corrections.first() {
        let count = corrections.len();
        notes.push(format!("{count} references with escapes or anchors are read as plain pointers, the first at {first}"));
    }
    for (pointer, reference) in corrections {
        if let Some(value) = document.pointer_mut(&pointer) {
            *value = Value::String(reference);
        }
    }
    Ok(())
}

/// The pointer that `reference`, one to the document itself, means.
fn resolve(document: &Value, reference: &str) -> Option<String> {
    pointer::resolve(document, reference.strip_prefix('#')?)
}

struct Check<'a> {
    document: &'a Value,
    origin: &'a Origin,
    max_depth: usize,
    corrections: Corrections,
}

impl Check<'_> {
    fn walk(
        &mut self,
        value: &Value,
        place: Place,
        pointer: &mut String,
        depth: usize,
    ) -> Result<(), ReadError> {
        if depth > self.max_depth {
            let (origin, limit) = (self.origin.clone(), self.max_depth);
            return Err(ReadError::TooDeep {
                origin,
                line: 0,
                column: 0,
                limit,
            });
        }
        if matches!(place, Place::Data | Place::Mapping) {
            return Ok(());
        }
        let length = pointer.len();
        match value {
            Value::Object(object) => {
                if let Some(reference) = super::reference(object, place) {
                    self.reference(reference, pointer)?;
                }
                for (key, child) in object {
                    pointer::push(pointer, key);
                    self.walk(child, place.child(key), pointer, depth + 1)?;
                    pointer.truncate(length);
                }
            }
            Value::Array(array) => {
                for (index, child) in array.iter().enumerate() {
                    pointer::push(pointer, &index.to_string());
                    self.walk(child, place.element(), pointer, depth + 1)?;
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn reference(&mut self, reference: &str, pointer: &str) -> Result<(), ReadError> {
        let wrong = |problem: &str, hint| ReadError::Reference {
            origin: self.origin.clone(),
            pointer: display(pointer),
            target: reference.to_owned(),
            problem: problem.to_owned(),
            hint,
        };
        let found = resolve(self.document, reference).ok_or_else(|| {
            let problem = "leads nowhere: the document has nothing there";
            wrong(problem, "correct the reference, or add what it names")
        })?;
        let mut end = found.clone();
        for step in 0.. {
            let next = self.document.pointer(&end).and_then(super::only_reference);
            match next.and_then(|next| resolve(self.document, next)) {
                Some(_) if step == MAX_STEPS => {
                    let problem = "leads back to itself and never to a definition";
                    return Err(wrong(
                        problem,
                        "write the definition at one of these places",
                    ));
                }
                Some(next) => end = next,
                None => break,
            }
        }
        if Some(found.as_str()) != reference.strip_prefix('#') {
            self.corrections
                .push((format!("{pointer}/$ref"), format!("#{found}")));
        }
        Ok(())
    }
}
