//! Code as text, as a person would lay it out.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    File, GenericArgument, Item, Path, PathArguments, Type, parse_quote, visit_mut::VisitMut,
};

use super::{paths::Paths, syntax};

/// A file that is written item by item.
pub struct Printer {
    /// Holds the item that is being printed.
    page: File,
    text: String,
}

impl Default for Printer {
    fn default() -> Self {
        Self {
            page: parse_quote!(),
            text: String::new(),
        }
    }
}

impl Printer {
    /// Puts an item at the end of the file.
    pub fn print(&mut self, item: Item) {
        self.page.items.push(item);
        self.text += &prettyplease::unparse(&self.page);
        self.page.items.clear();
    }

    /// The file, with a blank line between items.
    pub fn finish(self) -> String {
        let mut out = String::with_capacity(self.text.len() + self.text.len() / 40);
        let mut closed = false;
        for line in self.text.lines() {
            let code = line.trim_start();
            let indent = line.len() - code.len();
            if closed && indent <= 4 && !code.starts_with('}') {
                out.push('\n');
            }
            out += line;
            out.push('\n');
            closed = indent <= 4 && code == "}";
        }
        out
    }
}

/// Tokens as a file.
///
/// # Errors
///
/// When they are no Rust.
pub fn print(tokens: TokenStream) -> syn::Result<String> {
    let mut printer = Printer::default();
    syntax::items(tokens, |item| {
        printer.print(item);
        Ok(())
    })?;
    Ok(printer.finish())
}

/// A type in one line, in short paths, as a person would write it.
pub fn short_line(tokens: &TokenStream) -> String {
    let mut ty: Type = parse_quote!(#tokens);
    Paths { scope: None }.visit_type_mut(&mut ty);
    one_line(&ty)
}

/// A type in one line.
pub fn one_line(ty: &Type) -> String {
    let list = |types: &mut dyn Iterator<Item = &Type>| {
        let types: Vec<String> = types.map(one_line).collect();
        types.join(", ")
    };
    match ty {
        Type::Path(named) if named.qself.is_none() => one_path(&named.path),
        Type::Tuple(tuple) if tuple.elems.len() == 1 => {
            format!("({},)", list(&mut tuple.elems.iter()))
        }
        Type::Tuple(tuple) => format!("({})", list(&mut tuple.elems.iter())),
        Type::Array(array) => {
            let length = array.len.to_token_stream();
            format!("[{}; {length}]", one_line(&array.elem))
        }
        // Nothing else is in what a user sees.
        other => other.to_token_stream().to_string(),
    }
}

fn one_path(path: &Path) -> String {
    let mut out = String::new();
    for (index, segment) in path.segments.iter().enumerate() {
        if index > 0 || path.leading_colon.is_some() {
            out += "::";
        }
        out += &segment.ident.to_string();
        if let PathArguments::AngleBracketed(held) = &segment.arguments {
            let held: Vec<String> = held.args.iter().map(one_argument).collect();
            out += &format!("<{}>", held.join(", "));
        }
    }
    out
}

fn one_argument(argument: &GenericArgument) -> String {
    match argument {
        GenericArgument::Type(ty) => one_line(ty),
        other => other.to_token_stream().to_string(),
    }
}
