//! `ReferenceHandler.Preserve`: objects carry `$id`, lists are `{"$id": …, "$values": […]}`, and
//! what was written before is `{"$ref": …}`.

use std::collections::HashMap;

use memchr::memmem;

use super::Tree;

/// How much larger than the text the value without references may be, and how large at least.
const GROWTH: usize = 8;
const ROOM: usize = 1 << 20;

/// The same value without references, if it has any. What refers to the object that holds it
/// is `null`: no tree can hold itself.
pub(super) fn expand(json: &str) -> Option<String> {
    let has = |name: &[u8]| memmem::find(json.as_bytes(), name).is_some();
    // Without a list or a reference, the ids are members like any others.
    if !has(b"\"$id\"") || !(has(b"\"$values\"") || has(b"\"$ref\"")) {
        return None;
    }
    let tree = Tree::parse(json)?;
    let mut known = HashMap::new();
    collect(&tree, &mut known);
    let mut writer = Writer {
        known,
        open: Vec::new(),
        out: String::new(),
        limit: json.len().saturating_mul(GROWTH).max(ROOM),
    };
    writer.write(&tree)?;
    Some(writer.out)
}

fn id<'t>(tree: &'t Tree<'_>, name: &str) -> Option<&'t str> {
    match tree.get(name)? {
        Tree::Text(id) => Some(id),
        _ => None,
    }
}

fn collect<'t>(tree: &'t Tree<'_>, known: &mut HashMap<&'t str, &'t Tree<'t>>) {
    match tree {
        Tree::Object(members) => {
            if let Some(id) = id(tree, "$id") {
                known.entry(id).or_insert(tree);
            }
            members.iter().for_each(|(_, value)| collect(value, known));
        }
        Tree::List(items) => items.iter().for_each(|item| collect(item, known)),
        _ => {}
    }
}

struct Writer<'t> {
    known: HashMap<&'t str, &'t Tree<'t>>,
    /// The ids of the objects that are being written.
    open: Vec<&'t str>,
    out: String,
    limit: usize,
}

impl<'t> Writer<'t> {
    /// Writes a value; `None` when it becomes too large.
    fn write(&mut self, tree: &'t Tree<'t>) -> Option<()> {
        if self.out.len() > self.limit || self.open.len() > super::DEEPEST {
            return None;
        }
        match tree {
            Tree::Object(members) => {
                if let ([(name, Tree::Text(id))], true) = (&members[..], members.len() == 1)
                    && name == "$ref"
                    && let Some(target) = self.known.get(&**id).copied()
                {
                    if self.open.contains(&&**id) {
                        self.out.push_str("null");
                        return Some(());
                    }
                    return self.write(target);
                }
                let own = id(tree, "$id");
                self.open.extend(own);
                match tree.get("$values") {
                    Some(values @ Tree::List(_)) if own.is_some() => self.write(values)?,
                    _ => self.object(members)?,
                }
                if own.is_some() {
                    self.open.pop();
                }
            }
            Tree::List(items) => {
                self.out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.out.push(',');
                    }
                    self.write(item)?;
                }
                self.out.push(']');
            }
            scalar => self.out.push_str(&scalar.to_string()),
        }
        Some(())
    }

    fn object(&mut self, members: &'t [(std::borrow::Cow<'t, str>, Tree<'t>)]) -> Option<()> {
        self.out.push('{');
        let mut members = members.iter().filter(|(name, _)| name != "$id").peekable();
        while let Some((name, value)) = members.next() {
            self.out.push_str(&serde_json::to_string(name).ok()?);
            self.out.push(':');
            self.write(value)?;
            if members.peek().is_some() {
                self.out.push(',');
            }
        }
        self.out.push('}');
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_references_become_plain_values() {
        let json = r#"{"$id":"1","name":"a","tags":{"$id":"2","$values":[1.10,{"$id":"3","x":null}]},
            "same":{"$ref":"3"},"list":{"$ref":"2"},"own":{"$ref":"1"},"far":{"$ref":"9"}}"#;
        assert_eq!(
            expand(json).as_deref(),
            Some(
                r#"{"name":"a","tags":[1.10,{"x":null}],"same":{"x":null},"list":[1.10,{"x":null}],"own":null,"far":{"$ref":"9"}}"#
            )
        );
    }

    #[test]
    fn other_values_are_left_alone() {
        assert_eq!(expand(r#"{"name":"$id"}"#), None);
        assert_eq!(
            expand(r#"{"$id":"https://example.com/a","name":"x"}"#),
            None
        );
        assert_eq!(expand(r#"{"$id":"1","$values":[}"#), None);
    }

    #[test]
    fn references_to_references_cannot_grow_without_end() {
        let mut json = r#"[{"$id":"0","v":{"$id":"a","$values":["xxxxxxxxxxxxxxxx"]}}"#.to_owned();
        for level in 1..40 {
            let below = level - 1;
            json += &format!(
                r#",{{"$id":"{level}","a":{{"$ref":"{below}"}},"b":{{"$ref":"{below}"}}}}"#
            );
        }
        json += "]";
        assert_eq!(expand(&json), None);
    }
}
