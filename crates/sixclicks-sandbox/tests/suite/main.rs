//! What a sandbox of a document promises, from outside.

mod bodies;
mod client;
mod collections;
mod dialects;
mod habits;
mod idioms;
mod requests;
mod styles;
mod xml;
