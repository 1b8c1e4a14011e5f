//! What the rules look at when they name one operation: the operation, its group, and the
//! operations on the same path, directly below it, or with the same noun.

use std::collections::{HashMap, HashSet};

use super::{
    english,
    groups::Placed,
    input::{Api, Operation},
    path, words,
};

/// The operations of an API, found by their paths.
pub struct Scene<'a> {
    api: &'a Api,
    title: Vec<String>,
    placed: &'a [Placed],
    /// By path.
    on: HashMap<String, Vec<usize>>,
    /// By the path without its last segment, where that is a parameter.
    below: HashMap<String, Vec<usize>>,
    /// By group and words after the group's root, only `GET`.
    nouns: HashMap<(&'a str, String), Vec<usize>>,
    /// The words of all groups, each word in the singular.
    groups: HashSet<String>,
}

impl<'a> Scene<'a> {
    /// The scene of an API.
    pub fn new(api: &'a Api, placed: &'a [Placed]) -> Self {
        let mut scene = Self {
            api,
            title: words::split(&api.title),
            placed,
            on: HashMap::new(),
            below: HashMap::new(),
            nouns: HashMap::new(),
            groups: HashSet::new(),
        };
        for (at, (operation, placed)) in api.operations.iter().zip(placed).enumerate() {
            let segments: Vec<&str> = path::segments(&operation.path).collect();
            scene.on.entry(segments.join("/")).or_default().push(at);
            if let [above @ .., last] = segments.as_slice()
                && path::parameter(last).is_some()
            {
                scene.below.entry(above.join("/")).or_default().push(at);
            }
            if operation.method == "GET"
                && let Some(words) = placed.literals()
            {
                let verb = words.len() > 1 && words[0] == "get";
                let noun = words[usize::from(verb)..].join("_");
                scene.nouns.entry((&placed.key, noun)).or_default().push(at);
            }
            let one: Vec<String> = placed.group.iter().map(|w| english::stem(w)).collect();
            scene.groups.insert(one.join("_"));
        }
        scene
    }

    /// The words of the title.
    pub fn title(&self) -> &[String] {
        &self.title
    }

    /// All operations.
    pub fn operations(&self) -> &'a [Operation] {
        &self.api.operations
    }

    /// An operation.
    pub fn operation(&self, at: usize) -> &'a Operation {
        &self.api.operations[at]
    }

    /// An operation's group and the parts of its path.
    pub fn placed(&self, at: usize) -> &'a Placed {
        &self.placed[at]
    }

    /// The other operations on the same path.
    pub fn beside(&self, at: usize) -> impl Iterator<Item = &'a Operation> {
        self.others_on(at).map(|other| self.operation(other))
    }

    /// The other operations on the same path that are in the same group.
    pub fn beside_in_group(&self, at: usize) -> impl Iterator<Item = &'a Operation> {
        let group = &self.placed(at).key;
        let same = self
            .others_on(at)
            .filter(move |other| self.placed(*other).key == *group);
        same.map(|other| self.operation(other))
    }

    fn others_on(&self, at: usize) -> impl Iterator<Item = usize> {
        let path: Vec<&str> = path::segments(&self.operation(at).path).collect();
        let found = self.on.get(&path.join("/")).into_iter().flatten();
        found.copied().filter(move |other| *other != at)
    }

    /// The operations whose path has one parameter more at its end.
    pub fn below(&self, at: usize) -> impl Iterator<Item = &'a Operation> {
        let path: Vec<&str> = path::segments(&self.operation(at).path).collect();
        let found = self.below.get(&path.join("/")).into_iter().flatten();
        found.map(|other| self.operation(*other))
    }

    /// The operations of the group that get what these words name.
    pub fn getters(&self, at: usize, words: &[String]) -> impl Iterator<Item = &'a Operation> {
        let key = (self.placed(at).key.as_str(), words.join("_"));
        let found = self.nouns.get(&key).into_iter().flatten();
        found
            .filter(move |other| **other != at)
            .map(|other| self.operation(*other))
    }

    /// Whether these words are those of a group.
    pub fn is_group(&self, words: &[String]) -> bool {
        let one: Vec<String> = words.iter().map(|word| english::stem(word)).collect();
        self.groups.contains(&one.join("_"))
    }

    /// Whether the path ends with a parameter.
    pub fn ends_with_parameter(&self, at: usize) -> bool {
        let last = path::segments(&self.operation(at).path).last();
        last.is_some_and(|segment| path::parameter(segment).is_some())
    }
}
