//! YAML to a value: 1.2 scalars, key order kept, depth and alias expansion bounded.
//!
//! Built on the parser's events, because a document's meaning needs more than a generic value:
//! the text of `version: 1.10`, the line of a repeated key, and a limit on what aliases cost.
use super::{
    Note, Origin, Parsed, ReadError, duplicates,
    indent::Indented,
    parsed,
    pointer::{self, Anchors},
    scalar,
};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// What the values of anchors and aliases may cost together, in rough bytes.
const ALIAS_BUDGET: usize = 128 << 20;

/// How many commas and opening brackets there may be. The parser keeps all tokens of a `[…]` or
/// `{…}` until it ends, at several hundred bytes each.
const MAX_FLOW: usize = 1_000_000;
/// How deep `[…]` and `{…}` nest at most in the parser, and what it says when they are deeper.
const FLOW_DEPTH: (usize, &str) = (255, "recursion limit exceeded");

const HINT: &str = "correct the document there, or export it again";

/// Parses the one document in `text`.
pub(super) fn parse(origin: &Origin, text: &str, max_depth: usize) -> Result<Parsed, ReadError> {
    check_flow(origin, text)?;
    let mut text = Indented::new(text);
    loop {
        match attempt(origin, &text, max_depth) {
            Ok(parsed) => return Ok(parsed),
            Err(Stopped::Meaning(error)) => return Err(error),
            Err(Stopped::Syntax(error)) if text.mend(&error) => {}
            Err(Stopped::Syntax(error)) => {
                let line = error.marker().line().max(1);
                let column = text.column(line, error.marker().col() + 1);
                return Err(not_yaml(origin, (line, column), &error));
            }
        }
    }
}

/// Why a text is not read.
enum Stopped {
    Syntax(ScanError),
    Meaning(ReadError),
}

fn attempt(origin: &Origin, text: &Indented<'_>, max_depth: usize) -> Result<Parsed, Stopped> {
    let mut builder = Builder {
        events: 0,
        origin,
        max_depth,
        stack: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        budget: ALIAS_BUDGET,
        anchor_texts: HashMap::new(),
        texts: HashMap::new(),
        notes: Vec::new(),
    };
    for event in Parser::new_from_str(&text.text) {
        let (event, span) = event.map_err(Stopped::Syntax)?;
        let line = span.start.line().max(1);
        let at = (line, text.column(line, span.start.col() + 1));
        builder.event(event, at).map_err(Stopped::Meaning)?;
    }
    match builder.root {
        Some(value) => Ok(Parsed {
            value,
            texts: builder.texts,
            notes: builder.notes,
            anchors: Anchors::default(),
        }),
        None => Err(Stopped::Meaning(ReadError::Empty {
            origin: origin.clone(),
        })),
    }
}

fn not_yaml(origin: &Origin, (line, column): (usize, usize), error: &ScanError) -> ReadError {
    let origin = origin.clone();
    if error.info() == FLOW_DEPTH.1 {
        return ReadError::TooDeep {
            origin,
            line,
            column,
            limit: FLOW_DEPTH.0,
        };
    }
    ReadError::Syntax {
        origin,
        format: "YAML",
        line,
        column,
        message: error.info().to_owned(),
        hint: HINT,
    }
}

fn check_flow(origin: &Origin, text: &str) -> Result<(), ReadError> {
    let flow = text
        .bytes()
        .filter(|byte| matches!(byte, b',' | b'[' | b'{'))
        .count();
    if flow <= MAX_FLOW {
        return Ok(());
    }
    Err(ReadError::TooMany {
        origin: origin.clone(),
        line: 1,
        column: 1,
        limit: MAX_FLOW,
        what: "commas and brackets, which a YAML document of this size cannot be read with",
        hint: "convert the document to JSON",
    })
}

/// A collection that is not complete yet.
struct Frame {
    value: Collection,
    anchor: usize,
}

