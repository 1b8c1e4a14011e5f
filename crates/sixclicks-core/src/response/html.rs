//! Recognising a web page where an answer of the API should be.

/// What a body that should be JSON looks like, for an error message.
pub(super) fn describe(body: &[u8]) -> Option<String> {
    let start = body.trim_ascii_start();
    if !start.starts_with(b"<") {
        return None;
    }
    // Titles stand near the top; pages may be long.
    let head = String::from_utf8_lossy(&start[..start.len().min(16 * 1024)]);
    Some(match title(&head) {
        Some(title) => format!("a web page titled {title:?}"),
        None => "a web page or XML".to_owned(),
    })
}

/// The text of the first `<title>`, on one line, cut after 200 characters.
fn title(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let words: Vec<&str> = html[start..end].split_whitespace().collect();
    let title: String = words.join(" ").chars().take(200).collect();
    (!title.is_empty()).then_some(title)
}
