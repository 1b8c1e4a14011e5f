//! The words of JavaScript: names, strings, numbers, comments, regular expressions.
use serde_json::Value;

/// A place in a script, and how much longer it may be looked at.
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// How many more characters may be looked at; without any, the script seems to end.
    pub(super) effort: usize,
}

impl Lexer<'_> {
    /// What is left of the script.
    pub(super) fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        if self.effort == 0 {
            None
        } else {
            self.rest().chars().next()
        }
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        self.effort -= 1;
        Some(char)
    }

    pub(super) fn take(&mut self, wanted: &str) -> bool {
        let found = self.effort > 0 && self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// Moves past white space and comments.
    pub(super) fn space(&mut self) {
        loop {
            if self.take("//") {
                while self.peek().is_some_and(|char| char != '\n') {
                    self.next();
                }
            } else if self.take("/*") {
                while self.peek().is_some() && !self.take("*/") {
                    self.next();
                }
            } else if self.peek().is_some_and(char::is_whitespace) {
                self.next();
            } else {
                return;
            }
        }
    }

    /// A name, or names with dots between them.
    pub(super) fn path(&mut self) -> String {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|char| is_name_start(char) || char.is_ascii_digit() || char == '.')
        {
            self.next();
        }
        self.text[start..self.at].to_owned()
    }

    pub(super) fn number(&mut self) -> Option<Value> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|char| char.is_ascii_alphanumeric() || "+-.".contains(char))
        {
            self.next();
        }
        serde_json::from_str(&self.text[start..self.at]).ok()
    }

    /// A string with its escapes resolved; nothing for a template with expressions in it.
    pub(super) fn string(&mut self) -> Option<String> {
        let quote = self.next()?;
        let mut text = String::new();
        let mut units: Vec<u16> = Vec::new();
        let mut known = true;
        loop {
            let char = self.next()?;
            if char != '\\' || !matches!(self.peek(), Some('u')) {
                flush(&mut units, &mut text);
            }
            match char {
                _ if char == quote => return known.then_some(text),
                '\n' if quote != '`' => return None,
                '$' if quote == '`' && self.peek() == Some('{') => known = false,
                '\\' => match self.next()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'v' => text.push('\u{b}'),
                    '0' => text.push('\0'),
                    '\n' => {}
                    'x' => text.extend(self.hexadecimal(2).and_then(char::from_u32)),
                    'u' if self.take("{") => {
                        let code = self.hexadecimal(6);
                        self.take("}");
                        text.extend(code.and_then(char::from_u32));
                    }
                    'u' => units.extend(
                        self.hexadecimal(4)
                            .and_then(|unit| u16::try_from(unit).ok()),
                    ),
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
    }

    /// At most `digits` hexadecimal digits.
    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let start = self.at;
        while self.at - start < digits && self.peek().is_some_and(|char| char.is_ascii_hexdigit()) {
            self.next();
        }
        u32::from_str_radix(&self.text[start..self.at], 16).ok()
    }

    /// Moves to the end of what stands here: the next comma or closing bracket that is its own.
    pub(super) fn skip(&mut self) {
        let mut open = 0_usize;
        let mut operand = true;
        loop {
            self.space();
            match self.peek() {
                None => return,
                Some('(' | '[' | '{') => open += 1,
                Some(')' | ']' | '}') if open == 0 => return,
                Some(')' | ']' | '}') => open -= 1,
                Some(',' | ';') if open == 0 => return,
                Some('"' | '\'' | '`') => {
                    self.string();
                    operand = false;
                    continue;
                }
                Some('/') if operand => {
                    self.regular_expression();
                    operand = false;
                    continue;
                }
                Some(_) => {}
            }
            let char = self.next();
            operand = char.is_some_and(|char| "(,=:[!&|?{};+".contains(char));
        }
    }

    pub(super) fn regular_expression(&mut self) {
        self.next();
        let mut class = false;
        while let Some(char) = self.next() {
            match char {
                '\\' => {
                    self.next();
                }
                '[' => class = true,
                ']' => class = false,
                '/' if !class => return,
                '\n' => return,
                _ => {}
            }
        }
    }
}

/// Adds UTF-16 units that have been collected to `text`.
fn flush(units: &mut Vec<u16>, text: &mut String) {
    if !units.is_empty() {
        text.push_str(&String::from_utf16_lossy(units));
        units.clear();
    }
}

pub(super) fn is_name_start(char: char) -> bool {
    char.is_alphabetic() || char == '_' || char == '$'
}
