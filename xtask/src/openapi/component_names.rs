//! Names for what becomes a component.

use std::collections::HashSet;

use super::pointer::Pointer;

/// A name for what becomes a component, from where it stood.
pub fn name_for(at: &Pointer) -> String {
    const STRUCTURE: [&str; 18] = [
        "paths",
        "components",
        "schemas",
        "definitions",
        "responses",
        "parameters",
        "properties",
        "items",
        "content",
        "schema",
        "allOf",
        "anyOf",
        "oneOf",
        "additionalProperties",
        "$defs",
        "requestBodies",
        "requestBody",
        "headers",
    ];
    let tokens = at.tokens();
    if let [.., held, name] = tokens
        && ["$defs", "definitions"].contains(&held.as_str())
    {
        return name.clone();
    }
    let words = tokens
        .iter()
        .filter(|token| !STRUCTURE.contains(&token.as_str()));
    let words = words.filter(|token| !token.contains('/') || token.starts_with('/'));
    let name: String = words.map(|word| pascal(word)).collect();
    if name.is_empty() {
        "Shared".to_owned()
    } else {
        name
    }
}

fn pascal(word: &str) -> String {
    let parts = word
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty());
    parts
        .flat_map(|part| {
            let mut chars = part.chars();
            let first = chars.next().map(|c| c.to_uppercase().collect::<String>());
            first.into_iter().chain(std::iter::once(chars.collect()))
        })
        .collect()
}

/// The name itself when it is free, else with a free number behind it: the first, when the numbers
/// before it are taken without a gap. Found by bisection, since thousands may share a name.
pub fn unique(name: String, taken: &mut HashSet<String>) -> String {
    let numbered = |number: usize| format!("{name}{number}");
    let mut free = name.clone();
    if taken.contains(&free) {
        let (mut used, mut unused) = (1, 2);
        while taken.contains(&numbered(unused)) {
            (used, unused) = (unused, unused * 2);
        }
        while unused - used > 1 {
            let middle = used + (unused - used) / 2;
            if taken.contains(&numbered(middle)) {
                used = middle
            } else {
                unused = middle
            }
        }
        free = numbered(unused);
    }
    taken.insert(free.clone());
    free
}
