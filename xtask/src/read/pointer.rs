//! JSON pointers (RFC 6901) and the fragments of references that hold them.
use percent_encoding::percent_decode_str;
use serde_json::Value;

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

/// The pointer in `fragment` that leads somewhere in `value`: as written, or with its percent
/// encoding removed, or the place of the schema whose `$anchor` or `id` it names.
pub(super) fn resolve(value: &Value, fragment: &str) -> Option<String> {
    if fragment.is_empty() || (fragment.starts_with('/') && value.pointer(fragment).is_some()) {
        return Some(fragment.to_owned());
    }
    let decoded = percent_decode_str(fragment).decode_utf8().ok()?;
    if decoded.starts_with('/') {
        return value
            .pointer(&decoded)
            .is_some()
            .then(|| decoded.into_owned());
    }
    if fragment.starts_with('/') {
        return None;
    }
    let mut pointer = String::new();
    find_anchor(value, &decoded, &mut pointer).then_some(pointer)
}

fn find_anchor(value: &Value, name: &str, pointer: &mut String) -> bool {
    let length = pointer.len();
    match value {
        Value::Object(object) => {
            let named = ["$anchor", "$dynamicAnchor"]
                .iter()
                .any(|key| object.get(*key).and_then(Value::as_str) == Some(name));
            if named {
                return true;
            }
            for (key, child) in object {
                push(pointer, key);
                if find_anchor(child, name, pointer) {
                    return true;
                }
                pointer.truncate(length);
            }
        }
        Value::Array(array) => {
            for (index, child) in array.iter().enumerate() {
                push(pointer, &index.to_string());
                if find_anchor(child, name, pointer) {
                    return true;
                }
                pointer.truncate(length);
            }
        }
        _ => {}
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_fragment_leads_to_its_value_however_it_is_escaped() {
        let value = json!({"a/b": {"c~d": 1}, "x y": 2, "50%20": 3, "s": {"$anchor": "here"}});
        for (fragment, pointer) in [
            ("/a~1b/c~0d", "/a~1b/c~0d"),
            ("%2Fa~1b%2Fc~0d", "/a~1b/c~0d"),
            ("/x%20y", "/x y"),
            ("/50%20", "/50%20"),
            ("here", "/s"),
            ("", ""),
        ] {
            assert_eq!(
                resolve(&value, fragment).as_deref(),
                Some(pointer),
                "{fragment}"
            );
        }
        assert_eq!(resolve(&value, "/nowhere"), None);
        assert_eq!(resolve(&value, "nowhere"), None);
    }
}
