//! Decimal numbers without loss of a digit.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Unexpected};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::ParseError;
use crate::read::Scalar;

/// A decimal number with all its digits and its scale: `1.10` stays `1.10`.
///
/// Read from a JSON number or a JSON string, and written back as the same.
/// From JSON text no digit is lost, nor from a [`Json`](crate::Json); from a
/// [`serde_json::Value`], or behind `#[serde(flatten)]`, it is as exact as the `f64` kept there.
/// Equality, order and hash are those of the number: `1.10 == 1.1`.
///
/// ```
/// use sixclicks_core::Decimal;
/// let price: Decimal = serde_json::from_str("79228162514264337593543950.335")?;
/// assert_eq!(price.to_string(), "79228162514264337593543950.335");
/// assert_eq!(serde_json::to_string(&price)?, "79228162514264337593543950.335");
/// assert!(price > Decimal::from(12));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Decimal {
    /// A JSON number, or where `quoted` any spelling that [`Decimal::from_str`] takes.
    text: Box<str>,
    quoted: bool,
}

impl Decimal {
    /// The number as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is a string in JSON, not a number.
    pub fn is_quoted(&self) -> bool {
        self.quoted
    }

    /// The same number, written as a JSON string.
    pub fn quoted(self) -> Self {
        Self {
            quoted: true,
            ..self
        }
    }

    /// The nearest `f64`; infinite when out of its range.
    pub fn to_f64(&self) -> f64 {
        // The text was checked, and its spellings are a subset of what `f64` takes.
        self.text.trim().parse().unwrap_or(f64::NAN)
    }

    /// The number as an integer, if it is one and fits.
    ///
    /// ```
    /// # use sixclicks_core::Decimal;
    /// let text = |s: &str| s.parse::<Decimal>().unwrap();
    /// assert_eq!(text("42.00").to_i64(), Some(42));
    /// assert_eq!(text("42.5").to_i64(), None);
    /// ```
    pub fn to_i64(&self) -> Option<i64> {
        let Parts {
            negative,
            digits,
            point,
        } = self.parts();
        if digits.is_empty() {
            return Some(0);
        }
        // `point` digits before the point: more than 19 do not fit, fewer leave a fraction.
        let zeros = usize::try_from(point).ok()?.checked_sub(digits.len())?;
        if point > 19 {
            return None;
        }
        let sign = if negative { "-" } else { "" };
        format!("{sign}{digits}{}", "0".repeat(zeros)).parse().ok()
    }

    fn parts(&self) -> Parts {
        let text = self.text.trim();
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent_of(exponent)),
            None => (text, 0),
        };
        let negative = mantissa.starts_with('-');
        let mantissa = mantissa.trim_start_matches(['-', '+']);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let joined = format!("{whole}{fraction}");
        let significant = joined.trim_start_matches('0');
        let leading = (joined.len() - significant.len()) as i64;
        let digits = significant.trim_end_matches('0').to_owned();
        Parts {
            negative: negative && !digits.is_empty(),
            point: if digits.is_empty() {
                0
            } else {
                (whole.len() as i64 - leading).saturating_add(exponent)
            },
            digits,
        }
    }
}

/// A number as `0.digits × 10^point`, the same for all spellings.
#[derive(PartialEq, Eq, Hash)]
struct Parts {
    negative: bool,
    point: i64,
    digits: String,
}

/// An exponent, held at the ends of its range.
fn exponent_of(text: &str) -> i64 {
    let limit = if text.starts_with('-') {
        i64::MIN / 2
    } else {
        i64::MAX / 2
    };
    text.parse::<i64>()
        .map_or(limit, |e| e.clamp(i64::MIN / 2, i64::MAX / 2))
}

/// Brings a spelling to a JSON number; `None` if it is no decimal number.
fn json_number(text: &str) -> Option<String> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let power = exponent.get(1..).unwrap_or("");
    let power = power.strip_prefix(['+', '-']).unwrap_or(power);
    let valid = digits(whole)
        && digits(fraction)
        && digits(power)
        && !(whole.is_empty() && fraction.is_empty())
        && (exponent.is_empty() || !power.is_empty());
    if !valid {
        return None;
    }
    let mut number = String::with_capacity(text.len() + 1);
    if negative {
        number.push('-');
    }
    match whole.trim_start_matches('0') {
        "" => number.push('0'),
        significant => number.push_str(significant),
    }
    if !fraction.is_empty() {
        number.push('.');
        number.push_str(fraction);
    }
    number.push_str(exponent);
    Some(number)
}

impl FromStr for Decimal {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let number =
            json_number(text.trim()).ok_or_else(|| ParseError::new("a decimal number", text))?;
        Ok(Self {
            text: number.into(),
            quoted: false,
        })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({})", self.text)
    }
}

impl Default for Decimal {
    fn default() -> Self {
        0.into()
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text || self.parts() == other.parts()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.parts(), other.parts());
        let sign = |parts: &Parts| match (parts.digits.is_empty(), parts.negative) {
            (true, _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        };
        let size = |a: &Parts, b: &Parts| (a.point, &a.digits).cmp(&(b.point, &b.digits));
        sign(&a).cmp(&sign(&b)).then_with(|| match a.negative {
            true => size(&b, &a),
            false => size(&a, &b),
        })
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

macro_rules! from_integer {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Decimal {
            fn from(value: $integer) -> Self {
                Self { text: value.to_string().into(), quoted: false }
            }
        }
    )*};
}
from_integer!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);

/// Fails for infinities and NaN.
impl TryFrom<f64> for Decimal {
    type Error = ParseError;

    fn try_from(value: f64) -> Result<Self, ParseError> {
        value.to_string().parse()
    }
}

impl TryFrom<&str> for Decimal {
    type Error = ParseError;

    fn try_from(text: &str) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl TryFrom<String> for Decimal {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.quoted {
            return serializer.serialize_str(&self.text);
        }
        let raw: &RawValue = serde_json::from_str(&self.text).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Scalar::deserialize(deserializer)? {
            Scalar::Text(text) => {
                let number: Self = text.parse().map_err(D::Error::custom)?;
                // Spelt as it came: `+1` and `007` stay.
                Ok(Self {
                    text: if *number.text == *text {
                        number.text
                    } else {
                        text.into()
                    },
                    quoted: true,
                })
            }
            Scalar::Bare(number) if matches!(&*number, "true" | "false") => {
                let unexpected = Unexpected::Bool(number == "true");
                Err(D::Error::invalid_type(unexpected, &"a decimal number"))
            }
            Scalar::Bare(number) => Ok(Self {
                text: number.into(),
                quoted: false,
            }),
        }
    }
}
