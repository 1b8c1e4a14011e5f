//! Lengths of time in the forms of .NET and of ISO 8601.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;

use super::scan::{Scanner, nanoseconds};
use super::{ParseError, string_value};

const SECOND: i128 = 1_000_000_000;
const MINUTE: i128 = 60 * SECOND;
const HOUR: i128 = 60 * MINUTE;
const DAY: i128 = 24 * HOUR;

/// A length of time.
///
/// Read are .NET's `[-][d.]hh:mm[:ss[.fffffff]]` and ISO 8601's `P1DT2H`. In
/// the latter a year counts 365 days and a month 30, as .NET counts them. What
/// was read is written back as it came; a value made from a duration is
/// written as .NET writes it (to 100 ns), or by [`TimeSpan::iso`] as ISO 8601.
///
/// ```
/// use sixclicks_core::TimeSpan;
/// let span: TimeSpan = "1.02:00:00".parse()?;
/// assert_eq!(span, "PT26H".parse()?);
/// assert_eq!(TimeSpan::from(chrono::Duration::minutes(90)).to_string(), "01:30:00");
/// # Ok::<(), sixclicks_core::ParseError>(())
/// ```
#[derive(Clone)]
pub struct TimeSpan {
    length: TimeDelta,
    /// The text as it came, where `Display` would write another.
    text: Option<Box<str>>,
}

string_value!(TimeSpan, "a time span string");

impl TimeSpan {
    /// A time span that is written in the form of ISO 8601.
    ///
    /// ```
    /// # use sixclicks_core::TimeSpan;
    /// assert_eq!(TimeSpan::iso(chrono::Duration::seconds(90)).to_string(), "PT90S");
    /// ```
    pub fn iso(length: TimeDelta) -> Self {
        Self {
            length,
            text: Some(length.to_string().into()),
        }
    }

    /// The length, which may be negative.
    pub fn to_duration(&self) -> TimeDelta {
        self.length
    }

    /// The length as the standard library has it, unless it is negative.
    pub fn to_std(&self) -> Option<std::time::Duration> {
        self.length.to_std().ok()
    }

    fn from_nanoseconds(nanos: i128) -> Option<Self> {
        let seconds = i64::try_from(nanos.div_euclid(SECOND)).ok()?;
        let length = TimeDelta::new(seconds, nanos.rem_euclid(SECOND) as u32)?;
        Some(Self { length, text: None })
    }

    fn nanoseconds(&self) -> i128 {
        i128::from(self.length.num_seconds()) * SECOND + i128::from(self.length.subsec_nanos())
    }

    fn scan(text: &str) -> Option<Self> {
        let mut scanner = Scanner::new(text.trim_ascii());
        let negative = matches!(scanner.eat_any(b"+-"), Some(b'-'));
        let nanos = match scanner.eat(b'P') {
            Some(()) => scan_iso(&mut scanner)?,
            None => scan_dotnet(&mut scanner)?,
        };
        scanner.is_empty().then_some(())?;
        let mut span = Self::from_nanoseconds(if negative { -nanos } else { nanos })?;
        if span.to_string() != text {
            span.text = Some(text.into());
        }
        Some(span)
    }
}

/// `d`, `[d.]hh:mm[:ss[.f]]` or `d:hh:mm:ss[.f]`.
fn scan_dotnet(scanner: &mut Scanner<'_>) -> Option<i128> {
    let mut fields = vec![scanner.number()?];
    let dotted = scanner.eat(b'.').is_some();
    if dotted {
        fields.push(scanner.number()?);
    }
    while scanner.eat(b':').is_some() {
        fields.push(scanner.number()?);
    }
    let (days, clock) = match (&fields[..], dotted) {
        ([days], false) => (*days, [0; 3]),
        ([hours, minutes], false) => (0, [*hours, *minutes, 0]),
        ([hours, minutes, seconds], false) => (0, [*hours, *minutes, *seconds]),
        ([days, hours, minutes], true) => (*days, [*hours, *minutes, 0]),
        ([days, hours, minutes, seconds], _) => (*days, [*hours, *minutes, *seconds]),
        _ => return None,
    };
    let [hours, minutes, seconds] = clock;
    if hours > 24 || minutes > 59 || seconds > 59 {
        return None;
    }
    let mut nanos = i128::from(days) * DAY
        + i128::from(hours) * HOUR
        + i128::from(minutes) * MINUTE
        + i128::from(seconds) * SECOND;
    if fields.len() >= 3 && scanner.eat(b'.').is_some() {
        nanos += i128::from(nanoseconds(scanner.run()?));
    }
    Some(nanos)
}

/// What follows the `P`: numbers with units, those of time after a `T`.
fn scan_iso(scanner: &mut Scanner<'_>) -> Option<i128> {
    let (mut total, mut any, mut in_time) = (0_i128, false, false);
    while !scanner.is_empty() {
        if scanner.eat(b'T').is_some() {
            if in_time || scanner.is_empty() {
                return None;
            }
            in_time = true;
            continue;
        }
        let whole = scanner.number()?;
        let fraction = match scanner.eat_any(b".,") {
            Some(_) => i128::from(nanoseconds(scanner.run()?)),
            None => 0,
        };
        let unit = match (in_time, scanner.eat_any(b"YMWDHS")?) {
            (false, b'Y') => 365 * DAY,
            (false, b'M') => 30 * DAY,
            (false, b'W') => 7 * DAY,
            (false, b'D') => DAY,
            (true, b'H') => HOUR,
            (true, b'M') => MINUTE,
            (true, b'S') => SECOND,
            _ => return None,
        };
        total += i128::from(whole) * unit + fraction * unit / SECOND;
        any = true;
    }
    any.then_some(total)
}

impl FromStr for TimeSpan {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::scan(text).ok_or_else(|| ParseError::new("a time span", text))
    }
}

impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = &self.text {
            return f.write_str(text);
        }
        let nanos = self.nanoseconds();
        if nanos < 0 {
            f.write_str("-")?;
        }
        let rest = nanos.abs();
        if rest >= DAY {
            write!(f, "{}.", rest / DAY)?;
        }
        let (hours, minutes) = (rest % DAY / HOUR, rest % HOUR / MINUTE);
        write!(f, "{hours:02}:{minutes:02}:{:02}", rest % MINUTE / SECOND)?;
        match rest % SECOND / 100 {
            0 => Ok(()),
            ticks => write!(f, ".{ticks:07}"),
        }
    }
}

impl fmt::Debug for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeSpan({self})")
    }
}

impl PartialEq for TimeSpan {
    fn eq(&self, other: &Self) -> bool {
        self.length == other.length
    }
}

impl Eq for TimeSpan {}

impl PartialOrd for TimeSpan {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TimeSpan {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.length.cmp(&other.length)
    }
}

impl std::hash::Hash for TimeSpan {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.length.hash(state);
    }
}

impl From<TimeDelta> for TimeSpan {
    fn from(length: TimeDelta) -> Self {
        Self { length, text: None }
    }
}

/// Longer than 292 million years does not fit.
impl TryFrom<std::time::Duration> for TimeSpan {
    type Error = chrono::OutOfRangeError;

    fn try_from(length: std::time::Duration) -> Result<Self, Self::Error> {
        TimeDelta::from_std(length).map(Self::from)
    }
}

impl From<TimeSpan> for TimeDelta {
    fn from(value: TimeSpan) -> Self {
        value.length
    }
}
