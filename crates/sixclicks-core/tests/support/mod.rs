//! What tests over a real connection share.

mod client;
mod server;

pub use client::{Client, INFO};
pub use server::{Received, Server};
