#![doc = include_str!("../README.md")]

mod answer;
mod check;
mod circles;
mod collections;
mod decode;
mod document;
mod forms;
mod idioms;
mod instance;
mod listing;
mod operations;
mod pages;
mod pattern;
mod respond;
mod route;
mod rules;
mod sample;
mod sandbox;
mod scalars;
mod schema;
mod serve;
mod swagger;
mod tangles;
mod token;
mod unknown;
pub mod xml;

pub use answer::Answer;
pub use check::{Incoming, Reading};
pub use document::{Body, Content, Document, Operation, Parameter, Place};
pub use forms::{Part, parts};
pub use instance::{Direction, Optional, Shape, instance};
pub use respond::{Choice, Habit};
pub use rules::{Breach, Violation};
pub use sample::sample;
pub use sandbox::{Builder, Received, Sandbox};
pub use unknown::Known;
