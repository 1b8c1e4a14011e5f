//! Objects and lists within each other in a query or form, their members in brackets:
//! `name[a][0]=1`.

use serde_json::{Map, Value};

use super::{Pairs, decode, described, form::take, scalar};
use crate::schema;

/// How deep members may nest.
const DEEPEST: usize = 32;

/// What a name and what follows it hold.
enum Node {
    Texts(Vec<String>),
    Members(Vec<(String, Node)>),
}

/// The value of a name and its members; takes their pairs out of `pairs`. `None` if there
/// are none.
///
/// # Errors
///
/// When the brackets are not in pairs, nest too deep, or do not fit each other.
pub fn nested(
    root: &Value,
    given: &Value,
    name: &str,
    pairs: &mut Pairs,
) -> Result<Option<Value>, String> {
    let start = format!("{name}[");
    let found = take(pairs, |key| key == name || key.starts_with(&start));
    if found.is_empty() {
        return Ok(None);
    }
    let mut whole = Node::Members(Vec::new());
    let top = [name.to_owned()];
    for (key, text) in found {
        let path = segments(&key[name.len()..])
            .ok_or_else(|| format!("the brackets of `{key}` are not in pairs"))?;
        if path.len() > DEEPEST {
            return Err(format!(
                "there are more than {DEEPEST} members in each other"
            ));
        }
        let path: Vec<String> = top.iter().cloned().chain(path).collect();
        whole
            .insert(&path, decode(&text))
            .map_err(|()| format!("`{key}` is a value and has members"))?;
    }
    match whole {
        Node::Members(mut members) => members.pop().map(|(_, node)| value(root, given, node)),
        Node::Texts(_) => None,
    }
    .transpose()
}

/// The names in `[a][b]`.
fn segments(mut text: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    while !text.is_empty() {
        let (segment, rest) = text.strip_prefix('[')?.split_once(']')?;
        found.push(segment.to_owned());
        text = rest;
    }
    Some(found)
}

impl Node {
    fn insert(&mut self, path: &[String], text: String) -> Result<(), ()> {
        let Some((first, rest)) = path.split_first() else {
            return match self {
                Self::Texts(texts) => {
                    texts.push(text);
                    Ok(())
                }
                Self::Members(_) => Err(()),
            };
        };
        let Self::Members(members) = self else {
            return Err(());
        };
        let at = members.iter().position(|(name, _)| name == first);
        let at = at.unwrap_or_else(|| {
            let node = match rest {
                [] => Self::Texts(Vec::new()),
                _ => Self::Members(Vec::new()),
            };
            members.push((first.clone(), node));
            members.len() - 1
        });
        members[at].1.insert(rest, text)
    }
}

fn value(root: &Value, given: &Value, node: Node) -> Result<Value, String> {
    let list = schema::may_be(root, given, "array");
    match node {
        Node::Texts(texts) if list => {
            let flat = schema::structure(root, given, "array");
            let items = flat.get("items").unwrap_or(&Value::Null);
            let values = texts.iter().map(|text| scalar(root, items, text));
            Ok(values.collect())
        }
        Node::Texts(texts) => match texts.as_slice() {
            [text] => Ok(scalar(root, given, text)),
            _ => Err("a member is given more than once".to_owned()),
        },
        Node::Members(members) if list && members.iter().all(|(name, _)| is_index(name)) => {
            items(root, given, members)
        }
        Node::Members(members) => {
            let flat = schema::structure(root, given, "object");
            let mut made = Map::new();
            for (name, node) in members {
                let member = value(root, &described(&flat, &name), node)?;
                made.insert(name, member);
            }
            Ok(made.into())
        }
    }
}

fn is_index(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_digit())
}

/// A list whose items are numbered from 0, or are scalars behind `[]`.
fn items(root: &Value, given: &Value, mut members: Vec<(String, Node)>) -> Result<Value, String> {
    let flat = schema::structure(root, given, "array");
    let each = flat.get("items").unwrap_or(&Value::Null);
    if let [(name, Node::Texts(texts))] = members.as_slice()
        && name.is_empty()
    {
        return Ok(texts.iter().map(|text| scalar(root, each, text)).collect());
    }
    members.sort_by_key(|(name, _)| name.parse::<usize>().unwrap_or(usize::MAX));
    let numbered = members
        .iter()
        .enumerate()
        .all(|(index, (name, _))| name.parse() == Ok(index));
    if !numbered {
        return Err("the items are not numbered from 0".to_owned());
    }
    members
        .into_iter()
        .map(|(_, node)| value(root, each, node))
        .collect()
}
