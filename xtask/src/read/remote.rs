//! The documents behind a URL: one, or those that a Swagger UI page lists.
use super::{
    Format, Origin, Parsed, ReadError, ReadOptions,
    http::{self, Answer, Client},
    page::{self, Listed, Listing, Page},
    parse,
};
use url::Url;

/// How many scripts of a page are looked into.
const MAX_SCRIPTS: usize = 12;
/// Words in an address that every document has and that tell none from another.
const GENERIC: [&str; 10] = [
    "swagger", "openapi", "api-docs", "apidocs", "docs", "doc", "index", "api", "spec", "ui",
];

/// A document as it was received.
pub(crate) struct Remote {
    /// The title in the page's list, or what is particular in the URL.
    pub name: String,
    /// Where it was found.
    pub url: Url,
    /// The bytes that came.
    pub bytes: Vec<u8>,
    /// How it is written.
    pub format: Format,
    pub(super) parsed: Parsed,
}

/// Gets what is at `url`: a document, or all documents that the page there lists.
pub(super) fn documents(
    client: &Client,
    url: &Url,
    options: &ReadOptions,
) -> Result<Vec<Remote>, ReadError> {
    let answer = client.get(url)?;
    if is_html(&answer.bytes) {
        let url = answer.url.clone();
        let text = String::from_utf8_lossy(&answer.bytes).into_owned();
        let page = Page::new(&url, &text);
        let Some(listing) = list(client, &page, options)? else {
            return Err(no_document(url_of(&answer), &page, &answer));
        };
        let base = page.base.clone();
        return get_listed(client, &base, listing, page.primary_name(), url, options);
    }
    let origin = Origin::of_url(&answer.url);
    let (mut parsed, format) = parse::parse(&origin, answer.bytes.clone(), options.depth())?;
    if let Some(listing) = listing_of(&parsed) {
        let page = answer.url.clone();
        return get_listed(client, &answer.url, listing, None, page, options);
    }
    parse::finish(&origin, &mut parsed, format)?;
    Ok(vec![Remote {
        name: name_of(&answer.url),
        url: answer.url,
        bytes: answer.bytes,
        format,
        parsed,
    }])
}

/// The list in what was parsed, where that is a configuration of Swagger UI.
fn listing_of(parsed: &Parsed) -> Option<Listing> {
    let object = parsed.value.as_object()?;
    let is_document = ["openapi", "swagger"]
        .iter()
        .any(|key| object.contains_key(*key));
    if is_document || !object.contains_key("urls") {
        return None;
    }
    match page::configuration(object, true) {
        Some(listing @ Listing::Documents(_)) => Some(listing),
        _ => None,
    }
}

fn url_of(answer: &Answer) -> Origin {
    Origin::of_url(&answer.url)
}

/// What the page lists, following its scripts where it does not say so itself.
fn list(
    client: &Client,
    page: &Page<'_>,
    options: &ReadOptions,
) -> Result<Option<Listing>, ReadError> {
    let mut failure = None;
    let mut listing = page.asked().or_else(|| page.listing());
    if listing.is_none() {
        for url in page.scripts().into_iter().take(MAX_SCRIPTS) {
            match client.get(&url) {
                Ok(answer) => listing = page.script(&String::from_utf8_lossy(&answer.bytes)),
                Err(error) => failure = failure.or(Some(error)),
            }
            if listing.is_some() {
                break;
            }
        }
    }
    match (listing, failure) {
        (Some(Listing::Configuration(url)), _) => {
            let url = join(&page.base, &url)?;
            configuration(client, &url, options).map(Some)
        }
        (None, Some(failure)) => Err(failure),
        (listing, _) => Ok(listing),
    }
}

/// The list in the configuration that a page refers to.
fn configuration(client: &Client, url: &Url, options: &ReadOptions) -> Result<Listing, ReadError> {
    let answer = client.get(url)?;
    let origin = Origin::of_url(&answer.url);
    if is_html(&answer.bytes) {
        return Err(ReadError::NoDocumentInPage { origin });
    }
    let (parsed, _) = parse::parse(&origin, answer.bytes, options.depth())?;
    let listing = parsed
        .value
        .as_object()
        .and_then(|object| page::configuration(object, true));
    match listing {
        Some(listing @ Listing::Documents(_)) => Ok(listing),
        _ => Err(ReadError::EmptyList {
            origin,
            wanted: None,
            names: Vec::new(),
        }),
    }
}