enum Collection {
    Array(Vec<Value>),
    /// The entries, the key that waits for its value with its line, and the values of `<<` keys.
    Object {
        entries: Map<String, Value>,
        key: Option<(String, usize)>,
        merged: Vec<Value>,
    },
}

struct Builder<'a> {
    /// Events so far: at most two for each value, be it for its key or its end.
    events: usize,
    origin: &'a Origin,
    max_depth: usize,
    stack: Vec<Frame>,
    root: Option<Value>,
    anchors: HashMap<usize, Value>,
    budget: usize,
    /// The source text of anchored scalars that JSON writes differently.
    anchor_texts: HashMap<usize, String>,
    texts: HashMap<String, String>,
    notes: Vec<Note>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, at: (usize, usize)) -> Result<(), ReadError> {
        self.events += 1;
        if self.events > 2 * parsed::MAX_VALUES {
            return Err(parsed::too_many_values(self.origin, at.0, at.1));
        }
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(self.syntax(at, "a second document starts here".to_owned()))
            }
            Event::DocumentStart(_) => Ok(()),
            Event::Alias(id) => {
                if self.key_expected() {
                    return Err(self.syntax(at, "an alias cannot be a key here".to_owned()));
                }
                let Some(value) = self.anchors.get(&id) else {
                    return Err(self.syntax(at, "this alias is inside its own anchor".to_owned()));
                };
                let cost = parsed::cost(value);
                if cost > self.budget {
                    return Err(self.too_many_aliases(at));
                }
                let value = value.clone();
                self.budget -= cost;
                if self.stack.len() + parsed::depth(&value) > self.max_depth {
                    return Err(self.too_deep(at, self.max_depth));
                }
                if let Some(text) = self.anchor_texts.get(&id).cloned() {
                    self.texts.insert(self.pointer(), text);
                }
                self.add(value, 0, at)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.as_deref().filter(|tag| tag.is_yaml_core_schema());
                let is_text = style != ScalarStyle::Plain || tag.is_some_and(|t| t.suffix == "str");
                if self.key_expected() {
                    self.key(&text, is_text, at);
                    return Ok(());
                }
                if is_text {
                    return self.add(Value::String(text.into_owned()), anchor, at);
                }
                let value = scalar::value(&text);
                if !value.is_string() && value.to_string() != text {
                    if anchor != 0 {
                        self.anchor_texts.insert(anchor, text.clone().into_owned());
                    }
                    self.texts.insert(self.pointer(), text.into_owned());
                }
                self.add(value, anchor, at)
            }
            Event::SequenceStart(anchor, _) => self.open(Collection::Array(Vec::new()), anchor, at),
            Event::MappingStart(anchor, _) => {
                let entries = Map::new();
                self.open(
                    Collection::Object {
                        entries,
                        key: None,
                        merged: Vec::new(),
                    },
                    anchor,
                    at,
                )
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at),
        }
    }

    fn key_expected(&self) -> bool {
        matches!(
            self.stack.last(),
            Some(Frame {
                value: Collection::Object { key: None, .. },
                ..
            })
        )
    }

    fn key(&mut self, text: &str, quoted: bool, at: (usize, usize)) {
        if let Some(Frame {
            value: Collection::Object { key, .. },
            ..
        }) = self.stack.last_mut()
        {
            // A merge key is marked by a character that no key of a text file can begin with.
            let text = if text == "<<" && !quoted {
                "\0<<"
            } else {
                text
            };
            *key = Some((text.to_owned(), at.0));
        }
    }

    fn open(
        &mut self,
        value: Collection,
        anchor: usize,
        at: (usize, usize),
    ) -> Result<(), ReadError> {
        if self.key_expected() {
            return Err(self.syntax(at, "a key must be text, not a list or an object".to_owned()));
        }
        if self.stack.len() >= self.max_depth {
            return Err(self.too_deep(at, self.max_depth));
        }
        self.stack.push(Frame { value, anchor });
        Ok(())
    }

    fn close(&mut self, at: (usize, usize)) -> Result<(), ReadError> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        let value = match frame.value {
            Collection::Array(array) => Value::Array(array),
            Collection::Object {
                mut entries,
                merged,
                ..
            } => {
                for value in merged {
                    self.merge(&mut entries, value, at)?;
                }
                Value::Object(entries)
            }
        };
        self.add(value, frame.anchor, at)
    }

    /// Adds what `<<` brings: keys that are there already stay.
    fn merge(
        &self,
        entries: &mut Map<String, Value>,
        value: Value,
        at: (usize, usize),
    ) -> Result<(), ReadError> {
        let sources = match value {
            Value::Array(sources) => sources,
            other => vec![other],
        };
        for source in sources {
            let Value::Object(source) = source else {
                return Err(self.syntax(at, "`<<` takes objects only".to_owned()));
            };
            for (key, value) in source {
                entries.entry(key).or_insert(value);
            }
        }
        Ok(())
    }

    /// Puts a complete value where it belongs, and remembers it under its anchor.
    fn add(&mut self, value: Value, anchor: usize, at: (usize, usize)) -> Result<(), ReadError> {
        if anchor != 0 {
            let cost = parsed::cost(&value);
            if cost > self.budget {
                return Err(self.too_many_aliases(at));
            }
            self.budget -= cost;
            self.anchors.insert(anchor, value.clone());
        }
        let value = self.distinct(value);
        match self.stack.last_mut().map(|frame| &mut frame.value) {
            None => self.root = Some(value),
            Some(Collection::Array(array)) => array.push(value),
            Some(Collection::Object {
                entries,
                key,
                merged,
            }) => match key.take() {
                Some((key, _)) if key == "\0<<" => merged.push(value),
                Some((key, _)) => {
                    entries.insert(key, value);
                }
                None => {}
            },
        }
        Ok(())
    }

    /// The value of the key that waits for it, merged with the one that the key has already.
    fn distinct(&mut self, value: Value) -> Value {
        let pointer = self.pointer_of_duplicate();
        let Some(Frame {
            value:
                Collection::Object {
                    entries,
                    key: Some((key, line)),
                    ..
                },
            ..
        }) = self.stack.last_mut()
        else {
            return value;
        };
        match (pointer, entries.get_mut(key.as_str()).map(Value::take)) {
            (Some(pointer), Some(before)) => {
                duplicates::merge(before, value, &pointer, Some(*line), &mut self.notes)
            }
            _ => value,
        }
    }

    /// The pointer of the value that comes next, if its key has a value already.
    fn pointer_of_duplicate(&self) -> Option<String> {
        let Collection::Object {
            entries,
            key: Some((key, _)),
            ..
        } = &self.stack.last()?.value
        else {
            return None;
        };
        entries.contains_key(key).then(|| self.pointer())
    }

    /// The pointer of the value that comes next.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for frame in &self.stack {
            match &frame.value {
                Collection::Array(array) => pointer::push(&mut pointer, &array.len().to_string()),
                Collection::Object { key, .. } => {
                    let key = key.as_ref().map(|(key, _)| key.as_str());
                    pointer::push(&mut pointer, key.unwrap_or_default());
                }
            }
        }
        pointer
    }

    fn syntax(&self, (line, column): (usize, usize), message: String) -> ReadError {
        let origin = self.origin.clone();
        ReadError::Syntax {
            origin,
            format: "YAML",
            line,
            column,
            message,
            hint: HINT,
        }
    }

    fn too_deep(&self, (line, column): (usize, usize), limit: usize) -> ReadError {
        ReadError::TooDeep {
            origin: self.origin.clone(),
            line,
            column,
            limit,
        }
    }

    fn too_many_aliases(&self, (line, column): (usize, usize)) -> ReadError {
        ReadError::TooManyAliases {
            origin: self.origin.clone(),
            line,
            column,
        }
    }
}
