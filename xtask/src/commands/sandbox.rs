//! `cargo xtask sandbox`: a local 6clicks, until it is interrupted.

use std::net::SocketAddr;

use sixclicks_sandbox::Sandbox;

use super::{Failure, root};
use crate::{
    dialect::{Choice, Dialect},
    read,
};

/// The arguments of `sandbox`.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The address to listen on; port 0 picks a free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// A document or folder whose operations are served and whose rules requests are checked
    /// against; can be given several times (default: openapi/)
    #[arg(long, value_name = "PATH-OR-URL")]
    pub source: Vec<String>,
    /// The tool that wrote the documents, so that requests are read as its servers bind them
    /// (default: each document's writer is recognized); strict: to the letter
    #[arg(long, value_enum, value_name = "DIALECT")]
    pub dialect: Option<Choice>,
    /// Do not log requests and violations to standard error
    #[arg(long)]
    pub quiet: bool,
}

/// Runs the command.
///
/// # Errors
///
/// Fails if a document cannot be read, or if the address is not available.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut builder = Sandbox::builder().listen(arguments.listen);
    if !arguments.quiet {
        builder = builder.log(|line| eprintln!("{line}"));
    }
    let mut sources = arguments.source.clone();
    if sources.is_empty() {
        sources.push(root().join("openapi").display().to_string());
    }
    for source in &sources {
        let documents = read::read(source, &read::ReadOptions::default());
        for document in documents.map_err(Failure::input)? {
            let dialect = Dialect::of(&document.value, arguments.dialect);
            builder = builder.document_in(document.value, dialect.spoken());
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::input)?;
    runtime.block_on(async {
        let sandbox = builder.start().await.map_err(|error| {
            Failure::Input(format!("cannot listen at {}: {error}", arguments.listen))
        })?;
        println!("SIXCLICKS_HOST={}", sandbox.url());
        println!("SIXCLICKS_API_KEY={}", sandbox.api_key());
        std::future::pending().await
    })
}
