//! English words: which are verbs, which are counted, and what one and many are called. Nothing
//! is made singular or plural unless the result is certainly a word.

use std::{collections::HashSet, sync::LazyLock};

/// A list of words.
type Words = LazyLock<HashSet<&'static str>>;

/// Words that say what an operation does when a name begins with them.
static VERBS: Words = LazyLock::new(|| {
    words(
        "abort accept acknowledge activate add allow analyze answer append apply approve archive
         assign attach authenticate authorize backup ban batch block bookmark browse build bulk
         bust calculate can cancel change check claim cleanup clear clone close compare complete
         compute confirm connect contains convert copy create deactivate decline decode decrypt
         delete demote deny deploy detach disable discard disconnect dismiss distribute download
         duplicate echo edit email enable encode encrypt end enqueue evaluate exclude execute
         exists expire explore export extend fetch filter find finish fix flag flush follow force
         forgot forward generate get grab grant handle has hide impersonate import include
         increment initialize insert install invalidate invite invoke is join kick kill leave link
         list load lock log login logout lookup make mark match merge modify monitor move mute
         notify open parse patch pause pin ping play post prepare preview process promote provision
         publish pull purge push put query rate read rebuild recalculate refresh register reject
         release reload remove rename renew reopen reorder replace reply report request resend
         reset resolve restart restore restrict resume retrieve retry revert revoke rollback rotate
         run save scan schedule search send set share shutdown sign skip start stop submit
         subscribe suspend sync synchronize test throw toggle transfer trigger unassign unban
         unblock unbookmark unfollow uninstall unlink unlock unmark unmute unpin unpublish
         unsubscribe update upload upsert validate",
    )
});

/// Verbs that are as often nouns, so that a `GET` of them is a `GET` of a noun.
static NOUNS_TOO: Words = LazyLock::new(|| {
    words(
        "answer backup block bookmark change claim email end filter flag handle link log match
         monitor pin post process release report request share",
    )
});

/// Words that say nothing without an object.
static TRANSITIVE: Words = LazyLock::new(|| {
    words("allows assign bust can contains grant has is mark put set should was will")
});

/// Words that cannot begin or end a phrase by themselves.
static PREPOSITIONS: Words = LazyLock::new(|| {
    words(
        "about after as at before by during for from in into of on since to under until via with
         without",
    )
});

/// Words that are not counted, are their own plural, or only look like one.
static UNCOUNTED: Words = LazyLock::new(|| {
    words(
        "access account admin advice auth authentication authorization blocklist calendar catalog
         chat config configuration content cutoff dashboard data details diagnostics discovery
         documentation download evidence export feedback graph hardware health history home
         identity import info information infrastructure inventory knowledge lens license
         localization lookup maintenance media meta metadata music news oauth opds payroll ping
         queue read reader registration root scrobbling search security series server settings
         setup software space species statistics stats support system traffic tv ui upload weather",
    )
});

/// Plurals that no rule makes, with their singulars.
const IRREGULAR: [(&str, &str); 23] = [
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("areas", "area"),
    ("bonuses", "bonus"),
    ("buses", "bus"),
    ("children", "child"),
    ("cookies", "cookie"),
    ("criteria", "criterion"),
    ("indices", "index"),
    ("logos", "logo"),
    ("men", "man"),
    ("menus", "menu"),
    ("movies", "movie"),
    ("people", "person"),
    ("photos", "photo"),
    ("quotas", "quota"),
    ("schemas", "schema"),
    ("statuses", "status"),
    ("ties", "tie"),
    ("todos", "todo"),
    ("videos", "video"),
    ("viruses", "virus"),
    ("women", "woman"),
];

/// Adjectives and participles that the ending does not show.
static ADJECTIVES: Words = LazyLock::new(|| {
    words(
        "active alive available complete done empty hidden known online present public ready seen
         set taken valid visible",
    )
});

/// Nouns that end like participles.
static NOT_PARTICIPLES: Words =
    LazyLock::new(|| words("bed embed feed id need red seed shed speed weed"));

