//! Paths in generated code: short ones for what every file has in scope, and for the types
//! of the crate.

use quote::format_ident;
use syn::{PathSegment, visit_mut::VisitMut};

/// Short paths for what every file has in scope, and for the types of the crate.
pub struct Paths {
    /// The module through which types are named.
    pub scope: Option<&'static str>,
}

impl VisitMut for Paths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        syn::visit_mut::visit_path_mut(self, path);
        // Most paths are short already.
        if path.leading_colon.is_none() && path.segments[0].ident != "crate" {
            return;
        }
        let named = |at: usize, name: &str| path.segments.get(at).is_some_and(|s| s.ident == name);
        let absolute = path.leading_colon.is_some();
        let known = [
            ("option", "Option"),
            ("vec", "Vec"),
            ("string", "String"),
            ("boxed", "Box"),
            ("result", "Result"),
        ];
        let skip = match path.segments.len() {
            3 if absolute
                && named(0, "std")
                && known
                    .iter()
                    .any(|(module, last)| named(1, module) && named(2, last)) =>
            {
                2
            }
            3 if named(0, "crate") && named(1, "types") => 2,
            2 if absolute && named(0, "types") => 1,
            // Integers of 128 bits have a path only so that their format can name one.
            2 if absolute
                && named(0, "sixclicks_core")
                && (named(1, "i128") || named(1, "u128")) =>
            {
                1
            }
            _ => {
                if absolute && LIBRARIES.iter().any(|library| named(0, library)) {
                    path.leading_colon = None;
                }
                return;
            }
        };
        let types = path.segments.iter().any(|segment| segment.ident == "types");
        let scope = self
            .scope
            .filter(|_| types)
            .map(|scope| format_ident!("{scope}"));
        let rest = std::mem::take(&mut path.segments).into_iter().skip(skip);
        path.leading_colon = None;
        path.segments = scope
            .map(PathSegment::from)
            .into_iter()
            .chain(rest)
            .collect();
    }
}

/// Crates that generated files name without a leading `::`.
const LIBRARIES: [&str; 4] = ["serde_json", "sixclicks_core", "std", "uuid"];
