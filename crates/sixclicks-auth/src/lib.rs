//! The auth crate.
