//! Comparing types: structs with their fields, and enums with their variants.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Action, Change,
    Verdict::{Breaking, Compatible},
    change, only, plain,
};
use crate::surface::{Field, Surface, Type, Variant};

/// Adds what changed of the types.
pub fn compare(old: &Surface, new: &Surface, changes: &mut Vec<Change>) {
    let added = || {
        new.types
            .iter()
            .filter(|(name, _)| !old.types.contains_key(*name))
    };
    let mut found = BTreeSet::new();
    for (name, was) in &old.types {
        if let Some(now) = new.types.get(name) {
            type_changes(name, was, now, changes);
            continue;
        }
        let same = only(added(), |other, now| {
            was == now || plain(name) == plain(other)
        });
        match same.filter(|other| holds_something(was) && found.insert((*other).clone())) {
            Some(other) => {
                let why = format!("it is called `{other}` now");
                changes.push(change(Action::Renamed, "type", name, Breaking, why));
                type_changes(other, was, &new.types[other], changes);
            }
            None => {
                let why = "nothing refers to it any more, or it is not described";
                changes.push(change(Action::Removed, "type", name, Breaking, why));
            }
        }
    }
    for (name, _) in added().filter(|(name, _)| !found.contains(*name)) {
        changes.push(change(
            Action::Added,
            "type",
            name,
            Compatible,
            "a new type",
        ));
    }
}

/// Whether there is enough in a type to know it again.
fn holds_something(kind: &Type) -> bool {
    match kind {
        Type::Struct { fields, .. } => !fields.is_empty(),
        Type::Enum { variants, .. } => variants.len() > 1,
    }
}

fn type_changes(name: &str, old: &Type, new: &Type, changes: &mut Vec<Change>) {
    match (old, new) {
        (
            Type::Struct {
                fields: old,
                traits: had,
                ..
            },
            Type::Struct {
                fields: new,
                traits: has,
                sent,
            },
        ) => {
            fields(name, old, new, *sent, changes);
            for lost in had.iter().filter(|own| !has.contains(own)) {
                let why = format!("it is no longer `{lost}`");
                changes.push(change(Action::Changed, "type", name, Breaking, why));
            }
        }
        (
            Type::Enum {
                form: was,
                tag: old_tag,
                variants: old,
            },
            Type::Enum {
                form,
                tag: new_tag,
                variants: new,
            },
        ) => {
            if was != form {
                let why = format!("it was made by `{was}` and is made by `{form}`");
                let unions = was.ends_with("union") && form.ends_with("union");
                let verdict = if unions { Compatible } else { Breaking };
                changes.push(change(Action::Changed, "type", name, verdict, why));
            } else if old_tag != new_tag {
                let shown = |tag: &Option<String>| tag.clone().unwrap_or_default();
                let why = format!(
                    "`{}` tells its variants apart on the wire, and was `{}`; its names in Rust are the same",
                    shown(new_tag),
                    shown(old_tag)
                );
                changes.push(change(Action::Changed, "type", name, Compatible, why));
            }
            variants(name, old, new, form, changes);
        }
        _ => {
            let why = "a struct became an enum, or an enum a struct";
            changes.push(change(Action::Changed, "type", name, Breaking, why));
        }
    }
}

type Fields = BTreeMap<String, Field>;

fn fields(owner: &str, old: &Fields, new: &Fields, sent: bool, changes: &mut Vec<Change>) {
    let added = || new.iter().filter(|(name, _)| !old.contains_key(*name));
    let full = |name: &str| format!("{owner}::{name}");
    let mut found = BTreeSet::new();
    for (name, was) in old {
        if let Some(now) = new.get(name) {
            field(&full(name), was, now, sent, changes);
            continue;
        }
        let same = only(added(), |_, other| plain(&other.wire) == plain(&was.wire));
        match same.filter(|_| !was.wire.is_empty()) {
            Some(other) => {
                found.insert(other);
                let why = format!("it is called `{other}` now");
                changes.push(change(Action::Renamed, "field", full(name), Breaking, why));
                field(&full(other), was, &new[other], sent, changes);
            }
            None => {
                let why = "code that reads or sets it no longer compiles";
                changes.push(change(Action::Removed, "field", full(name), Breaking, why));
            }
        }
    }
    for (name, now) in added().filter(|(name, _)| !found.contains(name)) {
        let (verdict, why) = match (now.required, sent) {
            (true, true) => (
                Breaking,
                "required: what is sent cannot be built without it",
            ),
            (true, false) => (Compatible, "only answered; the struct is non-exhaustive"),
            (false, _) => (Compatible, "optional; the struct is non-exhaustive"),
        };
        changes.push(change(Action::Added, "field", full(name), verdict, why));
    }
}

