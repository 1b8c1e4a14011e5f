#![doc = include_str!("../README.md")]

mod answer;
mod check;
mod collections;
mod decode;
mod document;
mod forms;
mod idioms;
mod instance;
mod operations;
mod pages;
mod pattern;
mod respond;
mod route;
mod rules;
mod sandbox;
mod scalars;
mod schema;
mod serve;
mod token;

pub use answer::Answer;
pub use document::{Body, Content, Document, Operation, Parameter, Place};
pub use instance::{Direction, Optional, Shape, instance};
pub use respond::{Choice, Habit, sample};
pub use rules::Violation;
pub use sandbox::{Builder, Received, Sandbox};
