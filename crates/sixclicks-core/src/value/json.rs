//! Any JSON value, kept as its text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::Decimal;
use crate::read::{self, ANY, RAW, Tree};

/// Any JSON value, exactly as it came: every digit of its numbers and the order of its members.
///
/// [`Json::read`] reads it, or a part of it, as any type; [`Json::to_value`] makes a
/// [`serde_json::Value`] of it, in which numbers are no more exact than an `f64` or a 64-bit
/// integer. It is written back unchanged.
///
/// ```
/// use std::collections::BTreeMap;
/// use sixclicks_core::{Decimal, Json};
///
/// let json: Json = serde_json::from_str(r#"{"total": 79228162514264337593543950.335}"#)?;
/// assert_eq!(serde_json::to_string(&json)?, r#"{"total": 79228162514264337593543950.335}"#);
/// let members: BTreeMap<String, Decimal> = json.read()?;
/// assert_eq!(members["total"].to_string(), "79228162514264337593543950.335");
///
/// let made = Json::from(serde_json::json!({"name": "ISO 27001"}));
/// assert_eq!(made.get("name"), Some(Json::from("ISO 27001")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Json {
    raw: Box<RawValue>,
}

impl Json {
    /// The JSON text.
    pub fn as_text(&self) -> &str {
        self.raw.get()
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.as_text() == "null"
    }

    /// Reads it as a `T`.
    ///
    /// # Errors
    /// When it is not the JSON of a `T`. The error names the member.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        read::read(self.as_text().as_bytes()).map_err(serde_json::Error::custom)
    }

    /// The member of this name, if it is an object that has one.
    pub fn get(&self, name: &str) -> Option<Self> {
        let tree = Tree::parse(self.as_text())?;
        Self::of_text(tree.get(name)?.to_string())
    }

    /// The items, if it is a list.
    pub fn items(&self) -> Option<Vec<Self>> {
        match Tree::parse(self.as_text())? {
            Tree::List(items) => items
                .iter()
                .map(|item| Self::of_text(item.to_string()))
                .collect(),
            _ => None,
        }
    }

    /// The value for code that works with [`serde_json::Value`]. Numbers beyond 64 bits become
    /// the nearest `f64`.
    pub fn to_value(&self) -> Value {
        serde_json::from_str(self.as_text()).unwrap_or_default()
    }

    /// Takes a value as it came. Unlike [`Json::deserialize`] it makes no `null` of no value.
    pub(crate) fn received<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(RAW, Inner)
    }

    pub(crate) fn of_text(text: String) -> Option<Self> {
        let raw = RawValue::from_string(text).ok()?;
        Some(Self { raw })
    }
}

impl Default for Json {
    /// `null`
    fn default() -> Self {
        Self {
            raw: RawValue::NULL.to_owned(),
        }
    }
}

impl fmt::Display for Json {
    /// The text; indented with `{:#}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Tree::parse(self.as_text()).filter(|_| f.alternate()) {
            Some(tree) => tree.indented(f, 0),
            None => f.write_str(self.as_text()),
        }
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.as_text())
    }
}

/// Equal values have equal numbers and members, however they are spelt and ordered.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        if self.as_text() == other.as_text() {
            return true;
        }
        match (Tree::parse(self.as_text()), Tree::parse(other.as_text())) {
            (Some(a), Some(b)) => a.is_same(&b),
            _ => false,
        }
    }
}

impl PartialEq<Value> for Json {
    fn eq(&self, other: &Value) -> bool {
        let other = Self::from(other.clone());
        self.eq(&other)
    }
}

impl FromStr for Json {
    type Err = serde_json::Error;

    /// Parses JSON text.
    fn from_str(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::of_text(value.to_string()).unwrap_or_default()
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        json.to_value()
    }
}

impl From<Decimal> for Json {
    fn from(number: Decimal) -> Self {
        match number.is_quoted() {
            true => number.as_str().into(),
            false => Self::of_text(number.as_str().to_owned()).unwrap_or_default(),
        }
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        let items: Vec<Json> = items.into_iter().map(Into::into).collect();
        serde_json::value::to_raw_value(&items).map_or_else(|_| Self::default(), |raw| Self { raw })
    }
}

macro_rules! from_values {
    ($($type:ty)*) => {$(
        impl From<$type> for Json {
            fn from(value: $type) -> Self {
                Value::from(value).into()
            }
        }
    )*};
}

from_values!(
    bool i8 i16 i32 i64 u8 u16 u32 u64 f64 &str String Cow<'_, str> serde_json::Map<String, Value>
);

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // First the name that says that no value is a value as well; a deserializer that does
        // not know it passes the type through.
        deserializer.deserialize_newtype_struct(ANY, Outer)
    }
}

struct Outer;

impl<'de> Visitor<'de> for Outer {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Json, D::Error> {
        inner.deserialize_newtype_struct(RAW, Inner)
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::default())
    }
}

/// Takes the text of a value, or writes one of what another deserializer holds.
struct Inner;

impl<'de> Visitor<'de> for Inner {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Json, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::default())
    }

    fn visit_none<E: Error>(self) -> Result<Json, E> {
        Ok(Json::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Json, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut items: Vec<Json> = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut text = String::from("{");
        while let Some(name) = map.next_key::<String>()? {
            if name == RAW {
                let raw = map.next_value::<Box<str>>()?;
                return Json::of_text(raw.into())
                    .ok_or_else(|| A::Error::custom("the value is not JSON"));
            }
            if text.len() > 1 {
                text.push(',');
            }
            text += &Value::from(name).to_string();
            text.push(':');
            text += map.next_value::<Json>()?.as_text();
        }
        text.push('}');
        Ok(Json::of_text(text).unwrap_or_default())
    }
}
