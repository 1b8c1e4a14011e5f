//! JSON as a tree of borrowed text: numbers keep their spelling, and members their order.

use std::borrow::Cow;
use std::fmt;

use crate::Decimal;

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Tree<'a> {
    Null,
    Boolean(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Tree<'a>>),
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    /// Parses JSON. `None` when it is none, or nests too deep.
    pub fn parse(json: &'a str) -> Option<Self> {
        if super::is_deeper_than(super::DEEPEST, json.as_bytes()) {
            return None;
        }
        let mut parser = Parser { text: json, at: 0 };
        let value = parser.value()?;
        parser.space();
        (parser.at == json.len()).then_some(value)
    }

    /// The last member of this name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let found = members.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// Whether two values are the same: the spelling of numbers and the order of members count
    /// for nothing, their digits for everything.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => same_number(a, b),
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b))
            }
            (Self::Object(a), Self::Object(b)) => {
                let has = |tree: &Self, (name, value): &(Cow<'_, str>, Self)| {
                    tree.get(name).is_some_and(|own| own.is_same(value))
                };
                a.iter().all(|member| has(other, member))
                    && b.iter().all(|member| has(self, member))
            }
            _ => false,
        }
    }
}

/// Whether two spellings are the same number.
pub(crate) fn same_number(a: &str, b: &str) -> bool {
    a == b
        || match (a.parse::<Decimal>(), b.parse::<Decimal>()) {
            (Ok(a), Ok(b)) => a == b,
            _ => false,
        }
}

impl Tree<'_> {
    /// Writes the value with a line for each item and member.
    pub fn indented(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let (open, close, count) = match self {
            Self::List(items) if !items.is_empty() => ("[", "]", items.len()),
            Self::Object(members) if !members.is_empty() => ("{", "}", members.len()),
            other => return write!(f, "{other}"),
        };
        f.write_str(open)?;
        for index in 0..count {
            let end = if index == 0 { "" } else { "," };
            write!(f, "{end}\n{:1$}", "", 2 * (depth + 1))?;
            match self {
                Self::List(items) => items[index].indented(f, depth + 1)?,
                Self::Object(members) => {
                    let (name, value) = &members[index];
                    quoted(f, name)?;
                    f.write_str(": ")?;
                    value.indented(f, depth + 1)?;
                }
                _ => {}
            }
        }
        write!(f, "\n{:1$}{close}", "", 2 * depth)
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        self.space();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, value: Tree<'a>) -> Option<Tree<'a>> {
        self.text[self.at..].starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn value(&mut self) -> Option<Tree<'a>> {
        self.space();
        match self.peek()? {
            b'n' => self.word("null", Tree::Null),
            b't' => self.word("true", Tree::Boolean(true)),
            b'f' => self.word("false", Tree::Boolean(false)),
            b'"' => self.string().map(Tree::Text),
            b'[' => self.list(),
            b'{' => self.object(),
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Option<Tree<'a>> {
        let rest = &self.text[self.at..];
        let end = rest
            .bytes()
            .position(|byte| !matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .unwrap_or(rest.len());
        let number = &rest[..end];
        self.at += end;
        (end > 0 && number.parse::<Decimal>().is_ok()).then_some(Tree::Number(number))
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut end = start + 1;
        let mut escaped = false;
        loop {
            end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
            if bytes[end] == b'"' {
                break;
            }
            escaped = true;
            end += 2;
        }
        self.at = end + 1;
        if escaped {
            let text: String = serde_json::from_str(&self.text[start..=end]).ok()?;
            return Some(Cow::Owned(text));
        }
        Some(Cow::Borrowed(&self.text[start + 1..end]))
    }

    fn list(&mut self) -> Option<Tree<'a>> {
        self.eat(b'[')?;
        let mut items = Vec::new();
        if self.eat(b']').is_some() {
            return Some(Tree::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.eat(b',').is_none() {
                self.eat(b']')?;
                return Some(Tree::List(items));
            }
        }
    }

    fn object(&mut self) -> Option<Tree<'a>> {
        self.eat(b'{')?;
        let mut members = Vec::new();
        if self.eat(b'}').is_some() {
            return Some(Tree::Object(members));
        }
        loop {
            self.space();
            if self.peek()? != b'"' {
                return None;
            }
            let name = self.string()?;
            self.eat(b':')?;
            members.push((name, self.value()?));
            if self.eat(b',').is_none() {
                self.eat(b'}')?;
                return Some(Tree::Object(members));
            }
        }
    }
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(number) => f.write_str(number),
            Self::Text(content) => quoted(f, content),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "[" } else { "," })?;
                    item.fmt(f)?;
                }
                f.write_str(if items.is_empty() { "[]" } else { "]" })
            }
            Self::Object(members) => {
                for (index, (name, value)) in members.iter().enumerate() {
                    f.write_str(if index == 0 { "{" } else { "," })?;
                    quoted(f, name)?;
                    f.write_str(":")?;
                    value.fmt(f)?;
                }
                f.write_str(if members.is_empty() { "{}" } else { "}" })
            }
        }
    }
}
