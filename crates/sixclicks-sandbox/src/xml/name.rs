//! The names of elements and attributes.

use roxmltree::Node;
use serde_json::Value;

use crate::schema;

/// The name that a schema gives to what it describes.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name as the document has it, which need not be one of XML.
    pub plain: String,
    /// The namespace.
    pub namespace: Option<String>,
    /// The prefix by which the namespace is written.
    pub prefix: Option<String>,
    /// Whether it is an attribute.
    pub is_attribute: bool,
    /// Whether the items of a list stand in an element of their own.
    pub is_wrapped: bool,
}

impl Name {
    /// The name by a schema, or the one that it has for lack of that.
    pub fn of(root: &Value, given: &Value, otherwise: &str) -> Self {
        let word = |key: &str| {
            let own = &given["xml"][key];
            match own.is_null() {
                true => &schema::follow(root, given)["xml"][key],
                false => own,
            }
        };
        let text = |key: &str| word(key).as_str().map(str::to_owned);
        let namespace = text("namespace");
        Self {
            plain: text("name").unwrap_or_else(|| otherwise.to_owned()),
            prefix: text("prefix").filter(|_| namespace.is_some()),
            namespace,
            is_attribute: word("attribute") == true,
            is_wrapped: word("wrapped") == true,
        }
    }

    /// The name of a root element: that of the schema, or that of its type.
    pub fn of_root(root: &Value, given: &Value) -> Option<Self> {
        let component = given["$ref"].as_str().map(schema::name_of);
        let name = Self::of(root, given, &component.unwrap_or_default());
        (!name.plain.is_empty()).then_some(name)
    }

    /// The name of the items of a list that has this name.
    pub fn of_items(&self, root: &Value, items: &Value) -> Self {
        Self::of(root, items, &self.plain)
    }

    /// The name as it is written.
    pub fn tag(&self) -> String {
        let local = encode(&self.plain);
        match &self.prefix {
            Some(prefix) => format!("{prefix}:{local}"),
            None => local,
        }
    }

    /// The attribute that declares the namespace.
    pub fn declaration(&self) -> Option<(String, &str)> {
        let namespace = self.namespace.as_deref()?;
        let key = match &self.prefix {
            Some(prefix) => format!("xmlns:{prefix}"),
            None => "xmlns".to_owned(),
        };
        Some((key, namespace))
    }

    /// Whether an element has the name.
    pub fn is_of(&self, node: Node<'_, '_>) -> bool {
        let name = node.tag_name();
        self.is(name.name(), name.namespace())
    }

    /// Whether this is the name.
    pub fn is(&self, local: &str, namespace: Option<&str>) -> bool {
        let same = self.namespace.is_none() || self.namespace.as_deref() == namespace;
        same && decode(local) == self.plain
    }
}

/// A name as XML may have it: .NET writes `_x0040_` for what no name has, such as `@`.
fn encode(name: &str) -> String {
    let mut written = String::new();
    for c in name.chars() {
        let first = written.is_empty();
        let fits =
            c == '_' || c.is_alphabetic() || !first && (c.is_alphanumeric() || "-.".contains(c));
        if fits {
            written.push(c);
        } else {
            written += &format!("_x{:04X}_", u32::from(c));
        }
    }
    written
}

/// The name that was written so.
pub fn decode(written: &str) -> String {
    let mut name = String::new();
    let mut rest = written;
    while let Some(at) = rest.find("_x") {
        name += &rest[..at];
        rest = &rest[at..];
        let code = rest[2..].split_once('_').and_then(|(hex, after)| {
            let code = u32::from_str_radix(hex, 16)
                .ok()
                .filter(|_| hex.len() >= 4)?;
            Some((char::from_u32(code)?, after))
        });
        match code {
            Some((c, after)) => {
                name.push(c);
                rest = after;
            }
            None => {
                name += "_x";
                rest = &rest[2..];
            }
        }
    }
    name + rest
}
