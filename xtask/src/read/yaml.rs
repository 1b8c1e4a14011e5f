//! YAML, as far as JSON goes: keys are text, and aliases cannot make a small file large.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use serde_json::{Map, Number, Value};

use super::{DEEPEST, ReadError};

/// How many values a document may have once its aliases are followed.
const MOST_VALUES: usize = 20_000_000;

/// How many of them may come from aliases.
const MOST_ALIASED: usize = 1_000_000;

/// Parses the first document of a YAML stream.
pub fn parse(origin: &str, text: &str) -> Result<Value, ReadError> {
    let mut builder = Builder {
        origin,
        anchors: HashMap::new(),
        open: Vec::new(),
        values: 0,
        aliased: 0,
        root: None,
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| ReadError::Syntax {
            origin: origin.to_owned(),
            language: "YAML",
            line: error.marker().line(),
            column: error.marker().col() + 1,
            message: error.info().to_owned(),
        })?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.take(event, span)?;
    }
    builder.root.ok_or_else(|| ReadError::Empty {
        origin: origin.to_owned(),
    })
}

struct Builder<'a> {
    origin: &'a str,
    /// What each anchor stands for, with how many values there are in it.
    anchors: HashMap<usize, (Value, usize)>,
    open: Vec<Open>,
    values: usize,
    aliased: usize,
    root: Option<Value>,
}

/// A list or map that is not closed yet.
struct Open {
    anchor: usize,
    /// How many values there were when it began.
    before: usize,
    holder: Holder,
}

enum Holder {
    List(Vec<Value>),
    Map(Map<String, Value>, Option<String>),
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), ReadError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref());
                // A key stays the text that it is written as.
                if let Some(Open {
                    holder: Holder::Map(_, key @ None),
                    ..
                }) = self.open.last_mut()
                {
                    *key = Some(text.into_owned());
                    return Ok(());
                }
                self.put(value, anchor, 1, span)
            }
            Event::SequenceStart(anchor, _) => self.start(anchor, Holder::List(Vec::new()), span),
            Event::MappingStart(anchor, _) => {
                self.start(anchor, Holder::Map(Map::new(), None), span)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let count = self.values - open.before + 1;
                let value = match open.holder {
                    Holder::List(items) => Value::Array(items),
                    Holder::Map(map, _) => Value::Object(map),
                };
                self.put(value, open.anchor, count, span)
            }
            Event::Alias(anchor) => {
                let Some((value, count)) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.syntax(
                        span,
                        "an alias to an anchor that is still open or not there",
                    ));
                };
                self.aliased += count;
                if self.aliased > MOST_ALIASED {
                    return Err(ReadError::Unreasonable {
                        origin: self.origin.to_owned(),
                        message: format!("its aliases stand for more than {MOST_ALIASED} values"),
                    });
                }
                if let Some(Open {
                    holder: Holder::Map(_, key @ None),
                    ..
                }) = self.open.last_mut()
                {
                    let Value::String(text) = value else {
                        return Err(self.syntax(span, "a key that is no text"));
                    };
                    *key = Some(text);
                    return Ok(());
                }
                self.put(value, 0, count, span)
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, holder: Holder, span: Span) -> Result<(), ReadError> {
        if let Some(Open {
            holder: Holder::Map(_, None),
            ..
        }) = self.open.last()
        {
            return Err(self.syntax(span, "a list or map as a key"));
        }
        if self.open.len() >= DEEPEST {
            return Err(ReadError::Unreasonable {
                origin: format!(
                    "{}:{}:{}",
                    self.origin,
                    span.start.line(),
                    span.start.col() + 1
                ),
                message: format!("nested deeper than {DEEPEST}"),
            });
        }
        self.open.push(Open {
            anchor,
            before: self.values,
            holder,
        });
        Ok(())
    }

    fn put(
        &mut self,
        value: Value,
        anchor: usize,
        count: usize,
        span: Span,
    ) -> Result<(), ReadError> {
        self.values += count;
        if self.values > MOST_VALUES {
            return Err(ReadError::Unreasonable {
                origin: self.origin.to_owned(),
                message: format!("more than {MOST_VALUES} values"),
            });
        }
        if anchor != 0 {
            self.anchors.insert(anchor, (value.clone(), count));
        }
        match self.open.last_mut().map(|open| &mut open.holder) {
            None => self.root = Some(value),
            Some(Holder::List(items)) => items.push(value),
            Some(Holder::Map(map, key)) => {
                let Some(key) = key.take() else {
                    return Err(self.syntax(span, "a value without a key"));
                };
                match (key.as_str(), value) {
                    // A merge key: what it names, unless the map says otherwise.
                    ("<<", Value::Object(other)) => {
                        for (name, value) in other {
                            map.entry(name).or_insert(value);
                        }
                    }
                    (_, value) => {
                        map.insert(key, value);
                    }
                }
            }
        }
        Ok(())
    }

    fn syntax(&self, span: Span, message: &str) -> ReadError {
        ReadError::Syntax {
            origin: self.origin.to_owned(),
            language: "YAML",
            line: span.start.line(),
            column: span.start.col() + 1,
            message: message.to_owned(),
        }
    }
}

/// A scalar as YAML's core schema reads it. A number keeps the digits that it is written
/// with only where JSON has such a number; `1.10` and `0x1F` stay text.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    if style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str") {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    if let Ok(number) = text.parse::<i64>()
        && number.to_string() == text.trim_start_matches('+')
    {
        return Value::Number(number.into());
    }
    let numeric = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        && text.contains(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E'));
    if numeric
        && let Ok(number) = text.parse::<f64>()
        && let Some(json) = Number::from_f64(number)
        && (json.to_string() == text || text.contains(['e', 'E']) || text.starts_with('.'))
    {
        return Value::Number(json);
    }
    if numeric && let Ok(number) = text.parse::<u64>() {
        return if number.to_string() == text {
            Value::Number(number.into())
        } else {
            Value::String(text.to_owned())
        };
    }
    Value::String(text.to_owned())
}
