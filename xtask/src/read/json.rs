//! JSON, with line and column in errors and without trust in how deep it is nested.

use serde::Deserialize;
use serde_json::Value;

use super::{DEEPEST, ReadError};

/// Parses JSON.
pub fn parse(origin: &str, text: &str) -> Result<Value, ReadError> {
    if let Some((line, column)) = too_deep(text) {
        return Err(ReadError::Unreasonable {
            origin: format!("{origin}:{line}:{column}"),
            message: format!("nested deeper than {DEEPEST}"),
        });
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    // The depth has been looked at above.
    reader.disable_recursion_limit();
    Value::deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| {
            let message = error.to_string();
            let end = message.rfind(" at line ").unwrap_or(message.len());
            ReadError::Syntax {
                origin: origin.to_owned(),
                language: "JSON",
                line: error.line(),
                column: error.column(),
                message: message[..end].to_owned(),
            }
        })
}

/// Where brackets are nested too deep, if anywhere.
fn too_deep(text: &str) -> Option<(usize, usize)> {
    let (mut depth, mut line, mut start) = (0_usize, 1, 0);
    let (mut string, mut escaped) = (false, false);
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'\n' => {
                line += 1;
                start = index + 1;
            }
            _ if escaped => escaped = false,
            b'\\' if string => escaped = true,
            b'"' => string = !string,
            b'{' | b'[' if !string => {
                depth += 1;
                if depth > DEEPEST {
                    return Some((line, index - start + 1));
                }
            }
            b'}' | b']' if !string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}
