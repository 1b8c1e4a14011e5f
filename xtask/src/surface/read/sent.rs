//! Which types are sent, and not only answered: those that a parameter or body holds.

use std::collections::HashSet;

use super::super::{Surface, Type};

/// Marks the types that requests hold.
pub fn mark(surface: &mut Surface) {
    let mut open: Vec<String> = surface
        .operations
        .values()
        .flat_map(|operation| operation.parameters.values())
        .flat_map(|parameter| words(&parameter.rust))
        .collect();
    let mut seen = HashSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        match surface.types.get_mut(&name) {
            Some(Type::Struct { fields, sent, .. }) => {
                *sent = true;
                open.extend(fields.values().flat_map(|field| words(&field.rust)));
            }
            Some(Type::Enum { variants, .. }) => {
                open.extend(
                    variants
                        .iter()
                        .filter_map(|v| v.holds.as_ref())
                        .flat_map(|h| words(h)),
                );
            }
            None => {}
        }
    }
}

/// The names in a type.
fn words(rust: &str) -> Vec<String> {
    rust.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
