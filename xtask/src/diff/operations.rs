//! Comparing methods: what they are called, what they take, and what they answer.

use std::collections::BTreeSet;

use super::{
    Action, Change,
    Verdict::{Breaking, Compatible},
    change, only, plain,
};
use crate::surface::{Operation, Parameter, Surface};

/// Adds what changed of the operations.
pub fn compare(old: &Surface, new: &Surface, changes: &mut Vec<Change>) {
    let added = || {
        new.operations
            .iter()
            .filter(|(name, _)| !old.operations.contains_key(*name))
    };
    let mut found = BTreeSet::new();
    for (name, operation) in &old.operations {
        if let Some(now) = new.operations.get(name) {
            operation_changes(name, operation, now, changes);
            continue;
        }
        let key = route(&operation.route);
        match only(added(), |_, other| route(&other.route) == key) {
            Some(other) => {
                found.insert(other);
                let why = format!("now `{other}`, for `{}`", operation.route);
                changes.push(change(Action::Renamed, "operation", name, Breaking, why));
                operation_changes(other, operation, &new.operations[other], changes);
            }
            None => {
                let why = format!("`{}` is gone, and its method with it", operation.route);
                changes.push(change(Action::Removed, "operation", name, Breaking, why));
            }
        }
    }
    for (name, operation) in added().filter(|(name, _)| !found.contains(name)) {
        let why = format!("`{}`, a new method", operation.route);
        changes.push(change(Action::Added, "operation", name, Compatible, why));
    }
}

/// A route without the names of its parameters.
fn route(route: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in route.split('#').next().unwrap_or_default().chars() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        out.extend(c.to_lowercase());
    }
    out
}

fn operation_changes(name: &str, old: &Operation, new: &Operation, changes: &mut Vec<Change>) {
    if !old.deprecated && new.deprecated {
        let why = "the compiler warns where it is called";
        changes.push(change(
            Action::Deprecated,
            "operation",
            name,
            Compatible,
            why,
        ));
    }
    if old.deprecated && !new.deprecated {
        let why = "no longer deprecated";
        changes.push(change(Action::Changed, "operation", name, Compatible, why));
    }
    if old.route != new.route {
        let why = format!(
            "`{}` is now `{}`; the method is the same",
            old.route, new.route
        );
        changes.push(change(Action::Changed, "operation", name, Compatible, why));
    }
    parameters(name, old, new, changes);
    for (what, old, new) in [
        ("answer", &old.answer, &new.answer),
        ("error", &old.error, &new.error),
    ] {
        if old != new {
            let why = format!("the type of its {what} is `{new}` and was `{old}`");
            changes.push(change(Action::Changed, "response", name, Breaking, why));
        }
    }
    let same = old.answer == new.answer && old.error == new.error;
    for (status, kind) in &new.responses {
        match old.responses.get(status) {
            None => {
                let why = "documented now; a type that changes with it is listed by itself";
                let name = format!("{name}: {status}");
                changes.push(change(Action::Added, "response", name, Compatible, why));
            }
            Some(was) if was != kind && same => {
                let why = format!("{kind} instead of {was}; the method's types are the same");
                let name = format!("{name}: {status}");
                changes.push(change(Action::Changed, "response", name, Compatible, why));
            }
            Some(_) => {}
        }
    }
    for status in old
        .responses
        .keys()
        .filter(|status| !new.responses.contains_key(*status))
    {
        let why = "no longer documented; a type that changes with it is listed by itself";
        let name = format!("{name}: {status}");
        changes.push(change(Action::Removed, "response", name, Compatible, why));
    }
}

fn parameters(operation: &str, old: &Operation, new: &Operation, changes: &mut Vec<Change>) {
    let added = || {
        new.parameters
            .iter()
            .filter(|(name, _)| !old.parameters.contains_key(*name))
    };
    let full = |name: &str| format!("{operation}.{name}");
    let subject = |name: &str| if name == "body" { "body" } else { "parameter" };
    let mut found = BTreeSet::new();
    for (name, was) in &old.parameters {
        let now = match new.parameters.get(name) {
            Some(now) => now,
            None => {
                let key = (plain(&was.wire), position(old, was));
                let same = only(added(), |_, other| {
                    let other = (plain(&other.wire), position(new, other));
                    key.1.is_some() && key.1 == other.1 || key.0 == other.0
                });
                let Some(other) = same else {
                    let why = "there is no setter for it any more";
                    changes.push(change(
                        Action::Removed,
                        subject(name),
                        full(name),
                        Breaking,
                        why,
                    ));
                    continue;
                };
                found.insert(other);
                let why = format!("its setter is `{other}` now");
                changes.push(change(
                    Action::Renamed,
                    subject(name),
                    full(name),
                    Breaking,
                    why,
                ));
                &new.parameters[other]
            }
        };
        parameter(subject(name), &full(name), was, now, changes);
    }
    for (name, now) in added().filter(|(name, _)| !found.contains(name)) {
        let (verdict, why) = if now.required {
            (Breaking, "required: `send` fails until it is set")
        } else {
            (Compatible, "optional: it need not be set")
        };
        changes.push(change(
            Action::Added,
            subject(name),
            full(name),
            verdict,
            why,
        ));
    }
}

/// Where in its path a parameter stands.
fn position(operation: &Operation, parameter: &Parameter) -> Option<usize> {
    let wire = parameter.wire.strip_prefix("path ")?;
    operation
        .route
        .find(&format!("{{{wire}}}"))
        .map(|at| operation.route[..at].matches('{').count())
}

fn parameter(
    subject: &'static str,
    name: &str,
    old: &Parameter,
    new: &Parameter,
    changes: &mut Vec<Change>,
) {
    if old.rust != new.rust {
        let why = format!("takes `{}` and took `{}`", new.rust, old.rust);
        changes.push(change(Action::Changed, subject, name, Breaking, why));
    }
    match (old.required, new.required) {
        (false, true) => {
            let why = "required now: `send` fails until it is set";
            changes.push(change(Action::Changed, subject, name, Breaking, why));
        }
        (true, false) => {
            let why = "no longer required; its setter is the same";
            changes.push(change(Action::Changed, subject, name, Compatible, why));
        }
        _ => {}
    }
    if old.wire != new.wire && plain(&old.wire) != plain(&new.wire) {
        let why = format!(
            "sent as `{}` instead of `{}`; its setter is the same",
            new.wire, old.wire
        );
        changes.push(change(Action::Changed, subject, name, Compatible, why));
    }
}
