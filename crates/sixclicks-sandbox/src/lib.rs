#![doc = include_str!("../README.md")]

mod answer;
mod operations;
mod sandbox;
mod token;

pub use answer::Answer;
pub use sandbox::{Builder, Received, Sandbox};
