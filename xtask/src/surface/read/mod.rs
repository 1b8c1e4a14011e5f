//! Reading a crate's surface off its source.

mod open;
mod operations;
mod sent;
mod types;

use super::Surface;
use crate::generate::{Plan, Source};

/// The surface of a crate's source.
pub fn surface(plan: &Plan, source: &Source) -> Result<Surface, syn::Error> {
    let types = syn::parse_file(&source.types)?;
    let builders = syn::parse_file(&source.builder)?;
    let mut surface = Surface {
        types: types::types(plan, &types.items),
        operations: operations::operations(plan, &builders.items),
    };
    sent::mark(&mut surface);
    Ok(surface)
}
