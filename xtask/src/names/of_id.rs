//! Names of operation ids: the author's verb stays where it says more than the method does.

use super::{
    english,
    input::{Operation, Response},
    path::{self, Part},
    phrase, plain,
    scene::Scene,
    words,
};

/// The name that an operation's id gives it.
pub fn name(scene: &Scene<'_>, at: usize, id: &[String]) -> String {
    let operation = scene.operation(at);
    let group = &scene.placed(at).group;
    let mut words = id.to_vec();
    let version = words::take_version(&mut words);
    // The version that the path has says nothing more.
    let version = version.filter(|version| !repeats(version, &operation.path));
    drop_key(&mut words, &scene.placed(at).parts, group);
    // `PostHasAgreed`: the method's word before another verb says nothing.
    if let [first, second, ..] = words.as_slice()
        && matches!(first.as_str(), "post" | "put" | "get")
        && matches!(second.as_str(), "has" | "is" | "can")
    {
        words.remove(0);
    }
    let verb = take_verb(&mut words);
    let mut rest = match phrase::without(&words, group) {
        Some(rest) => rest.words(),
        None => words.clone(),
    };
    // `HasOrder` needs its object.
    if rest.is_empty() && verb.as_deref().is_some_and(english::is_transitive) {
        rest.clone_from(&words);
    }
    if let Some("get" | "list") = verb.as_deref()
        && let Some(short) = phrase::found(&words, group).find_map(|found| whose(scene, at, &found))
    {
        rest = short;
    }
    // `OrderCreate`: the verb stands behind.
    let verb = verb.or_else(|| match rest.as_slice() {
        [_] => take_verb(&mut rest),
        _ => None,
    });
    let mut name = match verb {
        None if rest.is_empty() => words::split(&plain::name(scene, at)),
        None if operation.reads() && leads(&rest) => {
            let verb = if operation.response.is_list() {
                "list"
            } else {
                "get"
            };
            [one(verb), rest].concat()
        }
        None => rest,
        Some(_) if rest.is_empty() && one_thing(scene, at, &words) => one("get"),
        Some(verb) if rest.is_empty() => words::split(&alone(scene, at, &verb)),
        Some(verb) => {
            let verb = of_many(operation, verb, &rest);
            [vec![verb], rest].concat()
        }
    };
    name.extend(version);
    words::join(&name)
}

fn one(word: &str) -> Vec<String> {
    vec![word.to_owned()]
}

/// Whether a read with a key in its path is about one thing by its id, whatever holds it.
fn one_thing(scene: &Scene<'_>, at: usize, noun: &[String]) -> bool {
    let single = noun
        .last()
        .is_some_and(|word| english::plural(word).is_some());
    single && scene.operation(at).reads() && scene.ends_with_parameter(at)
}

/// Whether words begin with a preposition.
fn leads(words: &[String]) -> bool {
    words
        .first()
        .is_some_and(|word| english::is_preposition(word))
}

/// Whether a path has this version.
fn repeats(version: &str, path: &str) -> bool {
    let version = version.replace('_', ".");
    path::segments(path).any(|segment| segment.eq_ignore_ascii_case(&version))
}

/// Drops `by_id` where the path has the key, also with the group's words between.
fn drop_key(words: &mut Vec<String>, parts: &[Part], group: &[String]) {
    let key = parts.iter().any(|part| matches!(part, Part::Parameter(_)));
    let Some(by) = words.iter().rposition(|word| word == "by").filter(|_| key) else {
        return;
    };
    if let [whose @ .., id] = &words[by + 1..]
        && id == "id"
        && whose
            .iter()
            .all(|word| group.iter().any(|of| english::same(word, of)))
    {
        words.truncate(by);
    }
}

/// Takes the verb off the beginning, in the word that is used for it.
fn take_verb(words: &mut Vec<String>) -> Option<String> {
    let first = words.first()?.clone();
    if words.get(1).is_some_and(|word| word == "or") {
        return None;
    }
    let second = words.get(1).map(String::as_str);
    let (verb, length) = match (first.as_str(), second) {
        ("get" | "fetch" | "retrieve", Some("all" | "list" | "paged")) => ("list", 2),
        ("list", Some("all")) => ("list", 2),
        ("get" | "fetch" | "retrieve", _) => ("get", 1),
        ("post", _) => ("post", 1),
        ("insert" | "new" | "create", _) => ("create", 1),
        ("put" | "edit" | "update", _) => ("update", 1),
        ("index", None) => ("list", 1),
        (verb, _) if english::is_only_verb(verb) => (verb, 1),
        _ => return None,
    };
    words.drain(..length);
    Some(verb.to_owned())
}

/// A verb of which nothing else is left.
fn alone(scene: &Scene<'_>, at: usize, verb: &str) -> String {
    let operation = scene.operation(at);
    match (verb, operation.method.as_str()) {
        ("get", _) if operation.response.is_list() && !plain::gets_one(scene, at) => "list".into(),
        ("post", _) if operation.selects() => "list".into(),
        ("post", _) => "create".into(),
        ("delete", "DELETE") | ("update", "PUT") => plain::name(scene, at),
        ("list", _) if is_one(operation) && operation.reads() && scene.ends_with_parameter(at) => {
            "get".into()
        }
        _ => verb.to_owned(),
    }
}

/// Whether the document says that the response is one value.
fn is_one(operation: &Operation) -> bool {
    matches!(
        operation.response,
        Response::Resource(_) | Response::Boolean | Response::Scalar | Response::File
    )
}

/// `get` is `list` where several things are asked for and a list is answered; so is `create`.
fn of_many(operation: &Operation, verb: String, rest: &[String]) -> String {
    let end = rest.iter().position(|word| english::is_preposition(word));
    let noun = &rest[..end.unwrap_or(rest.len())];
    let many = match noun.last() {
        None => true,
        Some(last) => english::is_plural(last),
    };
    match verb.as_str() {
        "get" if operation.response.is_list() && many => "list".to_owned(),
        "post" if matches!(operation.response, Response::Page(_)) => "list".to_owned(),
        "post" => "create".to_owned(),
        _ => verb,
    }
}

/// `ListShopOrders` among the orders: the shop says whose they are, which the path shows, too, if
/// it is a parameter's.
fn whose(scene: &Scene<'_>, at: usize, found: &phrase::Rest) -> Option<Vec<String>> {
    let owner = &found.before;
    let ends = found.after.is_empty() || leads(&found.after);
    if owner.is_empty() || !ends || !scene.is_group(owner) {
        return None;
    }
    let parts = &scene.placed(at).parts;
    let parent = parts.windows(2).rev().find_map(|pair| match pair {
        [Part::Literal(words), Part::Parameter(_)] => Some(words),
        _ => None,
    });
    let last = owner.last();
    let mut rest = match parent {
        Some(parent)
            if parent
                .last()
                .zip(last)
                .is_some_and(|(a, b)| english::same(a, b)) =>
        {
            let one = parent.iter().map(|word| english::stem(word));
            std::iter::once("for".to_owned()).chain(one).collect()
        }
        _ => Vec::new(),
    };
    rest.extend(found.after.iter().cloned());
    Some(rest)
}
