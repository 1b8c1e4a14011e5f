//! Values of queries and forms as the model binding of ASP.NET Core reads them: `range.Low=1`,
//! `ranges[0].Low=1`, `labels[key]=1` or `labels[0].Key=key&labels[0].Value=1`, and repeated names
//! for lists, all names in letters of any case. What the real server would pass over without a word
//! is an error here, so that no value gets lost unnoticed.

use serde_json::{Map, Value};

use super::{Pairs, decode, form, form::take, scalar};
use crate::{document::Parameter, schema};

/// How deep members may nest.
const DEEPEST: usize = 32;

/// Where values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A query, where brackets hold keys and indexes alone.
    Query,
    /// A query parameter that the document describes as a `deepObject`, with members in brackets.
    DeepObject,
    /// A form, whose names may also be written in the way of jQuery: `ranges[0][Low]`, `tags[]`.
    Form,
}

/// A part of a name behind the first.
#[derive(Clone, Debug)]
enum Step {
    /// `.name`
    Member(String),
    /// `[key]`
    Key(String),
}

/// What a name and what follows it hold.
#[derive(Debug, Default)]
struct Node {
    texts: Vec<String>,
    members: Vec<(Step, Node)>,
}

/// The value of a parameter or a field; takes its pairs out of `pairs`. `None` if there is none.
/// What the document writes in a way of its own, which ASP.NET does only where somebody
/// programmed it, is read in that way.
///
/// # Errors
///
/// When ASP.NET would bind nothing, or not everything, of the pairs.
pub fn parameter(
    root: &Value,
    parameter: &Parameter,
    source: Source,
    pairs: &mut Pairs,
) -> Result<Option<Value>, String> {
    let may_be = |kind| schema::may_be(root, &parameter.schema, kind);
    let (list, object) = (may_be("array"), may_be("object"));
    let joined = list && (!parameter.explode || parameter.style != "form");
    if parameter.json || joined {
        return form::form(root, parameter, pairs);
    }
    let flat = schema::structure(root, &parameter.schema, "object");
    let members = object && !list && flat.contains_key("properties");
    let source = match parameter.style == "deepObject" && members {
        true => Source::DeepObject,
        false => source,
    };
    let found = bound(root, &parameter.schema, &parameter.name, source, pairs)?;
    match found.is_none() && members && source == Source::Query {
        // The members of an object of the action's own may do without its name.
        true => form::form(root, parameter, pairs),
        false => Ok(found),
    }
}

/// The value of a name and its members; takes their pairs out of `pairs`. `None` if there are none.
///
/// # Errors
///
/// When ASP.NET would bind nothing, or not everything, of the pairs.
fn bound(
    root: &Value,
    given: &Value,
    name: &str,
    source: Source,
    pairs: &mut Pairs,
) -> Result<Option<Value>, String> {
    let found = take(pairs, |key| rest(key, name).is_some());
    if found.is_empty() {
        return Ok(None);
    }
    let mut whole = Node::default();
    for (key, text) in found {
        let rest = rest(&key, name).unwrap_or_default();
        let path = steps(rest, source)
            .ok_or_else(|| format!("`{key}` is no name that ASP.NET can take apart"))?;
        if path.len() > DEEPEST {
            return Err(format!(
                "there are more than {DEEPEST} members in each other"
            ));
        }
        whole.insert(&path, decode(&text));
    }
    let reader = Reader { root, source };
    reader.value(given, whole, name).map(Some)
}

/// What follows a name in the name of a pair, if it begins with it.
fn rest<'a>(key: &'a str, name: &str) -> Option<&'a str> {
    let (start, rest) = key.split_at_checked(name.len())?;
    let ends = rest.is_empty() || rest.starts_with(['.', '[']);
    (start.eq_ignore_ascii_case(name) && ends).then_some(rest)
}

