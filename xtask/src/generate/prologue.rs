//! How progenitor's `send` begins: by taking the parameters out of the builder. What follows
//! builds and sends the request, which is written anew (`send`) and not even read here.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::format_ident;
use syn::{
    Stmt, parse_quote,
    visit_mut::{self, VisitMut},
};

use crate::model::Operation;

/// The module of the builders without what follows the beginning of each `send`.
pub fn alone(tokens: TokenStream) -> TokenStream {
    let implementation = |tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            let mut named = false;
            let mut sends = false;
            let methods = group.stream().into_iter().map(|tree| {
                match &tree {
                    TokenTree::Ident(name) => {
                        sends |= named && name == "send";
                        named = name == "fn";
                    }
                    TokenTree::Group(body) if sends && body.delimiter() == Delimiter::Brace => {
                        sends = false;
                        return braced(beginning(body.stream()));
                    }
                    _ => named = false,
                }
                tree
            });
            braced(methods.collect())
        }
        tree => tree,
    };
    tokens.into_iter().map(implementation).collect()
}

fn braced(tokens: TokenStream) -> TokenTree {
    Group::new(Delimiter::Brace, tokens).into()
}

/// What comes before `let url = format!(…)`.
fn beginning(body: TokenStream) -> TokenStream {
    let body: Vec<TokenTree> = body.into_iter().collect();
    let url = body.windows(4).position(|trees| match trees {
        [
            TokenTree::Ident(keyword),
            TokenTree::Ident(name),
            TokenTree::Punct(_),
            TokenTree::Ident(value),
        ] => keyword == "let" && name == "url" && value == "format",
        _ => false,
    });
    let end = url.unwrap_or(body.len());
    body.into_iter().take(end).collect()
}

/// Leaves the statements of progenitor's `send` that take the parameters out of the builder.
pub fn keep(statements: &mut Vec<Stmt>, operation: &Operation) {
    statements.retain_mut(|statement| {
        let Stmt::Local(local) = statement else {
            return false;
        };
        let mut rewrite = Rewrite {
            id: &operation.id,
            found: false,
        };
        rewrite.visit_local_mut(local);
        let syn::Pat::Struct(pattern) = &mut local.pat else {
            return rewrite.found;
        };
        if operation.follows_links() {
            pattern.fields.push(syn::FieldPat {
                attrs: Vec::new(),
                member: format_ident!("next_link").into(),
                colon_token: None,
                pat: Box::new(parse_quote!(next_link)),
            });
        }
        true
    });
}

/// Puts our errors in the place of progenitor's, which does not know the operation.
struct Rewrite<'a> {
    id: &'a str,
    found: bool,
}

impl VisitMut for Rewrite<'_> {
    fn visit_expr_mut(&mut self, expression: &mut syn::Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let syn::Expr::Path(path) = &*expression
            && path.path.segments.len() == 2
            && path.path.segments[0].ident == "Error"
            && path.path.segments[1].ident == "InvalidRequest"
        {
            let id = self.id;
            *expression = parse_quote!(|e| Error::invalid_request(#id, e));
            self.found = true;
        }
    }
}
