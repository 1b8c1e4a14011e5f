//! `cargo xtask sandbox`: a local 6clicks, until it is interrupted.

use std::net::SocketAddr;

use sixclicks_sandbox::Sandbox;

use super::Failure;
use crate::read;

/// What `sandbox` takes.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The address to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Serve the operations of this document, checking every request against it
    /// (default: the published operations of 6clicks)
    #[arg(long, value_name = "PATH-OR-URL")]
    pub source: Option<String>,
}

/// Runs the command.
///
/// # Errors
///
/// When the document cannot be read, or the address cannot be listened at.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut builder = Sandbox::builder().listen(arguments.listen);
    if let Some(source) = &arguments.source {
        let documents =
            read::read(source, &read::ReadOptions::default()).map_err(Failure::input)?;
        let [document] = documents.as_slice() else {
            return Err(Failure::Input(format!(
                "{source} has {} documents; the sandbox serves one",
                documents.len()
            )));
        };
        builder = builder.document(document.value.clone());
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