/// Gets the documents of `listing`, or the one named `wanted`.
fn get_listed(
    client: &Client,
    base: &Url,
    listing: Listing,
    wanted: Option<String>,
    page: Url,
    options: &ReadOptions,
) -> Result<Vec<Remote>, ReadError> {
    let mut listed = match listing {
        Listing::Documents(listed) => listed,
        Listing::Configuration(_) => Vec::new(),
    };
    let names: Vec<String> = listed
        .iter()
        .filter_map(|listed| listed.name.clone())
        .collect();
    // A list without names has nothing to choose by.
    if let Some(wanted) = wanted.as_ref().filter(|_| !names.is_empty()) {
        listed.retain(|listed| listed.name.as_ref() == Some(wanted));
    }
    if listed.is_empty() {
        return Err(ReadError::EmptyList {
            origin: Origin::of_url(&page),
            wanted,
            names,
        });
    }
    let mut documents: Vec<Remote> = Vec::new();
    let mut seen = Vec::new();
    for Listed { name, url } in listed {
        let url = same_scheme(base, join(base, &url)?);
        if seen.contains(&url) {
            continue;
        }
        documents.push(document(name, client.get(&url)?, options)?);
        seen.push(url);
    }
    Ok(documents)
}

fn join(base: &Url, url: &str) -> Result<Url, ReadError> {
    let joined = base
        .join(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    joined.ok_or_else(|| {
        let message = "the page lists a document at something that is no address".to_owned();
        ReadError::BadUrl {
            origin: Origin::of_url(base),
            message,
        }
    })
}

/// Behind a proxy that ends TLS, servers list their documents as `http`; the page's `https` is
/// right then.
fn same_scheme(base: &Url, mut url: Url) -> Url {
    if base.scheme() == "https" && url.scheme() == "http" && base.host() == url.host() {
        let port = url.port().filter(|&port| port != 80).or(base.port());
        // Both are possible: the URL has a host, and https is as special as http.
        let _ = url.set_scheme("https");
        let _ = url.set_port(port);
    }
    url
}

/// The document that `answer` is.
fn document(
    name: Option<String>,
    answer: Answer,
    options: &ReadOptions,
) -> Result<Remote, ReadError> {
    let origin = Origin::of_url(&answer.url);
    if is_html(&answer.bytes) {
        let text = String::from_utf8_lossy(&answer.bytes);
        return Err(no_document(origin, &Page::new(&answer.url, &text), &answer));
    }
    let (parsed, format) = parse::document(&origin, answer.bytes.clone(), options.depth())?;
    let name = name.unwrap_or_else(|| name_of(&answer.url));
    Ok(Remote {
        name,
        url: answer.url,
        bytes: answer.bytes,
        format,
        parsed,
    })
}

fn no_document(origin: Origin, page: &Page<'_>, answer: &Answer) -> ReadError {
    if page.asks_for_password() || (answer.redirected && http::is_login(&answer.url)) {
        return ReadError::Login {
            origin,
            redirected_to: None,
        };
    }
    ReadError::NoDocumentInPage { origin }
}

fn is_html(bytes: &[u8]) -> bool {
    let bytes = bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let head = &bytes[..bytes.len().min(1_024)];
    let is_xml = head.starts_with(b"<?xml");
    bytes.starts_with(b"<")
        && (!is_xml || head.windows(5).any(|w| w.eq_ignore_ascii_case(b"<html")))
}

/// What is particular in the URL of a document: `auth-api-v1` of `/auth-api/swagger/v1/swagger.json`.
fn name_of(url: &Url) -> String {
    let segments = url
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|segment| !segment.is_empty());
    let mut words: Vec<String> = segments
        .map(|segment| {
            percent_encoding::percent_decode_str(segment)
                .decode_utf8_lossy()
                .into_owned()
        })
        .collect();
    if let Some(last) = words.last_mut() {
        for ending in [".json", ".yaml", ".yml"] {
            if let Some(stem) = last.strip_suffix(ending) {
                *last = stem.to_owned();
                break;
            }
        }
    }
    words.retain(|word| !GENERIC.contains(&word.to_ascii_lowercase().as_str()));
    if words.is_empty() {
        return url.host_str().unwrap_or("document").to_owned();
    }
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_behind_a_tls_proxy_lists_its_documents_as_http() {
        let base = Url::parse("https://api.example.com/swagger/index.html").unwrap();
        for (listed, meant) in [
            ("http://api.example.com:80/v1", "https://api.example.com/v1"),
            ("http://api.example.com/v1", "https://api.example.com/v1"),
            ("http://other.example.com/v1", "http://other.example.com/v1"),
        ] {
            let url = same_scheme(&base, Url::parse(listed).unwrap());
            assert_eq!(url.as_str(), meant);
        }
    }
}
