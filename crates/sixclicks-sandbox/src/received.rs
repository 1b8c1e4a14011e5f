//! The requests that the sandbox received, of which it keeps the last ones.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use crate::{answer::Answer, rules::Violation};

/// How many requests are kept.
const MOST: usize = 10_000;

/// How many bytes the requests that are kept take at most, apart from the last one.
const LARGEST: usize = 128 << 20;

/// What a request was, for tests to look at. Keys and tokens are left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// The method, in capitals.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, without its question mark.
    pub query: String,
    /// The headers, by their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Its values as the sandbox's document reads them: those of parameters by `path`,
    /// `query`, `header` or `cookie` and their names, and `body`.
    pub values: Map<String, Value>,
    /// What is wrong with it, as the sandbox's document says; nothing without a document.
    pub violations: Vec<Violation>,
    /// What was answered.
    pub answer: Answer,
}

/// The last requests.
#[derive(Debug, Default)]
pub(crate) struct History {
    requests: VecDeque<(usize, Received)>,
    weight: usize,
}

impl History {
    pub fn push(&mut self, received: Received) {
        let weight = received.weight();
        self.weight += weight;
        self.requests.push_back((weight, received));
        let more = |history: &Self| {
            let requests = history.requests.len();
            requests > MOST || history.weight > LARGEST && requests > 1
        };
        while more(self)
            && let Some((weight, _)) = self.requests.pop_front()
        {
            self.weight -= weight;
        }
    }

    pub fn all(&self) -> Vec<Received> {
        let requests = self.requests.iter();
        requests.map(|(_, received)| received.clone()).collect()
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Received {
    /// About how many bytes it takes.
    fn weight(&self) -> usize {
        let values: usize = self.values.values().map(weight).sum();
        let answer = self.answer.bytes().len();
        self.body.len() + self.path.len() + self.query.len() + values + answer + 1_000
    }
}

fn weight(value: &Value) -> usize {
    let held = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, field)| name.len() + 32 + weight(field))
            .sum(),
        _ => 0,
    };
    held + size_of::<Value>()
}
