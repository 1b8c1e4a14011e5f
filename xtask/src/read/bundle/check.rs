//! Checks that every reference of a complete document leads somewhere.
use super::{Names, display};
use crate::read::{
    Note, Origin, ReadError,
    grammar::{Kind, Place},
    pointer::{self, Anchors},
};
use serde_json::Value;

/// How many references may lead to references, one after the other.
const MAX_STEPS: usize = 100;

/// References to correct: the pointer of each, and what it should be.
type Corrections = Vec<(String, String)>;

/// Checks all references of `document`. References with percent encoding, with an anchor, or with
/// the path of another version get the plain form.
pub(in crate::read) fn check(
    document: &mut Value,
    origin: &Origin,
    notes: &mut Vec<Note>,
) -> Result<(), ReadError> {
    let mut check = Check {
        names: &Names::of(document),
        document,
        anchors: Anchors::default(),
        origin,
        corrections: Vec::new(),
    };
    check.walk(document, Place::Object(Kind::Document), &mut String::new())?;
    let corrections = check.corrections;
    if let Some((first, _)) = corrections.first() {
        let count = corrections.len();
        let was = format!(
            "{count} references with escapes, anchors or paths of another version, the first here"
        );
        notes.push(Note::adapted(first, was, "plain pointers"));
    }
    for (pointer, reference) in corrections {
        if let Some(value) = document.pointer_mut(&pointer) {
            *value = Value::String(reference);
        }
    }
    Ok(())
}

struct Check<'a> {
    names: &'a Names,
    document: &'a Value,
    anchors: Anchors,
    origin: &'a Origin,
    corrections: Corrections,
}

impl Check<'_> {
    /// The pointer that `reference`, one to the document itself, means.
    fn resolve(&self, reference: &str) -> Option<String> {
        pointer::resolve(self.document, &self.anchors, reference.strip_prefix('#')?)
    }

    fn walk(&mut self, value: &Value, place: Place, pointer: &mut String) -> Result<(), ReadError> {
        if matches!(place, Place::Data | Place::Mapping) {
            return Ok(());
        }
        let length = pointer.len();
        match value {
            Value::Object(object) => {
                if let Some(reference) = super::reference(object, place) {
                    self.reference(reference, place, pointer)?;
                }
                for (key, child) in object {
                    pointer::push(pointer, key);
                    self.walk(child, place.child(key), pointer)?;
                    pointer.truncate(length);
                }
            }
            Value::Array(array) => {
                for (index, child) in array.iter().enumerate() {
                    pointer::push(pointer, &index.to_string());
                    self.walk(child, place.element(), pointer)?;
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn reference(&mut self, reference: &str, place: Place, pointer: &str) -> Result<(), ReadError> {
        let wrong = |problem: &str, hint| ReadError::Reference {
            origin: self.origin.clone(),
            pointer: display(pointer),
            target: reference.to_owned(),
            problem: problem.to_owned(),
            hint,
        };
        let found = self
            .resolve(reference)
            .or_else(|| self.moved(reference, place));
        let found = found.ok_or_else(|| {
            let problem = "leads nowhere: the document has nothing there";
            wrong(problem, "correct the reference, or add what it names")
        })?;
        let mut passed = vec![found.clone()];
        while let Some(next) = self
            .document
            .pointer(&passed[passed.len() - 1])
            .and_then(super::only_reference)
            .and_then(|next| self.resolve(next))
        {
            if passed.contains(&next) {
                let problem = "leads back to itself and never to a definition";
                return Err(wrong(
                    problem,
                    "write the definition at one of these places",
                ));
            }
            if passed.len() > MAX_STEPS {
                let problem = format!("leads through more than {MAX_STEPS} other references");
                return Err(wrong(&problem, "refer to the definition itself"));
            }
            passed.push(next);
        }
        if Some(found.as_str()) != reference.strip_prefix('#') {
            self.corrections
                .push((format!("{pointer}/$ref"), format!("#{found}")));
        }
        Ok(())
    }

    /// The component that a reference means by its name, where its path is that of the other
    /// version: `#/definitions/Pet` in OpenAPI 3, `#/components/schemas/Pet` in Swagger 2.0.
    fn moved(&self, reference: &str, place: Place) -> Option<String> {
        let Place::Object(kind) = place else {
            return None;
        };
        let (path, name) = reference.strip_prefix("#/")?.rsplit_once('/')?;
        let known = path.starts_with("components/")
            || matches!(path, "definitions" | "parameters" | "responses");
        let pointer = format!("{}/{name}", self.names.section(kind).filter(|_| known)?);
        pointer::resolve(self.document, &self.anchors, &pointer)
    }
}
