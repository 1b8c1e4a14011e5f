//! The README's program compiles.

#[doc = include_str!("../README.md")]
pub struct Readme;
