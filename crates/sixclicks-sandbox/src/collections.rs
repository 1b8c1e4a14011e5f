//! What is posted where an API looks like a collection: a list at a path, things posted to
//! it, and each of them below it. They are kept until the sandbox stops, and listed in
//! pages as the request asks.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::{
    answer::{Answer, abp_error},
    check::{Incoming, is_json},
    document::{Document, Operation},
    listing::{Listing, key, listing},
    pages::Pages,
    respond::{Choice, respond},
    sample::sample,
    schema,
    shape::{Direction, Shape},
};

/// How many things a collection has before anything is posted.
const FIRST: u64 = 25;

/// How many things a collection has at most, and how many collections there are.
const MOST: usize = 1_000;

/// How many changes a JSON Patch makes at most.
const CHANGES: usize = 1_000;

/// How large a JSON Patch may make a thing, in bytes of JSON.
const LARGEST: usize = 1 << 20;

/// The things of all collections, by the collections' paths.
#[derive(Debug, Default)]
pub struct Collections {
    kept: HashMap<String, Collection>,
}

#[derive(Debug, Default)]
struct Collection {
    things: Vec<Thing>,
    made: u64,
}

/// A thing: what was said of it. The rest of it follows from its number.
#[derive(Clone, Debug)]
struct Thing {
    number: u64,
    fields: Map<String, Value>,
}

impl Collections {
    /// The answer to a request for a collection or one of its things; `None` where there is
    /// no collection.
    pub fn answer(
        &mut self,
        document: &Document,
        operation: &Operation,
        request: Incoming<'_>,
        values: &Map<String, Value>,
    ) -> Option<Answer> {
        let method = operation.method.as_str();
        let body = values.get("body");
        if let Some(listing) = listing(document, &operation.template) {
            let key = key(document, &listing, &operation.template);
            let collection = self.collection(request.path, document, &listing, key.as_deref())?;
            return match method {
                "GET" => {
                    let pages = Pages::read(values);
                    Some(collection.list(document, operation, &listing, &pages, request))
                }
                "POST" => collection.add(document, operation, &listing, key?, body?),
                _ => None,
            };
        }
        let (template, _) = operation.template.rsplit_once('/')?;
        let listing = listing(document, template)?;
        let key = key(document, &listing, template)?;
        let (path, wanted) = request.path.rsplit_once('/')?;
        let collection = self.collection(path, document, &listing, Some(&key))?;
        let wanted = percent_encoding::percent_decode_str(wanted).decode_utf8_lossy();
        let is_it = |thing: &Thing| thing.fields.get(&key).map(text).as_deref() == Some(&*wanted);
        let Some(at) = collection.things.iter().position(is_it) else {
            return Some(missing(document, operation));
        };
        let thing = &mut collection.things[at];
        match method {
            "GET" => {}
            "PUT" | "PATCH" => {
                let own = thing.fields.get(&key).cloned();
                let fields = match (method, body?) {
                    ("PUT", Value::Object(fields)) => fields.clone(),
                    (_, Value::Object(fields)) => {
                        let mut all = std::mem::take(&mut thing.fields);
                        all.extend(fields.clone());
                        all
                    }
                    (_, changes) => match thing.patched(document, &listing.thing, changes)? {
                        Ok(fields) => fields,
                        Err(error) => return Some(abp_error(400, &error, false)),
                    },
                };
                thing.fields = fields;
                thing.fields.extend(own.map(|own| (key, own)));
            }
            "DELETE" => {
                let thing = collection.things.remove(at);
                return Some(shown(document, operation, &thing));
            }
            _ => return None,
        }
        Some(shown(document, operation, &collection.things[at]))
    }

    /// The collection at a path; `None` if there are too many already.
    fn collection(
        &mut self,
        path: &str,
        document: &Document,
        listing: &Listing<'_>,
        key: Option<&str>,
    ) -> Option<&mut Collection> {
        if self.kept.len() >= MOST && !self.kept.contains_key(path) {
            return None;
        }
        Some(self.kept.entry(path.to_owned()).or_insert_with(|| {
            let mut collection = Collection::default();
            for _ in 0..FIRST {
                collection.new_thing(document, listing, key, &Map::new());
            }
            collection
        }))
    }
}

impl Collection {
    fn new_thing(
        &mut self,
        document: &Document,
        listing: &Listing<'_>,
        key: Option<&str>,
        fields: &Map<String, Value>,
    ) -> &Thing {
        self.made += 1;
        let mut fields = fields.clone();
        if let Some(key) = key {
            let value = identity(document, &listing.thing, key, self.made);
            fields.insert(key.to_owned(), value);
        }
        self.things.push(Thing {
            number: self.made,
            fields,
        });
        &self.things[self.things.len() - 1]
    }

    /// Adds what is posted: one thing, or a list of them.
    fn add(
        &mut self,
        document: &Document,
        operation: &Operation,
        listing: &Listing<'_>,
        key: String,
        body: &Value,
    ) -> Option<Answer> {
        let mut posted = match body {
            Value::Array(posted) => posted.iter(),
            one => std::slice::from_ref(one).iter(),
        };
        let before = self.things.len();
        if before + posted.len() > MOST {
            return None;
        }
        let added = posted.try_for_each(|fields| {
            self.new_thing(document, listing, Some(&key), fields.as_object()?);
            Some(())
        });
        if added.is_none() {
            self.things.truncate(before);
            return None;
        }
        Some(match (body, &self.things[before..]) {
            (Value::Object(_), [thing]) => shown(document, operation, thing),
            (_, things) => all_shown(document, operation, things),
        })
    }

