//! Reads the fixed-width pieces that dates and times are written in.

use chrono::{FixedOffset, NaiveDate, NaiveTime};

/// A cursor over the bytes of a date or time.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'a> {
    rest: &'a [u8],
}

/// A time of day as it was written.
pub(super) struct ScannedTime {
    pub time: NaiveTime,
    /// Whether [`write_time`] would write the same text.
    pub canonical: bool,
}

/// A zone as it was written.
pub(super) struct ScannedOffset {
    pub offset: Option<FixedOffset>,
    /// Whether [`write_offset`] would write the same text.
    pub canonical: bool,
}

impl<'a> Scanner<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            rest: text.as_bytes(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    pub fn eat(&mut self, byte: u8) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        (*first == byte).then(|| self.rest = rest)
    }

    pub fn eat_any(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        bytes.contains(first).then(|| {
            self.rest = rest;
            *first
        })
    }

    /// Exactly `count` digits.
    pub fn digits(&mut self, count: usize) -> Option<u32> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        let mut number = 0;
        for byte in head {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            number = number * 10 + u32::from(digit);
        }
        self.rest = rest;
        Some(number)
    }

    /// As many digits as there are, at least one.
    pub fn run(&mut self) -> Option<&'a [u8]> {
        let end = self
            .rest
            .iter()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(self.rest.len());
        let (head, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!head.is_empty()).then_some(head)
    }

    /// As many digits as there are, as a number.
    pub fn number(&mut self) -> Option<i64> {
        std::str::from_utf8(self.run()?).ok()?.parse().ok()
    }

    /// `yyyy-MM-dd`
    pub fn date(&mut self) -> Option<NaiveDate> {
        let year = self.digits(4)?;
        self.eat(b'-')?;
        let month = self.digits(2)?;
        self.eat(b'-')?;
        let day = self.digits(2)?;
        NaiveDate::from_ymd_opt(year as i32, month, day)
    }

    /// `HH:mm[:ss[.fff…]]`; a leap second is read as the second before it, overflowing.
    pub fn time(&mut self) -> Option<ScannedTime> {
        let hour = self.digits(2)?;
        self.eat(b':')?;
        let minute = self.digits(2)?;
        let mut canonical = true;
        let (mut second, mut nanos) = (0, 0);
        if self.eat(b':').is_some() {
            second = self.digits(2)?;
            if let Some(separator) = self.eat_any(b".,") {
                let digits = self.run()?;
                canonical = separator == b'.' && digits.len() <= 9 && !digits.ends_with(b"0");
                nanos = nanoseconds(digits);
            }
        } else {
            canonical = false;
        }
        if second == 60 {
            (second, nanos, canonical) = (59, nanos + 1_000_000_000, false);
        }
        let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
        Some(ScannedTime { time, canonical })
    }

    /// `Z`, `+hh:mm`, `+hhmm`, `+hh` or nothing.
    pub fn offset(&mut self) -> Option<ScannedOffset> {
        let scanned = |seconds, canonical| {
            Some(ScannedOffset {
                offset: Some(FixedOffset::east_opt(seconds)?),
                canonical,
            })
        };
        match self.eat_any(b"Zz+-") {
            None => Some(ScannedOffset {
                offset: None,
                canonical: true,
            }),
            Some(b'Z') => scanned(0, true),
            Some(b'z') => scanned(0, false),
            Some(sign) => {
                let hours = self.digits(2)?;
                let colon = self.eat(b':').is_some();
                let minutes = if colon || !self.is_empty() {
                    self.digits(2)?
                } else {
                    0
                };
                if minutes > 59 {
                    return None;
                }
                let seconds = (hours * 3600 + minutes * 60) as i32;
                let signed = if sign == b'-' { -seconds } else { seconds };
                scanned(signed, colon && seconds != 0)
            }
        }
    }
}

/// The first nine digits of a fraction as nanoseconds.
pub(super) fn nanoseconds(digits: &[u8]) -> u32 {
    (0..9).fold(0, |nanos, place| {
        let digit = digits.get(place).map_or(0, |byte| byte - b'0');
        nanos * 10 + u32::from(digit)
    })
}

/// Writes a fraction of a second with its point, without trailing zeros; nothing for zero.
pub(super) fn write_fraction(f: &mut std::fmt::Formatter<'_>, nanos: u32) -> std::fmt::Result {
    if nanos == 0 {
        return Ok(());
    }
    let (mut fraction, mut width) = (nanos, 9);
    while fraction % 10 == 0 {
        fraction /= 10;
        width -= 1;
    }
    write!(f, ".{fraction:0width$}")
}

/// Writes `HH:mm:ss[.fff]`.
pub(super) fn write_time(f: &mut std::fmt::Formatter<'_>, time: NaiveTime) -> std::fmt::Result {
    use chrono::Timelike;
    let leap = time.nanosecond() / 1_000_000_000;
    write!(
        f,
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second() + leap
    )?;
    write_fraction(f, time.nanosecond() % 1_000_000_000)
}

/// Writes `Z` for UTC, `+hh:mm` for another offset, nothing for none.
pub(super) fn write_offset(
    f: &mut std::fmt::Formatter<'_>,
    offset: Option<FixedOffset>,
) -> std::fmt::Result {
    match offset.map(|offset| offset.local_minus_utc()) {
        None => Ok(()),
        Some(0) => f.write_str("Z"),
        Some(seconds) => {
            let sign = if seconds < 0 { '-' } else { '+' };
            let minutes = seconds.abs() / 60;
            write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    }
}
