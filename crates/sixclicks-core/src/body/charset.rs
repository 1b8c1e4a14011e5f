//! The text of a body: by its byte order mark, by what its first bytes look like, or by the
//! charset that the server names. JSON and errors come in all of them.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The text of a body, with replacement characters where it is not what it should be.
pub(crate) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    // A byte order mark is looked for there, and goes before what is found here.
    encoding(bytes, content_type).decode(bytes).0
}

/// The body as UTF-8 without a byte order mark, as parsers want it. What is UTF-8 stays so
/// whatever the server calls it, and costs no copy.
pub(crate) fn utf8<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, [u8]> {
    let marked = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let told = encoding(bytes, content_type);
    let other = marked || told != UTF_8;
    if other && (marked || wide(bytes).is_some() || std::str::from_utf8(bytes).is_err()) {
        return Cow::Owned(told.decode(bytes).0.into_owned().into_bytes());
    }
    Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}

fn encoding(bytes: &[u8], content_type: Option<&str>) -> &'static Encoding {
    let told = || Encoding::for_label(charset(content_type?)?.as_bytes());
    wide(bytes).or_else(told).unwrap_or(UTF_8)
}

/// UTF-16 without a byte order mark: a character of ASCII has one byte that is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0, second, ..] if *second != 0 => Some(UTF_16BE),
        [first, 0, ..] if *first != 0 => Some(UTF_16LE),
        _ => None,
    }
}

/// The `charset` parameter of a media type.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    })
}
