//! Brings what a document refers to in other files into the document itself.
//!
//! The target of a reference becomes a component of the kind that is expected where the reference
//! stands, under a readable name, and the reference leads there. Where there are no components of
//! that kind (path items, operations, whole maps), the target takes the reference's place. Examples,
//! defaults, enums and extensions are data: nothing in them is a reference.
mod files;
mod names;
mod targets;

pub(super) use files::Files;

use super::{
    MAX_DEPTH, Note, Origin, ReadError, ReadOptions,
    grammar::{Kind, Place},
    http::Client,
    origin, parsed, pointer,
};
use crate::references::settle;
use files::Location;
use names::Names;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet, VecDeque};
use url::Url;

/// What the first copies of all parts of other files may cost together, in rough bytes.
const FIRST_COPIES: usize = 1 << 30;
/// What all further copies of the same parts may cost together, in rough bytes.
const MORE_COPIES: usize = 32 << 20;
/// How many files may be put into each other before it is taken for a circle.
const MAX_INLINED: usize = 40;

/// Something in another file, and what it is used as.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Target {
    location: Location,
    pointer: String,
    kind: Kind,
}

/// `document` with all references to other files resolved.
pub(super) fn bundle(
    mut document: Value,
    origin: &Origin,
    files: &mut Files<'_>,
    notes: &mut Vec<Note>,
) -> Result<Value, ReadError> {
    let mut bundler = Bundler {
        names: Names::of(&document),
        files,
        targets: HashMap::new(),
        waiting: VecDeque::new(),
        copied: HashSet::new(),
        first_copies: FIRST_COPIES,
        more_copies: MORE_COPIES,
    };
    let home = bundler.files.home().clone();
    bundler.claim_names(&document, origin)?;
    let mut place = Visit {
        location: home,
        origin: origin.clone(),
        pointer: String::new(),
        inlined: 0,
    };
    bundler.walk(&mut document, Place::Object(Kind::Document), &mut place)?;
    while let Some((target, name)) = bundler.waiting.pop_front() {
        let value = bundler.import(&target)?;
        bundler
            .names
            .insert(&mut document, target.kind, name, value);
    }
    notes.extend(bundler.files.notes());
    if parsed::depth(&document) > MAX_DEPTH {
        return Err(ReadError::TooDeep {
            origin: origin.clone(),
            line: 0,
            column: 0,
            limit: MAX_DEPTH,
        });
    }
    Ok(document)
}

/// Checks that the document at `url` refers to no other file.
pub(super) fn check_alone(
    document: &Value,
    origin: &Origin,
    url: &Url,
    client: &Client,
    options: &ReadOptions,
) -> Result<(), ReadError> {
    let mut files = Files::of_url(url, client, options);
    let mut own = document.clone();
    settle(&mut own);
    bundle(own, origin, &mut files, &mut Vec::new())?;
    match files.others().next() {
        None => Ok(()),
        Some(other) => Err(ReadError::RefersToFiles {
            origin: origin.clone(),
            file: other.origin(),
        }),
    }
}

/// Where the walk is.
struct Visit {
    location: Location,
    origin: Origin,
    pointer: String,
    /// How many references were replaced by what they lead to on the way here.
    inlined: usize,
}

impl Visit {
    fn error(&self, target: &str, problem: String, hint: &'static str) -> ReadError {
        ReadError::Reference {
            origin: self.origin.clone(),
            pointer: display(&self.pointer),
            target: origin::shown(target),
            problem,
            hint,
        }
    }
}

fn display(pointer: &str) -> String {
    if pointer.is_empty() {
        "/".to_owned()
    } else {
        pointer.to_owned()
    }
}

struct Bundler<'a, 'f> {
    files: &'a mut Files<'f>,
    names: Names,
    /// The component that each target has become, or will.
    targets: HashMap<Target, String>,
    /// Targets whose components are not made yet.
    waiting: VecDeque<(Target, String)>,
    /// What has been copied from other files.
    copied: HashSet<(Location, String)>,
    /// What is left of [`FIRST_COPIES`].
    first_copies: usize,
    /// What is left of [`MORE_COPIES`].
    more_copies: usize,
}

impl Bundler<'_, '_> {
    /// Lets targets keep the names that the document gives them: where a component is nothing but
    /// a reference to a file, that file's content is this component.
    fn claim_names(&mut self, document: &Value, origin: &Origin) -> Result<(), ReadError> {
        let home = self.files.home().clone();
        for &(kind, section) in self.names.sections() {
            let Some(map) = document.pointer(section).and_then(Value::as_object) else {
                continue;
            };
            for (name, value) in map {
                let Some(reference) = only_reference(value) else {
                    continue;
                };
                let mut pointer = String::from(section);
                pointer::push(&mut pointer, name);
                let visit = Visit {
                    location: home.clone(),
                    origin: origin.clone(),
                    pointer,
                    inlined: 0,
                };
                if let Some((location, pointer)) = self.locate(reference, &visit)? {
                    let target = Target {
                        location,
                        pointer,
                        kind,
                    };
                    self.targets.entry(target).or_insert_with(|| name.clone());
                }
            }
        }
        Ok(())
    }

