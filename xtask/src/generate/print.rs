//! Code as text, as a person would lay it out.

use proc_macro2::TokenStream;
use syn::{File, Item, parse_quote, visit_mut::VisitMut};

use super::{GenerateError, paths::Paths};

/// The types file: types name each other without the module that they are in.
pub fn print_types(mut items: Vec<Item>) -> String {
    for item in &mut items {
        let scope = match item {
            Item::Mod(item) if item.ident == "builder" => Some("super"),
            _ => None,
        };
        Paths { scope }.visit_item_mut(item);
    }
    print(items).replace("\"::std::option::Option::is_none\"", "\"Option::is_none\"")
}

/// Items as a file.
pub fn print(items: Vec<Item>) -> String {
    let mut file: File = parse_quote!();
    file.items = items;
    tidy(prettyplease::unparse(&file))
}

/// Tokens as a file.
///
/// # Errors
///
/// When they are no Rust.
pub fn unparse(tokens: TokenStream) -> Result<String, GenerateError> {
    let file = syn::parse2(tokens).map_err(|error| GenerateError::Code(error.to_string()))?;
    Ok(tidy(prettyplease::unparse(&file)))
}

/// A blank line between items.
fn tidy(text: String) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 40);
    let mut closed = false;
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if closed && indent <= 4 && !line.trim_start().starts_with('}') {
            out.push('\n');
        }
        out += line;
        out.push('\n');
        closed = indent <= 4 && line.trim_start() == "}";
    }
    out
}

/// A type in one line, as a person would write it.
pub fn one_line(tokens: &TokenStream) -> String {
    let mut file: File = parse_quote!(type T = #tokens;);
    Paths { scope: None }.visit_file_mut(&mut file);
    let text = prettyplease::unparse(&file);
    let text: String = text.lines().map(str::trim).collect();
    text.trim_start_matches("type T =")
        .trim_end_matches(';')
        .trim()
        .replace(",>", ">")
        .to_owned()
}
