//! `cargo xtask fetch`: the documents behind a Swagger page or URL, as they are, into
//! `openapi/`. Documents behind the key are had with a token of the session that the
//! environment names.

use std::path::PathBuf;

use sixclicks_auth::Session;
use url::Url;

use super::{Failure, root};
use crate::{fetch, read};

/// What `fetch` takes.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// A document's URL or a Swagger UI page; with SIXCLICKS_HOST and SIXCLICKS_API_KEY set,
    /// that host is asked with a token of the key
    #[arg(long, value_name = "URL")]
    pub from: String,
    /// Where the documents are kept (default: openapi/)
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// A header to send to that host, such as `Authorization: Bearer …`; several can be given
    #[arg(long, value_name = "NAME: VALUE")]
    pub header: Vec<String>,
}

/// Runs the command.
///
/// # Errors
///
/// When the documents cannot be had; the ones on disk stay as they were.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut options = read::ReadOptions::default();
    for text in &arguments.header {
        options.headers.push(text.parse().map_err(Failure::input)?);
    }
    if !options.headers.iter().any(read::Header::is_authorization) {
        options.headers.extend(token(&arguments.from)?);
    }
    let into = arguments
        .into
        .clone()
        .unwrap_or_else(|| root().join("openapi"));
    let fetched = fetch::fetch(&arguments.from, &into, &options).map_err(Failure::input)?;
    for document in fetched {
        let what = if document.changed {
            "fetched"
        } else {
            "unchanged"
        };
        println!(
            "{what} {} ({} bytes, SHA-256 {})",
            document.path.display(),
            document.size,
            document.sha256
        );
    }
    Ok(())
}

/// A token of the key in the environment, for documents that are on the key's own host.
fn token(from: &str) -> Result<Option<read::Header>, Failure> {
    let key = std::env::var("SIXCLICKS_API_KEY").unwrap_or_default();
    let Ok(from) = Url::parse(from) else {
        return Ok(None);
    };
    if key.trim().is_empty() {
        return Ok(None);
    }
    let session = Session::from_env().map_err(Failure::input)?;
    let host = Url::parse(session.base_url()).map_err(Failure::input)?;
    if host.origin() != from.origin() {
        eprintln!(
            "the key in SIXCLICKS_API_KEY is for {}, and is not used for another host",
            session.base_url()
        );
        return Ok(None);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::input)?;
    let token = runtime.block_on(session.token()).map_err(Failure::input)?;
    let header = read::Header::bearer(token.expose()).map_err(Failure::input)?;
    Ok(Some(header))
}