fn field(name: &str, old: &Field, new: &Field, sent: bool, changes: &mut Vec<Change>) {
    if old.rust != new.rust {
        let why = format!("is `{}` and was `{}`", new.rust, old.rust);
        changes.push(change(Action::Changed, "field", name, Breaking, why));
    } else if !old.required && new.required {
        let (verdict, why) = if sent {
            (
                Breaking,
                "required now: what is sent cannot be built without it",
            )
        } else {
            (Compatible, "required now, but only answered")
        };
        changes.push(change(Action::Changed, "field", name, verdict, why));
    } else if old.required && !new.required {
        let why = "need not be given any more; its type is the same";
        changes.push(change(Action::Changed, "field", name, Compatible, why));
    }
    if old.wire != new.wire {
        let why = format!(
            "`{}` on the wire, and was `{}`; its name in Rust is the same",
            new.wire, old.wire
        );
        changes.push(change(Action::Changed, "field", name, Compatible, why));
    }
    if !old.deprecated && new.deprecated {
        changes.push(change(
            Action::Deprecated,
            "field",
            name,
            Compatible,
            "said in its documentation",
        ));
    }
}

fn variants(owner: &str, old: &[Variant], new: &[Variant], form: &str, changes: &mut Vec<Change>) {
    let full = |name: &str| format!("{owner}::{name}");
    let find = |list: &[Variant], name: &str| list.iter().find(|v| v.name == name).cloned();
    for was in old {
        let Some(now) = find(new, &was.name) else {
            let same = new.iter().find(|other| {
                other.wire.is_some() && other.wire == was.wire && find(old, &other.name).is_none()
            });
            changes.push(match same {
                Some(other) => {
                    let why = format!("it is called `{}` now", other.name);
                    change(Action::Renamed, "variant", full(&was.name), Breaking, why)
                }
                None => {
                    let why = "code that names it no longer compiles";
                    change(Action::Removed, "variant", full(&was.name), Breaking, why)
                }
            });
            continue;
        };
        if was.holds != now.holds {
            let shown =
                |held: &Option<String>| held.clone().unwrap_or_else(|| "nothing".to_owned());
            let why = format!(
                "holds `{}` and held `{}`",
                shown(&now.holds),
                shown(&was.holds)
            );
            changes.push(change(
                Action::Changed,
                "variant",
                full(&was.name),
                Breaking,
                why,
            ));
        }
        if was.wire != now.wire {
            let why = "another value on the wire; its name in Rust is the same";
            changes.push(change(
                Action::Changed,
                "variant",
                full(&was.name),
                Compatible,
                why,
            ));
        }
    }
    for now in new.iter().filter(|now| find(old, &now.name).is_none()) {
        let renamed = old.iter().any(|was| {
            was.wire.is_some() && was.wire == now.wire && find(new, &was.name).is_none()
        });
        if !renamed {
            let why = "the enum is non-exhaustive";
            changes.push(change(
                Action::Added,
                "variant",
                full(&now.name),
                Compatible,
                why,
            ));
        }
    }
    let order = |own: &[Variant], other: &[Variant]| -> Vec<String> {
        own.iter()
            .filter(|v| find(other, &v.name).is_some())
            .map(|v| v.name.clone())
            .collect()
    };
    if order(old, new) == order(new, old) {
        return;
    }
    if form.ends_with("_enum") {
        let why = "its values are in another order, and `Ord` follows it";
        changes.push(change(Action::Changed, "type", owner, Breaking, why));
    } else if form == "untagged_union" {
        let why =
            "its variants are tried in another order: of two that fit equally, the first is read";
        changes.push(change(Action::Changed, "type", owner, Compatible, why));
    }
}
