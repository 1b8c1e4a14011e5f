//! Names of the words that a path has after the group's.

use super::{
    english,
    input::{Body, Operation, Response},
    path::Part,
    phrase, plain,
    scene::Scene,
    words,
};
use crate::ident;

/// Verbs that say in the name of a body's schema what is done with it.
const BODY_VERBS: [&str; 11] = [
    "add", "assign", "change", "create", "delete", "edit", "remove", "replace", "save", "set",
    "update",
];

/// The words of a path that name an operation.
struct Tail {
    /// The literal segments after the last parameter that stands before one.
    segments: Vec<Vec<String>>,
    /// Whether there is such a parameter.
    below: bool,
    /// The last of the parameters that end the path.
    key: Option<String>,
    /// A version at the end.
    version: Option<String>,
}

impl Tail {
    fn new(parts: &[Part], group: &[String], title: &[String]) -> Self {
        let end = parts
            .iter()
            .rposition(|part| matches!(part, Part::Literal(_)));
        let (literals, keys) = parts.split_at(end.map_or(0, |end| end + 1));
        let key = keys.last().and_then(|part| match part {
            Part::Parameter(name) => Some(name.clone()),
            Part::Literal(_) => None,
        });
        let inner = literals
            .iter()
            .rposition(|part| matches!(part, Part::Parameter(_)));
        let start = inner.map_or(0, |at| at + 1);
        let mut segments: Vec<Vec<String>> = literals[start..]
            .iter()
            .filter_map(|part| match part {
                Part::Literal(words) => Some(words.clone()),
                Part::Parameter(_) => None,
            })
            .collect();
        let version = segments.last_mut().and_then(words::take_version);
        for segment in &mut segments {
            // `shop.ics` of the product Shop: its name says nothing.
            if words::stands_at(segment, 0, title) && segment.len() > title.len() {
                segment.drain(..title.len());
            }
            if let Some(rest) = phrase::without(segment, group) {
                let left = rest.words();
                let verb = segment.len() == 1 && english::is_only_verb(&segment[0]);
                // A verb that is the group's name says more than nothing: `search().search()`.
                if !(verb || group_is_verb(group) && starts_with_preposition(&left)) {
                    *segment = left;
                }
            }
        }
        segments.retain(|segment| !segment.is_empty());
        Self {
            segments,
            below: inner.is_some(),
            key,
            version,
        }
    }

    fn words(&self) -> Vec<String> {
        self.segments.concat()
    }
}

fn group_is_verb(group: &[String]) -> bool {
    matches!(group, [word] if english::is_only_verb(word))
}

fn starts_with_preposition(words: &[String]) -> bool {
    words
        .first()
        .is_some_and(|word| english::is_preposition(word))
}

/// A name, and whether it is a noun by itself on a write, which gives way to a read.
pub struct Chosen {
    /// The name.
    pub name: String,
    /// Whether it gives way.
    pub yields: bool,
}

/// The name that an operation's path gives it.
pub fn name(scene: &Scene<'_>, at: usize) -> Chosen {
    let placed = scene.placed(at);
    let operation = scene.operation(at);
    let tail = Tail::new(placed.tail(), &placed.group, scene.title());
    let words = tail.words();
    let mut yields = false;
    let mut name = if words.is_empty() {
        words::split(&plain::name(scene, at))
    } else if let Some(name) = quantified(operation, &tail) {
        name
    } else if let Some(name) = known_word(scene, at, &tail) {
        yields = !operation.reads();
        name
    } else if english::is_only_verb(&words[0]) || english::is_verb(&words[0]) && !operation.reads()
    {
        // What is written on the same path does what the verb says.
        match operation.reads() && scene.beside_in_group(at).any(writes) {
            true => [one(read_verb(operation)), words].concat(),
            false => words,
        }
    } else if let Some(name) = verb_behind(operation, &tail) {
        name
    } else if operation.reads() {
        read(scene, at, &tail)
    } else {
        let name = write(scene, at, &tail);
        yields = name == words;
        name
    };
    name.extend(tail.version);
    Chosen {
        name: words::join(&name),
        yields,
    }
}

fn one(word: &str) -> Vec<String> {
    vec![word.to_owned()]
}

/// Whether an operation changes something.
fn writes(operation: &Operation) -> bool {
    !operation.reads() && !operation.selects()
}

