//! What a driver tells of the Rust values that responses were read as: their `Debug` text,
//! parsed. It alone shows variants and members that are kept without being known, which look
//! like any others once they are JSON again.

/// A Rust value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text(String),
    /// A number, a unit variant, or anything else without members.
    Bare(String),
    /// A struct: its name and its fields.
    Struct(String, Vec<(String, Shape)>),
    /// A tuple struct or variant: its name, which is empty for a tuple, and what it holds.
    Tuple(String, Vec<Shape>),
    /// A list, with the name before it, which is empty for most.
    List(String, Vec<Shape>),
    /// A map, with the name before it, which is empty for most.
    Map(String, Vec<(Shape, Shape)>),
}

impl Shape {
    /// Parses the text of `Debug`; `None` if a type writes something of its own that has no
    /// structure.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser { rest: text };
        let shape = parser.value()?;
        parser.rest.trim().is_empty().then_some(shape)
    }

    /// The value without the options around it.
    pub fn some(&self) -> &Self {
        match self {
            Self::Tuple(name, inner) if name == "Some" && inner.len() == 1 => inner[0].some(),
            other => other,
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn eat(&mut self, text: &str) -> bool {
        match self.rest.trim_start().strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self) -> Option<Shape> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('"') {
            return self.text().map(Shape::Text);
        }
        let end = self.rest.find([',', '(', ')', '[', ']', '{', '}', '"']);
        let end = end.unwrap_or(self.rest.len());
        let name = self.rest[..end].trim_end().to_owned();
        self.rest = &self.rest[end..];
        if self.eat("(") {
            return Some(Shape::Tuple(name, self.list(")")?));
        }
        if self.eat("[") {
            return Some(Shape::List(name, self.list("]")?));
        }
        if self.eat("{") {
            return self.members(name);
        }
        (!name.is_empty()).then_some(Shape::Bare(name))
    }

    fn list(&mut self, close: &str) -> Option<Vec<Shape>> {
        let mut items = Vec::new();
        while !self.eat(close) {
            items.push(self.value()?);
            if !self.eat(",") {
                self.eat(close).then_some(())?;
                break;
            }
        }
        Some(items)
    }

    /// The fields of a struct, or the entries of a map or a set.
    fn members(&mut self, name: String) -> Option<Shape> {
        let (mut fields, mut entries) = (Vec::new(), Vec::new());
        while !self.eat("}") {
            self.rest = self.rest.trim_start();
            let identifier = self.rest.find(':').map(|end| &self.rest[..end]);
            let is_field = |text: &str| {
                let mut letters = text.chars();
                letters.all(|c| c.is_alphanumeric() || c == '_' || c == '#')
            };
            match identifier.filter(|text| !name.is_empty() && is_field(text)) {
                Some(field) => {
                    let field = field.to_owned();
                    self.rest = &self.rest[field.len() + 1..];
                    fields.push((field, self.value()?));
                }
                // Fields that are not shown end a struct.
                None if self.eat("..") => {}
                None => {
                    let key = self.value()?;
                    let value = match self.eat(":") {
                        true => self.value()?,
                        false => Shape::Bare(String::new()),
                    };
                    entries.push((key, value));
                }
            }
            if !self.eat(",") {
                self.eat("}").then_some(())?;
                break;
            }
        }
        match entries.is_empty() && !name.is_empty() && name != "Object" {
            true => Some(Shape::Struct(name, fields)),
            false => Some(Shape::Map(name, entries)),
        }
    }

    fn text(&mut self) -> Option<String> {
        let mut made = String::new();
        let mut letters = self.rest[1..].char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &self.rest[at + 2..];
                    return Some(made);
                }
                '\\' => match letters.next()?.1 {
                    'n' => made.push('\n'),
                    'r' => made.push('\r'),
                    't' => made.push('\t'),
                    '0' => made.push('\0'),
                    'u' => {
                        let code: String = letters
                            .by_ref()
                            .map(|(_, letter)| letter)
                            .skip_while(|letter| *letter == '{')
                            .take_while(|letter| *letter != '}')
                            .collect();
                        let code = u32::from_str_radix(&code, 16).ok()?;
                        made.push(char::from_u32(code)?);
                    }
                    other => made.push(other),
                },
                other => made.push(other),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Shape;

    #[derive(Debug)]
    #[allow(dead_code)]
    enum Pet {
        Cat(Box<Cat>),
        UnknownValue(serde_json::Value),
        None,
    }

    #[derive(Debug)]
    #[allow(dead_code)]
    struct Cat {
        lives: Option<i64>,
        r#type: (f64, &'static str),
        extra: BTreeMap<String, serde_json::Value>,
    }

    #[test]
    fn the_text_of_debug_is_parsed() {
        let extra = BTreeMap::from([("a: {\"\u{7}é".to_owned(), serde_json::json!({"b": [1]}))]);
        let cat = Cat {
            lives: Some(9),
            r#type: (1.5, "x"),
            extra,
        };
        let pets = vec![
            Pet::Cat(Box::new(cat)),
            Pet::UnknownValue(serde_json::json!("x")),
            Pet::None,
        ];
        let shape = Shape::parse(&format!("{pets:?}")).expect("a shape");
        let bare = |text: &str| Shape::Bare(text.to_owned());
        let text = |text: &str| Shape::Text(text.to_owned());
        let tuple = |name: &str, items| Shape::Tuple(name.to_owned(), items);
        let number = tuple("Number", vec![bare("1")]);
        let inner = Shape::List("Array".to_owned(), vec![number]);
        let object = Shape::Map("Object".to_owned(), vec![(text("b"), inner)]);
        let fields = vec![
            ("lives".to_owned(), tuple("Some", vec![bare("9")])),
            ("type".to_owned(), tuple("", vec![bare("1.5"), text("x")])),
            (
                "extra".to_owned(),
                Shape::Map(String::new(), vec![(text("a: {\"\u{7}é"), object)]),
            ),
        ];
        let wanted = Shape::List(
            String::new(),
            vec![
                tuple("Cat", vec![Shape::Struct("Cat".to_owned(), fields)]),
                tuple("UnknownValue", vec![tuple("String", vec![text("x")])]),
                bare("None"),
            ],
        );
        assert_eq!(shape, wanted);
        assert_eq!(Shape::parse("Cat { lives: 1"), None);
    }
}
