//! The members of an object that the document describes by their type alone.

use std::collections::BTreeMap;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};

use super::Json;
use crate::read;

/// Reads such members from their text. serde holds them in a form that rounds numbers and knows
/// none of 128 bits.
///
/// A `null` or an empty text that is no `T` is left out, as it is of any map.
pub(crate) fn extra<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let members = BTreeMap::<String, Json>::deserialize(deserializer)?;
    let mut extra = BTreeMap::new();
    for (name, json) in members {
        match read::read(json.as_text().as_bytes()) {
            Ok(value) => {
                extra.insert(name, value);
            }
            Err(_) if matches!(json.as_text(), "null" | "\"\"") => {}
            Err(error) => return Err(D::Error::custom(format!("`{name}`: {error}"))),
        }
    }
    Ok(extra)
}
