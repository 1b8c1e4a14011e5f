//! `cargo xtask sandbox`: a local 6clicks, until it is interrupted.

use std::net::SocketAddr;

use sixclicks_sandbox::Sandbox;

use super::{Failure, root};
use crate::read;

/// What `sandbox` takes.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The address to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Serve the operations of this document or folder, checking every request against it;
    /// several are served side by side (default: the documents in openapi/)
    #[arg(long, value_name = "PATH-OR-URL")]
    pub source: Vec<String>,
    /// Do not log requests and what is wrong with them to standard error
    #[arg(long)]
    pub quiet: bool,
}

/// Runs the command.
///
/// # Errors
///
/// When the document cannot be read, or the address cannot be listened at.
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
            builder = builder.document(document.value);
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
