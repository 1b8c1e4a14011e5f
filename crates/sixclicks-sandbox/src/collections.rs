//! What is posted where an API looks like a collection: a list at a path, things posted to
//! it, and each of them below it. They are kept until the sandbox stops, and listed in
//! pages as the request asks.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::{
    answer::{Answer, abp_error},
    check::{Incoming, is_json},
    document::{Content, Document, Operation},
    instance::{Direction, Shape},
    pages::Pages,
    respond::{Choice, respond, sample},
    schema,
};

/// How many things a collection has before anything is posted.
const FIRST: u64 = 25;

/// Where a list is in an answer that is an object, by preference; otherwise in its only
/// list.
const LISTS: [&str; 5] = ["items", "value", "data", "results", "records"];

/// What a thing is told by, where its path does not say.
const KEYS: [&str; 4] = ["id", "key", "uuid", "guid"];

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

/// A list of things that an operation answers with.
struct Listing<'a> {
    content: &'a Content,
    /// The property that holds it, if the answer is an object.
    property: Option<String>,
    /// The schema of one thing.
    thing: Value,
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
        let body = values.get("body").and_then(Value::as_object);
        if let Some(listing) = listing(document, &operation.template) {
            let key = key(document, &listing, &operation.template);
            let collection = self.collection(request.path, document, &listing, key.as_deref());
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
        let collection = self.collection(path, document, &listing, Some(&key));
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
                if method == "PUT" {
                    thing.fields.clear();
                }
                thing.fields.extend(body?.clone());
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

    fn collection(
        &mut self,
        path: &str,
        document: &Document,
        listing: &Listing<'_>,
        key: Option<&str>,
    ) -> &mut Collection {
        self.kept.entry(path.to_owned()).or_insert_with(|| {
            let mut collection = Collection::default();
            for _ in 0..FIRST {
                collection.new_thing(document, listing, key, &Map::new());
            }
            collection
        })
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

    fn add(
        &mut self,
        document: &Document,
        operation: &Operation,
        listing: &Listing<'_>,
        key: String,
        body: &Map<String, Value>,
    ) -> Option<Answer> {
        let thing = self.new_thing(document, listing, Some(&key), body);
        Some(shown(document, operation, thing))
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
    let status = operation.success();
    let contents = operation.answer(status).unwrap_or_default();
    let json = contents.iter().find(|content| is_json(&content.media_type));
    let object = json.and_then(|content| {
        let given = content.schema.as_ref()?;
        let object = schema::may_be(&document.root, given, "object");
        object.then_some((content, given))
    });
    match object {
        Some((content, given)) => Answer::status(status)
            .header("content-type", &content.media_type)
            .body(thing.as_schema(document, given).to_string()),
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

/// The list of things that a template's GET answers with, if what else there is at the
/// template, or below it, makes it a collection.
fn listing<'a>(document: &'a Document, template: &str) -> Option<Listing<'a>> {
    let at = |method: &str| {
        let mut all = document.operations.iter();
        all.find(|operation| operation.method == method && operation.template == template)
    };
    let get = at("GET")?;
    if at("POST").is_none() && parameter_below(document, template).is_none() {
        return None;
    }
    let contents = get.answer(get.success())?;
    let content = contents
        .iter()
        .find(|content| is_json(&content.media_type))?;
    let root = &document.root;
    let flat = schema::flatten(root, content.schema.as_ref()?);
    let things = |list: &Map<String, Value>| {
        let thing = list.get("items")?.clone();
        let object = schema::may_be(root, &thing, "object");
        object.then_some(thing)
    };
    if let Some(thing) = things(&flat) {
        return Some(Listing {
            content,
            property: None,
            thing,
        });
    }
    let properties = flat.get("properties")?.as_object()?;
    let lists: Vec<(&String, Value)> = properties
        .iter()
        .filter_map(|(name, property)| Some((name, things(&schema::flatten(root, property))?)))
        .collect();
    let liked = LISTS.iter().find_map(|liked| {
        let mut lists = lists.iter();
        lists.find(|(name, _)| name.eq_ignore_ascii_case(liked))
    });
    let (name, thing) = match (liked, lists.as_slice()) {
        (Some(liked), _) => liked,
        (None, [only]) => only,
        _ => return None,
    };
    Some(Listing {
        content,
        property: Some((*name).clone()),
        thing: thing.clone(),
    })
}

/// The parameter that stands below a template: `id` for `/things/{id}` below `/things`.
fn parameter_below(document: &Document, template: &str) -> Option<String> {
    document.operations.iter().find_map(|operation| {
        let below = operation.template.strip_prefix(template)?;
        let name = below.strip_prefix("/{")?.strip_suffix('}')?;
        let stop = name.find([':', '=', '?']).unwrap_or(name.len());
        (!name.contains('/')).then(|| name[..stop].to_owned())
    })
}

/// The property that tells a thing from others.
fn key(document: &Document, listing: &Listing<'_>, template: &str) -> Option<String> {
    let flat = schema::flatten(&document.root, &listing.thing);
    let properties = flat.get("properties")?.as_object()?;
    let below = parameter_below(document, template);
    let wished = below.iter().map(String::as_str).chain(KEYS);
    wished
        .filter_map(|wished| {
            let mut names = properties.keys();
            names.find(|name| name.eq_ignore_ascii_case(wished))
        })
        .next()
        .cloned()
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
