//! How long bodies may take. A response that is read into memory has to be there at a deadline; the
//! body of a download, an event stream or an upload may take as long as it likes, but is aborted after
//! a while without a byte.

mod response;
mod upload;

use std::error::Error as StdError;
use std::{fmt, io};

pub use response::BodyLimits;
pub(crate) use response::Streamed;
pub use upload::UploadWatch;

/// Why a transfer was aborted; the message is for people.
#[derive(Debug)]
pub(crate) struct Late(String);

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Late {}

impl Late {
    /// The error of a body, in the form that reqwest takes for a timeout.
    fn into_io(self) -> io::Error {
        io::Error::new(io::ErrorKind::TimedOut, self)
    }

    /// The reason beneath an error, if a transfer was aborted.
    pub(crate) fn find<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Self> {
        if let Some(late) = error.downcast_ref() {
            return Some(late);
        }
        // An I/O error hides what it wraps from `source`.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        let late = wrapped.and_then(|inner| Self::find(inner));
        late.or_else(|| Self::find(error.source()?))
    }
}
