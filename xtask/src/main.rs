//! The command line of the pipeline.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::commands::{Failure, bench, conformance, diff, fetch, generate, release, sandbox};

/// From a Swagger document to Rust crates.
#[derive(Parser)]
#[command(name = "cargo xtask", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate one crate for each API of the documents
    #[command(
        after_help = "Example: cargo xtask generate --source my-swagger.json --out ../clients"
    )]
    Generate(generate::Arguments),
    /// Download the documents behind a Swagger page or URL into openapi/
    #[command(
        after_help = "Example: cargo xtask fetch --from https://api.example.com/swagger/index.html"
    )]
    Fetch(fetch::Arguments),
    /// Record in sixclicks.lock that the crates are released as they are
    #[command(
        after_help = "The publish workflow runs this before it publishes.\n\nExample: cargo xtask release"
    )]
    Release(release::Arguments),
    /// Say what changed between two versions of the documents, for a user of the crates
    #[command(
        after_help = "Exit codes: 0 nothing changed, 1 changed compatibly, 2 bad usage or input, 3 breaking.\n\nExamples:\n  cargo xtask diff HEAD openapi\n  cargo xtask diff old.json new.json --format markdown"
    )]
    Diff(diff::Arguments),
    /// Run a local 6clicks until it is interrupted
    #[command(after_help = "Example: cargo xtask sandbox --listen 127.0.0.1:8080")]
    Sandbox(sandbox::Arguments),
    /// Run the pipeline over every document of a folder and say how it went
    #[command(
        after_help = "Example: cargo xtask conformance documents --compile --json result.json"
    )]
    Conformance(conformance::Arguments),
    /// Run the benchmarks and show what they found as a table
    #[command(after_help = "Example: cargo xtask bench pipeline decode")]
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Generate(arguments) => generate::run(&arguments).map(|()| 0),
        Command::Fetch(arguments) => fetch::run(&arguments).map(|()| 0),
        Command::Release(arguments) => release::run(&arguments).map(|()| 0),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Sandbox(arguments) => sandbox::run(&arguments).map(|()| 0),
        Command::Conformance(arguments) => conformance::run(&arguments).map(|()| 0),
        Command::Bench(arguments) => bench::run(&arguments).map(|()| 0),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(match failure {
                Failure::Check(_) => 1,
                Failure::Input(_) => 2,
            })
        }
    }
}
