//! References to nowhere, and references that lead only to each other.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Problems;
use crate::upgrade::pointer::{Pointer, escape};
use crate::upgrade::walk::look;

/// Reports references without a target. What a reference may mean is decided by the upgrade, so the
/// upgraded document is asked first; without a reference left open there, there is none here.
pub fn check(document: &Value, upgraded: &Value, problems: &mut Problems) {
    let mut open: HashSet<String> = HashSet::new();
    look(upgraded, &mut |value, _, _| {
        if let Some(Value::String(target)) = value.get("$ref")
            && resolve(target, upgraded).is_none()
        {
            open.insert(target.clone());
        }
    });
    if !open.is_empty() {
        look(document, &mut |value, _, at| {
            let Some(target) = value.get("$ref").and_then(Value::as_str) else {
                return;
            };
            if open.contains(target) {
                let message = format!("{target} leads nowhere; define it or correct the reference");
                problems.add(at, "a reference points at something that exists", message);
            }
        });
    }
    cycles(upgraded, problems);
}

fn resolve<'a>(target: &str, document: &'a Value) -> Option<&'a Value> {
    Pointer::parse(target.strip_prefix('#')?)?.get(document)
}

/// Components that are nothing but a reference, each leading to the next and back again.
fn cycles(document: &Value, problems: &mut Problems) {
    let Some(Value::Object(components)) = document.get("components") else {
        return;
    };
    for (section, held) in components {
        let alias = |value: &Value| {
            let prefix = format!("#/components/{section}/");
            let target = value.get("$ref")?.as_str()?;
            target.starts_with(&prefix).then(|| target.to_owned())
        };
        let aliases: HashMap<String, String> = held
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| {
                Some((
                    format!("#/components/{section}/{}", escape(name)),
                    alias(value)?,
                ))
            })
            .collect();
        let mut done: HashSet<&str> = HashSet::new();
        let mut starts: Vec<&String> = aliases.keys().collect();
        starts.sort();
        for start in starts {
            let mut on_way: HashSet<&str> = HashSet::new();
            let mut next = start.as_str();
            while let Some(target) = aliases.get(next).filter(|_| !done.contains(next)) {
                if !on_way.insert(next) {
                    let at = Pointer::parse(&next[1..]).unwrap_or_default();
                    let message =
                        format!("{next} refers to itself, through nothing but references");
                    problems.add(&at, "a reference leads to something", message);
                    break;
                }
                next = target;
            }
            done.extend(on_way);
        }
    }
}
