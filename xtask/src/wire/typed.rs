//! Whether a response was read as the types that the document describes: no variant or value
//! is unknown, no documented member is among the others, nothing is untyped that has a type,
//! and a union is the variant that the document says. What a value has to be is read from the
//! document as it was received, and what it became from the Rust value; the generator has no
//! say in either.

use serde_json::Value;
use sixclicks_sandbox::{Document, Known};

use super::shape::Shape;

/// What a value was wrongly read as, if it was.
pub fn misread(document: &Document, schema: &Value, sent: &Value, read: &Shape) -> Option<String> {
    let walk = Walk { document };
    walk.value(std::slice::from_ref(schema), sent, read, "")
}

struct Walk<'a> {
    document: &'a Document,
}

impl Walk<'_> {
    fn value(&self, schemas: &[Value], sent: &Value, read: &Shape, at: &str) -> Option<String> {
        let read = read.some();
        if sent.is_null() || schemas.iter().all(is_any) {
            return None;
        }
        let wrong = |what: String| Some(format!("at {at:?}, {what}"));
        if let Shape::Tuple(name, _) | Shape::Struct(name, _) = read
            && name.starts_with("UnknownValue")
            && !self.is_open(schemas, sent)
        {
            return wrong("what the document lists became an unknown value".to_owned());
        }
        if let Some(what) = self
            .variant(schemas, sent, read)
            .or_else(|| self.untyped(schemas, sent, read))
        {
            return wrong(what);
        }
        let known = Known::of(&self.document.root, schemas);
        match (sent, read) {
            (Value::Object(_), Shape::Tuple(_, inner)) if inner.len() == 1 => {
                self.value(schemas, sent, &inner[0], at)
            }
            (Value::Array(_), Shape::Tuple(_, inner)) if inner.len() == 1 => {
                self.value(schemas, sent, &inner[0], at)
            }
            (Value::Object(members), Shape::Struct(_, fields)) => {
                for (_, others) in fields {
                    let Shape::Map(_, entries) = others.some() else {
                        continue;
                    };
                    let has_own_field =
                        |name: &str| fields.iter().any(|(field, _)| same(field, name));
                    let misplaced = entries.iter().find_map(|(key, _)| match key {
                        Shape::Text(key) if members.contains_key(key) => {
                            let described = known.fields.get(key)?;
                            (!described.is_empty() && !has_own_field(key)).then_some(key)
                        }
                        _ => None,
                    });
                    // A map that is itself a documented member holds members of its own.
                    let is_member = fields.iter().any(|(field, shape)| {
                        std::ptr::eq(shape, others) && members.keys().any(|name| same(field, name))
                    });
                    if let Some(key) = misplaced.filter(|_| !is_member) {
                        return wrong(format!("the documented member `{key}` is among the others"));
                    }
                }
                members.iter().find_map(|(name, value)| {
                    let (_, read) = fields.iter().find(|(field, _)| same(field, name))?;
                    let schemas = known.fields.get(name)?;
                    self.value(schemas, value, read, &format!("{at}/{name}"))
                })
            }
            (Value::Object(members), Shape::Map(_, entries)) => {
                entries.iter().find_map(|(key, read)| {
                    let Shape::Text(name) = key else { return None };
                    let schemas = known.fields.get(name).unwrap_or(&known.rest);
                    self.value(schemas, members.get(name)?, read, &format!("{at}/{name}"))
                })
            }
            (Value::Array(items), Shape::List(_, read)) if items.len() == read.len() => {
                let mut pairs = items.iter().zip(read).enumerate();
                pairs.find_map(|(index, (sent, read))| {
                    self.value(&known.items, sent, read, &format!("{at}/{index}"))
                })
            }
            _ => None,
        }
    }

    /// Whether the document itself leaves a value open, or does not list it.
    fn is_open(&self, schemas: &[Value], sent: &Value) -> bool {
        let valid = |schema: &Value| self.document.check(schema, sent).is_empty();
        !schemas.iter().any(valid)
    }

    /// A variant that the document says the value is not.
    fn variant(&self, schemas: &[Value], sent: &Value, read: &Shape) -> Option<String> {
        let names: Vec<&str> = match read {
            Shape::Tuple(name, inner) => match inner.as_slice() {
                [Shape::Struct(own, _)] => vec![own, name],
                _ => vec![name],
            },
            Shape::Struct(name, _) => vec![name],
            _ => return None,
        };
        schemas.iter().find_map(|schema| {
            let variants = self.document.variants(schema, sent)?;
            let is = |part: &&String| names.iter().any(|name| same(name, part));
            let fits = variants.fitting.iter().any(|part| is(&part));
            let other = variants.all.iter().find(is).filter(|_| !fits)?;
            let wanted = variants.fitting.join("` or `");
            Some(format!("`{wanted}` became `{other}`"))
        })
    }

    /// A value without a type, where the document has one.
    fn untyped(&self, schemas: &[Value], sent: &Value, read: &Shape) -> Option<String> {
        let scalar = || {
            let mut kinds = schemas.iter().map(|schema| self.document.scalar(schema));
            let first = kinds.next().flatten();
            first.is_some() && kinds.all(|kind| kind == first)
        };
        let typed = match (read, sent) {
            (Shape::Map(name, _), Value::Object(_)) if name == "Object" => {
                !Known::of(&self.document.root, schemas).fields.is_empty()
            }
            (Shape::List(name, _), Value::Array(_)) if name == "Array" => {
                let items = Known::of(&self.document.root, schemas).items;
                let mut items = items.iter();
                items.any(|items| self.document.scalar(items).is_some())
            }
            (Shape::Tuple(name, _), sent) => {
                let untyped = match sent {
                    Value::String(_) => "String",
                    Value::Number(_) => "Number",
                    Value::Bool(_) => "Bool",
                    _ => return None,
                };
                name == untyped && scalar()
            }
            _ => false,
        };
        typed.then(|| "what has a type in the document became untyped".to_owned())
    }
}

