//! Where the things of a group stand in a path: `/system/backup` for the group `Backup`.

use super::{english, path::Part};

/// How many parts of a path lead to a group's things: up to the first that consists of words of
/// the group, and those after it that add more of its words. None if there is no such part.
pub fn length(parts: &[Part], group: &[String]) -> usize {
    let mut left: Vec<&String> = group.iter().collect();
    let mut length = 0;
    for (at, part) in parts.iter().enumerate() {
        let taken = match part {
            Part::Literal(words) => take(&mut left, words),
            Part::Parameter(_) => false,
        };
        if taken {
            length = at + 1;
        } else if length > 0 {
            break;
        }
    }
    length
}

/// Takes the words of a segment off those that are left of a group, if it has no others.
fn take(left: &mut Vec<&String>, words: &[String]) -> bool {
    let together = words.concat();
    let glued: String = left.iter().map(|word| word.as_str()).collect();
    if english::same(&glued, &together) && !left.is_empty() {
        left.clear();
        return true;
    }
    let mut rest = left.clone();
    // A word of the segment may be several of the group's in one: `downloadclient`.
    for word in words {
        let found = (1..=rest.len()).find_map(|length| {
            let at = rest.windows(length).position(|window| {
                let glued: String = window.iter().map(|word| word.as_str()).collect();
                english::same(&glued, word)
            })?;
            Some((at, length))
        });
        let Some((at, length)) = found else {
            return false;
        };
        rest.drain(at..at + length);
    }
    *left = rest;
    !words.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{input::Api, path, words};

    #[test]
    fn the_root_ends_with_the_last_word_of_the_group() {
        let glued = words::Glued::new(&Api::default());
        for (path, group, expected) in [
            ("/series/{id}", "Series", 1),
            ("/system/backup/restore/{id}", "Backup", 2),
            ("/config/downloadclient/{id}", "DownloadClientConfig", 2),
            ("/log/file/update/{name}", "UpdateLogFile", 3),
            ("/Search/search", "Search", 1),
            ("/login", "Authentication", 0),
            ("/orders/{id}/lines", "Orders", 1),
            ("/order-lines", "OrderLine", 1),
            ("/", "Orders", 0),
        ] {
            let parts = path::parts(path, 0, &glued);
            assert_eq!(length(&parts, &words::split(group)), expected, "{path}");
        }
    }
}
