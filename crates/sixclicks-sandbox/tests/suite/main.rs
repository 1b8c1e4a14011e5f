//! What a sandbox of a document promises, from outside.

mod aspnet;
mod bodies;
mod client;
mod collections;
mod dialects;
mod habits;
mod hostile;
mod idioms;
mod refused;
mod requests;
mod shown;
mod styles;
mod xml;
