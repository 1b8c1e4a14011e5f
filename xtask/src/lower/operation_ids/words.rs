//! Words of paths: which say what an operation does, which stand for many, and what one of
//! those is called.

/// What kind of thing a word says an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// It only reads.
    Read,
    /// It does something.
    Act,
    /// It writes what is there.
    Change,
    /// It takes away.
    Remove,
}

const READ: [&str; 15] = [
    "can", "count", "download", "exists", "export", "fetch", "find", "get", "has", "is", "list",
    "lookup", "ping", "query", "search",
];

const CHANGE: [&str; 14] = [
    "assign", "change", "disable", "edit", "enable", "modify", "patch", "put", "rename", "replace",
    "restore", "save", "set", "update",
];

const REMOVE: [&str; 6] = ["clear", "delete", "detach", "remove", "revoke", "unlink"];

const ACT: [&str; 66] = [
    "accept",
    "activate",
    "add",
    "apply",
    "approve",
    "archive",
    "attach",
    "authenticate",
    "authorize",
    "batch",
    "calculate",
    "cancel",
    "check",
    "clone",
    "close",
    "complete",
    "confirm",
    "convert",
    "copy",
    "create",
    "deactivate",
    "decline",
    "duplicate",
    "execute",
    "generate",
    "impersonate",
    "import",
    "invite",
    "link",
    "lock",
    "login",
    "logout",
    "mark",
    "merge",
    "move",
    "notify",
    "open",
    "pause",
    "post",
    "process",
    "publish",
    "refresh",
    "register",
    "reject",
    "resend",
    "reset",
    "resume",
    "retry",
    "run",
    "schedule",
    "send",
    "start",
    "stop",
    "submit",
    "subscribe",
    "sync",
    "test",
    "toggle",
    "transfer",
    "trigger",
    "unlock",
    "unsubscribe",
    "upload",
    "upsert",
    "validate",
    "verify",
];

/// What a word such as `reset_password` says is done, if it begins with a verb.
pub fn family(word: &str) -> Option<Family> {
    let first = word.split('_').next()?;
    [
        (&READ[..], Family::Read),
        (&CHANGE, Family::Change),
        (&REMOVE, Family::Remove),
        (&ACT, Family::Act),
    ]
    .into_iter()
    .find_map(|(words, family)| words.contains(&first).then_some(family))
}

/// Whether a word stands for many, or may.
pub fn is_plural(word: &str) -> bool {
    word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us")
}

/// Words that are the same for one and for many, or only look like many.
const SAME: [&str; 22] = [
    "alias",
    "analysis",
    "analytics",
    "aws",
    "bonus",
    "campus",
    "canvas",
    "chassis",
    "diagnostics",
    "dns",
    "gps",
    "https",
    "lens",
    "metadata",
    "news",
    "os",
    "sas",
    "series",
    "sms",
    "species",
    "sso",
    "tls",
];

/// Words whose many is not made by a rule, with the one.
const IRREGULAR: [(&str, &str); 6] = [
    ("children", "child"),
    ("movies", "movie"),
    ("cookies", "cookie"),
    ("people", "person"),
    ("statuses", "status"),
    ("bonuses", "bonus"),
];

/// One of many: `order_lines` is `order_line`. None for a word that does not stand for many.
pub fn singular(word: &str) -> Option<String> {
    let start = word.rfind('_').map_or(0, |at| at + 1);
    let (before, last) = word.split_at(start);
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == last) {
        return Some(format!("{before}{one}"));
    }
    if last.len() < 3 || SAME.contains(&last) || !is_plural(last) || last.ends_with("is") {
        return None;
    }
    let one = if let Some(stem) = last.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        format!("{stem}y")
    } else if ["sses", "xes", "ches", "shes", "zzes"]
        .iter()
        .any(|end| last.ends_with(end))
    {
        last[..last.len() - 2].to_owned()
    } else {
        last[..last.len() - 1].to_owned()
    };
    Some(format!("{before}{one}"))
}

#[cfg(test)]
mod tests {
    use super::singular;

    #[test]
    fn one_of_many_is_called_as_a_person_would() {
        for (many, one) in [
            ("orders", "order"),
            ("order_lines", "order_line"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("branches", "branch"),
            ("licenses", "license"),
            ("databases", "database"),
            ("statuses", "status"),
            ("people", "person"),
            ("ids", "id"),
        ] {
            assert_eq!(singular(many).as_deref(), Some(one));
        }
        for word in [
            "status", "series", "news", "access", "account", "analysis", "metadata",
        ] {
            assert_eq!(singular(word), None, "{word}");
        }
    }
}
