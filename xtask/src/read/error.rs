//! What can go wrong while a document is read: each error says where, what, and what to do.
use super::Origin;
use std::time::Duration;

/// Why a source could not be read.
///
/// Every message names the file or URL (without its secrets), the line and column or the JSON
/// pointer where there is one, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Nothing is at that path.
    #[error(
        "{origin}: no such file or folder\n  help: check the path, or give a URL that starts with https://"
    )]
    Missing {
        /// The path as it was given.
        origin: Origin,
    },
    /// The operating system refused.
    #[error(
        "{origin}: cannot be read: {source}\n  help: check the permissions and that it is a file or folder"
    )]
    Unreadable {
        /// The file or folder.
        origin: Origin,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// More bytes than the limit in [`super::ReadOptions::max_bytes`].
    #[error(
        "{origin}: larger than the limit of {limit} bytes\n  help: check that this is an OpenAPI document; if so, raise the limit"
    )]
    TooLarge {
        /// The file or URL.
        origin: Origin,
        /// The limit in bytes.
        limit: u64,
    },
    /// No bytes, or white space only.
    #[error("{origin}: empty\n  help: download or export the document again")]
    Empty {
        /// The file or URL.
        origin: Origin,
    },
    /// Bytes that no text has.
    #[error(
        "{origin}: not text but {looks_like} (byte {offset})\n  help: give the OpenAPI document itself, as JSON or YAML"
    )]
    NotText {
        /// The file or URL.
        origin: Origin,
        /// What the bytes look like.
        looks_like: &'static str,
        /// The offset of the first byte that says so, from 0.
        offset: usize,
    },
    /// Text in an encoding other than UTF-8, or UTF-16 with a byte order mark.
    #[error("{origin}:{line}:{column}: not valid {encoding}\n  help: save the document as UTF-8")]
    NotUnicode {
        /// The file or URL.
        origin: Origin,
        /// The encoding that was expected there.
        encoding: &'static str,
        /// Line of the first wrong byte, from 1.
        line: usize,
        /// Column of the first wrong byte, from 1.
        column: usize,
    },
    /// Neither valid JSON nor valid YAML.
    #[error("{origin}:{line}:{column}: not valid {format}: {message}\n  help: {hint}")]
    Syntax {
        /// The file or URL.
        origin: Origin,
        /// `JSON` or `YAML`, whichever the text looks like.
        format: &'static str,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser said.
        message: String,
        /// What to do.
        hint: &'static str,
    },
    /// Values nested deeper than the limit.
    #[error(
        "{origin}:{line}:{column}: nested deeper than {limit} levels\n  help: no OpenAPI document needs this; check that it is the right file"
    )]
    TooDeep {
        /// The file or URL.
        origin: Origin,
        /// Line, from 1; 0 when references between files nest that deep.
        line: usize,
        /// Column, from 1; 0 when references between files nest that deep.
        column: usize,
        /// The limit in levels.
        limit: usize,
    },
    /// More values than a machine can hold comfortably.
    #[error("{origin}:{line}:{column}: more than {limit} {what}\n  help: {hint}")]
    TooMany {
        /// The file or URL.
        origin: Origin,
        /// Line where the limit is passed, from 1.
        line: usize,
        /// Column where the limit is passed, from 1.
        column: usize,
        /// The limit.
        limit: usize,
        /// What there is too much of.
        what: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// YAML anchors and aliases that grow beyond all measure.
    #[error(
        "{origin}:{line}:{column}: the aliases of this YAML document expand to too much\n  help: write the repeated parts as `components` and refer to them with `$ref`"
    )]
    TooManyAliases {
        /// The file or URL.
        origin: Origin,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// JSON or YAML, but not an OpenAPI document.
    #[error(
        "{origin}: not an OpenAPI document: it has no `openapi` or `swagger` field; it looks like {looks_like}\n  help: {hint}"
    )]
    NotOpenApi {
        /// The file or URL.
        origin: Origin,
        /// What it looks like instead.
        looks_like: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A version of OpenAPI that is not 2.0 or 3.0 to 3.2.
    #[error(
        "{origin}: {pointer}: version {found} is not supported\n  help: Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are; convert the document, or ask its vendor for one of these"
    )]
    UnsupportedVersion {
        /// The file or URL.
        origin: Origin,
        /// JSON pointer of the version.
        pointer: &'static str,
        /// The version that is there, as JSON.
        found: String,
    },
    /// A folder in which no file is an OpenAPI document.
    #[error("{origin}: no OpenAPI document in this folder\n  help: put `*.json`, `*.yaml` or `*.yml` documents there{}", if skipped.is_empty() { String::new() } else { format!("; skipped {}", skipped.join(", ")) })]
    NoDocuments {
        /// The folder.
        origin: Origin,
        /// Files that were looked at and are something else.
        skipped: Vec<String>,
    },
    /// A URL that cannot be used.
    #[error(
        "{origin}: {message}\n  help: give an address such as https://api.example.com/swagger/index.html"
    )]
    BadUrl {
        /// The URL.
        origin: Origin,
        /// What is wrong.
        message: String,
    },
    /// The server answered with an error status.
    #[error("{origin}: the server answered {status}\n  help: {hint}")]
    Status {
        /// The URL.
        origin: Origin,
        /// The HTTP status code.
        status: u16,
        /// What to do.
        hint: &'static str,
    },
    /// No answer: name, connection, TLS or protocol.
    #[error(
        "{origin}: no answer: {message}\n  help: check the host name, the network, and the proxy settings"
    )]
    Connection {
        /// The URL.
        origin: Origin,
        /// What failed.
        message: String,
    },
    /// The answer took too long.
    #[error("{origin}: no answer within {} s\n  help: try again, or raise the time limit", limit.as_secs_f32())]
    Timeout {
        /// The URL.
        origin: Origin,
        /// The limit that was passed.
        limit: Duration,
    },
    /// The connection ended before the whole answer was there.
    #[error("{origin}: the download broke off after {received} bytes{}\n  help: try again", expected.map(|n| format!(" of {n}")).unwrap_or_default())]
    Incomplete {
        /// The URL.
        origin: Origin,
        /// Bytes that the server announced, where it did.
        expected: Option<u64>,
        /// Bytes that came.
        received: u64,
    },
    /// Credentials would be sent over plain HTTP.
    #[error(
        "{origin}: credentials are not sent over plain HTTP, where anybody can read them\n  help: use https, or leave the headers and the password out"
    )]
    Plain {
        /// The URL that was asked for.
        origin: Origin,
    },
    /// A redirect that is not followed.
    #[error(
        "{origin}: {message}\n  help: open the address in a browser and give the one where it ends"
    )]
    Redirect {
        /// The URL that redirects.
        origin: Origin,
        /// Why it is not followed.
        message: String,
    },
    /// A login page where a document was expected.
    #[error("{origin}: a login page, not a document{}\n  help: pass the credentials with --header 'Authorization: Bearer …' or --header 'Cookie: …', or save the document from a browser and give its path", redirected_to.as_ref().map(|to| format!(" (redirected to {to})")).unwrap_or_default())]
    Login {
        /// The URL that was asked for.
        origin: Origin,
        /// Where it led, when it did not answer itself.
        redirected_to: Option<Origin>,
    },
    /// An HTML page that names no document.
    #[error(
        "{origin}: an HTML page that names no OpenAPI document\n  help: open it in a browser, find the address of the JSON or YAML document (often /swagger/v1/swagger.json) and give that"
    )]
    NoDocumentInPage {
        /// The URL.
        origin: Origin,
    },
    /// A Swagger UI page whose list of documents is empty, or has none of the asked name.
    #[error("{origin}: this Swagger UI page lists {}\n  help: {}", match wanted { Some(name) => format!("no document named `{name}`"), None => "no documents".to_owned() }, if names.is_empty() { "check that the server publishes its documents, and that you may see them".to_owned() } else { format!("it has {}", names.join(", ")) })]
    EmptyList {
        /// The URL.
        origin: Origin,
        /// The name that the page's query asked for.
        wanted: Option<String>,
        /// The names that the page lists.
        names: Vec<String>,
    },
    /// A document that cannot be kept alone, because it refers to other files.
    #[error(
        "{origin}: the document is spread over several files, such as {file}\n  help: generate from its URL directly, or save all its files in one folder by hand"
    )]
    RefersToFiles {
        /// The document.
        origin: Origin,
        /// One of the files it refers to.
        file: Origin,
    },
    /// A `$ref` that leads nowhere, or where it must not.
    #[error("{origin}: {pointer}: the reference `{target}` {problem}\n  help: {hint}")]
    Reference {
        /// The file or URL that contains the reference.
        origin: Origin,
        /// JSON pointer of the object that holds the reference.
        pointer: String,
        /// The reference as written, without secrets.
        target: String,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        hint: &'static str,
    },
}

impl ReadError {
    /// The rule that a document breaks which cannot be read for this reason; none when it is not
    /// the document that is to blame.
    #[must_use]
    pub fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Reference { .. } => Some("a reference leads to a definition"),
            Self::Syntax { .. } => Some("a document is JSON or YAML"),
            Self::Empty { .. } | Self::NotText { .. } | Self::NotUnicode { .. } => {
                Some("a document is text in UTF-8")
            }
            Self::NotOpenApi { .. } | Self::UnsupportedVersion { .. } => {
                Some("a document says which version of Swagger or OpenAPI it follows")
            }
            Self::TooLarge { .. }
            | Self::TooDeep { .. }
            | Self::TooMany { .. }
            | Self::TooManyAliases { .. } => Some("a document can be read within its limits"),
            _ => None,
        }
    }
}