    fn list(
        &self,
        document: &Document,
        operation: &Operation,
        listing: &Listing<'_>,
        pages: &Pages,
        request: Incoming<'_>,
    ) -> Answer {
        let page: Value = pages
            .of(&self.things)
            .iter()
            .map(|thing| thing.as_schema(document, &listing.thing))
            .collect();
        let answer = match &listing.property {
            None => page,
            Some(property) => {
                let schema = listing.content.schema.clone().unwrap_or_default();
                let whole = sample(document, &schema, answered(), 1);
                let mut whole = whole.unwrap_or_else(|| json!({}));
                whole[property] = page;
                pages.tell(&mut whole, self.things.len(), request);
                whole
            }
        };
        Answer::status(operation.success())
            .header("content-type", &listing.content.media_type)
            .body(answer.to_string())
    }
}

impl Thing {
    /// The fields after the changes of a JSON Patch (RFC 6902), or why they cannot be made;
    /// `None` where the body is no such list.
    fn patched(
        &self,
        document: &Document,
        given: &Value,
        changes: &Value,
    ) -> Option<Result<Map<String, Value>, String>> {
        let changes: json_patch::Patch = serde_json::from_value(changes.clone()).ok()?;
        if changes.len() > CHANGES {
            return Some(Err(format!("there are more than {CHANGES} changes")));
        }
        let mut whole = self.as_schema(document, given);
        // One after the other, because each copy may double what there is.
        for change in changes.iter() {
            if let Err(error) = json_patch::patch(&mut whole, std::slice::from_ref(change)) {
                return Some(Err(error.to_string()));
            }
            if whole.to_string().len() > LARGEST {
                return Some(Err(format!("the result is larger than {LARGEST} bytes")));
            }
        }
        match whole {
            Value::Object(fields) => Some(Ok(fields)),
            _ => None,
        }
    }

    /// The thing as a schema shows it: what was said of it, as far as the schema has room
    /// for it, and the rest by chance, always the same.
    fn as_schema(&self, document: &Document, given: &Value) -> Value {
        let mut made = sample(document, given, answered(), self.number).unwrap_or_default();
        let flat = schema::flatten(&document.root, given);
        let properties = flat.get("properties").and_then(Value::as_object);
        if let Some(object) = made.as_object_mut() {
            for (name, value) in &self.fields {
                let Some(property) = properties.and_then(|known| known.get(name)) else {
                    continue;
                };
                let rules = &document.rules;
                if rules.check(&document.root, property, value).is_empty() {
                    object.insert(name.clone(), value.clone());
                }
            }
        }
        made
    }
}

/// The answer that an operation gives for a thing, where it answers with one.
fn shown(document: &Document, operation: &Operation, thing: &Thing) -> Answer {
    let show = |given: &Value| {
        let object = schema::may_be(&document.root, given, "object");
        object.then(|| thing.as_schema(document, given))
    };
    answer(document, operation, show)
}

/// The answer that an operation gives for several things, where it answers with a list.
fn all_shown(document: &Document, operation: &Operation, things: &[Thing]) -> Answer {
    let show = |given: &Value| {
        let items = schema::flatten(&document.root, given).remove("items")?;
        let shown = things.iter().map(|thing| thing.as_schema(document, &items));
        Some(shown.collect())
    };
    answer(document, operation, show)
}

/// A success whose JSON is what `show` makes of its schema; any documented one where it makes
/// nothing.
fn answer(
    document: &Document,
    operation: &Operation,
    show: impl Fn(&Value) -> Option<Value>,
) -> Answer {
    let status = operation.success();
    let contents = operation.answer(status).unwrap_or_default();
    let json = contents.iter().find(|content| is_json(&content.media_type));
    let body = json.and_then(|content| Some((content, show(content.schema.as_ref()?)?)));
    match body {
        Some((content, body)) => Answer::status(status)
            .header("content-type", &content.media_type)
            .body(body.to_string()),
        None => respond(document, operation, &Choice::default()),
    }
}

fn missing(document: &Document, operation: &Operation) -> Answer {
    if operation.answer(404).is_none() {
        return abp_error(404, "there is no such thing", false);
    }
    let choice = Choice {
        status: Some(404),
        ..Choice::default()
    };
    respond(document, operation, &choice)
}

fn answered() -> Shape {
    Shape {
        direction: Direction::Answer,
        ..Shape::default()
    }
}

/// What the thing with a number is told by.
fn identity(document: &Document, thing: &Value, key: &str, number: u64) -> Value {
    let flat = schema::flatten(&document.root, thing);
    let property = flat.get("properties").map(|known| &known[key]);
    let property = schema::flatten(&document.root, property.unwrap_or(&Value::Null));
    match (property.get("type"), property.get("format")) {
        (Some(kind), _) if kind == "integer" || kind == "number" => number.into(),
        (_, Some(format)) if format == "uuid" || format == "guid" => {
            format!("00000000-0000-4000-8000-{number:012}").into()
        }
        _ => number.to_string().into(),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
