//! Numbers and booleans in every spelling that .NET writes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::reader::RAW;

/// The largest exponent that an integer is spelt out for.
const LARGEST: usize = 64;

/// The text of a number, also of one in a string.
fn number(json: &str) -> &str {
    let inside = json.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    inside.unwrap_or(json).trim()
}

/// The digits of an integer, which may be spelt `7`, `"7"`, `7.0` or `7e2`.
pub(crate) fn integer(json: &str) -> Option<Cow<'_, str>> {
    let text = number(json);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if is_digits(digits) {
        return Some(Cow::Borrowed(text));
    }
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let all = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let (whole, fraction) = match usize::try_from(point) {
        Ok(point) if point <= all.len() => all.split_at(point),
        Ok(point) if point - all.len() <= LARGEST => {
            let zeros = "0".repeat(point - all.len());
            return Some(Cow::Owned(signed(negative, &format!("{all}{zeros}"))));
        }
        Ok(_) => return None,
        Err(_) => ("", all.as_str()),
    };
    if fraction.bytes().any(|digit| digit != b'0') {
        return None;
    }
    Some(Cow::Owned(signed(negative, whole)))
}

fn signed(negative: bool, digits: &str) -> String {
    let digits = match digits.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    match negative && digits != "0" {
        true => format!("-{digits}"),
        false => digits.to_owned(),
    }
}

/// A floating-point number, which may be in a string or one of .NET's three words.
pub(super) fn float(json: &str) -> Option<f64> {
    match number(json) {
        "NaN" => Some(f64::NAN),
        "Infinity" | "INF" => Some(f64::INFINITY),
        "-Infinity" | "-INF" => Some(f64::NEG_INFINITY),
        // Rust knows more words than these.
        text if text
            .bytes()
            .any(|b| b.is_ascii_alphabetic() && !matches!(b, b'e' | b'E')) =>
        {
            None
        }
        text => text.parse().ok(),
    }
}

/// A boolean, also in a string of any case.
pub(super) fn boolean(json: &str) -> Option<bool> {
    let text = number(json);
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// A string, a number or a boolean, with every digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scalar<'de> {
    /// The content of a string.
    Text(Cow<'de, str>),
    /// A number or boolean as it is spelt.
    Bare(Cow<'de, str>),
}

impl<'de> Scalar<'de> {
    fn of<E: Error>(json: Cow<'de, str>) -> Result<Self, E> {
        match json.as_bytes().first() {
            Some(b'"') => {
                let text: String = serde_json::from_str(&json).map_err(E::custom)?;
                Ok(Self::Text(text.into()))
            }
            Some(b'n') => Err(E::invalid_type(Unexpected::Unit, &ScalarVisitor)),
            Some(b'[') => Err(E::invalid_type(Unexpected::Seq, &ScalarVisitor)),
            Some(b'{') => Err(E::invalid_type(Unexpected::Map, &ScalarVisitor)),
            _ => Ok(Self::Bare(json)),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // serde_json answers this name with the text of the value; any other deserializer
        // sees a newtype and gives the value as it holds it.
        deserializer.deserialize_newtype_struct(RAW, ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number or a boolean")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        Scalar::of(raw_text(&mut map, &self)?)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(text.to_owned().into()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bare(value.to_string().into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Bare(value.to_string().into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Bare(value.to_string().into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Self::Value, E> {
        Ok(Scalar::Bare(value.to_string().into()))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Self::Value, E> {
        Ok(Scalar::Bare(value.to_string().into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        // serde_json's spelling, so that a buffered `1.0` stays `1.0`.
        let number = serde_json::Number::from_f64(value)
            .ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))?;
        Ok(Scalar::Bare(number.to_string().into()))
    }
}

/// The text of a value that serde_json hands out under [`RAW`].
///
/// # Errors
/// When it is another object.
pub(crate) fn raw_text<'de, A: MapAccess<'de>>(
    map: &mut A,
    visitor: &dyn serde::de::Expected,
) -> Result<Cow<'de, str>, A::Error> {
    match map.next_key::<Borrowed<'de>>()? {
        Some(Borrowed(key)) if key == RAW => Ok(map.next_value::<Borrowed<'de>>()?.0),
        _ => Err(A::Error::invalid_type(Unexpected::Map, visitor)),
    }
}

/// Text that is copied only where it has to be.
struct Borrowed<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Borrowed<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Borrowed<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Borrowed<'de>, E> {
                Ok(Borrowed(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Borrowed<'de>, E> {
                Ok(Borrowed(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E>(self, text: String) -> Result<Borrowed<'de>, E> {
                Ok(Borrowed(Cow::Owned(text)))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_in_every_spelling_and_nothing_else_is_one() {
        let read = |text: &str| integer(text).map(Cow::into_owned);
        for (text, digits) in [
            ("7", "7"),
            ("-7", "-7"),
            ("\"7\"", "7"),
            ("\" -7 \"", "-7"),
            ("1.0", "1"),
            ("-0.0", "0"),
            ("12e2", "1200"),
            ("1.50e1", "15"),
            ("100e-2", "1"),
            ("0.00", "0"),
            ("0e5", "0"),
            (
                "170141183460469231731687303715884105727",
                "170141183460469231731687303715884105727",
            ),
        ] {
            assert_eq!(read(text).as_deref(), Some(digits), "{text}");
        }
        for text in [
            "1.5",
            "1e-1",
            "\"\"",
            "\"x\"",
            "null",
            "true",
            "[1]",
            "\"1,5\"",
            "1e999999999",
            "1e99999999999",
            "\"0x1\"",
            "\".\"",
            "\"1.\"",
            "\"-\"",
            "5e-400",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn floats_and_booleans_are_read_in_the_spellings_of_net_only() {
        assert_eq!(float("\"1.5\""), Some(1.5));
        assert!(float("\"NaN\"").is_some_and(f64::is_nan));
        assert_eq!(float("\"-Infinity\""), Some(f64::NEG_INFINITY));
        assert_eq!(float("\"infinity\""), None);
        assert_eq!(float("\"inf\""), None);
        assert_eq!(float("\"\""), None);
        assert_eq!(boolean("\"True\""), Some(true));
        assert_eq!(boolean("0"), None);
    }
}
