//! The text of a body: by its byte order mark, by what its first bytes look like, or by the
//! charset that the server names. JSON and errors come in all of them.

use std::borrow::Cow;

/// How the bytes of a text are read.
#[derive(Clone, Copy, PartialEq)]
enum Charset {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// Also read for ASCII and ISO 8859-1, as on the web.
    Windows1252,
    #[cfg(feature = "encodings")]
    Other(&'static encoding_rs::Encoding),
}

/// The characters of windows-1252 from 0x80 to 0x9F; the others are those of Unicode.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a body, with replacement characters where it is not what it should be.
pub(crate) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    match marked(bytes) {
        Some((charset, rest)) => charset.decode(rest),
        None => Charset::of(bytes, content_type).decode(bytes),
    }
}

/// The body as UTF-8 without a byte order mark, as parsers want it. What is UTF-8 stays so
/// whatever the server calls it, and costs no copy.
pub(crate) fn utf8<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, [u8]> {
    let (charset, rest) = match marked(bytes) {
        Some(marked) => marked,
        None => (Charset::of(bytes, content_type), bytes),
    };
    let is_utf8 = || wide(rest).is_none() && std::str::from_utf8(rest).is_ok();
    if charset == Charset::Utf8 || (rest.len() == bytes.len() && is_utf8()) {
        return Cow::Borrowed(rest);
    }
    Cow::Owned(charset.decode(rest).into_owned().into_bytes())
}

/// The charset of a byte order mark, and what follows it.
fn marked(bytes: &[u8]) -> Option<(Charset, &[u8])> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => Some((Charset::Utf8, rest)),
        [0xff, 0xfe, rest @ ..] => Some((Charset::Utf16Le, rest)),
        [0xfe, 0xff, rest @ ..] => Some((Charset::Utf16Be, rest)),
        _ => None,
    }
}

/// UTF-16 without a byte order mark: a character of ASCII has one byte that is zero.
fn wide(bytes: &[u8]) -> Option<Charset> {
    match bytes {
        [0, second, ..] if *second != 0 => Some(Charset::Utf16Be),
        [first, 0, ..] if *first != 0 => Some(Charset::Utf16Le),
        _ => None,
    }
}

impl Charset {
    fn of(bytes: &[u8], content_type: Option<&str>) -> Self {
        let named = || Self::named(parameter(content_type?)?);
        wide(bytes).or_else(named).unwrap_or(Self::Utf8)
    }

    fn named(label: &str) -> Option<Self> {
        Some(match label.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Self::Utf8,
            "utf-16" | "utf-16le" => Self::Utf16Le,
            "utf-16be" => Self::Utf16Be,
            "us-ascii" | "ascii" | "iso-8859-1" | "iso_8859-1" | "iso8859-1" | "latin1"
            | "windows-1252" | "cp1252" => Self::Windows1252,
            #[cfg(feature = "encodings")]
            other => Self::Other(encoding_rs::Encoding::for_label(other.as_bytes())?),
            #[cfg(not(feature = "encodings"))]
            _ => return None,
        })
    }

    fn decode<'a>(self, bytes: &'a [u8]) -> Cow<'a, str> {
        let wide = |unit: fn([u8; 2]) -> u16| {
            let (pairs, rest) = bytes.as_chunks();
            let units = pairs.iter().map(|pair| unit(*pair));
            let characters = char::decode_utf16(units);
            let mut text: String = characters
                .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect();
            if !rest.is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
            Cow::Owned(text)
        };
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes),
            Self::Utf16Le => wide(u16::from_le_bytes),
            Self::Utf16Be => wide(u16::from_be_bytes),
            Self::Windows1252 => {
                let character = |byte: &u8| match byte {
                    0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
                    other => char::from(*other),
                };
                Cow::Owned(bytes.iter().map(character).collect())
            }
            #[cfg(feature = "encodings")]
            Self::Other(encoding) => encoding.decode_without_bom_handling(bytes).0,
        }
    }
}

/// The `charset` parameter of a media type.
fn parameter(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::{decode, utf8};

    #[test]
    fn a_byte_order_mark_wins_over_the_header() {
        for bytes in [
            &b"\xef\xbb\xbfa\xc3\xa9"[..],
            b"\xff\xfea\0\xe9\0",
            b"\xfe\xff\0a\0\xe9",
        ] {
            let latin = Some("text/plain; charset=iso-8859-1");
            assert_eq!(decode(bytes, latin), "aé");
            assert_eq!(&*utf8(bytes, latin), "aé".as_bytes());
        }
    }

    #[test]
    fn text_is_read_by_its_charset() {
        let read = |bytes, charset: &str| {
            let content_type = format!("text/plain; charset=\"{charset}\"");
            decode(bytes, Some(&content_type)).into_owned()
        };
        assert_eq!(read(b"5 \x80 \xe9", "Windows-1252"), "5 € é");
        assert_eq!(read(b"a\0\xe9\0\x3d\xd8\0\xde", "utf-16"), "aé😀");
        assert_eq!(read(b"\0a\xd8\x3d", "utf-16be"), "a\u{fffd}");
        assert_eq!(read(b"a\xff", "utf-8"), "a\u{fffd}");
        // An unknown charset is read as UTF-8.
        assert_eq!(read("é".as_bytes(), "no-such"), "é");
        // UTF-8 that is called otherwise stays what it is, where a parser reads it.
        assert_eq!(
            &*utf8("é".as_bytes(), Some("a/b; charset=latin1")),
            "é".as_bytes()
        );
    }

    #[cfg(feature = "encodings")]
    #[test]
    fn other_charsets_are_read_with_the_feature() {
        assert_eq!(decode(b"\xd6\xd0", Some("a/b; charset=gbk")), "中");
    }
}
