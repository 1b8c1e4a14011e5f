//! Reads JSON the way .NET servers write it, not only the way a document describes it.
//!
//! A value is read strictly first, which costs what serde_json costs. Only when that fails, or
//! when a member was ignored whose name differs from a documented one in case alone, is it read
//! again by [`Reader`]'s tolerant rules: numbers in strings, `1.0` for an integer, `null` for a
//! list, an empty string for a date, members in another case, `ReferenceHandler.Preserve`. No
//! rule makes up a value.
//!
//! Both readings go through the same [`Reader`], so that the types of a generated crate are
//! compiled for one deserializer only.

mod context;
mod key;
mod list;
mod members;
mod object;
mod place;
mod preserve;
mod reader;
mod scalars;
mod text;
mod through;
mod tree;

use std::fmt;

use serde::de::DeserializeOwned;

pub(crate) use self::members::members;
pub(crate) use self::reader::{ANY, RAW};
pub(crate) use self::scalars::{Scalar, integer};
pub(crate) use self::tree::{Tree, same_number};
use self::{context::Context, reader::Reader};

/// How deep values may nest: as deep as serde_json reads them.
pub(crate) const DEEPEST: usize = 127;

/// Why a value cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReadError {
    /// Where in the value, such as `items[3].mode`; empty for the value itself.
    pub path: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.path.as_str() {
            "" => Ok(()),
            path => write!(f, " at `{path}`"),
        }
    }
}

impl ReadError {
    fn at_root(error: &serde_json::Error) -> Self {
        Self {
            path: String::new(),
            message: error.to_string(),
        }
    }
}

/// A value, and whether the reader used any of its members.
pub(crate) struct Read<T> {
    pub value: T,
    /// Whether a documented member of an object was there.
    pub is_used: bool,
    /// Whether an object was read of which the type knows no member.
    pub is_foreign: bool,
}

/// Reads a value: strictly if possible, tolerantly otherwise.
///
/// # Errors
/// When the text is not JSON, or not the JSON of a `T` by any rule.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, ReadError> {
    read_with(json).map(|read| read.value)
}

/// Like [`read`], also telling whether any member was used.
pub(crate) fn read_with<T: DeserializeOwned>(json: &[u8]) -> Result<Read<T>, ReadError> {
    // Checking the whole text at once costs less than what serde_json does for each string.
    let json = utf8(json)?;
    let context = Context::strict();
    let strict = context.read::<T>(json);
    match strict {
        Ok(value) if !context.is_suspicious() => Ok(Read {
            value,
            is_used: context.is_used(),
            is_foreign: context.is_foreign(),
        }),
        // Some errors of serde_json are about syntax where only the type is another.
        Err(error) if !error.is_data() && !is_json(json) => Err(ReadError::at_root(&error)),
        strict => match (tolerant(json), strict) {
            (Ok(read), _) => Ok(read),
            (Err(_), Ok(value)) => Ok(Read {
                value,
                is_used: context.is_used(),
                is_foreign: context.is_foreign(),
            }),
            (Err(error), Err(_)) => Err(error),
        },
    }
}

/// The text that is read, which has to be UTF-8.
fn utf8(json: &[u8]) -> Result<&str, ReadError> {
    std::str::from_utf8(json).map_err(|error| ReadError {
        path: String::new(),
        message: format!("the text is not UTF-8 from byte {} on", error.valid_up_to()),
    })
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Reads a value strictly; also fails where a member differs in case from a documented one.
pub(crate) fn strictly<T: DeserializeOwned>(json: &str) -> Option<T> {
    let context = Context::strict();
    let value = context.read(json).ok()?;
    (!context.is_suspicious()).then_some(value)
}

/// Reads a value by the tolerant rules.
///
/// # Errors
/// When the text is not JSON, or not the JSON of a `T` by any rule.
pub(crate) fn tolerant<T: DeserializeOwned>(json: &str) -> Result<Read<T>, ReadError> {
    if is_deeper_than(DEEPEST, json.as_bytes()) {
        return Err(ReadError {
            path: String::new(),
            message: format!("the value nests deeper than {DEEPEST} levels"),
        });
    }
    let expanded = preserve::expand(json);
    let json = expanded.as_deref().unwrap_or(json);
    let mut context = Context::tolerant();
    loop {
        let error = match context.read(json) {
            Ok(value) => {
                return Ok(Read {
                    value,
                    is_used: context.is_used(),
                    is_foreign: context.is_foreign(),
                });
            }
            Err(error) => error,
        };
        let failed = ReadError {
            path: context.path(),
            message: text::message(&error),
        };
        if !context.learn(&failed.message) {
            return Err(failed);
        }
    }
}

/// A value for no content: `None`, an empty list, `()`, or the `null` of any JSON. For no text
/// it can be an empty string as well.
pub(crate) fn nothing<T: DeserializeOwned>(is_text: bool) -> Option<T> {
    let context = Context::nothing(is_text);
    T::deserialize(Reader::<&mut reader::Source<'_>>::nothing(&context)).ok()
}

/// Whether brackets stand deeper within each other than `limit`.
///
/// The result is not meaningful for text that is not JSON; it is not read far.
pub(crate) fn is_deeper_than(limit: usize, json: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    json.iter().any(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > limit
    })
}