/// The word of a method that reads.
fn read_verb(operation: &Operation) -> &'static str {
    match operation.response.is_list() {
        true => "list",
        false => "get",
    }
}

/// The word of a method that writes.
fn verb_of(method: &str) -> &str {
    match method {
        "POST" => "create",
        "PUT" | "PATCH" => "update",
        "DELETE" => "delete",
        _ => "get",
    }
}

/// `/bulk` stands before the verb: `bulk_delete`.
fn quantified(operation: &Operation, tail: &Tail) -> Option<Vec<String>> {
    let (last, before) = tail.segments.split_last()?;
    if last.as_slice() != ["bulk"] {
        return None;
    }
    let before = before.concat();
    let verb = before
        .first()
        .is_some_and(|word| english::is_only_verb(word));
    let mut name = one("bulk");
    if !verb {
        name.push(verb_of(&operation.method).to_owned());
    }
    name.extend(before);
    Some(name)
}

/// A last segment that is a word for a plain operation is that operation.
fn known_word(scene: &Scene<'_>, at: usize, tail: &Tail) -> Option<Vec<String>> {
    let operation = scene.operation(at);
    let group = &scene.placed(at).group;
    let (words, before) = tail.segments.split_last()?;
    let last: Vec<&str> = words.iter().map(String::as_str).collect();
    let lists = operation.reads() || operation.selects();
    let mut noun = before.concat();
    let verb = match last.as_slice() {
        ["create" | "new" | "insert" | "post"] => "create",
        ["update" | "edit" | "put"] => "update",
        ["delete"] => "delete",
        ["get" | "single"] => "get",
        ["list" | "index"] | ["get" | "list", "all"] | ["get", "list"] if lists => "list",
        ["get" | "list", "all", ..] if lists && words::same(&words[2..], group) => "list",
        [agent] if !operation.reads() && english::verb_of_agent(agent).is_some() => {
            match english::verb_of_agent(agent) {
                Some(verb) if operation.method != "DELETE" => verb,
                _ => "delete",
            }
        }
        _ => return None,
    };
    if noun.is_empty() && verb == "list" && operation.response.is_list() {
        // A list of other things than those of the group is called after them.
        if let Some(name) = other_things(scene, at) {
            return Some(name);
        }
    }
    let collection = tail.key.is_none() && noun.is_empty();
    let name = match (verb, operation.method.as_str()) {
        ("delete", "DELETE") if collection && last != ["delete"] => words::split("bulk_delete"),
        ("update", "PUT") if collection && matches!(operation.body, Body::List(_)) => {
            words::split("bulk_update")
        }
        _ => one(verb),
    };
    if tail.below {
        noun.clear();
    }
    Some([name, noun].concat())
}

/// The plural of what a list holds, if the group's plain `GET` holds something else.
fn other_things(scene: &Scene<'_>, at: usize) -> Option<Vec<String>> {
    let schema = scene.operation(at).response.schema()?;
    let group: Vec<String> = scene
        .placed(at)
        .group
        .iter()
        .map(|w| english::stem(w))
        .collect();
    let mut item = words::of_schema(schema);
    if item.iter().any(|word| group.contains(&english::stem(word))) || item.len() > 3 {
        return None;
    }
    let last = item.last_mut()?;
    *last = english::plural(last)?;
    Some(item)
}

/// A verb after a noun stands before it in the name; below a key it stands alone.
fn verb_behind(operation: &Operation, tail: &Tail) -> Option<Vec<String>> {
    let (last, before) = tail.segments.split_last()?;
    let first = last.first()?;
    let verb = english::is_only_verb(first) || english::is_verb(first) && !operation.reads();
    if before.is_empty() || !verb {
        return None;
    }
    let mut name = last.clone();
    name.extend(before.concat());
    Some(name)
}

