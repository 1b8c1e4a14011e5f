//! Reads configuration out of JavaScript without running it.
//!
//! Swagger UI pages say where their documents are in object literals, in `JSON.parse('…')`, or in
//! simple expressions over the page's address. [`read`] finds these and gives their values; what
//! needs a program to be known is `null`.
mod lexer;

use super::parsed;
use lexer::{Lexer, is_name_start};
use serde_json::{Map, Value};
use url::Url;

/// The longest script that is read, in bytes.
const MAX_LENGTH: usize = 4 << 20;
/// What all copies of variables may cost together, in rough bytes.
const MAX_COPIES: usize = 4 << 20;
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
    pub variables: Map<String, Value>,
}

/// Reads `text`, a script of the page at `page`. Programs are too long to be looked into.
pub(super) fn read(text: &str, page: &Url) -> Script {
    if text.len() > MAX_LENGTH {
        return Script::default();
    }
    let effort = text.len() * EFFORT + 1_000;
    let mut reader = Reader {
        lexer: Lexer {
            text,
            at: 0,
            effort,
        },
        page,
        variables: Map::new(),
        copies: MAX_COPIES,
    };
    let calls = reader.scan();
    Script {
        calls,
        variables: reader.variables,
    }
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    page: &'a Url,
    variables: Map<String, Value>,
    /// What further copies of variables may cost.
    copies: usize,
}

