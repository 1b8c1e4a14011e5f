//! The envelope that ASP.NET Boilerplate puts around answers.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::read;

/// Finds the member that only the envelope has. Every answer is searched for it.
static MARKER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"__abp\""));

/// Far enough from either end to find the marker: the envelope's other
/// members are short, and its `result` stands between it and one end.
const WINDOW: usize = 512;

/// The envelope around a `T`, read in one go.
#[derive(Deserialize)]
struct Wrapped<T> {
    #[serde(alias = "Result")]
    result: Option<T>,
    #[serde(alias = "Success")]
    success: bool,
    #[serde(rename = "__abp")]
    marker: bool,
}

/// What a successful envelope has inside, if a marked body is one and has a `T`.
///
/// Whoever gets nothing asks [`Envelope::find`] for the reason.
pub(super) fn unwrap<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let wrapped: Wrapped<T> = read::strictly(std::str::from_utf8(body).ok()?)?;
    wrapped.result.filter(|_| wrapped.marker && wrapped.success)
}

/// The parts of ABP's envelope that matter here.
#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow, alias = "Result")]
    pub result: Option<&'a RawValue>,
    #[serde(default, alias = "Success")]
    pub success: bool,
    #[serde(borrow, default, alias = "Error")]
    error: Option<&'a RawValue>,
    #[serde(rename = "__abp", default)]
    marker: bool,
}

impl<'a> Envelope<'a> {
    /// The envelope around a body, if there is one.
    pub fn find(body: &'a [u8]) -> Option<Self> {
        if !is_marked(body) {
            return None;
        }
        let envelope: Self = serde_json::from_slice(body).ok()?;
        envelope.marker.then_some(envelope)
    }

    /// What the envelope says of a failure, as JSON text.
    pub fn error(&self) -> Option<&'a [u8]> {
        self.error.map(|error| error.get().as_bytes())
    }

    /// The wrapped value as JSON text.
    pub fn content(&self) -> &'a [u8] {
        self.result.map_or("null", RawValue::get).as_bytes()
    }
}

/// Whether a body may be an envelope.
///
/// Costs the search of a few hundred bytes.
pub(super) fn is_marked(body: &[u8]) -> bool {
    let found = |part| MARKER.find(part).is_some();
    if body.len() <= 2 * WINDOW {
        return found(body);
    }
    found(&body[body.len() - WINDOW..]) || found(&body[..WINDOW])
}
