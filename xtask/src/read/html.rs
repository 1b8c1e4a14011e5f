//! The little of HTML that a Swagger UI page needs: its tags, their attributes, its scripts.

/// One opening tag, with the text inside if it is a script.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The name, in lower case.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// The text of a script, as it stands; nothing for other tags.
    pub script: &'a str,
}

impl Tag<'_> {
    /// The value of the attribute `name` (in lower case), its character references resolved.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self
            .attributes
            .iter()
            .find(|(attribute, _)| attribute == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// All opening tags of `page`, in order; comments are left out.
pub(super) fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
            continue;
        }
        let (mut tag, after) = tag(rest);
        rest = after;
        if tag.name == "script" {
            let end = find_ignoring_case(rest, "</script").unwrap_or(rest.len());
            tag.script = &rest[..end];
            rest = &rest[end..];
        }
        tags.push(tag);
    }
    tags
}

/// The tag at the start of `text`, after its `<`, and what comes after its `>`.
fn tag(text: &str) -> (Tag<'_>, &str) {
    let end = text
        .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    let mut attributes = Vec::new();
    let mut rest = &text[end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (
                Tag {
                    name,
                    attributes,
                    script: "",
                },
                after,
            );
        }
        if rest.is_empty() {
            return (
                Tag {
                    name,
                    attributes,
                    script: "",
                },
                "",
            );
        }
        // An attribute's name has at least one character, be it a stray `=`.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..]
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .map_or(rest.len(), |end| end + first);
        let attribute = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    after[1..].split_once(quote).unwrap_or((&after[1..], ""))
                }
                _ => {
                    let end = after.find(|c: char| c.is_whitespace() || c == '>');
                    after.split_at(end.unwrap_or(after.len()))
                }
            };
        }
        attributes.push((attribute, unescape(value)));
    }
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes()
        .windows(wanted.len())
        .position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

/// `value` with the character references that occur in addresses resolved.
fn unescape(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    ["&#x2F;", "&#47;"]
        .iter()
        .fold(value.to_owned(), |text, slash| text.replace(slash, "/"))
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_however_they_are_written() {
        let page = "<!-- <script src=no.js> --><!DOCTYPE html><BASE HREF='/a/?b=1&amp;c'>\
            <script src=x.js async></SCRIPT><script>if (a < b) {'</p>'}</script>< p><a b = \"c>d\"/>";
        let tags = tags(page);
        let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["base", "script", "script", "a"]);
        assert_eq!(tags[0].attribute("href"), Some("/a/?b=1&c"));
        assert_eq!(tags[1].attribute("src"), Some("x.js"));
        assert_eq!(tags[2].script, "if (a < b) {'</p>'}");
        assert_eq!(tags[3].attribute("b"), Some("c>d"));
    }

    #[test]
    fn half_a_page_is_read_as_far_as_it_goes() {
        for page in [
            "<",
            "<a",
            "<a b",
            "<a b=",
            "<a b='",
            "<script",
            "<script>x",
            "<!--",
            "<a =é",
        ] {
            assert!(tags(page).len() <= 1, "{page}");
        }
    }
}
