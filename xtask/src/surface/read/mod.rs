//! Reading a crate's surface off its source.

mod open;
mod operations;
mod sent;
mod types;

use syn::Item;

use self::{operations::Builders, types::Types};
use super::Surface;
use crate::{generate::Part, model::Plan};

/// Reads a surface off the items of a crate, in the order in which they are written.
pub struct Reader<'a> {
    plan: &'a Plan,
    types: Types<'a>,
    builders: Builders,
}

impl<'a> Reader<'a> {
    /// For the crate of a plan.
    pub fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            types: Types::new(plan),
            builders: Builders::default(),
        }
    }

    /// Looks at one item.
    pub fn see(&mut self, part: Part, item: &Item) {
        match part {
            Part::Types => self.types.see(item),
            Part::Builders => self.builders.see(item),
        }
    }

    /// What the crate's user sees.
    pub fn finish(self) -> Surface {
        let mut surface = Surface {
            types: self.types.finish(),
            operations: self.builders.operations(self.plan),
        };
        sent::mark(&mut surface);
        surface
    }
}