/// A `GET` of a noun is the noun.
fn read(scene: &Scene<'_>, at: usize, tail: &Tail) -> Vec<String> {
    let operation = scene.operation(at);
    let mut words = tail.words();
    let verb = read_verb(operation);
    let Some(last) = words.last().cloned() else {
        return one(verb);
    };
    if let Some(key) = &tail.key {
        if english::is_preposition(&last) {
            words.extend(words::split(key));
        } else if let Some(single) = english::singular(&last)
            && !operation.response.is_list()
        {
            words.pop();
            words.push(single);
        }
    } else if scene.below(at).any(Operation::reads)
        && let Some(many) = english::plural(&last)
    {
        words.pop();
        words.push(many);
    }
    if operation.response == Response::Boolean
        && english::is_participle(&last)
        && !words
            .first()
            .is_some_and(|word| matches!(word.as_str(), "is" | "has"))
    {
        words.insert(0, "is".to_owned());
        return words;
    }
    let keyword = ident::is_keyword(&words::join(&words));
    let phrase = words.first().is_some_and(|word| english::wants_verb(word));
    if phrase || keyword || scene.beside_in_group(at).any(writes) {
        words.insert(0, verb.to_owned());
    }
    words
}

/// A write on a noun.
fn write(scene: &Scene<'_>, at: usize, tail: &Tail) -> Vec<String> {
    let operation = scene.operation(at);
    let words = tail.words();
    let single = |words: &[String]| {
        let mut words = words.to_vec();
        if let Some(last) = words.last_mut() {
            *last = english::stem(last);
        }
        words
    };
    let noun = match &tail.key {
        Some(_) => single(&words),
        None => words.clone(),
    };
    let with = |verb: &str, noun: &[String]| [one(verb), noun.to_vec()].concat();
    let state = tail
        .segments
        .last()
        .filter(|segment| match segment.as_slice() {
            [word] => english::is_participle(word),
            _ => false,
        });
    // `/order/paid` marks the order as paid.
    let marked = state.map(|state| {
        let noun = &words[..words.len() - 1];
        [
            one("mark"),
            if tail.below {
                Vec::new()
            } else {
                noun.to_vec()
            },
            state.clone(),
        ]
        .concat()
    });
    match operation.method.as_str() {
        "POST" => {}
        "PUT" | "PATCH" if marked.is_some() => return marked.unwrap_or_default(),
        "PUT" if operation.body == Body::File => return with("upload", &noun),
        "PUT" | "PATCH" | "DELETE" => return with(verb_of(&operation.method), &noun),
        method => return with(&ident::snake_name(method), &noun),
    }
    if operation.selects() {
        let same = scene.beside(at).any(|other| {
            other.method == "GET" && other.response.schema() == operation.response.schema()
        });
        let mut words = words;
        if same {
            words.push("with".to_owned());
        }
        return words;
    }
    if let Some(verb) = verb_of_body(scene, at, &words) {
        return with(&verb, &noun);
    }
    if operation.body == Body::Multipart {
        return with("upload", &noun);
    }
    if let Some(marked) = marked {
        return marked;
    }
    // What a GET of the same noun answers is what this changes.
    let schema = operation.body.schema();
    let changes = |other: &Operation| matches!(&other.response, Response::Resource(got) if schema.is_some() && got.as_deref() == schema);
    if scene.getters(at, &words).any(changes) {
        return with("update", &noun);
    }
    if tail.below {
        let several = matches!(operation.body, Body::List(_));
        return added(tail, &words, several).map_or(words, |noun| with("add", &noun));
    }
    words
}

/// What a `POST` below a key adds: certainly one of many, or several if it sends a list or a
/// segment says so.
fn added(tail: &Tail, words: &[String], several: bool) -> Option<Vec<String>> {
    let mut noun = words.to_vec();
    let says = matches!(words, [.., last] if matches!(last.as_str(), "many" | "multiple"));
    if says && tail.segments.len() > 1 {
        noun.pop();
    }
    let last = noun.last_mut()?;
    let single = english::singular(last)?;
    if !says && !several {
        *last = single;
    }
    Some(noun)
}

/// The verb that the name of the body's schema begins with, if the rest is about the same thing.
fn verb_of_body(scene: &Scene<'_>, at: usize, noun: &[String]) -> Option<String> {
    let body = words::split(scene.operation(at).body.schema()?);
    let (verb, rest) = body.split_first()?;
    let group = &scene.placed(at).group;
    let about = rest
        .iter()
        .any(|word| noun.iter().any(|noun| english::same(word, noun)));
    let known = BODY_VERBS.contains(&verb.as_str()) && !group.contains(verb);
    (known && about).then(|| verb.clone())
}
