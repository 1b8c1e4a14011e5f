//! What schemas say of the fields of a value, and the fields that none of them knows.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{
    rules::{Breach, Violation},
    schema,
};

/// How many are found at most.
const MOST: usize = 20;

/// Finds them.
pub fn find(root: &Value, schemas: &[Value], value: &Value, at: &str, found: &mut Vec<Violation>) {
    if found.len() >= MOST || !(value.is_object() || value.is_array()) {
        return;
    }
    let known = Known::of(root, schemas);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                match known.fields.get(name) {
                    Some(schemas) => find(root, schemas, field, &at, found),
                    None if known.open || known.fields.is_empty() => {}
                    None => found.push(Violation {
                        at,
                        rule: "there is no such field".to_owned(),
                        breach: Breach::Undeclared,
                    }),
                }
            }
        }
        Value::Array(values) if !known.items.is_empty() => {
            for (index, value) in values.iter().enumerate() {
                find(root, &known.items, value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// What schemas say of the fields and items of one value, through references, compositions
/// and what extends them.
#[derive(Debug)]
pub struct Known<'a> {
    root: &'a Value,
    /// The schemas of the fields by their names.
    pub fields: HashMap<String, Vec<Value>>,
    /// The schemas of the items.
    pub items: Vec<Value>,
    /// The schemas of fields of any other name.
    pub rest: Vec<Value>,
    /// Whether there may be fields of any name.
    pub open: bool,
    /// The references that were followed.
    seen: HashSet<String>,
}

impl<'a> Known<'a> {
    /// What schemas of a document say of one value.
    pub fn of(root: &'a Value, schemas: &[Value]) -> Self {
        let mut known = Self {
            root,
            fields: HashMap::new(),
            items: Vec::new(),
            rest: Vec::new(),
            open: false,
            seen: HashSet::new(),
        };
        for schema in schemas {
            known.gather(schema);
        }
        known
    }

    fn gather(&mut self, given: &Value) {
        if let Some(reference) = given["$ref"].as_str()
            && self.seen.insert(reference.to_owned())
        {
            let Some(found) = schema::target(self.root, reference) else {
                self.open = true;
                return;
            };
            self.gather(found);
            if found.get("discriminator").is_some() {
                for other in schema::subtypes(self.root, reference) {
                    self.gather(&serde_json::json!({"$ref": other}));
                }
            }
        }
        for (name, property) in given["properties"].as_object().into_iter().flatten() {
            let schemas = self.fields.entry(name.clone()).or_default();
            schemas.push(property.clone());
        }
        for name in given["required"].as_array().into_iter().flatten() {
            if let Some(name) = name.as_str() {
                self.fields.entry(name.to_owned()).or_default();
            }
        }
        let rest = given.get("additionalProperties");
        if given.get("patternProperties").is_some() || rest.is_some_and(|rest| *rest != false) {
            self.open = true;
        }
        self.rest
            .extend(rest.filter(|rest| rest.is_object()).cloned());
        // The items of a tuple have each a schema of its own.
        let tuple = given.get("prefixItems").is_some();
        if let Some(items) = given
            .get("items")
            .filter(|items| !tuple && !items.is_array())
        {
            self.items.push(items.clone());
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            for part in given[keyword].as_array().into_iter().flatten() {
                self.gather(part);
            }
        }
    }
}
