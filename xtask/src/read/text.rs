//! From bytes to text: UTF-8 with or without byte order mark, and UTF-16 with one.

use std::borrow::Cow;

use super::{LARGEST, ReadError};

/// The text of a file.
pub fn decode<'a>(origin: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, ReadError> {
    let size = bytes.len() as u64;
    if size > LARGEST {
        return Err(ReadError::TooLarge {
            origin: origin.to_owned(),
            size,
        });
    }
    if bytes.is_empty() {
        return Err(ReadError::Empty {
            origin: origin.to_owned(),
        });
    }
    let not_text = |why: String| ReadError::NotText {
        origin: origin.to_owned(),
        why,
    };
    let wide = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest
            .chunks_exact(2)
            .map(|pair| read([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units)
            .map(Cow::Owned)
            .map_err(|_| not_text("broken UTF-16".to_owned()))
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest).map_err(not_text),
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0x1F, 0x8B, ..] => Err(not_text("it is compressed with gzip".to_owned())),
        [b'P', b'K', 3, 4, ..] => Err(not_text("it is a ZIP archive".to_owned())),
        _ => utf8(bytes).map_err(not_text),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    let head = &bytes[..bytes.len().min(4096)];
    if head.contains(&0) {
        return Err("it holds zero bytes".to_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => Err(format!("no UTF-8 from byte {}", error.valid_up_to())),
    }
}
