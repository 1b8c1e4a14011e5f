//! Paths in generated code: short ones for what every file has in scope, and for the types
//! of the crate.

use quote::format_ident;
use syn::{parse_quote, visit_mut::VisitMut};

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
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let known = [
            ("option", "Option"),
            ("vec", "Vec"),
            ("string", "String"),
            ("boxed", "Box"),
            ("result", "Result"),
        ];
        let skip = match names.as_slice() {
            ["std", module, last]
                if known.contains(&(*module, *last)) && path.leading_colon.is_some() =>
            {
                2
            }
            ["crate", "types", _] => 2,
            ["types", _] if path.leading_colon.is_some() => 1,
            [name, ..] if path.leading_colon.is_some() && LIBRARIES.contains(name) => {
                path.leading_colon = None;
                return;
            }
            _ => return,
        };
        let types = names.contains(&"types");
        let rest = path.segments.iter().skip(skip).cloned().collect::<Vec<_>>();
        let scope = self
            .scope
            .filter(|_| types)
            .map(|scope| format_ident!("{scope}"));
        *path = match scope {
            Some(scope) => parse_quote!(#scope::#(#rest)::*),
            None => parse_quote!(#(#rest)::*),
        };
    }
}

/// Crates that generated files name without a leading `::`.
const LIBRARIES: [&str; 4] = ["serde_json", "sixclicks_core", "std", "uuid"];
