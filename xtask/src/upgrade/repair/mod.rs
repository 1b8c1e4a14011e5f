//! Repairs: what bends the rules as real documents do, and is plain in meaning all the same.

mod after;
mod before;
mod root;

pub use after::after;
pub use before::before;
