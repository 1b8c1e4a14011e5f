//! Schemas with names of their own: `$id`, which also begins a resource whose references are
//! relative to it, and `$anchor`.

use std::collections::HashMap;

use serde_json::Value;
use url::Url;

use crate::openapi::grammar::Kind;
use crate::openapi::pointer::Pointer;
use crate::openapi::walk::look;

/// The keywords that name schemas.
pub const NAMES: [&str; 3] = ["$id", "$anchor", "$dynamicAnchor"];

/// The address of a document that says none.
const NO_ADDRESS: &str = "document:///";

/// The named schemas of a document.
#[derive(Default)]
pub struct Resources {
    /// The address of the document itself.
    own: Option<Url>,
    /// Schemas with an `$id`, by their addresses.
    by_address: HashMap<String, Pointer>,
    /// The addresses, by the schemas.
    addresses: HashMap<Pointer, Url>,
    /// Anchors, each with the schemas of that name.
    anchors: HashMap<String, Vec<Pointer>>,
}

impl Resources {
    /// Finds the named schemas.
    pub fn of(document: &Value) -> Self {
        let own = document.get("$self").and_then(Value::as_str);
        let own = own
            .and_then(|text| Url::parse(text).ok())
            .or_else(|| Url::parse(NO_ADDRESS).ok());
        let mut found = Self {
            own,
            ..Self::default()
        };
        let mut around: Vec<(Pointer, Url)> = Vec::new();
        look(document, &mut |value, kind, at| {
            let (Value::Object(map), Kind::Schema | Kind::SchemaOrBool) = (value, kind) else {
                return;
            };
            while around.last().is_some_and(|(outer, _)| !at.is_within(outer)) {
                around.pop();
            }
            let text = |key: &str| map.get(key).and_then(Value::as_str);
            if let Some(id) = text("$id") {
                if let Some(anchor) = id.strip_prefix('#') {
                    found.anchor(anchor, at);
                } else {
                    let base = around.last().map(|(_, url)| url).or(found.own.as_ref());
                    if let Some(address) = join(base, id) {
                        found
                            .by_address
                            .entry(address.to_string())
                            .or_insert_with(|| at.clone());
                        found.addresses.insert(at.clone(), address.clone());
                        around.push((at.clone(), address));
                    }
                }
            }
            for key in ["$anchor", "$dynamicAnchor"] {
                if let Some(name) = text(key) {
                    found.anchor(name, at);
                }
            }
        });
        found
    }

    fn anchor(&mut self, name: &str, at: &Pointer) {
        self.anchors
            .entry(name.to_owned())
            .or_default()
            .push(at.clone());
    }

    /// Whether any schema has a name.
    pub fn is_empty(&self) -> bool {
        self.by_address.is_empty() && self.anchors.is_empty()
    }

    /// The schema with an `$id` that is or is around `at`.
    pub fn around(&self, at: &Pointer) -> Option<Pointer> {
        if self.addresses.is_empty() {
            return None;
        }
        let mut outer = at.clone();
        loop {
            if self.addresses.contains_key(&outer) {
                return Some(outer);
            }
            if outer.tokens().is_empty() {
                return None;
            }
            outer.pop();
        }
    }

    /// What has the address that a reference without its fragment means where it stands in the
    /// resource `around`: a schema, or the document itself.
    pub fn named(&self, reference: &str, around: Option<&Pointer>) -> Option<Pointer> {
        let base = around
            .and_then(|outer| self.addresses.get(outer))
            .or(self.own.as_ref());
        let address = join(base, reference)?;
        if let Some(at) = self.by_address.get(address.as_str()) {
            return Some(at.clone());
        }
        let own = self.own.as_ref().is_some_and(|own| *own == address);
        own.then(Pointer::default)
    }

    /// The schema of that anchor: within `base` where there is one, else the first.
    pub fn anchored(&self, name: &str, base: &Pointer) -> Option<Pointer> {
        let all = self.anchors.get(name)?;
        let own = all.iter().find(|at| at.is_within(base));
        own.or_else(|| all.first()).cloned()
    }
}

/// An address in full, without its fragment.
fn join(base: Option<&Url>, text: &str) -> Option<Url> {
    let mut address = Url::parse(text).ok().or_else(|| base?.join(text).ok())?;
    address.set_fragment(None);
    Some(address)
}
