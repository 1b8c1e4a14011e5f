//! Which group an operation belongs to: the one of its first tag; without useful tags, that of
//! the prefix of its id or of the first word of its path.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{
    english,
    input::{Api, Operation},
    joined,
    operation_id::Ids,
    path::{self, Part},
    root,
    words::{self, Glued},
};

/// Words that name nothing at the end of a tag.
const EMPTY: [&str; 6] = [
    "endpoints",
    "endpoint",
    "controller",
    "api",
    "management",
    "service",
];

/// An operation with its group and the parts of its path.
#[derive(Clone, Debug)]
pub struct Placed {
    /// What tells groups apart before they have names.
    pub key: String,
    /// The words of the group, as the document writes them.
    pub group: Vec<String>,
    /// All parts of the path after what leads it.
    pub parts: Vec<Part>,
    /// How many of them lead to the group's things.
    pub root: usize,
    /// The version that leads the path, if others of the API have another one.
    pub version: Option<String>,
}

impl Placed {
    /// The parts of the path after those that lead to the group's things.
    pub fn tail(&self) -> &[Part] {
        self.parts.get(self.root..).unwrap_or_default()
    }

    /// The words of those parts, if there are any and none is a parameter.
    pub fn literals(&self) -> Option<Vec<String>> {
        let words = self.tail().iter().map(|part| match part {
            Part::Literal(words) => Some(words.as_slice()),
            Part::Parameter(_) => None,
        });
        let words: Vec<&[String]> = words.collect::<Option<_>>()?;
        (!words.is_empty()).then(|| words.concat())
    }
}

/// Places every operation.
pub fn place(api: &Api, ids: &Ids, glued: &Glued) -> Vec<Placed> {
    let shared = path::shared(api.operations.iter().map(|o| o.path.as_str()));
    let lead = |operation: &Operation| path::lead(&operation.path, &shared);
    let parts: Vec<Vec<Part>> = api
        .operations
        .iter()
        .map(|operation| path::parts(&operation.path, lead(operation), glued))
        .collect();
    let leads: Vec<Vec<&str>> = api
        .operations
        .iter()
        .map(|operation| {
            path::segments(&operation.path)
                .take(lead(operation))
                .collect()
        })
        .collect();
    let tags: Vec<Option<String>> = api.operations.iter().map(tag).collect();
    let title = letters(&api.title);
    let tags: Vec<Option<String>> = if useful(&tags) {
        let names_path = |tag: &str| {
            parts.iter().any(|parts| match parts.first() {
                Some(Part::Literal(words)) => letters(&words.concat()) == letters(tag),
                _ => false,
            })
        };
        // A tag that only repeats the title is none.
        let title = tags
            .iter()
            .flatten()
            .find(|tag| letters(tag) == title && !names_path(tag))
            .map(|tag| letters(tag));
        tags.into_iter()
            .map(|tag| tag.filter(|tag| Some(letters(tag)) != title))
            .collect()
    } else if ids.have_prefixes() {
        (0..api.operations.len())
            .map(|at| ids.get(at).and_then(|id| id.prefix.clone()))
            .collect()
    } else {
        vec![None; api.operations.len()]
    };
    let spelt = spellings(&tags);
    let joined = joined::joined(&tags, &spelt, &parts, &leads);
    let calls = calls(&tags, &parts);
    let versions = versions(api, &parts, &leads);
    let mut placed: Vec<Placed> = Vec::with_capacity(parts.len());
    for (at, (parts, tag)) in parts.into_iter().zip(tags).enumerate() {
        let group = match tag.map(|tag| letters(&tag)) {
            Some(key) => {
                let key = joined.get(&key).unwrap_or(&key);
                spelt.get(key).cloned().unwrap_or_default()
            }
            None if calls.contains(&at) => product(&api.title),
            None => first_word(&parts),
        };
        placed.push(Placed {
            key: group.concat(),
            root: 0,
            version: versions[at].clone(),
            parts,
            group,
        });
    }
    let spelt = best(placed.iter().map(|placed| placed.group.clone()));
    for placed in &mut placed {
        if let Some(group) = spelt.get(&placed.key) {
            placed.group.clone_from(group);
        }
        placed.root = root::length(&placed.parts, &placed.group);
    }
    root_together(&mut placed);
    placed
}

