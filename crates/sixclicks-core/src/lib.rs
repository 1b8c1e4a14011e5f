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
mod markup;
mod open_enum;
mod others;
mod paging;
mod read;
mod redact;
mod response;
mod transfer;
pub mod union;
mod value;

pub use body::{AnyBody, ByteStreamExt, FilePart, Progress, Upload};
pub use call::{Call, Form, Multipart, PathStyle, QueryStyle, path_template, replayable};
pub use error::{Error, ErrorKind, ValidationError};
pub use open_enum::UnlistedInteger;
pub use paging::{Page, PageStream, Position, Reached};
pub use progenitor_client::{ByteStream, ClientHooks, ClientInfo, OperationInfo, ResponseValue};
pub use redact::Redactor;
pub use response::{Failure, Response, ResponseContext};
pub use transfer::{BodyLimits, UploadWatch};
pub use union::Discriminator;
pub use value::{
    Base64, Base64Url, Date, DateTime, Decimal, Json, NumberOrText, ParseError, Secret, Text, Time,
    TimeSpan,
};

/// The integers of 128 bits by a path, as generated code names every type of a format.
#[doc(no_inline)]
pub use std::primitive::{i128, u128};

/// What the macros of this crate need; no part of its interface.
#[doc(hidden)]
pub mod __private {
    pub use serde;

    pub use crate::others::with_others;
    pub use crate::paging::count;
    pub use crate::union::best;
    pub use crate::union::private::*;

    /// Takes a value as it came.
    ///
    /// # Errors
    /// When the value is not JSON, or when there is none.
    pub fn received<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<crate::Json, D::Error> {
        crate::Json::received(deserializer)
    }

    /// Reads a string, or a number as its digits.
    ///
    /// # Errors
    /// When it is neither.
    pub fn string_or_number<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<String, D::Error> {
        crate::open_enum::string_or_number(deserializer)
    }

    /// Reads an integer, also one written as a string or as a name.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn integer<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
        names: &[(&str, i64)],
    ) -> Result<crate::UnlistedInteger, D::Error> {
        crate::open_enum::integer(deserializer, names)
    }

    /// Writes an object with its discriminator first.
    ///
    /// # Errors
    /// When the serializer refuses it.
    pub fn write_tagged<S: serde::Serializer>(
        serializer: S,
        property: &str,
        tags: &[Tag],
        inner: &impl serde::Serialize,
    ) -> Result<S::Ok, S::Error> {
        crate::union::write_tagged(serializer, property, tags, inner)
    }
}
