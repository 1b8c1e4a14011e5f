//! References to nowhere, and references that lead only to each other.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Problems;
use crate::upgrade::grammar::Kind;
use crate::upgrade::pointer::{Pointer, escape};
use crate::upgrade::upgrade;
use crate::upgrade::walk::{Phase, walk};

/// Reports references without a target. What a reference may mean is decided by the upgrade, so the
/// upgraded document is asked first; without a reference left open there, there is none here.
pub fn check(copy: &mut Value, document: &Value, problems: &mut Problems) {
    let Ok(mut upgraded) = upgrade(document.clone()) else {
        return;
    };
    let mut written = Vec::new();
    walk(
        &mut upgraded.value,
        Kind::Document,
        &mut Pointer::default(),
        &mut |value, _, at, phase| {
            if let (Phase::Enter, Some(Value::String(target))) = (phase, value.get("$ref")) {
                written.push((at.clone(), target.clone()));
            }
        },
    );
    let open: HashSet<String> = written
        .iter()
        .map(|(_, target)| target)
        .filter(|target| resolve(target, &upgraded.value).is_none())
        .cloned()
        .collect();
    if !open.is_empty() {
        walk(
            copy,
            Kind::Document,
            &mut Pointer::default(),
            &mut |value, _, at, phase| {
                let Some(target) = value.get("$ref").and_then(Value::as_str) else {
                    return;
                };
                if phase == Phase::Enter && open.contains(target) {
                    let message =
                        format!("{target} leads nowhere; define it or correct the reference");
                    problems.add(at, "a reference points at something that exists", message);
                }
            },
        );
    }
    cycles(&upgraded.value, problems);
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