impl Reader<'_> {
    /// Goes through the whole script, and gives the arguments of the calls that start Swagger UI.
    fn scan(&mut self) -> Vec<Value> {
        let mut calls = Vec::new();
        // Whether a `/` would begin a regular expression here.
        let mut operand = true;
        loop {
            self.lexer.space();
            let Some(char) = self.lexer.peek() else {
                return calls;
            };
            if is_name_start(char) {
                let name = self.lexer.path();
                self.lexer.space();
                let called = name.rsplit('.').next().unwrap_or_default();
                if matches!(called, "SwaggerUIBundle" | "SwaggerUi" | "SwaggerUI")
                    && self.lexer.take("(")
                {
                    self.try_value(|_, value| calls.push(value));
                } else if !self.lexer.rest().starts_with("==")
                    && !self.lexer.rest().starts_with("=>")
                    && self.lexer.take("=")
                {
                    self.try_value(|reader, value| reader.set(name, value));
                    operand = true;
                    continue;
                }
                operand = false;
            } else if matches!(char, '"' | '\'' | '`') {
                self.lexer.string();
                operand = false;
            } else if char == '/' && operand {
                self.lexer.regular_expression();
                operand = false;
            } else {
                self.lexer.next();
                operand = !matches!(char, ')' | ']' | '}') && !char.is_ascii_digit();
            }
        }
    }

    /// Reads a value and hands it on; moves nowhere when it is not one that can be known, so that
    /// what is inside is looked through.
    fn try_value(&mut self, found: impl FnOnce(&mut Self, Value)) {
        let start = self.lexer.at;
        match self.expression(0, false) {
            Some(value) if !value.is_null() => found(self, value),
            _ => self.lexer.at = start,
        }
    }

    fn set(&mut self, name: String, value: Value) {
        let name = name.strip_prefix("window.").unwrap_or(&name).to_owned();
        self.variables.insert(name, value);
    }

    /// An expression of literals, known variables, `+`, `||` and `??`. Inside a literal (`nested`),
    /// what cannot be known is skipped and is null; elsewhere it is nothing.
    fn expression(&mut self, depth: usize, nested: bool) -> Option<Value> {
        let mut value = self.term(depth);
        loop {
            self.lexer.space();
            match self.lexer.peek() {
                None | Some(',' | '}' | ']' | ')' | ';') => break,
                Some('+') if !self.lexer.rest().starts_with("++") => {
                    self.lexer.next();
                    let right = self.term(depth);
                    value = match (value, right) {
                        (Some(Value::String(left)), Some(Value::String(right))) => {
                            Some(Value::String(left + &right))
                        }
                        _ => None,
                    };
                }
                Some(_) if self.lexer.take("||") || self.lexer.take("??") => {
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
                    self.lexer.skip();
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
        self.lexer.space();
        if depth > MAX_DEPTH {
            return None;
        }
        match self.lexer.peek()? {
            '"' | '\'' | '`' => self.lexer.string().map(Value::String),
            '{' => self.object(depth),
            '[' => self.array(depth),
            '(' => {
                self.lexer.next();
                let value = self.expression(depth + 1, true);
                self.lexer.space();
                self.lexer.take(")").then_some(value).flatten()
            }
            char if char.is_ascii_digit() || char == '-' => self.lexer.number(),
            char if is_name_start(char) => self.named(depth),
            _ => None,
        }
    }

    /// What a name stands for, or a call of one of the few functions that are known.
    fn named(&mut self, depth: usize) -> Option<Value> {
        let name = self.lexer.path();
        self.lexer.space();
        if self.lexer.take("(") {
            if !matches!(
                name.as_str(),
                "JSON.parse" | "arrayFrom" | "encodeURI" | "String"
            ) {
                // The call is not moved past: what is inside may be what is looked for.
                self.lexer.at -= 1;
                return None;
            }
            let argument = self.expression(depth + 1, true)?;
            self.lexer.space();
            if !self.lexer.take(")") {
                return None;
            }
            let text = argument.as_str()?;
            return match name.as_str() {
                "JSON.parse" => {
                    let mut inner = Reader {
                        lexer: Lexer {
                            text,
                            at: 0,
                            effort: text.len().saturating_mul(2) + 100,
                        },
                        page: self.page,
                        variables: Map::new(),
                        copies: 0,
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
            if self.lexer.take("[") {
                let index = self.expression(depth + 1, true)?;
                self.lexer.space();
                if !self.lexer.take("]") {
                    return None;
                }
                value = match index {
                    Value::Number(index) => {
                        value.get(usize::try_from(index.as_u64()?).ok()?)?.clone()
                    }
                    Value::String(key) => value.get(key)?.clone(),
                    _ => return None,
                };
            } else if self.lexer.take(".") {
                for member in self.lexer.path().split('.') {
                    value = value.get(member)?.clone();
                }
            } else {
                break;
            }
        }
        Some(value)
    }

    fn variable(&mut self, name: &str) -> Option<Value> {
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
                let (first, members) = name.split_once('.').unwrap_or((name, ""));
                let found = match self.variables.get(name) {
                    Some(value) => value,
                    None => {
                        let members = members.split('.').filter(|member| !member.is_empty());
                        let variable = self.variables.get(first)?;
                        members
                            .into_iter()
                            .try_fold(variable, |value, member| value.get(member))?
                    }
                };
                // A script that keeps doubling a variable must not fill the memory.
                self.copies = self.copies.checked_sub(parsed::cost(found))?;
                return Some(found.clone());
            }
        };
        Some(Value::String(text))
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.lexer.next();
        let mut object = Map::new();
        loop {
            self.lexer.space();
            let key = match self.lexer.peek()? {
                '}' => {
                    self.lexer.next();
                    return Some(Value::Object(object));
                }
                ',' => {
                    self.lexer.next();
                    continue;
                }
                '"' | '\'' => self.lexer.string()?,
                char if is_name_start(char) || char.is_ascii_digit() => self.lexer.path(),
                // Spread and computed members.
                '.' | '[' | '*' | '#' => {
                    self.lexer.skip();
                    continue;
                }
                _ => return None,
            };
            self.lexer.space();
            if self.lexer.take(":") {
                let value = self.expression(depth + 1, true)?;
                object.insert(key, value);
            } else if matches!(self.lexer.peek(), Some(',' | '}')) {
                let value = self.variable(&key).unwrap_or_default();
                object.insert(key, value);
            } else {
                self.lexer.skip();
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.lexer.next();
        let mut array = Vec::new();
        loop {
            self.lexer.space();
            match self.lexer.peek()? {
                ']' => {
                    self.lexer.next();
                    return Some(Value::Array(array));
                }
                ',' => {
                    self.lexer.next();
                }
                '}' | ')' | ';' => return None,
                _ => array.push(self.expression(depth + 1, true)?),
            }
        }
    }
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
            script.variables["a"],
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
        script(&format!("a='x';{}", "a=[a,a];b=a+a;".repeat(60)));
        script(&format!("a='x';{}", "a=a+a;".repeat(60)));
    }
}
