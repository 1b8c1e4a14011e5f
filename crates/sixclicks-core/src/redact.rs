//! Removes secrets from what a server sends back. A server may repeat a credential in any part of a
//! response and escape it in any way; errors and logs must not show it.

use std::{borrow::Cow, sync::Arc};

use http::{HeaderMap, HeaderValue};
use zeroize::Zeroizing;

/// How often escapes may be nested: a JSON string in a JSON string in a URL, for example.
const LAYERS: usize = 6;

/// What stands in place of a secret.
const REMOVED: &[u8] = "…".as_bytes();

/// Removes a set of secrets from text, bodies and headers. Cheap to clone.
///
/// A secret is found in plain text and escaped as JSON, XML and URLs allow, in UTF-8 and UTF-16, also
/// when escapes are nested.
///
/// ```
/// use sixclicks_core::Redactor;
///
/// let redactor = Redactor::new(["Zm9v+YmFy"]);
/// let body = br#"{"message": "The key Zm9v\u002BYmFy is unknown"}"#;
/// assert_eq!(&*redactor.bytes(body), r#"{"message": "The key … is unknown"}"#.as_bytes());
/// ```
#[derive(Clone)]
pub struct Redactor {
    secrets: Arc<[Zeroizing<String>]>,
}

impl Redactor {
    /// Creates a redactor. Empty secrets are ignored.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let secrets = secrets.into_iter().filter(|secret| !secret.is_empty());
        Self {
            secrets: secrets
                .map(|secret| Zeroizing::new(secret.to_owned()))
                .collect(),
        }
    }

    /// Returns a redactor that also removes other secrets.
    #[must_use]
    pub fn with<'a>(&self, secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let others = Self::new(secrets);
        let all = self.secrets.iter().chain(others.secrets.iter());
        Self {
            secrets: all.cloned().collect(),
        }
    }

    /// Removes the secrets from a body.
    pub fn bytes<'a>(&self, body: &'a [u8]) -> Cow<'a, [u8]> {
        let ranges = self.find(body);
        if ranges.is_empty() {
            return Cow::Borrowed(body);
        }
        // In UTF-16 the length must stay even, so every byte of the secret is masked in its place.
        let wide = body.contains(&0);
        let mut clean = Vec::with_capacity(body.len());
        let mut at = 0;
        for (start, end) in ranges {
            clean.extend_from_slice(&body[at..start]);
            if wide {
                let mask = |byte: &u8| if *byte == 0 { 0 } else { b'*' };
                clean.extend(body[start..end].iter().map(mask));
            } else {
                clean.extend_from_slice(REMOVED);
            }
            at = end;
        }
        clean.extend_from_slice(&body[at..]);
        Cow::Owned(clean)
    }

    /// Removes the secrets from text.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.bytes(text.as_bytes()) {
            Cow::Borrowed(_) => Cow::Borrowed(text),
            Cow::Owned(clean) => Cow::Owned(String::from_utf8_lossy(&clean).into_owned()),
        }
    }

    /// Replaces the values of headers that contain a secret.
    pub fn headers(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            if !self.find(value.as_bytes()).is_empty() {
                *value = HeaderValue::from_static("(removed)");
            }
        }
    }

    /// The places of the secrets, in order and without overlaps.
    fn find(&self, body: &[u8]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut layer = Layer::of(body);
        for _ in 0..LAYERS {
            for secret in self.secrets.iter() {
                let places = memchr::memmem::find_iter(&layer.bytes, secret.as_bytes());
                found.extend(places.map(|at| layer.source(at, at + secret.len())));
            }
            match layer.decoded() {
                Some(inner) => layer = inner,
                None => break,
            }
        }
        found.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (start, end) in found {
            match merged.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        merged
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

/// A body after some escapes were decoded, with the place in the body that each byte comes from.
struct Layer<'a> {
    bytes: Cow<'a, [u8]>,
    /// The source of each byte; none while nothing was decoded.
    places: Option<Vec<(usize, usize)>>,
}

impl<'a> Layer<'a> {
    fn of(body: &'a [u8]) -> Self {
        Self {
            bytes: Cow::Borrowed(body),
            places: None,
        }
    }

    /// The range of the body that a range of this layer comes from.
    fn source(&self, start: usize, end: usize) -> (usize, usize) {
        match &self.places {
            Some(places) => (places[start].0, places[end - 1].1),
            None => (start, end),
        }
    }

    /// The layer with one level of escapes decoded, or none when there are no escapes.
    fn decoded(&self) -> Option<Layer<'static>> {
        // Text of ASCII characters in UTF-16 has a zero in every character: they go first, so that
        // the escapes inside are seen.
        let is_wide = self.bytes.contains(&0);
        if !is_wide {
            memchr::memchr3(b'\\', b'%', b'&', &self.bytes)?;
        }
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut places = Vec::with_capacity(self.bytes.len());
        let mut at = 0;
        while at < self.bytes.len() {
            let (unit, length) = match self.bytes[at] {
                0 => (Unit::Nothing, 1),
                byte if is_wide => (Unit::Byte(byte), 1),
                _ => unit(&self.bytes[at..]),
            };
            let mut buffer = [0; 4];
            let decoded: &[u8] = match unit {
                Unit::Byte(byte) => {
                    buffer[0] = byte;
                    &buffer[..1]
                }
                Unit::Char(character) => character.encode_utf8(&mut buffer).as_bytes(),
                Unit::Nothing => &[],
            };
            let place = self.source(at, at + length);
            bytes.extend_from_slice(decoded);
            places.extend(decoded.iter().map(|_| place));
            at += length;
        }
        (bytes != *self.bytes).then_some(Layer {
            bytes: Cow::Owned(bytes),
            places: Some(places),
        })
    }
}

