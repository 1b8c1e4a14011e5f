//! What a request may at most be. The limits are those of ASP.NET Core where it has one, so
//! that no request takes all memory, all of the stack, or time without end.

use quick_xml::{Reader, events::Event};
use serde_json::Value;

/// The largest body in bytes, which is Kestrel's default.
pub const BODY: usize = 30_000_000;

/// The longest path and query in bytes, which is Kestrel's for the whole first line.
pub const TARGET: usize = 8_192;

/// How deep JSON and XML nest, which is the default of System.Text.Json.
const DEPTH: usize = 64;

/// How many values JSON holds, and how many elements XML.
const VALUES: usize = 1_000_000;

/// Reads JSON.
///
/// # Errors
///
/// When it is none, nests too deep or holds too much.
pub fn json(text: &[u8]) -> Result<Value, String> {
    let (mut depth, mut values, mut in_text, mut escaped) = (0_usize, 1, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        within(depth, values)?;
    }
    serde_json::from_slice(text).map_err(|error| format!("it is no JSON: {error}"))
}

/// Checks that XML neither nests too deep nor holds too much; whether it is XML is for its
/// reader to say.
///
/// # Errors
///
/// When it does.
pub fn xml(text: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(text);
    let (mut depth, mut values) = (0_usize, 0);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                depth += 1;
                values += 1;
            }
            Ok(Event::Empty(_)) => values += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
        within(depth, values)?;
    }
}

fn within(depth: usize, values: usize) -> Result<(), String> {
    if depth > DEPTH {
        return Err(format!("it nests deeper than {DEPTH}"));
    }
    if values > VALUES {
        return Err(format!("it holds more than {VALUES} values"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_xml_nest_as_deep_as_the_limit() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(json(nested(DEPTH).as_bytes()).is_ok());
        assert!(json(nested(DEPTH + 1).as_bytes()).is_err());
        assert_eq!(
            json(br#"["\"[[{", "]"]"#).map(|v| v[1].clone()),
            Ok("]".into())
        );
        let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
        assert!(xml(&nested(DEPTH)).is_ok());
        assert!(xml(&nested(100_000)).is_err());
    }
}
