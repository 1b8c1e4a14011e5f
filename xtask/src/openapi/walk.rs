//! Walking a document by its grammar, so that a pass sees every schema, parameter or response once
//! and never mistakes data for one: to change it, or to look at it.

use serde_json::Value;

use super::grammar::{Child, Kind, child};
use super::pointer::Pointer;

/// When a visitor is called for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before what the value contains.
    Enter,
    /// After what the value contains.
    Leave,
}

/// What a walk calls: the value, what it is, where it stands, and when.
pub type Visit<'a> = dyn FnMut(&mut Value, Kind, &Pointer, Phase) + 'a;

/// Visits `value` and everything in it that the grammar knows. What a visitor puts into a value on
/// entering is walked as well.
pub fn walk(value: &mut Value, kind: Kind, at: &mut Pointer, visit: &mut Visit<'_>) {
    visit(value, kind, at, Phase::Enter);
    if let Value::Object(object) = value {
        for (key, held) in object.iter_mut() {
            let held_as = child(kind, key);
            if held_as == Child::Opaque {
                continue;
            }
            at.push(key);
            walk_child(held, held_as, at, visit);
            at.pop();
        }
    }
    visit(value, kind, at, Phase::Leave);
}

fn walk_child(held: &mut Value, held_as: Child, at: &mut Pointer, visit: &mut Visit<'_>) {
    match (held_as, held) {
        (Child::One(kind), held) => walk(held, kind, at, visit),
        (Child::Many(kind) | Child::Either(kind), Value::Array(list)) => {
            for (index, entry) in list.iter_mut().enumerate() {
                at.push_index(index);
                walk(entry, kind, at, visit);
                at.pop();
            }
        }
        (Child::Either(kind), held) => walk(held, kind, at, visit),
        (Child::Named(kind), Value::Object(map)) => {
            for (name, entry) in map.iter_mut() {
                at.push(name);
                walk(entry, kind, at, visit);
                at.pop();
            }
        }
        _ => {}
    }
}

/// What is called for everything that is looked at: the value, what it is, and where it stands.
pub type See<'a> = dyn FnMut(&Value, Kind, &Pointer) + 'a;

/// Looks at a document and everything in it that the grammar knows, what contains something before
/// what is in it.
pub fn look(document: &Value, see: &mut See<'_>) {
    look_at(document, Kind::Document, &mut Pointer::default(), see);
}

fn look_at(value: &Value, kind: Kind, at: &mut Pointer, see: &mut See<'_>) {
    see(value, kind, at);
    for (key, held) in value.as_object().into_iter().flatten() {
        let held_as = child(kind, key);
        if held_as == Child::Opaque {
            continue;
        }
        at.push(key);
        match (held_as, held) {
            (Child::One(kind), held) => look_at(held, kind, at, see),
            (Child::Many(kind) | Child::Either(kind), Value::Array(list)) => {
                for (index, entry) in list.iter().enumerate() {
                    at.push_index(index);
                    look_at(entry, kind, at, see);
                    at.pop();
                }
            }
            (Child::Either(kind), held) => look_at(held, kind, at, see),
            (Child::Named(kind), Value::Object(map)) => {
                for (name, entry) in map {
                    at.push(name);
                    look_at(entry, kind, at, see);
                    at.pop();
                }
            }
            _ => {}
        }
        at.pop();
    }
}
