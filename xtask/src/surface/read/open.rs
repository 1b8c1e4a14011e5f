//! Open enums and unions, as the macros of `sixclicks-core` are called to write them.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Ident, LitInt, LitStr, Token, braced, bracketed, parenthesized,
    parse::{Parse, ParseStream},
};

use super::super::Variant;
use crate::generate::print::one_line;

/// A call of one of the macros that write open enums and unions.
pub struct Open {
    pub name: String,
    /// The property that tells the variants apart.
    pub tag: Option<String>,
    pub variants: Vec<Variant>,
}

impl Parse for Open {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Attribute::parse_outer(input)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![enum]>()?;
        let name = input.parse::<Ident>()?.to_string();
        let mut tag = None;
        if !input.peek(syn::token::Brace) {
            input.parse::<Ident>()?;
            tag = Some(input.parse::<LitStr>()?.value());
        }
        let content;
        braced!(content in input);
        let mut variants = Vec::new();
        loop {
            Attribute::parse_outer(&content)?;
            if content.parse::<Option<Token![..]>>()?.is_some() {
                let name = content.parse::<Ident>()?.to_string();
                variants.push(Variant {
                    name,
                    holds: None,
                    wire: None,
                });
                break;
            }
            variants.push(open_variant(&content)?);
        }
        content.parse::<TokenStream>()?;
        Ok(Self {
            name,
            tag,
            variants,
        })
    }
}

fn open_variant(content: ParseStream<'_>) -> syn::Result<Variant> {
    let name = content.parse::<Ident>()?.to_string();
    let mut holds = None;
    if content.peek(syn::token::Paren) {
        let inner;
        parenthesized!(inner in content);
        holds = Some(one_line(&inner.parse()?));
    }
    let mut wire = None;
    if content.parse::<Option<Token![=]>>()?.is_some() {
        wire = Some(if content.peek(syn::token::Bracket) {
            let inner;
            bracketed!(inner in content);
            while content.parse::<Option<Ident>>()?.is_some() {}
            inner.parse::<TokenStream>()?.to_string()
        } else if content.peek(LitStr) {
            content.parse::<LitStr>()?.value()
        } else {
            let minus = content.parse::<Option<Token![-]>>()?.map_or("", |_| "-");
            format!("{minus}{}", content.parse::<LitInt>()?)
        });
    }
    content.parse::<Option<Token![,]>>()?;
    Ok(Variant { name, holds, wire })
}
