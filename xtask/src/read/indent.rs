//! Lines of `[…]`, `{…}` and quoted text that stand too far to the left: YAML forbids it, but
//! people write it and most readers take it. Further to the right they say the same.
use saphyr_parser::ScanError;
use std::{borrow::Cow, collections::HashMap};

/// How far lines are moved at most; a document that is deeper is not mended.
const WIDEST: usize = 256;
/// What all attempts to read a document may read together, in characters: seconds.
const BUDGET: usize = 8 << 20;
/// What the parser says of such lines: of brackets where they are, of text where it begins.
const BRACKETS: [&str; 2] = [
    "invalid indentation",
    "invalid indentation in flow construct",
];
const QUOTED: &str = "invalid indentation in quoted scalar";

/// A text, and what was done to make it YAML.
pub(super) struct Indented<'a> {
    pub(super) text: Cow<'a, str>,
    /// How far lines were moved, by their numbers counted from one.
    moved: HashMap<usize, usize>,
    budget: usize,
}

impl<'a> Indented<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            moved: HashMap::new(),
            budget: BUDGET,
        }
    }

    /// Moves the lines that the parser stumbled over; `false` when they are not the reason.
    pub(super) fn mend(&mut self, error: &ScanError) -> bool {
        let from = error.marker().index();
        let lines = if BRACKETS.contains(&error.info()) {
            brackets(self.text.chars().skip(from))
        } else if error.info() == QUOTED {
            quoted(self.text.chars().skip(from))
        } else {
            return false;
        };
        let first = error.marker().line() + usize::from(error.info() == QUOTED);
        let lines = first..=error.marker().line() + lines;
        self.budget = self.budget.saturating_sub(from);
        let again = lines.clone().any(|line| self.moved.contains_key(&line));
        if again || lines.is_empty() || self.budget == 0 {
            return false;
        }
        let width = self.width_before(first);
        let mut text = String::with_capacity(self.text.len() + lines.clone().count() * width);
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            if lines.contains(&(index + 1)) {
                text.extend(std::iter::repeat_n(' ', width));
            }
            text += line;
        }
        self.text = Cow::Owned(text);
        self.moved.extend(lines.map(|line| (line, width)));
        true
    }

    /// How far is far enough. The line before has the bracket or quote in it, to the right of
    /// where YAML wants what follows to begin, or begins there itself.
    fn width_before(&self, line: usize) -> usize {
        let before = self.text.lines().take(line.saturating_sub(1));
        let last = before.filter(|line| !line.trim().is_empty()).last();
        last.map_or(0, |line| line.chars().count()).clamp(1, WIDEST)
    }

    /// The column in the document as it was received.
    pub(super) fn column(&self, line: usize, column: usize) -> usize {
        let width = self.moved.get(&line).copied().unwrap_or_default();
        column.saturating_sub(width).max(1)
    }
}

/// How many lines further the innermost `[…]` or `{…}` around the beginning ends.
fn brackets(text: impl Iterator<Item = char>) -> usize {
    let (mut lines, mut depth) = (0, 0_usize);
    let mut quote = None;
    let mut comment = false;
    let mut before = ' ';
    let mut text = text.peekable();
    while let Some(c) = text.next() {
        match (c, quote) {
            ('\n', _) => (lines, comment) = (lines + 1, false),
            _ if comment => {}
            ('\\', Some('"')) if text.peek() != Some(&'\n') => drop(text.next()),
            (_, Some(open)) => quote = quote.filter(|_| c != open),
            // Inside a word, these are text.
            ('"' | '\'', None) if !before.is_alphanumeric() => quote = Some(c),
            ('#', None) if before.is_whitespace() => comment = true,
            ('[' | '{', None) => depth += 1,
            (']' | '}', None) if depth == 0 => break,
            (']' | '}', None) => depth -= 1,
            _ => {}
        }
        before = c;
    }
    lines
}

/// How many lines further the quoted text ends that begins here.
fn quoted(mut text: impl Iterator<Item = char>) -> usize {
    let Some(open) = text.next() else {
        return 0;
    };
    let mut lines = 0;
    while let Some(c) = text.next() {
        match c {
            '\n' => lines += 1,
            '\\' if open == '"' => lines += usize::from(text.next() == Some('\n')),
            _ if c == open => break,
            _ => {}
        }
    }
    lines
}
