//! Descriptions: text from the document becomes documentation that rustdoc takes as it
//! is meant. HTML that ASP.NET comments carry becomes Markdown or goes; what Markdown or
//! rustdoc would misread is escaped.

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{printable::printable, report::Report};

/// The pass.
pub fn run(document: &mut Value, _report: &mut Report) -> Result<(), LowerError> {
    walk::schemas(document, &mut |_, schema| {
        for keyword in ["description", "title"] {
            clean_in(schema, keyword);
        }
        for variant in schema
            .get_mut("x-sixclicks-mark-variants")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            clean_in(variant, "description");
        }
    });
    walk::operations(document, &mut |_, _, _, operation| {
        for keyword in ["summary", "description"] {
            clean_in(operation, keyword);
        }
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            clean_in(parameter, "description");
        }
        if let Some(body) = operation.get_mut("requestBody") {
            clean_in(body, "description");
        }
        for response in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(|r| r.values_mut())
        {
            clean_in(response, "description");
        }
    });
    if let Some(info) = document.get_mut("info") {
        clean_in(info, "description");
        clean_in(info, "title");
    }
    Ok(())
}

fn clean_in(holder: &mut Value, keyword: &str) {
    let Some(object) = holder.as_object_mut() else {
        return;
    };
    let Some(value) = object.get(keyword) else {
        return;
    };
    match value.as_str().map(clean) {
        Some(text) if !text.is_empty() => {
            object.insert(keyword.to_owned(), json!(text));
        }
        _ => {
            object.remove(keyword);
        }
    }
}

/// Text that rustdoc shows as it was meant.
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(
        ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'],
        "\n",
    );
    let text = tags(&text);
    let mut lines: Vec<String> = Vec::new();
    let mut blank = true;
    for line in text.lines() {
        let line = printable(&line.replace('\t', " "));
        let trimmed = line.trim();
        if trimmed.is_empty() {
            if !blank {
                lines.push(String::new());
            }
            blank = true;
            continue;
        }
        blank = false;
        lines.push(escape(trimmed));
    }
    lines.join("\n").trim().to_owned()
}

/// Line breaks and paragraphs for the tags that mean them; other known tags go.
fn tags(text: &str) -> String {
    const BREAKS: [&str; 6] = ["br", "p", "para", "li", "tr", "div"];
    const GONE: [&str; 24] = [
        "b", "i", "em", "strong", "code", "c", "ul", "ol", "table", "td", "th", "tbody", "thead",
        "span", "a", "pre", "h1", "h2", "h3", "h4", "small", "u", "summary", "remarks",
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out += &rest[..start];
        let after = &rest[start + 1..];
        let end = after.find('>');
        let name: String = after
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_lowercase();
        match end {
            Some(end) if BREAKS.contains(&name.as_str()) => {
                out.push('\n');
                if name == "li" && !after.starts_with('/') {
                    out += "- ";
                }
                rest = &after[end + 1..];
            }
            Some(end) if GONE.contains(&name.as_str()) => rest = &after[end + 1..],
            _ => {
                out.push('<');
                rest = after;
            }
        }
    }
    out + rest
}

/// Escapes what Markdown and rustdoc would take for more than text.
fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    // Only what is not escaped wherever it stands.
    if line.starts_with(['#', '=']) || line.starts_with("---") || line.starts_with("+ ") {
        out.push('\\');
    }
    let mut rest = line;
    let mut code = false;
    // An odd backtick opens nothing.
    let ticks = line.matches('`').count();
    while let Some(c) = rest.chars().next() {
        if !code && (rest.starts_with("http://") || rest.starts_with("https://")) {
            let end = rest
                .find(|c: char| {
                    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | ')' | ']' | '`' | ',')
                })
                .unwrap_or(rest.len());
            let url = rest[..end].trim_end_matches(['.', ';', ':', '!', '?', '*', '_']);
            if url.len() > 8 && url.is_ascii() && !url.contains(['{', '}', '\\', '|', '^']) {
                out += &format!("<{url}>");
            } else {
                out += &format!("`{url}`");
            }
            rest = &rest[url.len().max(1)..];
            continue;
        }
        match c {
            '`' if ticks.is_multiple_of(2) && !line.contains("``") => {
                code = !code;
                out.push(c);
            }
            '`' => out += "\\`",
            '\\' if code => out.push(c),
            '<' | '>' | '[' | ']' | '\\' | '*' | '_' | '|' | '~' if !code => {
                out.push('\\');
                out.push(c);
            }
            '&' if !code
                && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '#') =>
            {
                out += "\\&"
            }
            _ => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn html_of_comments_becomes_text() {
        assert_eq!(
            clean("<p>A <b>list</b></p><br/>of <T>"),
            "A list\n\nof \\<T\\>"
        );
    }

    #[test]
    fn links_are_links_and_brackets_are_no_references() {
        assert_eq!(
            clean("See https://example.com/a_b. [id]"),
            "See <https://example.com/a_b>. \\[id\\]"
        );
    }

    #[test]
    fn indented_text_and_fences_are_no_code() {
        assert_eq!(
            clean("a\n\n    let x = 1;\n```\nb"),
            "a\n\nlet x = 1;\n\\`\\`\\`\nb"
        );
    }

    #[test]
    fn the_first_character_of_a_line_is_escaped_once() {
        for (text, escaped) in [
            ("> quoted", r"\> quoted"),
            ("| a | b |", r"\| a \| b \|"),
            ("~~~", r"\~\~\~"),
            ("```{ \"m\": 1 }```", r#"\`\`\`{ "m": 1 }\`\`\`"#),
            ("# title", r"\# title"),
            ("=== rule", r"\=== rule"),
            ("--- rule", r"\--- rule"),
            ("+ item", r"\+ item"),
            ("\\> kept", r"\\\> kept"),
        ] {
            assert_eq!(clean(text), escaped, "{text}");
        }
    }
}
