//! Which operations of a document look like a collection: a list at a path, with what else
//! there is at it or below it, and what tells its things apart.

use serde_json::{Map, Value};

use crate::{
    check::is_json,
    document::{Content, Document},
    schema,
};

/// Where a list is in an answer that is an object, by preference; otherwise in its only
/// list.
const LISTS: [&str; 5] = ["items", "value", "data", "results", "records"];

/// What a thing is told by, where its path does not say.
const KEYS: [&str; 4] = ["id", "key", "uuid", "guid"];

/// A list of things that an operation answers with.
#[derive(Debug)]
pub struct Listing<'a> {
    pub content: &'a Content,
    /// The property that holds it, if the answer is an object.
    pub property: Option<String>,
    /// The schema of one thing.
    pub thing: Value,
}

/// The list of things that a template's GET answers with, if what else there is at the
/// template, or below it, makes it a collection.
pub fn listing<'a>(document: &'a Document, template: &str) -> Option<Listing<'a>> {
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
pub fn key(document: &Document, listing: &Listing<'_>, template: &str) -> Option<String> {
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