enum Unit {
    Byte(u8),
    Char(char),
    Nothing,
}

/// The first unit of some bytes, decoded, and how many bytes it takes.
fn unit(rest: &[u8]) -> (Unit, usize) {
    let escape = match rest[0] {
        b'\\' => backslash(rest),
        b'%' => percent(rest),
        b'&' => entity(rest),
        _ => None,
    };
    escape.unwrap_or((Unit::Byte(rest[0]), 1))
}

/// An escape of JSON or of a programming language: `\/`, `\u002B`, `\x2B`.
fn backslash(rest: &[u8]) -> Option<(Unit, usize)> {
    match rest.get(1)? {
        b'u' => {
            let high = hex(rest.get(2..6)?)?;
            if let Some(character) = char::from_u32(high) {
                return Some((Unit::Char(character), 6));
            }
            // The second half of a surrogate pair.
            let low = rest.get(6..8).filter(|next| *next == b"\\u");
            let low = low.and_then(|_| hex(rest.get(8..12)?))?;
            let pair = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
            let character = char::decode_utf16(pair).next()?.ok()?;
            Some((Unit::Char(character), 12))
        }
        b'x' => Some((Unit::Char(char::from_u32(hex(rest.get(2..4)?)?)?), 4)),
        b'n' => Some((Unit::Byte(b'\n'), 2)),
        b'r' => Some((Unit::Byte(b'\r'), 2)),
        b't' => Some((Unit::Byte(b'\t'), 2)),
        byte if !byte.is_ascii_alphanumeric() => Some((Unit::Byte(*byte), 2)),
        _ => None,
    }
}

/// An escape of a URL: `%2B`, and the older `%u002B`.
fn percent(rest: &[u8]) -> Option<(Unit, usize)> {
    if rest.get(1)?.eq_ignore_ascii_case(&b'u') {
        let character = char::from_u32(hex(rest.get(2..6)?)?)?;
        return Some((Unit::Char(character), 6));
    }
    let byte = u8::try_from(hex(rest.get(1..3)?)?).ok()?;
    Some((Unit::Byte(byte), 3))
}

/// An entity of XML or HTML: `&#43;`, `&#x2B;`, `&amp;`.
fn entity(rest: &[u8]) -> Option<(Unit, usize)> {
    const NAMED: [(&[u8], char); 9] = [
        (b"amp", '&'),
        (b"lt", '<'),
        (b"gt", '>'),
        (b"quot", '"'),
        (b"apos", '\''),
        (b"plus", '+'),
        (b"sol", '/'),
        (b"equals", '='),
        (b"lowbar", '_'),
    ];
    let end = memchr::memchr(b';', &rest[..rest.len().min(16)])?;
    let name = &rest[1..end];
    let character = match name {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?)?,
        [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?)?,
        _ => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((Unit::Char(character), end + 1))
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    let all_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    all_hex
        .then(|| u32::from_str_radix(digits, 16).ok())
        .flatten()
}
