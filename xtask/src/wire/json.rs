//! JSON that keeps every digit of its numbers, for comparing what was sent with what was
//! read.

use std::fmt;

use serde_json::value::RawValue;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, whose notation does not matter: `1.0` equals `1`.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in its order.
    Object(Vec<(String, Json)>),
}

/// A number as its digits and a power of ten.
#[derive(Clone, Debug)]
pub struct Number {
    text: String,
    negative: bool,
    /// Without zeros at either end.
    digits: String,
    exponent: i64,
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        (self.negative, &self.digits, self.exponent)
            == (other.negative, &other.digits, other.exponent)
    }
}

impl Eq for Number {}

impl Number {
    /// Reads a number in JSON's notation; `None` if the text is none.
    pub fn read(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], rest[at + 1..].parse::<i64>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        if whole.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let exponent = exponent.checked_sub(fraction.len() as i64)?;
        let digits = digits.trim_start_matches('0');
        let kept = digits.trim_end_matches('0');
        let zero = kept.is_empty();
        Some(Self {
            text: text.to_owned(),
            negative: negative && !zero,
            exponent: match zero {
                true => 0,
                false => exponent.checked_add((digits.len() - kept.len()) as i64)?,
            },
            digits: kept.to_owned(),
        })
    }

    /// Its digits and power of ten, which are the same for every notation of it.
    pub fn plain(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}e{}", self.digits, self.exponent)
    }

    /// Whether two numbers are the same 64-bit floating-point number.
    pub fn is_near(&self, other: &Self) -> bool {
        let float = |number: &Self| number.text.parse::<f64>().ok();
        float(self) == float(other)
    }
}

impl Json {
    /// Reads JSON text.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        let raw: &RawValue = serde_json::from_str(text)?;
        Self::of(raw.get())
    }

    /// A value of text that is JSON without space around it.
    fn of(text: &str) -> serde_json::Result<Self> {
        Ok(match text.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'"') => Self::Text(serde_json::from_str(text)?),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                let items = items.into_iter().map(|item| Self::of(item.get()));
                Self::List(items.collect::<serde_json::Result<_>>()?)
            }
            Some(b'{') => {
                let Members(members) = serde_json::from_str(text)?;
                let members = members
                    .into_iter()
                    .map(|(name, value)| Ok((name, Self::of(value.get())?)));
                Self::Object(members.collect::<serde_json::Result<_>>()?)
            }
            _ => Number::read(text).map_or_else(|| Self::Text(text.to_owned()), Self::Number),
        })
    }

    /// A member of an object; `None` for anything else.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let mut members = members.iter();
        members.find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// A member by its name, in the same letters if possible, or else in others.
    pub fn get_ignoring_case(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let alike = || {
            let mut members = members.iter();
            members.find(|(own, _)| own.eq_ignore_ascii_case(name))
        };
        self.get(name).or_else(|| alike().map(|(_, value)| value))
    }

    /// A string; `None` for anything else.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it stands for nothing: `null`, or a list or an object without members.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::List(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
            _ => false,
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(truth) => truth.fmt(f),
            Self::Number(number) => f.write_str(&number.text),
            Self::Text(text) => serde_json::Value::from(text.as_str()).fmt(f),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{item}")?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    let name = serde_json::Value::from(name.as_str());
                    write!(f, "{comma}{name}:{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

/// The members of an object in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn numbers_are_compared_by_value_and_to_the_last_digit() {
        let json = |text| Json::parse(text).expect(text);
        for (one, other) in [
            ("1.0", "1"),
            ("1e2", "100"),
            ("-0", "0"),
            (" [0.10] ", "[1E-1]"),
        ] {
            assert_eq!(json(one), json(other));
        }
        for (one, other) in [
            ("9007199254740993", "9007199254740992"),
            ("1.0000000000000000001", "1"),
            ("-1", "1"),
        ] {
            assert_ne!(json(one), json(other));
        }
        let text = r#"{"a":[null,true,"\n"],"B":1.10}"#;
        assert_eq!(json(text).to_string(), text);
        assert_eq!(json(text).get_ignoring_case("b"), Some(&json("1.1")));
        assert!(Json::parse("{").is_err());
    }
}
