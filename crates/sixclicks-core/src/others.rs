//! Objects with members that no field stands for, which are kept beside those that have one.
//!
//! `#[serde(flatten)]` does this too, but it takes the object for a map: then no field is found
//! under its name in other letters, and every value is read twice.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::CowStrDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess,
    SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

type Fields = &'static [&'static str];

/// Reads an object as a `T` that derives `Deserialize`, and its other members as a map.
///
/// A member whose name differs from a field's in case alone is not among the others: it is ignored,
/// as it is in a struct that keeps none, so that whoever tolerates such names learns of it.
///
/// # Errors
/// If the deserializer fails, or `T` or `V` cannot be read.
pub fn with_others<'de, T, V, M, D>(deserializer: D) -> Result<(T, M), D::Error>
where
    T: Deserialize<'de>,
    V: Deserialize<'de>,
    M: Default + Extend<(String, V)>,
    D: Deserializer<'de>,
{
    let mut others = Vec::new();
    let known = T::deserialize(Split {
        inner: deserializer,
        others: &mut others,
    })?;
    let mut map = M::default();
    map.extend(others);
    Ok((known, map))
}

/// The deserializer of the struct: it has the fields alone.
struct Split<'o, D, V> {
    inner: D,
    others: &'o mut Vec<(String, V)>,
}

impl<'de, D: Deserializer<'de>, O: Deserialize<'de>> Deserializer<'de> for Split<'_, D, O> {
    type Error = D::Error;

    fn deserialize_any<W: Visitor<'de>>(self, visitor: W) -> Result<W::Value, D::Error> {
        self.inner.deserialize_any(visitor)
    }

    fn deserialize_struct<W: Visitor<'de>>(
        self,
        name: &'static str,
        fields: Fields,
        visitor: W,
    ) -> Result<W::Value, D::Error> {
        let visitor = Object {
            visitor,
            fields,
            others: self.others,
        };
        self.inner.deserialize_struct(name, fields, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Object<'o, W, V> {
    visitor: W,
    fields: Fields,
    others: &'o mut Vec<(String, V)>,
}

impl<'de, W: Visitor<'de>, V: Deserialize<'de>> Visitor<'de> for Object<'_, W, V> {
    type Value = W::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<W::Value, A::Error> {
        self.visitor.visit_map(Members {
            inner: members,
            fields: self.fields,
            others: self.others,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<W::Value, A::Error> {
        self.visitor.visit_seq(items)
    }
}

struct Members<'o, A, V> {
    inner: A,
    fields: Fields,
    others: &'o mut Vec<(String, V)>,
}

impl<'de, A: MapAccess<'de>, V: Deserialize<'de>> MapAccess<'de> for Members<'_, A, V> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.inner.next_key_seed(Name(PhantomData))? {
            if self.fields.contains(&&*name) {
                let name: CowStrDeserializer<'_, A::Error> = name.into_deserializer();
                return seed.deserialize(name).map(Some);
            }
            let mut fields = self.fields.iter();
            if fields.any(|field| field.eq_ignore_ascii_case(&name)) {
                self.inner.next_value::<IgnoredAny>()?;
            } else {
                let value = self.inner.next_value()?;
                self.others.push((name.into_owned(), value));
            }
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A member's name, borrowed where the text has it as it is.
struct Name<'de>(PhantomData<&'de str>);

impl<'de> DeserializeSeed<'de> for Name<'de> {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name<'de> {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }

    fn visit_string<E: Error>(self, name: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer};
    use serde_json::{Map, Value, json};

    use super::with_others;
    use crate::{Decimal, read};

    #[derive(Debug, PartialEq)]
    struct Hut {
        name: Option<String>,
        price: Option<Decimal>,
        extra: Map<String, Value>,
    }

    impl<'de> Deserialize<'de> for Hut {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            #[derive(Deserialize)]
            struct Known {
                name: Option<String>,
                price: Option<Decimal>,
            }
            let (known, extra) = with_others::<Known, Value, _, D>(deserializer)?;
            Ok(Self {
                name: known.name,
                price: known.price,
                extra,
            })
        }
    }

    fn hut(json: &str) -> Hut {
        read::read(json.as_bytes()).expect(json)
    }

    #[test]
    fn other_members_are_kept() {
        let hut = hut(r#"{"beds":{"a":[1]},"name":"x","up":true}"#);
        assert_eq!(hut.name.as_deref(), Some("x"));
        assert_eq!(
            Value::Object(hut.extra),
            json!({"beds": {"a": [1]}, "up": true})
        );
    }

    #[test]
    fn names_in_other_letters_are_fields() {
        let hut = hut(r#"{"Name":"x","BEDS":1}"#);
        assert_eq!(hut.name.as_deref(), Some("x"));
        assert_eq!(Value::Object(hut.extra), json!({"BEDS": 1}));
    }

    #[test]
    fn fields_keep_all_their_digits() {
        let price = "79228162514264337593543950.335";
        let text = format!(r#"{{"other":1,"price":{price}}}"#);
        assert_eq!(hut(&text).price.expect("a price").to_string(), price);
        let plain: Hut = serde_json::from_str(&text).expect("a hut");
        assert_eq!(plain.price.expect("a price").to_string(), price);
    }

    #[test]
    fn other_members_have_a_type() {
        #[derive(Deserialize)]
        struct Known {
            name: String,
        }
        let read = |json: &str| {
            let mut source = serde_json::Deserializer::from_str(json);
            with_others::<Known, u8, BTreeMap<String, u8>, _>(&mut source)
        };
        let (known, others) = read(r#"{"a":1,"name":"x","b":2}"#).expect("both");
        assert_eq!(
            (known.name.as_str(), others["b"], others.len()),
            ("x", 2, 2)
        );
        assert!(read(r#"{"name":"x","b":"y"}"#).is_err());
        assert!(read("[]").is_err() && read("7").is_err());
    }
}
