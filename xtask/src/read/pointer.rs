//! JSON pointers (RFC 6901) and the fragments of references that hold them.
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::{cell::OnceCell, collections::HashMap};

/// `pointer` with one token added, escaped.
pub(super) fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    for char in token.chars() {
        match char {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// `token` without its escapes.
pub(super) fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The last token of `pointer`, unescaped.
pub(super) fn last_token(pointer: &str) -> Option<String> {
    pointer.rsplit_once('/').map(|(_, token)| unescape(token))
}

/// Where the anchors of a value are, found when first asked for.
#[derive(Debug, Default)]
pub(super) struct Anchors(OnceCell<HashMap<String, String>>);

impl Anchors {
    /// The pointer of the schema in `value`, always the same, whose `$anchor` is `name`.
    fn find(&self, value: &Value, name: &str) -> Option<&String> {
        let anchors = self.0.get_or_init(|| {
            let mut anchors = HashMap::new();
            collect(value, &mut String::new(), &mut anchors);
            anchors
        });
        anchors.get(name)
    }
}

/// The pointer that `fragment` means in `value`: as written, or with its percent encoding removed,
/// or that of the anchor it names, or without the slash that it should begin with, or `/` for all
/// of it; nothing if it leads nowhere.
pub(super) fn resolve(value: &Value, anchors: &Anchors, fragment: &str) -> Option<String> {
    let leads = |pointer: &str| value.pointer(pointer).is_some();
    if fragment.is_empty() || (fragment.starts_with('/') && leads(fragment)) {
        return Some(fragment.to_owned());
    }
    let decoded = percent_decode_str(fragment).decode_utf8().ok()?;
    if decoded.starts_with('/') {
        let whole = || (decoded == "/").then(String::new);
        return leads(&decoded).then(|| decoded.to_string()).or_else(whole);
    }
    let begun = || Some(format!("/{decoded}")).filter(|pointer| leads(pointer));
    anchors.find(value, &decoded).cloned().or_else(begun)
}

/// Adds the anchors in `value`, which is at `pointer`.
fn collect(value: &Value, pointer: &mut String, anchors: &mut HashMap<String, String>) {
    let length = pointer.len();
    match value {
        Value::Object(object) => {
            for key in ["$anchor", "$dynamicAnchor"] {
                if let Some(name) = object.get(key).and_then(Value::as_str) {
                    anchors
                        .entry(name.to_owned())
                        .or_insert_with(|| pointer.clone());
                }
            }
            for (key, child) in object {
                push(pointer, key);
                collect(child, pointer, anchors);
                pointer.truncate(length);
            }
        }
        Value::Array(array) => {
            for (index, child) in array.iter().enumerate() {
                push(pointer, &index.to_string());
                collect(child, pointer, anchors);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fragment_leads_to_its_value_however_it_is_escaped() {
        let value = json!({"a/b": {"c~d": 1}, "x y": 2, "50%20": 3, "s": {"$anchor": "here"}});
        let anchors = Anchors::default();
        for (fragment, pointer) in [
            ("/a~1b/c~0d", "/a~1b/c~0d"),
            ("%2Fa~1b%2Fc~0d", "/a~1b/c~0d"),
            ("/x%20y", "/x y"),
            ("/50%20", "/50%20"),
            ("here", "/s"),
            ("s/$anchor", "/s/$anchor"),
            ("/", ""),
            ("", ""),
        ] {
            assert_eq!(
                resolve(&value, &anchors, fragment).as_deref(),
                Some(pointer),
                "{fragment}"
            );
        }
        assert_eq!(resolve(&value, &anchors, "/nowhere"), None);
        assert_eq!(resolve(&value, &anchors, "nowhere"), None);
    }
}