    /// Resolves all references in `value`, which stands at `place` of the visited file.
    fn walk(
        &mut self,
        value: &mut Value,
        place: Place,
        visit: &mut Visit,
    ) -> Result<(), ReadError> {
        if matches!(
            place,
            Place::Data | Place::Text | Place::Texts | Place::TextMap
        ) {
            return Ok(());
        }
        let length = visit.pointer.len();
        match value {
            Value::Object(object) => {
                if let Some(reference) = reference(object, place) {
                    let reference = reference.to_owned();
                    if let Some((location, pointer)) = self.locate(&reference, visit)? {
                        return self.replace(value, place, (location, pointer), visit);
                    }
                }
                let Value::Object(object) = value else {
                    return Ok(());
                };
                for (key, child) in object.iter_mut() {
                    pointer::push(&mut visit.pointer, key);
                    match (place, child) {
                        (Place::Mapping, Value::String(text)) => self.mapped(text, visit)?,
                        (_, child) => self.walk(child, place.child(key), visit)?,
                    }
                    visit.pointer.truncate(length);
                }
            }
            Value::Array(array) => {
                for (index, child) in array.iter_mut().enumerate() {
                    pointer::push(&mut visit.pointer, &index.to_string());
                    self.walk(child, place.element(), visit)?;
                    visit.pointer.truncate(length);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Puts a local reference, or the target itself, in the place of a reference to `target`.
    fn replace(
        &mut self,
        value: &mut Value,
        place: Place,
        (location, at): (Location, String),
        visit: &mut Visit,
    ) -> Result<(), ReadError> {
        if let Place::Object(kind) = place
            && let Some(section) = self.names.section(kind)
        {
            let target = Target {
                location,
                pointer: at,
                kind,
            };
            let is_home = &target.location == self.files.home();
            if is_home {
                set_reference(value, format!("#{}", target.pointer));
                return Ok(());
            }
            // The component that has been promised this target's name is the target.
            let mut own = section.to_owned();
            let name = self.targets.get(&target).cloned();
            pointer::push(&mut own, name.as_deref().unwrap_or_default());
            if name.is_some() && own == visit.pointer && &visit.location == self.files.home() {
                *value = self.import(&target)?;
                return Ok(());
            }
            let name = match name {
                Some(name) => name,
                None => self.add(target),
            };
            let mut local = format!("#{section}");
            pointer::push(&mut local, &name);
            set_reference(value, local);
            return Ok(());
        }
        self.inline(value, place, (location, at), visit)
    }

    /// Puts what is at `location` in the place of a reference; members beside the reference stay
    /// and win.
    fn inline(
        &mut self,
        value: &mut Value,
        place: Place,
        (location, at): (Location, String),
        visit: &Visit,
    ) -> Result<(), ReadError> {
        let origin = location.origin();
        if visit.inlined >= MAX_INLINED {
            let target = format!("{origin}#{at}");
            let problem = "leads back to itself through other files".to_owned();
            return Err(visit.error(&target, problem, "break the circle with a named schema"));
        }
        let mut found = self.copy(&location, &at, place)?;
        let inlined = visit.inlined + 1;
        let mut inner = Visit {
            location,
            origin,
            pointer: at,
            inlined,
        };
        self.walk(&mut found, place, &mut inner)?;
        let Value::Object(object) = value else {
            return Ok(());
        };
        object.shift_remove("$ref");
        match found {
            Value::Object(mut found) if !object.is_empty() => {
                found.extend(std::mem::take(object));
                *value = Value::Object(found);
            }
            other => *value = other,
        }
        Ok(())
    }

    /// A value of a discriminator's mapping: a name, or a reference that may lead to a file.
    fn mapped(&mut self, text: &mut String, visit: &Visit) -> Result<(), ReadError> {
        let file = text.split('#').next().unwrap_or_default();
        let is_file = [".json", ".yaml", ".yml"]
            .iter()
            .any(|ending| file.ends_with(ending));
        if !is_file && !text.starts_with('#') {
            return Ok(());
        }
        if let Some(target) = self.locate(text, visit)? {
            let mut reference = Value::Object(Map::new());
            let place = Place::Object(Kind::Schema);
            let mut at = Visit {
                location: visit.location.clone(),
                origin: visit.origin.clone(),
                pointer: visit.pointer.clone(),
                inlined: visit.inlined,
            };
            self.replace(&mut reference, place, target, &mut at)?;
            if let Some(Value::String(local)) = reference.get_mut("$ref") {
                *text = std::mem::take(local);
            }
        }
        Ok(())
    }
}

/// The reference that `object` is, if `place` may have one.
fn reference(object: &Map<String, Value>, place: Place) -> Option<&str> {
    match place {
        // A map may itself be a reference to a file; an entry of a map named `$ref` is an object.
        Place::Object(_) | Place::Map(_) | Place::Patterned(_) | Place::List(_) => {
            object.get("$ref").and_then(Value::as_str)
        }
        _ => None,
    }
}

/// The reference that `value` is and nothing else.
fn only_reference(value: &Value) -> Option<&str> {
    let object = value.as_object()?;
    if object.len() == 1 {
        object.get("$ref")?.as_str()
    } else {
        None
    }
}

fn set_reference(value: &mut Value, reference: String) {
    if let Value::Object(object) = value {
        object.insert("$ref".to_owned(), Value::String(reference));
    }
}
