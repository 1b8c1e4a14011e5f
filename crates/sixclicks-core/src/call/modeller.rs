//! Making a [`Model`] of anything that can be serialised.

use serde::Serialize;
use serde::ser::{self, Serializer};

use super::model::{Model, ModelError};
use crate::read::{RAW, Tree};

/// The shortest text that reads back as the same number, as JavaScript writes it.
fn float(value: f64) -> Result<Model, ModelError> {
    if !value.is_finite() {
        return Err(ModelError(format!("{value} cannot be sent as a number")));
    }
    let size = value.abs();
    Ok(Model::Bare(
        if size != 0.0 && !(1e-6..1e21).contains(&size) {
            format!("{value:e}")
        } else {
            value.to_string()
        },
    ))
}

/// Serialises anything to a [`Model`].
pub(super) struct Modeller;

macro_rules! bare {
    ($($method:ident: $type:ty),*) => {$(
        fn $method(self, value: $type) -> Result<Model, ModelError> {
            Ok(Model::Bare(value.to_string()))
        }
    )*};
}

impl Serializer for Modeller {
    type Ok = Model;
    type Error = ModelError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Members;

    bare!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_i128: i128, serialize_u8: u8, serialize_u16: u16,
        serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    );

    fn serialize_f32(self, value: f32) -> Result<Model, ModelError> {
        // The digits of the f32, not those of the f64 nearest to it.
        float(value.into())?;
        Ok(Model::Bare(value.to_string()))
    }

    fn serialize_f64(self, value: f64) -> Result<Model, ModelError> {
        float(value)
    }

    fn serialize_char(self, value: char) -> Result<Model, ModelError> {
        Ok(Model::Text(value.into()))
    }

    fn serialize_str(self, value: &str) -> Result<Model, ModelError> {
        Ok(Model::Text(value.into()))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Model, ModelError> {
        Ok(Model::Array(
            value.iter().map(|b| Model::Bare(b.to_string())).collect(),
        ))
    }

    fn serialize_none(self) -> Result<Model, ModelError> {
        Ok(Model::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Model, ModelError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Model, ModelError> {
        Ok(Model::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Model, ModelError> {
        Ok(Model::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Model, ModelError> {
        Ok(Model::Text(variant.into()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Model, ModelError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Model, ModelError> {
        Ok(Model::Object(vec![(variant.into(), Model::of(value)?)]))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, ModelError> {
        Ok(Items {
            variant: None,
            items: Vec::with_capacity(length.unwrap_or(0)),
        })
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, ModelError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items, ModelError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items, ModelError> {
        Ok(Items {
            variant: Some(variant),
            items: Vec::with_capacity(length),
        })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members, ModelError> {
        Ok(Members::new(None))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Members, ModelError> {
        Ok(Members {
            raw: name == RAW,
            ..Members::new(None)
        })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members, ModelError> {
        Ok(Members::new(Some(variant)))
    }
}

pub(super) struct Items {
    variant: Option<&'static str>,
    items: Vec<Model>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ModelError> {
        self.items.push(Model::of(value)?);
        Ok(())
    }

    fn finish(self) -> Model {
        let items = Model::Array(self.items);
        match self.variant {
            Some(variant) => Model::Object(vec![(variant.into(), items)]),
            None => items,
        }
    }
}

pub(super) struct Members {
    variant: Option<&'static str>,
    /// Whether the one member is JSON text.
    raw: bool,
    name: String,
    members: Vec<(String, Model)>,
}

impl Members {
    fn new(variant: Option<&'static str>) -> Self {
        Self {
            variant,
            raw: false,
            name: String::new(),
            members: Vec::new(),
        }
    }

    fn push<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), ModelError> {
        self.members.push((name.into(), Model::of(value)?));
        Ok(())
    }

    fn finish(mut self) -> Result<Model, ModelError> {
        if self.raw
            && let Some((_, Model::Text(json))) = self.members.pop()
        {
            // Numbers keep every digit.
            return match Tree::parse(&json) {
                Some(tree) => Ok(tree.into()),
                None => Err(ser::Error::custom("the value is not JSON")),
            };
        }
        let members = Model::Object(self.members);
        Ok(match self.variant {
            Some(variant) => Model::Object(vec![(variant.into(), members)]),
            None => members,
        })
    }
}

macro_rules! items {
    ($($trait:ident: $method:ident),*) => {$(
        impl ser::$trait for Items {
            type Ok = Model;
            type Error = ModelError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ModelError> {
                self.push(value)
            }

            fn end(self) -> Result<Model, ModelError> {
                Ok(self.finish())
            }
        }
    )*};
}
items!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

macro_rules! members {
    ($($trait:ident),*) => {$(
        impl ser::$trait for Members {
            type Ok = Model;
            type Error = ModelError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), ModelError> {
                self.push(name, value)
            }

            fn end(self) -> Result<Model, ModelError> {
                self.finish()
            }
        }
    )*};
}
members!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Members {
    type Ok = Model;
    type Error = ModelError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), ModelError> {
        self.name = Model::of(name)?.into_text();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ModelError> {
        let name = std::mem::take(&mut self.name);
        self.push(&name, value)
    }

    fn end(self) -> Result<Model, ModelError> {
        self.finish()
    }
}
