//! From a value to the XML that stands for it.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesEnd, BytesStart, BytesText, Event},
};
use serde_json::Value;

use super::{INSTANCE, items, name::Name, others, properties};

/// A value as XML by its schema.
pub fn write(root: &Value, given: &Value, value: &Value) -> String {
    let name = Name::of_root(root, given)
        .unwrap_or_else(|| Name::of(root, given, &kind(root, given, value)));
    let mut writer = Writer::new(Vec::new());
    // Memory takes all that is written.
    let written = element(&mut writer, root, given, &name, value);
    debug_assert!(written.is_ok());
    String::from_utf8_lossy(&writer.into_inner()).into_owned()
}

/// What a root element is called that has no name, as ASP.NET calls it.
fn kind(root: &Value, given: &Value, value: &Value) -> String {
    match value {
        Value::Array(_) => {
            let items = items(root, given);
            let item = Name::of_root(root, &items).map(|name| name.plain);
            format!("ArrayOf{}", item.as_deref().unwrap_or("AnyType"))
        }
        Value::Object(_) => "anyType".to_owned(),
        Value::Number(number) if number.is_f64() => "double".to_owned(),
        Value::Number(_) => "int".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::String(_) | Value::Null => "string".to_owned(),
    }
}

fn element(
    writer: &mut Writer<Vec<u8>>,
    root: &Value,
    given: &Value,
    name: &Name,
    value: &Value,
) -> io::Result<()> {
    let tag = name.tag();
    let mut start = BytesStart::new(&tag);
    if let Some((key, namespace)) = name.declaration() {
        start.push_attribute((key.as_str(), namespace));
    }
    match value {
        Value::Null => {
            start.push_attribute(("xmlns:xsi", INSTANCE));
            start.push_attribute(("xsi:nil", "true"));
            return writer.write_event(Event::Empty(start));
        }
        Value::Object(fields) => {
            let (known, others) = (properties(root, given), others(root, given));
            let mut children = Vec::new();
            for (key, field) in fields {
                let schema = known.get(key).unwrap_or(&others);
                let name = Name::of(root, schema, key);
                if !name.is_attribute {
                    children.push((name, schema, field));
                } else if !field.is_null() {
                    if let Some((key, namespace)) = name.declaration() {
                        start.push_attribute((key.as_str(), namespace));
                    }
                    start.push_attribute((name.tag().as_str(), text(field).as_str()));
                }
            }
            writer.write_event(Event::Start(start))?;
            for (name, schema, field) in children {
                match field {
                    Value::Array(values) if !name.is_wrapped => {
                        let items = items(root, schema);
                        list(writer, root, &items, &name.of_items(root, &items), values)?;
                    }
                    field => element(writer, root, schema, &name, field)?,
                }
            }
        }
        Value::Array(values) => {
            writer.write_event(Event::Start(start))?;
            let items = items(root, given);
            let item = match name.is_wrapped {
                true => name.of_items(root, &items),
                false => Name::of_root(root, &items).unwrap_or_else(|| {
                    let value = values.first().unwrap_or(&Value::Null);
                    Name::of(root, &items, &kind(root, &items, value))
                }),
            };
            list(writer, root, &items, &item, values)?;
        }
        scalar => {
            writer.write_event(Event::Start(start))?;
            writer.write_event(Event::Text(BytesText::new(&text(scalar))))?;
        }
    }
    writer.write_event(Event::End(BytesEnd::new(&tag)))
}

fn list(
    writer: &mut Writer<Vec<u8>>,
    root: &Value,
    items: &Value,
    name: &Name,
    values: &[Value],
) -> io::Result<()> {
    values
        .iter()
        .try_for_each(|value| element(writer, root, items, name, value))
}

/// A value as the text of an element or an attribute.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
