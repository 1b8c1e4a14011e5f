//! Finds, names and copies what references lead to.
use super::{Bundler, Target, Visit, display, files::Location};
use crate::read::{ReadError, grammar::Place, parsed, pointer, texts};
use serde_json::Value;

impl Bundler<'_, '_> {
    /// Where `reference` leads, if that is in another file or written in one; nothing for the
    /// document's references to itself.
    pub(super) fn locate(
        &mut self,
        reference: &str,
        visit: &Visit,
    ) -> Result<Option<(Location, String)>, ReadError> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if file.is_empty() && &visit.location == self.files.home() {
            return Ok(None);
        }
        let refuse =
            |(problem, hint): (String, &'static str)| visit.error(reference, problem, hint);
        let location = self.files.locate(&visit.location, file).map_err(refuse)?;
        let value = self.files.load(&location).map_err(|error| match error {
            ReadError::Missing { .. } | ReadError::Status { status: 404, .. } => {
                let problem = "leads to a file that does not exist".to_owned();
                visit.error(
                    reference,
                    problem,
                    "put the file there, or correct the reference",
                )
            }
            other => visit.error(
                reference,
                format!(
                    "leads to a file that cannot be read: {}",
                    first_line(&other)
                ),
                "correct that file, or the reference",
            ),
        })?;
        match pointer::resolve(&value.value, &value.anchors, fragment) {
            Some(pointer) => Ok(Some((location, pointer))),
            None => {
                let problem = format!(
                    "leads nowhere: {} has nothing at `{fragment}`",
                    location.origin()
                );
                Err(visit.error(
                    reference,
                    problem,
                    "correct the reference, or add what it names",
                ))
            }
        }
    }

    /// Promises `target` a component, and gives its name.
    pub(super) fn add(&mut self, target: Target) -> String {
        let name = self
            .names
            .choose(target.kind, &target.location, &target.pointer);
        self.targets.insert(target.clone(), name.clone());
        self.waiting.push_back((target, name.clone()));
        name
    }

    /// A copy of `target`, its own references resolved.
    pub(super) fn import(&mut self, target: &Target) -> Result<Value, ReadError> {
        let place = Place::Object(target.kind);
        let mut value = self.copy(&target.location, &target.pointer, place)?;
        let mut visit = Visit {
            location: target.location.clone(),
            origin: target.location.origin(),
            pointer: target.pointer.clone(),
            inlined: 0,
        };
        self.walk(&mut value, place, &mut visit)?;
        Ok(value)
    }

    /// A copy of what is at `location`, its references as they are.
    pub(super) fn copy(
        &mut self,
        location: &Location,
        at: &str,
        place: Place,
    ) -> Result<Value, ReadError> {
        let parsed = self.files.load(location)?;
        let found = parsed.value.pointer(at).unwrap_or(&Value::Null);
        let cost = parsed::cost(found);
        let budget = if self.copied.insert((location.clone(), at.to_owned())) {
            &mut self.first_copies
        } else {
            &mut self.more_copies
        };
        if cost > *budget {
            return Err(ReadError::Reference {
                origin: location.origin(),
                pointer: display(at),
                target: format!("{}#{at}", location.origin()),
                problem: "brings in too much, counting every place that refers to it".to_owned(),
                hint: "refer to the parts by schemas instead of whole maps and path items",
            });
        }
        *budget -= cost;
        let mut value = found.clone();
        texts::restore(&mut value, place, at, &parsed.texts);
        Ok(value)
    }
}

fn first_line(error: &ReadError) -> String {
    error
        .to_string()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}
