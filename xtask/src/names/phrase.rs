//! Phrases: what is left of words without those of the group, unless that is no phrase.

use super::{english, words};

/// How many words may be one of the group's that is written together.
const LONGEST: usize = 3;

/// What is left of a phrase without the words of the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// The words before the group's.
    pub before: Vec<String>,
    /// The words after the group's.
    pub after: Vec<String>,
}

impl Rest {
    /// All words that are left.
    pub fn words(&self) -> Vec<String> {
        let words = self.before.iter().chain(&self.after);
        words.cloned().collect()
    }
}

/// Drops the words of the group where they stand together, or the last of them alone, unless what
/// is left is no phrase. None if the words stay as they are.
pub fn without(words: &[String], group: &[String]) -> Option<Rest> {
    found(words, group).find(is_phrase)
}

/// What is left without the words of the group, for each place where they stand, or the last of
/// them alone.
pub fn found<'a>(words: &'a [String], group: &[String]) -> impl Iterator<Item = Rest> + use<'a> {
    let mut places = places(words, group);
    if let [_, .., last] = group {
        places.extend(self::places(words, std::slice::from_ref(last)));
    }
    places.into_iter().map(|(at, length)| Rest {
        before: words[..at].to_vec(),
        after: words[at + length..].to_vec(),
    })
}

/// Where the words of the group stand and how many they are, also when they are written together
/// or apart: `pay slips` for the group `payslips`.
fn places(words: &[String], group: &[String]) -> Vec<(usize, usize)> {
    let glued = group.concat();
    let is_group = |at: usize, length: usize| match length == group.len() {
        true => words::stands_at(words, at, group),
        false => english::same(&words[at..at + length].concat(), &glued),
    };
    let longest = group.len().max(LONGEST);
    let ends = |at: usize| 1..=longest.min(words.len() - at);
    let all = (0..words.len()).flat_map(|at| ends(at).map(move |length| (at, length)));
    all.filter(|(at, length)| !group.is_empty() && is_group(*at, *length))
        .collect()
}

fn is_phrase(rest: &Rest) -> bool {
    if rest
        .after
        .first()
        .is_some_and(|word| word == "and" || word == "or")
    {
        return false;
    }
    // A verb or an adjective can do without the words that are gone; another noun, a preposition
    // or an auxiliary leads to them.
    rest.before.last().is_none_or(|before| {
        let alone = english::is_verb(before) || english::is_participle(before);
        alone && !english::is_transitive(before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_group_go_unless_the_rest_is_no_phrase() {
        for (text, group, expected) in [
            ("refresh-account", "account", Some("refresh")),
            ("book-info", "books", Some("info")),
            ("has-license", "license", None),
            ("send-to-device", "device", None),
            ("library-allows-scrobbling", "scrobbling", None),
            ("upload-file-to-folder", "files", Some("upload to folder")),
            ("lists-for-series", "reading-list", Some("for series")),
            ("get-items-by-type-and-brand", "types", None),
            ("libraries", "library", Some("")),
            ("server-info", "files", None),
            (
                "recently-updated-series",
                "series",
                Some("recently updated"),
            ),
            ("limit-order", "orders", None),
            ("get-pay-slips", "payslips", Some("get")),
        ] {
            let rest = without(&words::split(text), &words::split(group));
            let rest = rest.map(|rest| rest.words().join(" "));
            assert_eq!(rest.as_deref(), expected, "{text}");
        }
    }
}
