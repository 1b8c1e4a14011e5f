//! The media types of bodies that need another than the document's.

use serde_json::Value;

use crate::{check::essence, schema};

/// The media type that a body is sent as: a file in a form needs one that holds files, which
/// some documents do not know.
pub fn carrier(root: &Value, media_type: &str, given: &Value) -> String {
    let flat = schema::flatten(root, given);
    let properties = flat.get("properties").and_then(Value::as_object);
    let is_file = |property: &Value| {
        let items = schema::flatten(root, property).remove("items");
        schema::is_binary(root, property)
            || items.is_some_and(|items| schema::is_binary(root, &items))
    };
    let files = properties.is_some_and(|properties| properties.values().any(is_file));
    match essence(media_type) == "application/x-www-form-urlencoded" && files {
        true => "multipart/form-data".to_owned(),
        false => media_type.to_owned(),
    }
}
