//! Recorded exchanges, from a file in the HTTP Archive format (HAR 1.2) that browsers and
//! proxies write.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use url::Url;

use crate::wire::exchange::{Answered, Sent};

/// Why a recording cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HarError {
    /// The file cannot be read.
    #[error("{file}: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why not.
        source: std::io::Error,
    },
    /// It is no HAR.
    #[error(
        "{file}: not a recording in the HAR format: {source}\n  help: browsers save one from the list of requests in their developer tools"
    )]
    NotHar {
        /// The file.
        file: String,
        /// What is wrong, with line and column.
        source: serde_json::Error,
    },
    /// An entry cannot be understood.
    #[error("{file}: entry {entry}: {why}")]
    Entry {
        /// The file.
        file: String,
        /// Its number, counted from 1.
        entry: usize,
        /// What is wrong.
        why: String,
    },
}

/// A recorded exchange.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number, counted from 1.
    pub number: usize,
    /// The request.
    pub sent: Sent,
    /// The response; none where the connection failed.
    pub answered: Option<Answered>,
}

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Recorded>,
}

#[derive(Deserialize)]
struct Recorded {
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    params: Vec<Pair>,
    /// An extension that some recorders use for bytes, as HAR has for responses.
    #[serde(rename = "_encoding", alias = "encoding")]
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    status: i64,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    content: Content,
}

#[derive(Default, Deserialize)]
struct Content {
    #[serde(default)]
    text: String,
    encoding: Option<String>,
}

/// Reads a recording.
///
/// # Errors
///
/// If it is none.
pub fn read(path: &Path) -> Result<Vec<Entry>, HarError> {
    let file = path.display().to_string();
    let bytes = fs::read(path).map_err(|source| HarError::Unreadable {
        file: file.clone(),
        source,
    })?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let har: Har = serde_json::from_slice(text).map_err(|source| HarError::NotHar {
        file: file.clone(),
        source,
    })?;
    let entries = har.log.entries.into_iter().enumerate();
    entries
        .map(|(index, recorded)| {
            let number = index + 1;
            entry(number, recorded).map_err(|why| HarError::Entry {
                file: file.clone(),
                entry: number,
                why,
            })
        })
        .collect()
}

fn entry(number: usize, recorded: Recorded) -> Result<Entry, String> {
    let Recorded { request, response } = recorded;
    let url = Url::parse(&request.url).map_err(|error| format!("{}: {error}", request.url))?;
    let mut headers = lowered(request.headers);
    let body = match request.post_data {
        Some(data) => {
            if !headers.iter().any(|(name, _)| name == "content-type") && !data.mime_type.is_empty()
            {
                headers.push(("content-type".to_owned(), data.mime_type.clone()));
            }
            match data.text.is_empty() && data.mime_type.contains("x-www-form-urlencoded") {
                true => url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(data.params.iter().map(|pair| (&pair.name, &pair.value)))
                    .finish()
                    .into_bytes(),
                false => bytes(data.text, data.encoding.as_deref())?,
            }
        }
        None => Vec::new(),
    };
    let sent = Sent {
        method: request.method.to_uppercase(),
        path: url.path().to_owned(),
        query: url.query().unwrap_or_default().to_owned(),
        headers,
        body,
    };
    let answered = match u16::try_from(response.status) {
        Ok(status @ 100..=999) => {
            let encoding = response.content.encoding.as_deref();
            let mut headers = lowered(response.headers);
            // Where it leads is an entry of its own, if it was followed.
            headers.retain(|(name, _)| name != "location" || !(300..400).contains(&status));
            Some(Answered {
                status,
                headers,
                body: bytes(response.content.text, encoding)?,
            })
        }
        // What recorders write where there is no response.
        _ => None,
    };
    Ok(Entry {
        number,
        sent,
        answered,
    })
}

/// Headers by their names in lower case, without those that HTTP/2 makes of the first line.
fn lowered(headers: Vec<Pair>) -> Vec<(String, String)> {
    let headers = headers.into_iter();
    headers
        .filter(|header| !header.name.starts_with(':'))
        .map(|header| (header.name.to_lowercase(), header.value))
        .collect()
}

fn bytes(text: String, encoding: Option<&str>) -> Result<Vec<u8>, String> {
    match encoding {
        Some("base64") => STANDARD
            .decode(text.as_bytes())
            .map_err(|error| format!("the body is not base64: {error}")),
        _ => Ok(text.into_bytes()),
    }
}
