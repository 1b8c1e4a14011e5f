//! Media types, sorted by what a client has to do with a body of that type.

/// A kind of body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// JSON of any flavour.
    Json,
    /// `multipart/form-data` and the like.
    Multipart,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// Text.
    Text,
    /// Anything else: bytes.
    Binary,
}

/// The kind of body that a media type stands for. A wildcard says nothing, so that the
/// schema decides: `binary` tells whether that is a string of bytes.
pub fn family(media_type: &str, binary: bool) -> Family {
    let essence = essence(media_type);
    let json = essence == "application/json"
        || essence == "text/json"
        || essence.ends_with("+json")
        || essence.ends_with("/json");
    let wildcard = matches!(essence.as_str(), "*/*" | "application/*" | "*" | "");
    if json || wildcard {
        return if binary { Family::Binary } else { Family::Json };
    }
    if essence.starts_with("multipart/") {
        return Family::Multipart;
    }
    if essence == "application/x-www-form-urlencoded" {
        return Family::Form;
    }
    let text = essence.starts_with("text/") && essence != "text/event-stream"
        || essence == "application/xml"
        || essence.ends_with("+xml")
        || essence == "application/yaml"
        || essence == "application/x-yaml"
        || essence == "application/javascript";
    if text && !binary {
        Family::Text
    } else {
        Family::Binary
    }
}

/// Whether the media type is XML.
pub fn is_xml(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("/xml") || essence.ends_with("+xml")
}

/// Whether the media type is a stream of items, which is read as it arrives: server-sent events,
/// JSON in lines or sequences.
pub fn is_stream(media_type: &str) -> bool {
    const STREAMS: [&str; 7] = [
        "text/event-stream",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonlines",
        "application/jsonlines",
        "application/json-seq",
    ];
    STREAMS.contains(&&*essence(media_type))
}

/// The words by which a media type differs from another, as the end of a method's name:
/// `v2` for `application/vnd.example.v2+json` beside `application/vnd.example.v1+json`.
pub fn difference(media_type: &str, other: &str) -> String {
    let words = |media_type: &str| -> Vec<String> {
        let lower = media_type.to_lowercase();
        let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let known = words(other);
    let mut own = words(media_type);
    own.retain(|word| !known.contains(word));
    let mut name = own.join("_");
    if name.is_empty() {
        name.push_str("other");
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'v');
    }
    name
}

/// The parameters of a media type, but for its charset.
pub fn parameters(media_type: &str) -> impl Iterator<Item = &str> {
    let parameters = media_type.split(';').skip(1).map(str::trim);
    parameters.filter(|parameter| !parameter.to_lowercase().starts_with("charset"))
}

/// A media type without its parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    let end = media_type.find(';').unwrap_or(media_type.len());
    media_type[..end].trim().to_lowercase()
}

/// A media type that can be sent, for one that may hold a wildcard.
pub fn concrete(media_type: &str, family: Family) -> String {
    if !media_type.contains('*') && !media_type.trim().is_empty() {
        return media_type.to_owned();
    }
    // One of no vendor, for whoever takes any.
    if let Some(suffix) = essence(media_type).strip_prefix("application/*+") {
        return format!("application/x.any+{suffix}");
    }
    match family {
        Family::Json => "application/json",
        Family::Text => "text/plain",
        _ => "application/octet-stream",
    }
    .to_owned()
}