fn words(list: &'static str) -> HashSet<&'static str> {
    list.split_ascii_whitespace().collect()
}

/// Whether a word says what is done.
pub fn is_verb(word: &str) -> bool {
    VERBS.contains(word)
}

/// Whether a word is a verb and nothing else.
pub fn is_only_verb(word: &str) -> bool {
    is_verb(word) && !NOUNS_TOO.contains(word)
}

/// Whether a verb needs an object.
pub fn is_transitive(word: &str) -> bool {
    TRANSITIVE.contains(word)
}

/// Whether a word is a preposition.
pub fn is_preposition(word: &str) -> bool {
    PREPOSITIONS.contains(word)
}

/// Whether words that begin with this one need a verb before it: `by_name`, but not `on_deck`.
pub fn wants_verb(word: &str) -> bool {
    matches!(word, "by" | "for" | "in" | "with" | "from")
}

/// Whether a word is a participle or another adjective that can follow "is" or "mark as".
pub fn is_participle(word: &str) -> bool {
    let ends = word.len() > 4 && word.ends_with("ed");
    let positive = word.strip_prefix("un").unwrap_or(word);
    (ends && !NOT_PARTICIPLES.contains(word)) || ADJECTIVES.contains(positive)
}

/// The verb of a word for the tool that does something: `edit` of `editor`.
pub fn verb_of_agent(word: &str) -> Option<&str> {
    let stem = word
        .strip_suffix("or")
        .or_else(|| word.strip_suffix("er"))?;
    matches!(stem, "edit" | "import" | "export" | "upload" | "download").then_some(stem)
}

/// Whether things of this name are not counted.
pub fn is_uncounted(word: &str) -> bool {
    let counted = [
        "mapping", "meeting", "rating", "booking", "listing", "building", "posting",
    ];
    !counted.contains(&word)
        && (UNCOUNTED.contains(word)
            || ["ss", "us", "is", "ing"]
                .iter()
                .any(|end| word.ends_with(end))
            || word.chars().any(|c| !c.is_ascii_lowercase())
            || word.len() < 3)
}

/// What several of these are called; nothing if that is not certain, or if the word is a plural.
pub fn plural(word: &str) -> Option<String> {
    if is_uncounted(word) || is_plural(word) {
        return None;
    }
    if let Some((many, _)) = IRREGULAR.iter().find(|(_, one)| *one == word) {
        return Some((*many).to_owned());
    }
    let consonant = |stem: &str| !stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    Some(match word.strip_suffix('y') {
        Some(stem) if consonant(stem) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"]
            .iter()
            .any(|end| word.ends_with(end)) =>
        {
            format!("{word}es")
        }
        _ => format!("{word}s"),
    })
}

/// Whether a word is certainly a plural.
pub fn is_plural(word: &str) -> bool {
    singular(word).is_some()
}

/// What one of these is called; nothing if the word is not certainly a plural.
pub fn singular(word: &str) -> Option<String> {
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return Some((*one).to_owned());
    }
    let stem = word.strip_suffix('s')?;
    if is_uncounted(word) || word.len() < 4 && word != "ids" {
        return None;
    }
    if word.ends_with("ies") {
        let stem = word.strip_suffix("ies")?;
        return (stem.len() > 2).then(|| format!("{stem}y"));
    }
    if ["sses", "xes", "ches", "shes"]
        .iter()
        .any(|end| word.ends_with(end))
    {
        // `caches` is one `cache`, `searches` is one `search`.
        return match word.ends_with("aches") {
            true => None,
            false => stem.strip_suffix('e').map(str::to_owned),
        };
    }
    let certain = stem.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        && !["a", "i", "o", "s", "u", "zze"]
            .iter()
            .any(|end| stem.ends_with(end));
    certain.then(|| stem.to_owned())
}

/// Whether two words are the same but for their number.
pub fn same(a: &str, b: &str) -> bool {
    a == b || stem(a) == stem(b)
}

/// The singular of a word, or the word.
pub fn stem(word: &str) -> String {
    singular(word).unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_many_are_words() {
        for (one, many) in [
            ("order", "orders"),
            ("category", "categories"),
            ("address", "addresses"),
            ("box", "boxes"),
            ("branch", "branches"),
            ("library", "libraries"),
            ("person", "people"),
            ("movie", "movies"),
            ("status", "statuses"),
            ("day", "days"),
            ("database", "databases"),
        ] {
            assert_eq!(singular(many).as_deref(), Some(one), "{many}");
            if one != "address" && one != "status" {
                assert_eq!(plural(one).as_deref(), Some(many), "{one}");
            }
        }
    }

    #[test]
    fn what_is_no_plural_stays() {
        for word in [
            "opds",
            "series",
            "status",
            "news",
            "analysis",
            "access",
            "settings",
            "https",
            "dns",
            "metadata",
            "is",
            "has",
            "s",
            "",
            "çeşitler",
            "sdss",
            "alias",
            "canvas",
            "quizzes",
        ] {
            assert_eq!(singular(word), None, "{word}");
        }
        for word in [
            "settings", "history", "orders", "naming", "ui", "opds", "pass",
        ] {
            assert_eq!(plural(word), None, "{word}");
        }
    }

    #[test]
    fn a_word_that_only_ends_like_a_participle_is_none() {
        assert!(is_participle("failed") && is_participle("enabled") && is_participle("valid"));
        assert!(!is_participle("feed") && !is_participle("speed") && !is_participle("title"));
    }
}
