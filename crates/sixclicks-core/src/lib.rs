//! What the generated 6clicks API crates need when they run.
//!
//! - [`Call`] builds and sends a request, in every parameter style and body
//!   kind that OpenAPI knows; [`Response`] reads the answer.
//! - [`DateTime`], [`Decimal`] and the other value types read what ASP.NET
//!   sends and write the same back.
//! - [`Upload`], [`FilePart`] and [`ByteStreamExt`] move files without holding
//!   them in memory.
//! - [`union`] picks the variant of a `oneOf`.
//! - [`Error`] is the one error of every operation.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod body;
mod call;
mod error;
mod response;
pub mod union;
mod value;

pub use body::{AnyBody, ByteStreamExt, FilePart, Progress, Upload};
pub use call::{Call, Form, Multipart, PathStyle, QueryStyle, replayable};
pub use error::{Error, ErrorKind};
pub use progenitor_client::{ByteStream, ClientHooks, ClientInfo, OperationInfo, ResponseValue};
pub use response::{Failure, Response};
pub use value::{Base64, Date, DateTime, Decimal, ParseError, Secret, Text, Time, TimeSpan};