/// The versions in what leads the paths, where the same path has several.
fn versions(api: &Api, parts: &[Vec<Part>], leads: &[Vec<&str>]) -> Vec<Option<String>> {
    let of = |lead: &Vec<&str>| {
        let last = lead
            .iter()
            .rev()
            .find(|segment| path::is_version(segment))?;
        Some(words::join(&words::split(last)))
    };
    let versions: Vec<Option<String>> = leads.iter().map(of).collect();
    let mut known: HashMap<(&str, &[Part]), BTreeSet<&String>> = HashMap::new();
    let key = |at: usize| (api.operations[at].method.as_str(), parts[at].as_slice());
    for (at, version) in versions.iter().enumerate() {
        known.entry(key(at)).or_default().extend(version);
    }
    let several = |(at, version): (usize, &Option<String>)| {
        version.clone().filter(|_| known[&key(at)].len() > 1)
    };
    versions.iter().enumerate().map(several).collect()
}

/// Operations without tags whose paths name calls and no things: `/sendMessage`. Their group is
/// the whole API, if most of its operations are such calls.
fn calls(tags: &[Option<String>], parts: &[Vec<Part>]) -> HashSet<usize> {
    let verb = |at: &usize| match parts[*at].as_slice() {
        [Part::Literal(words)] => {
            tags[*at].is_none() && words.first().is_some_and(|word| english::is_verb(word))
        }
        _ => false,
    };
    let calls: HashSet<usize> = (0..tags.len()).filter(verb).collect();
    let object = |at: &&usize| match parts[**at].as_slice() {
        [Part::Literal(words)] => words.len() > 1,
        _ => false,
    };
    match calls.iter().filter(object).count() * 2 > tags.len() {
        true => calls,
        false => HashSet::new(),
    }
}

/// The words of a title, without those that say that it is an API's.
fn product(title: &str) -> Vec<String> {
    let mut words = words::split(title);
    words.retain(|word| !EMPTY.contains(&word.as_str()) && !words::is_version(word));
    if words.is_empty() {
        words.push("root".to_owned());
    }
    words
}

/// A group of which no path has a word stands where all its paths begin: `AlternativeTitle` on
/// `/alttitle` and `/alttitle/{id}`.
fn root_together(placed: &mut [Placed]) {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, placed) in placed.iter().enumerate() {
        groups.entry(placed.key.clone()).or_default().push(at);
    }
    for members in groups.into_values() {
        if members.len() < 2 || members.iter().any(|at| placed[*at].root > 0) {
            continue;
        }
        let first = &placed[members[0]].parts;
        let mut length = first
            .iter()
            .take_while(|part| matches!(part, Part::Literal(_)))
            .count();
        for at in &members {
            let same = placed[*at]
                .parts
                .iter()
                .zip(first)
                .take_while(|(a, b)| a == b);
            length = length.min(same.count());
        }
        for at in members {
            placed[at].root = length;
        }
    }
}

/// The first tag of an operation, if it has letters or digits.
fn tag(operation: &Operation) -> Option<String> {
    let tag = operation.tags.first()?;
    tag.chars().any(char::is_alphanumeric).then(|| tag.clone())
}

/// What tags that differ only in case or separators have in common.
pub fn letters(text: &str) -> String {
    words::without_last(words::split(text), &EMPTY).concat()
}

/// Whether tags tell operations apart: there are several, and not one for each operation.
fn useful(tags: &[Option<String>]) -> bool {
    let keys: BTreeSet<Option<String>> =
        tags.iter().map(|tag| tag.as_deref().map(letters)).collect();
    if keys.contains(&None) {
        return keys.len() > 1;
    }
    keys.len() > 1 && keys.len() < tags.len()
}

/// The words of each tag without those that name nothing, by its letters.
fn spellings(tags: &[Option<String>]) -> BTreeMap<String, Vec<String>> {
    let words = |tag: &String| words::without_last(words::split(tag), &EMPTY);
    best(tags.iter().flatten().map(words))
}

/// Of the spellings with the same letters, the one with the most words, then the first in the
/// alphabet.
fn best(spellings: impl Iterator<Item = Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let mut best: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let rank = |words: &[String]| (std::cmp::Reverse(words.len()), words.to_vec());
    for words in spellings {
        let known = best.entry(words.concat()).or_insert_with(|| words.clone());
        if rank(&words) < rank(known) {
            *known = words;
        }
    }
    best
}

/// The words of the first literal part of a path.
fn first_word(parts: &[Part]) -> Vec<String> {
    let literal = parts.iter().find_map(|part| match part {
        Part::Literal(words) => Some(words.clone()),
        Part::Parameter(_) => None,
    });
    literal.unwrap_or_else(|| vec!["root".to_owned()])
}
