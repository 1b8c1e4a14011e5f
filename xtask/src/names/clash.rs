//! Clashes: one operation of each name keeps it, the others take words from their paths.

use std::collections::HashSet;

use super::{
    english,
    identifier::Kind,
    input::Operation,
    path::{self, Part},
    scene::Scene,
    words,
};

/// The methods in the order in which operations on the same path keep their names.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// What an operation's place among others is decided by: those that come first keep their names.
pub fn rank(operation: &Operation, yields: bool) -> (bool, usize, &str, usize, &str) {
    let method = METHODS
        .iter()
        .position(|method| *method == operation.method);
    (
        yields,
        path::segments(&operation.path).count(),
        &operation.path,
        method.unwrap_or(METHODS.len()),
        &operation.method,
    )
}

/// The first name that is not taken: the wanted one, or one with words of the path, of the method,
/// or with a number. Names are compared without regard to separators. The name is taken from then
/// on.
pub fn free(scene: &Scene<'_>, at: usize, wanted: &str, taken: &mut HashSet<String>) -> String {
    let others = candidates(scene, at, wanted);
    let mut names = std::iter::once(wanted.to_owned())
        .chain(others)
        .map(|name| Kind::Operation.identifier(&name));
    let first = names.find(|name| !taken.contains(&crate::ident::key(name)));
    let name = first.unwrap_or_else(|| Kind::Operation.identifier(wanted));
    crate::ident::unique(name, taken)
}

fn candidates(scene: &Scene<'_>, at: usize, wanted: &str) -> Vec<String> {
    let operation = scene.operation(at);
    let placed = scene.placed(at);
    let noun = words::split(wanted);
    let mut names = Vec::new();
    // The version of a name stays at its end.
    let mut base = noun.clone();
    let version = words::take_version(&mut base);
    let base = words::join(&base);
    let end = version.map_or(String::new(), |version| format!("_{version}"));
    if let Some(version) = &placed.version {
        names.push(format!("{base}_{version}"));
    }
    let keys: Vec<&String> = placed
        .parts
        .iter()
        .rev()
        .map_while(|part| match part {
            Part::Parameter(name) => Some(name),
            Part::Literal(_) => None,
        })
        .collect();
    for key in keys {
        names.push(format!(
            "{base}_by_{}{end}",
            key_words(key, &placed.group, &noun)
        ));
    }
    let pages = |name: &String| {
        let name = name.to_lowercase();
        let words = ["skip", "take", "page", "count", "limit", "offset"];
        words.iter().any(|word| name.contains(word))
    };
    if operation.reads() && operation.query.iter().any(pages) {
        names.push(format!("{base}_paged{end}"));
    }
    let literals: Vec<String> = placed
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Literal(words) => Some(words),
            Part::Parameter(_) => None,
        })
        .filter(|words| {
            !words
                .iter()
                .all(|word| noun.iter().any(|n| english::same(n, word)))
        })
        .filter(|words| !words::same(words, &placed.group))
        .map(|words| words::join(words))
        .collect();
    let verb = noun.first().is_some_and(|word| english::is_only_verb(word));
    let with = |literal: &str| match verb {
        true => format!("{base}_{literal}{end}"),
        false => format!("{literal}_{base}{end}"),
    };
    names.extend(literals.iter().rev().map(|literal| with(literal)));
    if literals.len() > 1 {
        names.push(with(&literals.join("_")));
    }
    let inner = placed.parts.iter().rev().find_map(|part| match part {
        Part::Parameter(name) => Some(name),
        Part::Literal(_) => None,
    });
    if let Some(inner) = inner {
        names.push(format!("{base}_for_{}{end}", key_words(inner, &[], &[])));
    }
    names.push(format!("{base}_{}{end}", operation.method.to_lowercase()));
    names
}

/// The words of a key without those of the group or the noun: `id` for `seriesId`.
fn key_words(key: &str, group: &[String], noun: &[String]) -> String {
    let words = words::split(key);
    for known in [group, noun] {
        if words.len() > known.len() && words::stands_at(&words, 0, known) {
            return words::join(&words[known.len()..]);
        }
    }
    match words.is_empty() {
        true => "key".to_owned(),
        false => words::join(&words),
    }
}
