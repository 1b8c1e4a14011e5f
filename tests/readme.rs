//! The README's program compiles, with the published operations of tests/sample/published.json.

#[doc = include_str!("../README.md")]
pub struct Readme;
