//! JSON pointers: writing them, and finding what they point at in a document.

use std::fmt;

use serde_json::Value;

/// A place in a document, as the list of its keys and indices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// The pointer through these keys.
    pub fn new<I: IntoIterator<Item = S>, S: Into<String>>(tokens: I) -> Self {
        Self(tokens.into_iter().map(Into::into).collect())
    }

    /// Reads `/a/b~1c`; the empty text is the document.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let tokens = text.strip_prefix('/')?.split('/');
        Some(Self(tokens.map(unescape).collect()))
    }

    /// Steps into a key.
    pub fn push(&mut self, key: &str) {
        self.0.push(key.to_owned());
    }

    /// Steps into a list.
    pub fn push_index(&mut self, index: usize) {
        self.0.push(index.to_string());
    }

    /// Steps back out.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// This pointer with more keys behind it.
    #[must_use]
    pub fn join(&self, keys: &[&str]) -> Self {
        let mut longer = self.clone();
        longer.0.extend(keys.iter().map(|key| (*key).to_owned()));
        longer
    }

    /// This pointer with all keys of another behind it.
    #[must_use]
    pub fn after(&self, other: &Self) -> Self {
        let mut longer = self.clone();
        longer.0.extend(other.0.iter().cloned());
        longer
    }

    /// Whether this is the place `outer`, or one inside it.
    #[must_use]
    pub fn is_within(&self, outer: &Self) -> bool {
        self.0.starts_with(&outer.0)
    }

    /// The keys.
    #[must_use]
    pub fn tokens(&self) -> &[String] {
        &self.0
    }

    /// What stands there.
    #[must_use]
    pub fn get<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        self.0
            .iter()
            .try_fold(document, |value, key| step(value, key))
    }

    /// What stands there, to be changed.
    #[must_use]
    pub fn get_mut<'a>(&self, document: &'a mut Value) -> Option<&'a mut Value> {
        self.0.iter().try_fold(document, |value, key| match value {
            Value::Object(map) => map.get_mut(key),
            Value::Array(list) => list.get_mut(key.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|token| write!(f, "/{}", escape(token)))
    }
}

/// One step into a value, by key or index.
#[must_use]
pub fn step<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map.get(key),
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

/// A key as it is written in a pointer.
#[must_use]
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A key of a pointer as it stands in the document.
#[must_use]
pub fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// A local reference (`#/a/b`) as the pointers that it may mean: as written, and with its percent
/// escapes decoded. Nothing for a reference to another file.
#[must_use]
pub fn candidates(reference: &str) -> Vec<Pointer> {
    let Some(fragment) = reference.strip_prefix('#') else {
        return Vec::new();
    };
    let mut found: Vec<Pointer> = Pointer::parse(fragment).into_iter().collect();
    if fragment.contains('%') {
        let decoded = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
        found.extend(Pointer::parse(&decoded));
    }
    found
}
