//! Numbers of things in messages: `1 operation`, `2 operations`.

/// The number with its noun, given in the singular.
pub fn counted(count: usize, noun: &str) -> String {
    let plural = match count {
        1 => return format!("1 {noun}"),
        _ if noun.ends_with(['s', 'x']) => format!("{noun}es"),
        _ => match noun.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
            _ => format!("{noun}s"),
        },
    };
    format!("{count} {plural}")
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_singular_and_everything_else_plural() {
        for (count, noun, expected) in [
            (0, "loss", "0 losses"),
            (1, "operation", "1 operation"),
            (2, "property", "2 properties"),
            (3, "key", "3 keys"),
            (25, "media type", "25 media types"),
        ] {
            assert_eq!(counted(count, noun), expected);
        }
    }
}
