//! `cargo xtask sandbox`: a local 6clicks, until it is interrupted.

use std::net::SocketAddr;

use sixclicks_sandbox::Sandbox;

use super::Failure;

/// What `sandbox` takes.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The address to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
}

/// Runs the command.
///
/// # Errors
///
/// When the address cannot be listened at.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::input)?;
    runtime.block_on(async {
        let sandbox = Sandbox::builder()
            .listen(arguments.listen)
            .start()
            .await
            .map_err(|error| {
                Failure::Input(format!("cannot listen at {}: {error}", arguments.listen))
            })?;
        println!("SIXCLICKS_HOST={}", sandbox.url());
        println!("SIXCLICKS_API_KEY={}", sandbox.api_key());
        std::future::pending().await
    })
}
