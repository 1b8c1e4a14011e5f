//! Web pages and XML where an answer of the API should be: gateways, proxies and servers
//! that do not know the API answer with them. What they say is read in one way.

/// How far what a page says is looked for; it stands near the top.
const HEAD: usize = 64 << 10;
/// The longest text that is taken out of a page, in characters.
const LONGEST: usize = 200;

/// Whether a body is a page or XML rather than text.
pub(crate) fn is_markup(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// What a body that should be JSON looks like, for an error message.
pub(crate) fn describe(body: &[u8]) -> Option<String> {
    is_markup(body).then(|| match says(body) {
        Some(title) => format!("a web page titled {title:?}"),
        None => "a web page or XML".to_owned(),
    })
}

/// What a page says: its title, its first heading, or an XML error's message.
pub(crate) fn says(page: &[u8]) -> Option<String> {
    let page = String::from_utf8_lossy(&page[..page.len().min(HEAD)]);
    let lower = page.to_ascii_lowercase();
    ["title", "h1", "h2", "message"]
        .iter()
        .find_map(|name| element(&page, &lower, name))
}

/// The text of the first element of a name that has any, on one line.
fn element(page: &str, lower: &str, name: &str) -> Option<String> {
    let (open, close) = (format!("<{name}"), format!("</{name}"));
    let mut from = 0;
    while let Some(at) = lower[from..].find(&open) {
        let rest = from + at + open.len();
        from = rest;
        // `<titles>` is another element.
        if !lower[rest..].starts_with(['>', ' ', '\t', '\r', '\n']) {
            continue;
        }
        let start = rest + lower[rest..].find('>')? + 1;
        let end = start + lower[start..].find(&close)?;
        let text = plain(&page[start..end]);
        if !text.is_empty() {
            return Some(text);
        }
    }
    None
}

/// Text without the elements in it, its entities resolved, on one line.
fn plain(markup: &str) -> String {
    let mut bare = String::new();
    let mut inside = false;
    for c in markup.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                bare.push(' ');
            }
            _ if inside => {}
            c => bare.push(c),
        }
    }
    for (entity, c) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ] {
        bare = bare.replace(entity, c);
    }
    let words: Vec<&str> = bare.split_whitespace().collect();
    let line = words.join(" ");
    line.chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect()
}
