//! `cargo xtask fetch`: the documents behind a Swagger page or URL, as they are, into
//! `openapi/`.

use std::path::PathBuf;

use super::{Failure, root};
use crate::{fetch, read};

/// What `fetch` takes.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// A document's URL or a Swagger UI page
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
