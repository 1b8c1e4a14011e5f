//! A call as the pipeline writes it: the operation and the values of its setters.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use sixclicks_core::{FilePart, Upload};

use crate::Told;

/// What came of a call, or why a value could not be set.
pub type Done = Result<Told, String>;

/// A call.
#[derive(Deserialize)]
pub struct Call {
    /// Which operation is called.
    pub operation: String,
    values: BTreeMap<String, Box<RawValue>>,
}

/// Bytes that are sent as they are, with what a form says of a file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    base64: String,
    file_name: Option<String>,
    content_type: Option<String>,
}

impl Call {
    pub(crate) fn read(line: &str) -> Self {
        serde_json::from_str(line).expect("a call")
    }

    /// Whether a setter has a value.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The value of a setter.
    ///
    /// # Errors
    ///
    /// If it is not one of the setter's type.
    pub fn value<T: DeserializeOwned>(&self, name: &str) -> Result<T, String> {
        parsed(name, &self.values[name])
    }

    /// The value of a setter that takes any bytes.
    ///
    /// # Errors
    ///
    /// If it is no content.
    pub fn upload(&self, name: &str) -> Result<Upload, String> {
        let (bytes, _, content_type) = content(name, &self.values[name])?;
        let upload = Upload::from_bytes(bytes);
        Ok(match content_type {
            Some(content_type) => upload.with_content_type(content_type),
            None => upload,
        })
    }

    /// The value of a setter that takes a file.
    ///
    /// # Errors
    ///
    /// If it is no content.
    pub fn file(&self, name: &str) -> Result<FilePart, String> {
        part(name, &self.values[name])
    }

    /// The value of a setter that takes files.
    ///
    /// # Errors
    ///
    /// If it is no list of contents.
    pub fn files(&self, name: &str) -> Result<Vec<FilePart>, String> {
        let items: Vec<Box<RawValue>> = parsed(name, &self.values[name])?;
        items.iter().map(|item| part(name, item)).collect()
    }
}

fn parsed<T: DeserializeOwned>(name: &str, value: &RawValue) -> Result<T, String> {
    // A slice, as the crates read answers.
    serde_json::from_slice(value.get().as_bytes())
        .map_err(|error| format!("{name} cannot be {value}: {error}"))
}

/// Bytes with the name of their file and their media type.
type NamedBytes = (Vec<u8>, Option<String>, Option<String>);

/// The bytes of a content, the file's name and its media type: of a text, of any bytes, or
/// of any other value the JSON that it is.
fn content(name: &str, value: &RawValue) -> Result<NamedBytes, String> {
    if let Ok(text) = serde_json::from_str::<String>(value.get()) {
        return Ok((text.into_bytes(), None, None));
    }
    let Ok(content) = serde_json::from_str::<Content>(value.get()) else {
        return Ok((value.get().as_bytes().to_vec(), None, None));
    };
    let bytes = STANDARD
        .decode(content.base64)
        .map_err(|error| format!("{name}: {error}"))?;
    Ok((bytes, content.file_name, content.content_type))
}

fn part(name: &str, value: &RawValue) -> Result<FilePart, String> {
    let (bytes, file_name, content_type) = content(name, value)?;
    let part = FilePart::from_bytes(file_name.unwrap_or_else(|| "file.txt".to_owned()), bytes);
    Ok(match content_type {
        Some(content_type) => part.with_content_type(content_type),
        None => part,
    })
}

#[cfg(test)]
mod tests {
    use super::{Call, content};

    fn call(values: &str) -> Call {
        Call::read(&format!("{{\"operation\": \"0.0\", \"values\": {values}}}"))
    }

    #[test]
    fn values_keep_every_digit() {
        let call = call(r#"{"id": 18446744073709551615, "rate": 1.10}"#);
        assert!(call.has("id") && !call.has("name"));
        assert_eq!(call.value("id"), Ok(u64::MAX));
        let rate: Box<serde_json::value::RawValue> = call.value("rate").expect("a value");
        assert_eq!(rate.get(), "1.10");
        let wrong = call.value::<bool>("id").expect_err("no boolean");
        assert!(
            wrong.starts_with("id cannot be 18446744073709551615"),
            "{wrong}"
        );
    }

    #[test]
    fn content_is_text_or_bytes_with_a_name() {
        let call = call(r#"{"a": "x", "b": {"base64": "AP8=", "fileName": "f"}, "c": [1]}"#);
        let of = |name: &str| content(name, &call.values[name]).expect("a content");
        assert_eq!(of("a"), (b"x".to_vec(), None, None));
        assert_eq!(of("b"), (vec![0, 255], Some("f".to_owned()), None));
        assert_eq!(of("c").0, b"[1]");
        assert_eq!(call.file("b").expect("a file").file_name(), "f");
    }
}
