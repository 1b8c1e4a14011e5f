//! `cargo xtask fetch`: the documents behind a Swagger page or URL, as they are, into
//! `openapi/`. Documents behind the key are had with a token of the session that the
//! environment names.

use std::path::PathBuf;

use sixclicks_auth::Session;
use url::Url;

use super::{Failure, root};
use crate::{fetch, read};

/// The arguments of `fetch`.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The URL of a document or a Swagger UI page. If SIXCLICKS_HOST and SIXCLICKS_API_KEY are
    /// set, requests to that host carry a token
    #[arg(long, value_name = "URL")]
    pub from: String,
    /// The folder to save the documents in (default: openapi/)
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// A header for requests to the host of --from, such as `Authorization: Bearer …`; can be
    /// given several times
    #[arg(long, value_name = "NAME: VALUE")]
    pub header: Vec<String>,
}

/// Runs the command.
///
/// # Errors
///
/// Fails if the documents cannot be downloaded; those on disk stay as they were.
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

/// Returns a header with a token for the API key in the environment, if the documents are on the
/// host that the key belongs to.
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
