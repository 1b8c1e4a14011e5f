//! Remembers choices inside a choice.
//!
//! Each variant of a union reads the unions within it anew. Without memory a
//! tree of unions would be read as often as there are variants, to the power of
//! its depth.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use super::{DEEPEST, is_deeper_than};

/// Which candidate a value got, by the hash of the candidates and the value.
type Choices = HashMap<u64, Option<usize>>;

#[derive(Default)]
struct Memo {
    depth: usize,
    hasher: RandomState,
    choices: Choices,
}

thread_local! {
    static MEMO: RefCell<Memo> = RefCell::default();
}

/// Counts the unions that are being read on this thread, also when one panics.
struct Nesting;

impl Nesting {
    fn enter() -> (Self, usize) {
        let depth = MEMO.with_borrow_mut(|memo| {
            memo.depth += 1;
            memo.depth
        });
        (Self, depth)
    }
}

impl Drop for Nesting {
    fn drop(&mut self) {
        MEMO.with_borrow_mut(|memo| {
            memo.depth -= 1;
            if memo.depth == 0 {
                memo.choices.clear();
            }
        });
    }
}

/// Reads the only candidate, unless the text nests too deep.
pub(super) fn enter<U>(text: &str, read: impl FnOnce() -> Option<U>) -> Option<U> {
    let (_nesting, depth) = Nesting::enter();
    if depth == 1 && is_deeper_than(DEEPEST, text.as_bytes()) {
        return None;
    }
    read()
}

/// Runs a choice: `read(Some(earlier))` where the same was chosen before within
/// the outermost union, `read(None)` where all candidates are to be compared.
///
/// The question is what the choice depends on: the candidates and the value. Nothing is
/// chosen for a text that nests deeper than values may: each union within it would be read
/// from a text of its own, and nothing else would end that.
pub(super) fn choose<U>(
    question: impl Hash,
    text: &str,
    read: impl Fn(Option<Option<usize>>) -> Option<(usize, U)>,
) -> Option<U> {
    let (_nesting, depth) = Nesting::enter();
    // Nothing reads the outermost a second time.
    if depth == 1 {
        if is_deeper_than(DEEPEST, text.as_bytes()) {
            return None;
        }
        return read(None).map(|(_, union)| union);
    }
    let key = MEMO.with_borrow(|memo| memo.hasher.hash_one(question));
    let known = MEMO.with_borrow(|memo| memo.choices.get(&key).copied());
    let chosen = read(known);
    if known.is_none() {
        let index = chosen.as_ref().map(|(index, _)| *index);
        MEMO.with_borrow_mut(|memo| memo.choices.insert(key, index));
    }
    chosen.map(|(_, union)| union)
}