/// The steps in `[0].Low`.
fn steps(mut text: &str, source: Source) -> Option<Vec<Step>> {
    let mut found = Vec::new();
    while !text.is_empty() {
        if let Some(rest) = text.strip_prefix('.') {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            found.push(Step::Member(rest[..end].to_owned()));
            text = &rest[end..];
            if end == 0 {
                return None;
            }
        } else {
            let (key, rest) = text.strip_prefix('[')?.split_once(']')?;
            let dropped = source == Source::Form && key.is_empty();
            found.extend((!dropped).then(|| Step::Key(key.to_owned())));
            text = rest;
        }
    }
    Some(found)
}

impl Step {
    fn name(&self) -> &str {
        match self {
            Self::Member(name) | Self::Key(name) => name,
        }
    }

    /// Whether both lead to the same value.
    fn is(&self, other: &Self) -> bool {
        let kind = std::mem::discriminant(self) == std::mem::discriminant(other);
        kind && self.name().eq_ignore_ascii_case(other.name())
    }
}

impl Node {
    fn insert(&mut self, path: &[Step], text: String) {
        let Some((first, rest)) = path.split_first() else {
            return self.texts.push(text);
        };
        let at = self.members.iter().position(|(step, _)| step.is(first));
        let at = at.unwrap_or_else(|| {
            self.members.push((first.clone(), Self::default()));
            self.members.len() - 1
        });
        self.members[at].1.insert(rest, text);
    }

    /// The members, where there are no texts beside them.
    fn into_members(self, at: &str) -> Result<Vec<(Step, Self)>, String> {
        match self.texts.first() {
            Some(text) => Err(format!("of `{at}={text}`, nothing is bound")),
            None => Ok(self.members),
        }
    }

    /// The texts, where there are no members beside them.
    fn into_texts(self, at: &str) -> Result<Vec<String>, String> {
        match self.members.first() {
            Some((step, _)) => Err(format!("`{at}` has no member `{}`", step.name())),
            None => Ok(self.texts),
        }
    }
}

struct Reader<'a> {
    root: &'a Value,
    source: Source,
}

