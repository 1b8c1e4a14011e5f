//! From XML to the value that it stands for.

use roxmltree::{Document, Node};
use serde_json::{Map, Value};

use super::{INSTANCE, is_described, items, name, name::Name, others, properties};
use crate::{decode::scalar, limits, schema};

/// A body as the value that it stands for; its text where the schema does not describe it.
///
/// # Errors
///
/// What is wrong with it, in words.
pub fn read(root: &Value, given: &Value, text: &str) -> Result<Value, String> {
    limits::xml(text)?;
    let document = Document::parse(text).map_err(|error| format!("it is no XML: {error}"))?;
    if !is_described(root, given) {
        return Ok(text.into());
    }
    let element = document.root_element();
    match Name::of_root(root, given) {
        Some(name) if !name.is_of(element) => Err(format!(
            "the root element is {}, not {}",
            called(element),
            name.tag()
        )),
        name => {
            let name = name.as_ref();
            value(root, given, name, element)
        }
    }
}

/// What an element holds. Its name tells that of the items of a list.
fn value(
    root: &Value,
    given: &Value,
    name: Option<&Name>,
    node: Node<'_, '_>,
) -> Result<Value, String> {
    if node.attribute((INSTANCE, "nil")) == Some("true") {
        return Ok(Value::Null);
    }
    let is_parent = node.children().any(|child| child.is_element());
    let types = schema::types(root, given);
    let may_be = |kind: &str| types.iter().any(|name| name == kind);
    // Text is something else that a union lists beside a list.
    let only_list = types.iter().all(|kind| kind == "array" || kind == "null");
    if may_be("array") && (is_parent || only_list) {
        return list(root, given, name, node);
    }
    if is_parent || may_be("object") {
        return object(root, given, node);
    }
    Ok(scalar(root, given, node.text().unwrap_or_default()))
}

fn list(
    root: &Value,
    given: &Value,
    name: Option<&Name>,
    node: Node<'_, '_>,
) -> Result<Value, String> {
    let items = items(root, given);
    let item = match name.filter(|name| name.is_wrapped) {
        Some(name) => Some(name.of_items(root, &items)),
        None => Name::of_root(root, &items),
    };
    let mut found = Vec::new();
    for child in node.children().filter(Node::is_element) {
        if let Some(item) = item.as_ref().filter(|item| !item.is_of(child)) {
            return Err(format!(
                "{} stands in {}, whose items are {}",
                called(child),
                called(node),
                item.tag()
            ));
        }
        found.push(value(root, &items, item.as_ref(), child)?);
    }
    Ok(found.into())
}

fn object(root: &Value, given: &Value, node: Node<'_, '_>) -> Result<Value, String> {
    let mut made = Map::new();
    let mut children: Vec<Node<'_, '_>> = node.children().filter(Node::is_element).collect();
    let mut attributes: Vec<_> = node.attributes().collect();
    attributes.retain(|attribute| attribute.namespace() != Some(INSTANCE));
    for (key, property) in properties(root, given) {
        let name = Name::of(root, &property, &key);
        if name.is_attribute {
            let is_it =
                |name: &Name, a: &roxmltree::Attribute<'_, '_>| name.is(a.name(), a.namespace());
            if let Some(at) = attributes.iter().position(|a| is_it(&name, a)) {
                let text = attributes.remove(at).value();
                made.insert(key, scalar(root, &property, text));
            }
            continue;
        }
        let is_list = schema::may_be(root, &property, "array");
        if is_list && !name.is_wrapped {
            let items = items(root, &property);
            let item = name.of_items(root, &items);
            let (found, rest): (Vec<_>, Vec<_>) =
                children.into_iter().partition(|child| item.is_of(*child));
            children = rest;
            if !found.is_empty() {
                let found = found.into_iter();
                let found: Result<Vec<_>, _> = found
                    .map(|child| value(root, &items, Some(&item), child))
                    .collect();
                made.insert(key, found?.into());
            }
            continue;
        }
        if let Some(at) = children.iter().position(|child| name.is_of(*child)) {
            let child = children.remove(at);
            made.insert(key, value(root, &property, Some(&name), child)?);
        }
    }
    // What no property describes.
    let others = others(root, given);
    for attribute in attributes {
        made.insert(name::decode(attribute.name()), attribute.value().into());
    }
    for child in children {
        let key = name::decode(child.tag_name().name());
        let found = value(root, &others, None, child)?;
        if made.insert(key, found).is_some() {
            return Err(format!(
                "{} stands twice in {}",
                called(child),
                called(node)
            ));
        }
    }
    Ok(Value::Object(made))
}

/// An element in a message.
fn called(node: Node<'_, '_>) -> String {
    let name = node.tag_name();
    match name.namespace() {
        Some(namespace) => format!("{} of the namespace {namespace}", name.name()),
        None => name.name().to_owned(),
    }
}
