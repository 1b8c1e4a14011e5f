//! Times of day.

use std::fmt;
use std::str::FromStr;

use chrono::{FixedOffset, NaiveTime};

use super::scan::{Scanner, write_offset, write_time};
use super::{ParseError, string_value};

/// A time of day, `hh:mm[:ss[.fff]]`, with an offset where the server sent one.
///
/// What was read is written back as it came.
///
/// ```
/// use sixclicks_core::Time;
/// let time: Time = "09:30".parse()?;
/// assert_eq!(time, "09:30:00".parse()?);
/// assert_eq!(time.to_string(), "09:30");
/// # Ok::<(), sixclicks_core::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Time {
    time: NaiveTime,
    offset: Option<FixedOffset>,
    /// The text as it came, where `Display` would write another.
    text: Option<Box<str>>,
}

string_value!(Time, "a time string");

impl Time {
    /// The time of day as written.
    pub fn to_naive(&self) -> NaiveTime {
        self.time
    }

    /// The offset from UTC, where one was written.
    pub fn offset(&self) -> Option<FixedOffset> {
        self.offset
    }

    fn key(&self) -> (NaiveTime, Option<i32>) {
        (self.time, self.offset.map(|o| o.local_minus_utc()))
    }

    fn scan(text: &str) -> Option<Self> {
        let mut scanner = Scanner::new(text);
        let scanned = scanner.time()?;
        let zone = scanner.offset()?;
        scanner.is_empty().then(|| Self {
            time: scanned.time,
            offset: zone.offset,
            text: (!(scanned.canonical && zone.canonical)).then(|| text.into()),
        })
    }
}

impl FromStr for Time {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::scan(text).ok_or_else(|| ParseError::new("a time of day", text))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = &self.text {
            return f.write_str(text);
        }
        write_time(f, self.time)?;
        write_offset(f, self.offset)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Time({self})")
    }
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl std::hash::Hash for Time {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl From<NaiveTime> for Time {
    fn from(time: NaiveTime) -> Self {
        Self {
            time,
            offset: None,
            text: None,
        }
    }
}

impl From<Time> for NaiveTime {
    fn from(value: Time) -> Self {
        value.time
    }
}