impl Reader<'_> {
    fn value(&self, given: &Value, node: Node, at: &str) -> Result<Value, String> {
        let may_be = |kind| schema::may_be(self.root, given, kind);
        if may_be("array") {
            return self.list(given, node, at);
        }
        if may_be("object") {
            let flat = schema::structure(self.root, given, "object");
            return match flat.contains_key("properties") {
                true => self.object(&flat, node, at),
                false => self.map(&flat, node, at),
            };
        }
        if schema::types(self.root, given).is_empty() && !node.members.is_empty() {
            return self.map(&Map::new(), node, at);
        }
        match node.into_texts(at)?.as_slice() {
            [text] => Ok(text_as(self.root, given, text)),
            _ => Err(format!("`{at}` is given more than once")),
        }
    }

    /// A list: one name again and again, or indexes from 0 on, of which a gap ends the list.
    fn list(&self, given: &Value, mut node: Node, at: &str) -> Result<Value, String> {
        let flat = schema::structure(self.root, given, "array");
        let any = Value::Null;
        let items = flat.get("items").unwrap_or(&any);
        let is_structure = ["array", "object"]
            .iter()
            .all(|kind| !schema::may_be(self.root, items, kind));
        if node.members.is_empty() && is_structure {
            let texts = node.into_texts(at)?;
            let items = texts.iter().map(|text| text_as(self.root, items, text));
            return Ok(items.collect());
        }
        let named = node.members.iter();
        let mut named = named.filter(
            |(step, _)| matches!(step, Step::Member(name) if name.eq_ignore_ascii_case("index")),
        );
        let indexes = named.next().map(|(_, index)| index.texts.clone());
        drop(named);
        if indexes.is_some() {
            let is_index = |step: &Step| step.name().eq_ignore_ascii_case("index");
            node.members.retain(|(step, _)| !is_index(step));
        }
        let mut members = node.into_members(at)?;
        let indexes = indexes.unwrap_or_else(|| {
            let numbers = 0..members.len();
            numbers.map(|index| index.to_string()).collect()
        });
        let mut made = Vec::new();
        for index in indexes {
            let wanted = Step::Key(index);
            let Some(found) = members.iter().position(|(step, _)| step.is(&wanted)) else {
                break;
            };
            let (_, item) = members.swap_remove(found);
            made.push(self.value(items, item, &format!("{at}[{}]", wanted.name()))?);
        }
        match members.first() {
            Some((step, _)) => Err(format!(
                "the items of `{at}` are not numbered from 0 without a gap: `{}` is not bound",
                step.name()
            )),
            None => Ok(made.into()),
        }
    }

    /// An object by its members.
    fn object(&self, flat: &Map<String, Value>, node: Node, at: &str) -> Result<Value, String> {
        let properties = flat.get("properties").and_then(Value::as_object);
        let mut made = Map::new();
        for (step, member) in node.into_members(at)? {
            if self.source == Source::Query
                && let Step::Key(name) = &step
            {
                return Err(format!(
                    "of `{at}[{name}]`, nothing is bound; a member is written `{at}.{name}`"
                ));
            }
            let same = |(name, _): &(&String, &Value)| name.eq_ignore_ascii_case(step.name());
            let known = properties.into_iter().flatten().find(same);
            let (name, given) =
                known.map_or((step.name(), &Value::Null), |(name, given)| (name, given));
            let value = self.value(given, member, &format!("{at}.{name}"))?;
            if made.insert(name.to_owned(), value).is_some() {
                return Err(format!("the member `{name}` of `{at}` is given twice"));
            }
        }
        Ok(made.into())
    }

    /// A dictionary, whose keys are in brackets, behind a dot, or values themselves.
    fn map(&self, flat: &Map<String, Value>, node: Node, at: &str) -> Result<Value, String> {
        let any = Value::Null;
        let given = flat.get("additionalProperties").unwrap_or(&any);
        let mut made = Map::new();
        for (step, mut member) in node.into_members(at)? {
            let (key, value) = match take_pair(&mut member) {
                Some((key, value)) if step.name().bytes().all(|byte| byte.is_ascii_digit()) => {
                    (key, value)
                }
                Some(_) => return Err(format!("`{at}[{}]` is no pair", step.name())),
                None => (step.name().to_owned(), member),
            };
            let value = self.value(given, value, &format!("{at}[{key}]"))?;
            if made.insert(key.clone(), value).is_some() {
                return Err(format!("the key `{key}` of `{at}` is given twice"));
            }
        }
        Ok(made.into())
    }
}

/// The key and the value of `[0].Key=a&[0].Value=1`.
fn take_pair(node: &mut Node) -> Option<(String, Node)> {
    let place = |name: &str| {
        let mut members = node.members.iter();
        members.position(
            |(step, _)| matches!(step, Step::Member(own) if own.eq_ignore_ascii_case(name)),
        )
    };
    let (key, value) = (place("key")?, place("value")?);
    let key = node.members[key].1.texts.first()?.clone();
    let value = std::mem::take(&mut node.members[value].1);
    Some((key, value))
}

/// Text as ASP.NET converts it: the names of enums and the words of booleans in any case.
fn text_as(root: &Value, given: &Value, text: &str) -> Value {
    let flat = schema::flatten(root, given);
    let listed = flat.get("enum").and_then(Value::as_array);
    let mut listed = listed.into_iter().flatten().filter_map(Value::as_str);
    if let Some(name) = listed.find(|name| name.eq_ignore_ascii_case(text)) {
        return match flat.get("enum").and_then(Value::as_array) {
            Some(all) if all.iter().any(|value| value == text) => text.into(),
            _ => name.into(),
        };
    }
    let word = text.to_ascii_lowercase();
    match schema::may_be(root, given, "boolean") && matches!(&*word, "true" | "false") {
        true => Value::Bool(word == "true"),
        false => scalar(root, given, text),
    }
}
