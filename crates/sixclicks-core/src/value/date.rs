//! Calendar dates, also where the server sends a whole date-time for one.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};

use super::scan::Scanner;
use super::{DateTime, ParseError, string_value};

/// A calendar date.
///
/// A date-time is read as its date as written; what was read is written back
/// as it came.
///
/// ```
/// use sixclicks_core::Date;
/// let date: Date = "2024-04-03T00:00:00".parse()?;
/// assert_eq!(date, "2024-04-03".parse()?);
/// assert_eq!(date.to_string(), "2024-04-03T00:00:00");
/// # Ok::<(), sixclicks_core::ParseError>(())
/// ```
#[derive(Clone)]
pub struct Date {
    date: NaiveDate,
    /// The text as it came, where `Display` would write another.
    text: Option<Box<str>>,
}

string_value!(Date, "a date string");

impl Date {
    /// The date alone.
    pub fn to_naive(&self) -> NaiveDate {
        self.date
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut scanner = Scanner::new(text);
        if let Some(date) = scanner.date()
            && scanner.is_empty()
        {
            return Ok(date.into());
        }
        let whole: DateTime = text.parse().map_err(|_| ParseError::new("a date", text))?;
        Ok(Self {
            date: whole.to_local().date(),
            text: Some(text.into()),
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.write_str(text),
            None => write!(
                f,
                "{:04}-{:02}-{:02}",
                self.date.year(),
                self.date.month(),
                self.date.day()
            ),
        }
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

impl PartialEq for Date {
    fn eq(&self, other: &Self) -> bool {
        self.date == other.date
    }
}

impl Eq for Date {}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Date {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.date.cmp(&other.date)
    }
}

impl std::hash::Hash for Date {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.date.hash(state);
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self { date, text: None }
    }
}

impl From<Date> for NaiveDate {
    fn from(value: Date) -> Self {
        value.date
    }
}
