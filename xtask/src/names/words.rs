//! The words of names, paths and tags: how text is split into words, and how words that are
//! written together part where the document itself writes them apart.

use std::collections::HashMap;

use super::{english, input::Api, path};
use crate::ident;

/// The longest word that is looked up as several.
const LONGEST: usize = 64;

/// What a schema's name ends with where it says nothing of the thing.
const SUFFIXES: [&str; 8] = [
    "dto", "resource", "model", "entity", "view", "response", "request", "vm",
];

/// The words of a text in lower case: `readingList-cover` is `reading`, `list` and `cover`.
pub fn split(text: &str) -> Vec<String> {
    // Most words are as they should be.
    if text
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    {
        let words = text.split('_').filter(|word| !word.is_empty());
        return words.map(str::to_owned).collect();
    }
    let snake = ident::snake_part(text);
    let mut words: Vec<String> = Vec::new();
    for word in snake.split('_').filter(|word| !word.is_empty()) {
        let digits = word.chars().all(|c| c.is_ascii_digit());
        match words.last_mut() {
            // `v_2` is how `V2` may come out.
            Some(before) if before == "v" && digits => before.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// What a schema is called without the words that name no thing: `SeriesDto` is `series`.
pub fn of_schema(name: &str) -> Vec<String> {
    without_suffix(split(name))
}

fn without_suffix(words: Vec<String>) -> Vec<String> {
    without_last(words, &SUFFIXES)
}

/// Removes words from the end while they are among these and another word is left.
pub fn without_last(mut words: Vec<String>, removed: &[&str]) -> Vec<String> {
    while words.len() > 1
        && words
            .last()
            .is_some_and(|word| removed.contains(&word.as_str()))
    {
        words.pop();
    }
    words
}

/// A name of these words.
pub fn join(words: &[String]) -> String {
    words.join("_")
}

/// The words that the document writes apart somewhere, by what they are together.
#[derive(Debug, Default)]
pub struct Glued(HashMap<String, Vec<String>>);

impl Glued {
    /// Learns from the tags, the paths and the schemas of an API.
    pub fn new(api: &Api) -> Self {
        let mut known = HashMap::new();
        let mut learn = |words: Vec<String>| {
            if words.len() < 2 {
                return;
            }
            let together = words.concat();
            // Among several ways, the one with the most words counts, then the alphabet.
            let rank = |words: &Vec<String>| (std::cmp::Reverse(words.len()), words.clone());
            match known.get_mut(&together) {
                Some(best) if rank(&words) < rank(best) => *best = words,
                Some(_) => {}
                None => {
                    known.insert(together, words);
                }
            }
        };
        for operation in &api.operations {
            for tag in &operation.tags {
                learn(split(tag));
            }
            for segment in path::segments(&operation.path) {
                if path::parameter(segment).is_none() {
                    learn(split(segment));
                }
            }
        }
        for name in &api.types {
            let words = split(name);
            learn(without_suffix(words.clone()));
            learn(words);
        }
        Self(known)
    }

    /// The words of a text, of which those that are written together part.
    pub fn split(&self, text: &str) -> Vec<String> {
        split(text)
            .into_iter()
            .flat_map(|word| self.part(word))
            .collect()
    }

    fn part(&self, word: String) -> Vec<String> {
        if word.len() > LONGEST {
            return vec![word];
        }
        if let Some(words) = self.0.get(&word) {
            return words.clone();
        }
        // Plurals of what is known, and a verb with "all".
        if let Some(one) = english::singular(&word)
            && let Some(words) = self.0.get(&one)
        {
            let mut words = words.clone();
            if let Some(last) = words.last_mut() {
                *last = english::plural(last).unwrap_or_else(|| format!("{last}s"));
            }
            return words;
        }
        if let Some(verb) = word.strip_suffix("all")
            && english::is_only_verb(verb)
        {
            return vec![verb.to_owned(), "all".to_owned()];
        }
        vec![word]
    }
}

/// Whether a word is a version: `v2`, `v21`.
pub fn is_version(word: &str) -> bool {
    word.strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
}

/// Takes the version off the end of a name's words.
pub fn take_version(words: &mut Vec<String>) -> Option<String> {
    if let [.., version, minor] = words.as_slice()
        && words.len() > 2
        && is_version(version)
        && minor.chars().all(|c| c.is_ascii_digit())
    {
        let both = format!("{version}_{minor}");
        words.truncate(words.len() - 2);
        return Some(both);
    }
    words.pop_if(|word| is_version(word))
}

/// Whether the words of a group stand at `at`, whatever their number.
pub fn stands_at(words: &[String], at: usize, group: &[String]) -> bool {
    !group.is_empty()
        && words.len() >= at + group.len()
        && words[at..]
            .iter()
            .zip(group)
            .all(|(a, b)| english::same(a, b))
}

/// Whether two lists of words are the same but for number.
pub fn same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && stands_at(a, 0, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::input::Operation;

    fn words(text: &str) -> Vec<&str> {
        text.split(' ').filter(|word| !word.is_empty()).collect()
    }

    #[test]
    fn text_is_split_where_case_or_separators_change() {
        for (text, expected) in [
            ("readingList-cover", "reading list cover"),
            ("GetCSVResults", "get csv results"),
            ("recently-added-v2", "recently added v2"),
            ("RecentlyAddedV2", "recently added v2"),
            ("a.b/c d", "a b c d"),
            ("", ""),
        ] {
            assert_eq!(split(text), words(expected), "{text}");
        }
    }

    #[test]
    fn words_part_where_the_document_writes_them_apart() {
        let api = Api {
            types: vec!["MediaFileDto".to_owned()],
            operations: vec![Operation {
                tags: vec!["ReadingList".to_owned()],
                ..Operation::default()
            }],
            ..Api::default()
        };
        let glued = Glued::new(&api);
        for (text, expected) in [
            ("readinglist-cover", "reading list cover"),
            ("mediafiles", "media files"),
            ("testall", "test all"),
            ("overall", "overall"),
            ("anilist", "anilist"),
        ] {
            assert_eq!(glued.split(text), words(expected), "{text}");
        }
    }

    #[test]
    fn a_version_at_the_end_is_taken_off() {
        let mut list = split("GetGroups_V2_1");
        assert_eq!(take_version(&mut list).as_deref(), Some("v2_1"));
        assert_eq!(list, ["get", "groups"]);
        let mut list = split("items");
        assert_eq!(take_version(&mut list), None);
    }
}
