//! A received value, which the candidates of a union try to read.

use serde::de::DeserializeOwned;

use super::doubt;
use crate::{Json, read};

/// A received value as its text, and by which rules it is read.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    text: &'a str,
    rules: Rules,
}

/// How a value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rules {
    /// As the document describes it.
    Strict,
    /// As .NET servers may write it as well.
    Tolerant,
    /// Strictly if possible.
    Either,
}

impl<'a> Received<'a> {
    /// The value of a [`Json`].
    pub fn new(json: &'a Json) -> Self {
        Self::by(json.as_text(), Rules::Either)
    }

    pub(super) fn by(text: &'a str, rules: Rules) -> Self {
        Self { text, rules }
    }

    /// Reads the value as a `T`; `None` when it is none.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        let tolerant = || read::tolerant(self.text).ok().map(|read| read.value);
        match self.rules {
            Rules::Strict => read::strictly(self.text),
            Rules::Tolerant => tolerant(),
            Rules::Either => {
                let before = doubt::now();
                read::strictly(self.text).or_else(|| {
                    doubt::reset(before);
                    tolerant()
                })
            }
        }
    }
}
