//! The sandbox crate.
