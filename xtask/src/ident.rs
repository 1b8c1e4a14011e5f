//! Rust names for the names of a document: type, field, variant and method names that
//! are valid, conventional, and unique where they have to be.

use std::collections::HashSet;

use heck::{ToPascalCase, ToSnakeCase};

/// Names in Rust's prelude that typify's output uses unqualified, so that a type of the
/// same name would shadow them.
const SHADOWING: [&str; 12] = [
    "Default", "String", "Ok", "Err", "Some", "None", "Result", "Option", "Vec", "Box", "Self",
    "Error",
];

/// A type name in `PascalCase`.
pub fn type_name(name: &str) -> String {
    let pascal = fixpoint(&spaced(name), |text| text.to_pascal_case());
    let pascal = match pascal.chars().next() {
        None => "Unnamed".to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => pascal,
        Some(_) => format!("Type{pascal}"),
    };
    if SHADOWING.contains(&pascal.as_str()) {
        format!("{pascal}Schema")
    } else {
        pascal
    }
}

/// The name that progenitor gives the builder of an operation. It converts once, so that
/// `tiles_z_x_y` is `TilesZXY`, though that would be `TilesZxy` as the name of a type.
pub fn builder_name(id: &str) -> String {
    id.to_pascal_case()
}

/// A variant name in `PascalCase`; symbols are spelled out when nothing else is left.
pub fn variant_name(value: &str) -> String {
    let words = spaced(value);
    let pascal = words.to_pascal_case();
    if pascal.is_empty() {
        let spelled: String = value.chars().map(|c| symbol(c).to_pascal_case()).collect();
        return if spelled.is_empty() {
            "Empty".to_owned()
        } else {
            spelled
        };
    }
    match pascal.chars().next() {
        Some(first) if unicode_ident::is_xid_start(first) => {
            if pascal == "Self" {
                "SelfValue".to_owned()
            } else {
                pascal
            }
        }
        _ if value.starts_with(|c: char| c.is_ascii_digit()) && value.contains('.') => {
            format!("Value{}", decimal(value))
        }
        _ => match value.strip_prefix('-') {
            Some(_) => format!("Minus{pascal}"),
            None => format!("Value{pascal}"),
        },
    }
}

/// `1.0` as `1_0`, which is another name than that of `10`.
fn decimal(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let digit = |index: usize| chars.get(index).is_some_and(char::is_ascii_digit);
    (0..chars.len())
        .filter_map(|index| match chars[index] {
            c if c.is_ascii_alphanumeric() => Some(c),
            _ if index > 0 && digit(index - 1) && digit(index + 1) => Some('_'),
            _ => None,
        })
        .collect()
}

/// A word for the middle of a name in `snake_case`, where a digit may come first.
pub fn snake_part(name: &str) -> String {
    fixpoint(&spaced(name), |text| text.to_snake_case())
}

/// A function, parameter or field name in `snake_case`, without care for keywords.
pub fn snake_name(name: &str) -> String {
    let snake = snake_part(name);
    match snake.chars().next() {
        None => {
            let spelled: String = name
                .chars()
                .map(|c| format!("{}_", symbol(c)))
                .collect::<String>()
                .to_snake_case();
            if spelled.is_empty() {
                "unnamed".to_owned()
            } else {
                spelled
            }
        }
        Some(first) if unicode_ident::is_xid_start(first) => snake,
        Some(_) => format!("x{snake}"),
    }
}

/// A name as typify and progenitor write it for a field or parameter.
pub fn field_name(name: &str) -> String {
    let text = name
        .replace('\'', "")
        .replace(|c: char| !unicode_ident::is_xid_continue(c), "-");
    let text = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => text.to_snake_case(),
    };
    let text = match text.chars().next() {
        None => "x".to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => text,
        Some(_) => format!("x{text}"),
    };
    if is_keyword(&text) {
        format!("{text}_")
    } else {
        text
    }
}

/// Whether Rust keeps this word for itself: in this edition, or for a later one.
pub fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 52] = [
        "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const",
        "continue", "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for",
        "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override",
        "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
        "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.binary_search(&word).is_ok()
}

/// What two names share that Rust cannot hold apart: their words, without regard to case.
pub fn key(name: &str) -> String {
    name.to_lowercase().replace('_', "")
}

/// The names that are taken, for [`unique`].
pub fn taken<'a>(names: impl IntoIterator<Item = &'a String>) -> HashSet<String> {
    names.into_iter().map(|name| key(name)).collect()
}

/// A name made unique among those already taken, by a number if need be; it is taken
/// from then on. Names are compared without regard to case.
pub fn unique(name: String, taken: &mut HashSet<String>) -> String {
    if taken.insert(key(&name)) {
        return name;
    }
    let separator = if name.contains('_') || name.chars().all(|c| !c.is_uppercase()) {
        "_"
    } else {
        ""
    };
    let numbered = |number: usize| format!("{name}{separator}{number}");
    let free = numbered(first_free(|number| taken.contains(&key(&numbered(number)))));
    taken.insert(key(&free));
    free
}

/// The first number from 2 on that is free. Thousands of things of one name would need
/// millions of tries, so that far out it is looked for in leaps.
pub fn first_free(is_taken: impl Fn(usize) -> bool) -> usize {
    const NEAR: usize = 100;
    if let Some(number) = (2..NEAR).find(|number| !is_taken(*number)) {
        return number;
    }
    let (mut low, mut high) = (NEAR - 1, NEAR);
    while is_taken(high) {
        (low, high) = (high, high * 2);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if is_taken(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Turns whatever cannot stand in a Rust name into a word boundary.
fn spaced(name: &str) -> String {
    name.replace('\'', "")
        .replace(|c: char| !unicode_ident::is_xid_continue(c), "-")
}

/// Applies a case conversion until it changes nothing, because typify applies it once
/// more to the names that it is given.
fn fixpoint(text: &str, convert: impl Fn(&str) -> String) -> String {
    let mut text = convert(text);
    for _ in 0..4 {
        let again = convert(&text);
        if again == text {
            break;
        }
        text = again;
    }
    text
}

/// The name of a character that cannot stand in a Rust name.
fn symbol(c: char) -> String {
    let name = match c {
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '!' => "not",
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '^' => "caret",
        '~' => "tilde",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '?' => "question",
        '@' => "at",
        '#' => "hash",
        '$' => "dollar",
        '(' | '[' | '{' => "open",
        ')' | ']' | '}' => "close",
        '\'' | '"' | '`' => "quote",
        ' ' => "space",
        '_' => "underscore",
        other => return format!("u{:x}", other as u32),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_are_stable_under_a_second_conversion() {
        for name in [
            "Abp.PagedResultDto`1[[A.B]]",
            "UserDTO",
            "a_b",
            "3D",
            "String",
            "",
        ] {
            let once = type_name(name);
            assert_eq!(type_name(&once), once, "{name}");
        }
    }

    #[test]
    fn symbols_become_words_only_when_nothing_else_is_left() {
        assert_eq!(variant_name(">="), "GreaterEqual");
        assert_eq!(variant_name(""), "Empty");
        assert_eq!(variant_name("-1"), "Minus1");
        assert_eq!(variant_name("a.b"), "AB");
    }
}
