//! Date-times as ASP.NET writes them: with an offset or without one.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use chrono::{Datelike, FixedOffset, NaiveDateTime, NaiveTime, Utc};

use super::scan::{Scanner, write_offset, write_time};
use super::{ParseError, string_value};

/// An instant, with the offset that it was written with, if any.
///
/// Read are RFC 3339 and its looser relatives: no offset (taken as UTC), a
/// space for the `T`, a date alone, more than nine fraction digits, RFC 2822
/// and the `/Date(1712111413123)/` of old ASP.NET. What was read is written
/// back as it came. Equality, order and hash are those of the instant.
///
/// ```
/// use sixclicks_core::DateTime;
/// let time: DateTime = "2024-04-03T02:30:13.123".parse()?;
/// assert!(!time.has_offset());
/// assert_eq!(time, "2024-04-03T04:30:13.123+02:00".parse()?);
/// assert_eq!(time.to_string(), "2024-04-03T02:30:13.123");
/// # Ok::<(), sixclicks_core::ParseError>(())
/// ```
#[derive(Clone)]
pub struct DateTime {
    utc: NaiveDateTime,
    offset: Option<FixedOffset>,
    /// The text as it came, where `Display` would write another.
    text: Option<Box<str>>,
}

string_value!(DateTime, "a date-time string");

impl DateTime {
    /// The instant, an absent offset read as UTC.
    pub fn to_utc(&self) -> chrono::DateTime<Utc> {
        self.utc.and_utc()
    }

    /// Whether the date-time was written with an offset (or `Z`).
    pub fn has_offset(&self) -> bool {
        self.offset.is_some()
    }

    /// The offset from UTC that the date-time was written with.
    pub fn offset(&self) -> Option<FixedOffset> {
        self.offset
    }

    /// Date and time of day as written, without regard to the offset.
    pub fn to_local(&self) -> NaiveDateTime {
        match self.offset {
            // Only a value within 24 hours of chrono's last year can overflow.
            Some(offset) => self.utc.checked_add_offset(offset).unwrap_or(self.utc),
            None => self.utc,
        }
    }

    fn new(local: NaiveDateTime, offset: Option<FixedOffset>) -> Option<Self> {
        let utc = match offset {
            Some(offset) => local.checked_sub_offset(offset)?,
            None => local,
        };
        Some(Self {
            utc,
            offset,
            text: None,
        })
    }

    fn scan(text: &str) -> Option<Self> {
        let mut scanner = Scanner::new(text.trim_ascii());
        let date = scanner.date()?;
        let mut canonical = text.len() == text.trim_ascii().len();
        let time = match scanner.eat_any(b"Tt ") {
            Some(separator) => {
                let scanned = scanner.time()?;
                canonical &= separator == b'T' && scanned.canonical;
                scanned.time
            }
            None => {
                canonical = false;
                NaiveTime::MIN
            }
        };
        // Some writers put a space before the offset.
        if scanner.peek() == Some(b' ') {
            scanner.eat(b' ')?;
            canonical = false;
        }
        let zone = scanner.offset()?;
        if !scanner.is_empty() {
            return None;
        }
        let mut value = Self::new(date.and_time(time), zone.offset)?;
        if !(canonical && zone.canonical) {
            value.text = Some(text.into());
        }
        Some(value)
    }

    /// `/Date(milliseconds[+hhmm])/`, which counts from 1970 in UTC; the offset only informs.
    fn scan_milliseconds(text: &str) -> Option<Self> {
        let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
        let end = inner
            .char_indices()
            .find(|(at, c)| *at > 0 && matches!(c, '+' | '-'))
            .map_or(inner.len(), |(at, _)| at);
        let instant = chrono::DateTime::from_timestamp_millis(inner[..end].parse().ok()?)?;
        Some(Self {
            text: Some(text.into()),
            ..Self::from(instant)
        })
    }

    fn scan_mail(text: &str) -> Option<Self> {
        let instant = chrono::DateTime::parse_from_rfc2822(text).ok()?;
        Some(Self {
            text: Some(text.into()),
            ..Self::from(instant)
        })
    }
}

impl FromStr for DateTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::scan(text)
            .or_else(|| Self::scan_milliseconds(text))
            .or_else(|| Self::scan_mail(text))
            .ok_or_else(|| ParseError::new("a date-time", text))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = &self.text {
            return f.write_str(text);
        }
        let local = self.to_local();
        write!(
            f,
            "{:04}-{:02}-{:02}T",
            local.year(),
            local.month(),
            local.day()
        )?;
        write_time(f, local.time())?;
        write_offset(f, self.offset)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTime({self})")
    }
}

impl PartialEq for DateTime {
    fn eq(&self, other: &Self) -> bool {
        self.utc == other.utc
    }
}

impl Eq for DateTime {}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.utc.cmp(&other.utc)
    }
}

impl std::hash::Hash for DateTime {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.utc.hash(state);
    }
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(instant: chrono::DateTime<Utc>) -> Self {
        Self {
            utc: instant.naive_utc(),
            offset: FixedOffset::east_opt(0),
            text: None,
        }
    }
}

impl From<chrono::DateTime<FixedOffset>> for DateTime {
    fn from(instant: chrono::DateTime<FixedOffset>) -> Self {
        Self {
            utc: instant.naive_utc(),
            offset: Some(*instant.offset()),
            text: None,
        }
    }
}

/// Without an offset.
impl From<NaiveDateTime> for DateTime {
    fn from(utc: NaiveDateTime) -> Self {
        Self {
            utc,
            offset: None,
            text: None,
        }
    }
}

impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        chrono::DateTime::<Utc>::from(time).into()
    }
}

impl From<DateTime> for chrono::DateTime<Utc> {
    fn from(value: DateTime) -> Self {
        value.to_utc()
    }
}
