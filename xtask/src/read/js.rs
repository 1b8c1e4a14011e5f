//! Reads configuration out of JavaScript without running it.
//!
//! Swagger UI pages say where their documents are in object literals, in `JSON.parse('…')`, or in
//! simple expressions over the page's address. [`read`] finds these and gives their values; what
//! needs a program to be known is `null`.
use serde_json::{Map, Value};
use std::collections::HashMap;
use url::Url;

/// How deep literals may nest, in levels.
const MAX_DEPTH: usize = 64;
/// How many characters may be looked at, for each character of the script: nested functions are
/// looked through more than once.
const EFFORT: usize = 20;

/// What a script says.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// What Swagger UI is started with.
    pub calls: Vec<Value>,
    /// What variables are set to, in the order of their first setting; the last value of each.
    pub variables: Vec<(String, Value)>,
}

/// Reads `text`, a script of the page at `page`.
pub(super) fn read(text: &str, page: &Url) -> Script {
    let effort = text.len().saturating_mul(EFFORT).saturating_add(1_000);
    let mut reader = Reader {
        text,
        at: 0,
        effort,
        page,
        variables: HashMap::new(),
        names: vec![],
    };
    let calls = reader.scan();
    let value = |name: String, variables: &HashMap<String, Value>| {
        let value = variables.get(&name).cloned().unwrap_or_default();
        (name, value)
    };
    let names = std::mem::take(&mut reader.names);
    let variables = names
        .into_iter()
        .map(|name| value(name, &reader.variables))
        .collect();
    Script { calls, variables }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    effort: usize,
    page: &'a Url,
    variables: HashMap<String, Value>,
    names: Vec<String>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        if self.effort == 0 {
            None
        } else {
            self.text[self.at..].chars().next()
        }
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        self.effort -= 1;
        Some(char)
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.effort > 0 && self.text[self.at..].starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// Moves past white space and comments.
    fn space(&mut self) {
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

    /// Goes through the whole script, and gives the arguments of the calls that start Swagger UI.
    fn scan(&mut self) -> Vec<Value> {
        let mut calls = Vec::new();
        // Whether a `/` would begin a regular expression here.
        let mut operand = true;
        loop {
            self.space();
            let Some(char) = self.peek() else {
                return calls;
            };
            if is_name_start(char) {
                let name = self.path();
                self.space();
                let called = name.rsplit('.').next().unwrap_or_default();
                if matches!(called, "SwaggerUIBundle" | "SwaggerUi" | "SwaggerUI") && self.take("(")
                {
                    self.try_value(|_, value| calls.push(value));
                } else if !self.text[self.at..].starts_with("==")
                    && !self.text[self.at..].starts_with("=>")
                    && self.take("=")
                {
                    self.try_value(|reader, value| reader.set(name, value));
                    operand = true;
                    continue;
                }
                operand = false;
            } else if matches!(char, '"' | '\'' | '`') {
                self.string();
                operand = false;
            } else if char == '/' && operand {
                self.regular_expression();
                operand = false;
            } else {
                self.next();
                operand = !matches!(char, ')' | ']' | '}') && !char.is_ascii_digit();
            }
        }
    }

    /// Reads a value and hands it on; moves nowhere when it is not one that can be known, so that
    /// what is inside is looked through.
    fn try_value(&mut self, found: impl FnOnce(&mut Self, Value)) {
        let start = self.at;
        match self.expression(0, false) {
            Some(value) if !value.is_null() => found(self, value),
            _ => self.at = start,
        }
    }

    fn set(&mut self, name: String, value: Value) {
        let name = name.strip_prefix("window.").unwrap_or(&name).to_owned();
        if self.variables.insert(name.clone(), value).is_none() {
            self.names.push(name);
        }
    }

    /// A name, or names with dots between them.
    fn path(&mut self) -> String {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|char| is_name_start(char) || char.is_ascii_digit() || char == '.')
        {
            self.next();
        }
        self.text[start..self.at].to_owned()
    }

    /// An expression of literals, known variables, `+`, `||` and `??`. Inside a literal (`nested`),
    /// what cannot be known is skipped and is null; elsewhere it is nothing.
    fn expression(&mut self, depth: usize, nested: bool) -> Option<Value> {
        let mut value = self.term(depth);
        loop {
            self.space();
            match self.peek() {
                None | Some(',' | '}' | ']' | ')' | ';') => break,
                Some('+') if !self.text[self.at..].starts_with("++") => {
                    self.next();
                    let right = self.term(depth);
                    value = match (value, right) {
                        (Some(Value::String(left)), Some(Value::String(right))) => {
                            Some(Value::String(left + &right))
                        }
                        _ => None,
                    };
                }
                Some(_) if self.take("||") || self.take("??") => {
                    let right = self.term(depth);
                    value = value.filter(|value| !value.is_null()).or(right);
                }
                // The next statement, where a line end stands for the semicolon.
                Some(_) if !nested && value.is_some() => break,
                Some(_) => {
                    value = None;
                    if !nested {
                        break;
                    }
                    self.skip();
                }
            }
        }
        if nested {
            Some(value.unwrap_or_default())
        } else {
            value
        }
    }

    fn term(&mut self, depth: usize) -> Option<Value> {
        self.space();
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            '"' | '\'' | '`' => self.string().map(Value::String),
            '{' => self.object(depth),
            '[' => self.array(depth),
            '(' => {
                self.next();
                let value = self.expression(depth + 1, true);
                self.space();
                self.take(")").then_some(value).flatten()
            }
            char if char.is_ascii_digit() || char == '-' => self.number(),
            char if is_name_start(char) => self.named(depth),
            _ => None,
        }
    }

    /// What a name stands for, or a call of one of the few functions that are known.
    fn named(&mut self, depth: usize) -> Option<Value> {
        let name = self.path();
        self.space();
        if self.take("(") {
            if !matches!(
                name.as_str(),
                "JSON.parse" | "arrayFrom" | "encodeURI" | "String"
            ) {
                // The call is not moved past: what is inside may be what is looked for.
                self.at -= 1;
                return None;
            }
            let argument = self.expression(depth + 1, true)?;
            self.space();
            if !self.take(")") {
                return None;
            }
            let text = argument.as_str()?;
            return match name.as_str() {
                "JSON.parse" => {
                    let mut inner = Reader {
                        text,
                        at: 0,
                        effort: text.len().saturating_mul(2) + 100,
                        page: self.page,
                        variables: HashMap::new(),
                        names: Vec::new(),
                    };
                    inner.term(depth + 1)
                }
                "arrayFrom" => {
                    let parts = text.split('|').filter(|part| !part.is_empty());
                    Some(parts.map(Value::from).collect())
                }
                _ => Some(argument),
            };
        }
        let mut value = self.variable(&name)?;
        loop {
            if self.take("[") {
                let index = self.expression(depth + 1, true)?;
                self.space();
                if !self.take("]") {
                    return None;
                }
                value = match index {
                    Value::Number(index) => {
                        value.get(usize::try_from(index.as_u64()?).ok()?)?.clone()
                    }
                    Value::String(key) => value.get(key)?.clone(),
                    _ => return None,
                };
            } else if self.take(".") {
                for member in self.path().split('.') {
                    value = value.get(member)?.clone();
                }
            } else {
                break;
            }
        }
        Some(value)
    }

    fn variable(&self, name: &str) -> Option<Value> {
        let name = name
            .strip_prefix("window.")
            .or(name.strip_prefix("document."))
            .unwrap_or(name);
        let page = &self.page;
        let authority = || page[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
        let text = match name {
            "true" => return Some(Value::Bool(true)),
            "false" => return Some(Value::Bool(false)),
            "location.origin" => format!("{}://{}", page.scheme(), authority()),
            "location.protocol" => format!("{}:", page.scheme()),
            "location.host" => authority(),
            "location.hostname" => page.host_str()?.to_owned(),
            "location.port" => page.port().map(|port| port.to_string()).unwrap_or_default(),
            "location.pathname" => page.path().to_owned(),
            "location.href" | "location" => page[..url::Position::AfterPath].to_owned(),
            _ => {
                if let Some(value) = self.variables.get(name) {
                    return Some(value.clone());
                }
                let (object, member) = name.rsplit_once('.')?;
                return self.variable(object)?.get(member).cloned();
            }
        };
        Some(Value::String(text))
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut object = Map::new();
        loop {
            self.space();
            let key = match self.peek()? {
                '}' => {
                    self.next();
                    return Some(Value::Object(object));
                }
                ',' => {
                    self.next();
                    continue;
                }
                '"' | '\'' => self.string()?,
                char if is_name_start(char) || char.is_ascii_digit() => self.path(),
                // Spread and computed members.
                '.' | '[' | '*' | '#' => {
                    self.skip();
                    continue;
                }
                _ => return None,
            };
            self.space();
            if self.take(":") {
                let value = self.expression(depth + 1, true)?;
                object.insert(key, value);
            } else if matches!(self.peek(), Some(',' | '}')) {
                let value = self.variable(&key).unwrap_or_default();
                object.insert(key, value);
            } else {
                self.skip();
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.next();
        let mut array = Vec::new();
        loop {
            self.space();
            match self.peek()? {
                ']' => {
                    self.next();
                    return Some(Value::Array(array));
                }
                ',' => {
                    self.next();
                }
                '}' | ')' | ';' => return None,
                _ => array.push(self.expression(depth + 1, true)?),
            }
        }
    }

    fn number(&mut self) -> Option<Value> {
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
    fn string(&mut self) -> Option<String> {
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
    fn skip(&mut self) {
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

    fn regular_expression(&mut self) {
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

fn is_name_start(char: char) -> bool {
    char.is_alphabetic() || char == '_' || char == '$'
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn script(text: &str) -> Script {
        read(
            text,
            &Url::parse("http://api.example.com:8080/docs/index.html?x=1").unwrap(),
        )
    }

    #[test]
    fn literals_are_read_as_a_browser_would() {
        let script = script(
            r#"// var no = {url: "no"};
            var re = /['"{]/; /* { */
            const a = { url: 'it\'s', "urls": [{'name': "V\u0031 \uD83D\uDE00", url: `t`,},], n: -1.5,
              f: function (x) { return {"}": '}'} }, g(x) { return 1 }, ...rest, plugins: [A.b, c], t: true };"#,
        );
        assert_eq!(script.variables.len(), 1);
        assert_eq!(
            script.variables[0].1,
            json!({"url": "it's", "urls": [{"name": "V1 😀", "url": "t"}], "n": -1.5, "f": null,
                "plugins": [null, null], "t": true})
        );
    }

    #[test]
    fn calls_are_found_inside_functions_with_their_variables() {
        let script = script(
            r#"window.onload = function () {
              var configObject = JSON.parse('{\u0022urls\u0022:[{\u0022url\u0022:\u0022v1/swagger.json\u0022}]}');
              window.root = window.location.protocol + "//" + window.location.host
              const ui = SwaggerUIBundle({ urls: configObject.urls, url: root + '/x', y: configObject.urls[0].url });
              if (a == b) { url = undefined }
            }"#,
        );
        assert_eq!(
            script.calls,
            [
                json!({"urls": [{"url": "v1/swagger.json"}], "url": "http://api.example.com:8080/x",
                "y": "v1/swagger.json"})
            ]
        );
    }

    #[test]
    fn the_effort_stays_bounded() {
        let nested = "a=function(){x={".repeat(20_000);
        script(&nested);
        script(&"[".repeat(100_000));
        script(&"a=(".repeat(100_000));
    }
}
