//! Bytes to text: encodings, byte order marks, and a quick no to what cannot be a document.
use super::{Origin, ReadError};

/// Beginnings of files that are handed over by mistake.
const SIGNATURES: [(&[u8], &str); 7] = [
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG image"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
];

/// Decodes UTF-8, or UTF-16 with a byte order mark, and drops the mark.
pub(super) fn decode(origin: &Origin, mut bytes: Vec<u8>) -> Result<String, ReadError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return not_blank(origin, utf16(origin, &bytes)?);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    check_binary(origin, &bytes)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let (line, column) = position(valid);
        ReadError::NotUnicode {
            origin: origin.clone(),
            encoding: "UTF-8",
            line,
            column,
        }
    })?;
    not_blank(origin, text)
}

/// Refuses what is plainly not text. Also meant for the first bytes of a large file, so that
/// nobody waits for the rest.
pub(super) fn check_binary(origin: &Origin, bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Ok(());
    }
    let refuse = |looks_like, offset| {
        Err(ReadError::NotText {
            origin: origin.clone(),
            looks_like,
            offset,
        })
    };
    for (signature, name) in SIGNATURES {
        if bytes.starts_with(signature) {
            return refuse(name, 0);
        }
    }
    match bytes.iter().position(|&byte| byte == 0) {
        Some(offset @ 0..=1) if bytes.len() > 3 && bytes[1 - offset] != 0 => {
            refuse("UTF-16 without a byte order mark", offset)
        }
        Some(offset) => refuse("binary data with zero bytes", offset),
        None => Ok(()),
    }
}

fn utf16(origin: &Origin, bytes: &[u8]) -> Result<String, ReadError> {
    let unit = if bytes[0] == 0xff {
        u16::from_le_bytes
    } else {
        u16::from_be_bytes
    };
    let (pairs, rest) = bytes[2..].as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let wrong = |text: &str| {
        let (line, column) = position(text.as_bytes());
        ReadError::NotUnicode {
            origin: origin.clone(),
            encoding: "UTF-16",
            line,
            column,
        }
    };
    for (at, char) in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))).enumerate() {
        match char {
            Ok('\0') => {
                return Err(ReadError::NotText {
                    origin: origin.clone(),
                    looks_like: "binary data with zero bytes",
                    offset: 2 + at * 2,
                });
            }
            Ok(char) => text.push(char),
            Err(_) => return Err(wrong(&text)),
        }
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(wrong(&text))
    }
}

fn not_blank(origin: &Origin, text: String) -> Result<String, ReadError> {
    if text.chars().all(char::is_whitespace) {
        return Err(ReadError::Empty {
            origin: origin.clone(),
        });
    }
    Ok(text)
}

/// Line and column after `bytes`, both from 1.
fn position(bytes: &[u8]) -> (usize, usize) {
    let line = bytes.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let start = bytes
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    (
        line,
        String::from_utf8_lossy(&bytes[start..]).chars().count() + 1,
    )
}