/// Whether a schema says nothing of a value.
fn is_any(schema: &Value) -> bool {
    const ASIDE: [&str; 6] = [
        "description",
        "title",
        "example",
        "default",
        "nullable",
        "deprecated",
    ];
    let mut keywords = schema.as_object().into_iter().flatten();
    keywords.all(|(keyword, _)| keyword.starts_with("x-") || ASIDE.contains(&keyword.as_str()))
}

/// Whether a Rust name stands for a name of the document.
fn same(rust: &str, name: &str) -> bool {
    let plain = |text: &str| {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let rust = plain(rust);
    !rust.is_empty() && rust == plain(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is wrong with a value of the schema `Pet` that was read as this.
    fn wrong(sent: Value, read: &str) -> Option<String> {
        let document = Document::new(json!({"openapi": "3.0.3", "components": {"schemas": {
            "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
                "discriminator": {"propertyName": "kind"}},
            "Cat": {"type": "object", "properties": {"kind": {"type": "string", "enum": ["cat"]}, "name": {"type": "string"}}},
            "Dog": {"type": "object", "properties": {"kind": {"type": "string", "enum": ["dog"]}, "name": {"type": "string"},
                "color": {"type": "string", "enum": ["red"]}}},
        }}}));
        let schema = json!({"$ref": "#/components/schemas/Pet"});
        misread(
            &document,
            &schema,
            &sent,
            &Shape::parse(read).expect("a shape"),
        )
    }

    #[test]
    fn a_value_has_to_be_what_the_document_says() {
        let cat = json!({"kind": "cat", "name": "a"});
        let dog = json!({"kind": "dog", "color": "red"});
        assert_eq!(
            wrong(
                cat.clone(),
                r#"Cat(Cat { kind: Some("cat"), name: Some("a") })"#
            ),
            None
        );
        assert_eq!(
            wrong(dog.clone(), "Dog(Dog { kind: None, color: Some(Red) })"),
            None
        );
        for (sent, read, what) in [
            (
                &cat,
                r#"UnknownValue(Object {"kind": String("cat")})"#,
                "unknown value",
            ),
            (
                &cat,
                r#"Dog(Dog { name: Some("a") })"#,
                "`Cat` became `Dog`",
            ),
            (&cat, r#"Object {"kind": String("cat")}"#, "untyped"),
            (
                &cat,
                r#"Cat(Cat { extra: {"name": String("a")} })"#,
                "`name` is among the others",
            ),
            (&cat, r#"Cat(Cat { name: Some(String("a")) })"#, "untyped"),
            (
                &dog,
                r#"Dog(Dog { color: Some(UnknownValue("red")) })"#,
                "unknown value",
            ),
        ] {
            let told = wrong(sent.clone(), read).unwrap_or_else(|| panic!("{read} passes"));
            assert!(told.contains(what), "{read}: {told}");
        }
        let blue = json!({"kind": "dog", "color": "blue"});
        assert_eq!(
            wrong(blue, r#"Dog(Dog { color: Some(UnknownValue("blue")) })"#),
            None
        );
    }
}
