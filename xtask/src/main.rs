//! The command line of the pipeline.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::commands::{Failure, bench, conformance, diff, fetch, generate, release, sandbox};

/// Generates Rust crates from Swagger documents.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 success, 1 a check failed, 2 bad usage or input. Each command's help lists its own."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate one crate for each API of the documents
    #[command(
        after_help = "Exit codes: 0 success; 1 part of a document would be lost, or --check found a difference; 2 bad usage or input.\n\nExample: cargo xtask generate --source my-swagger.json --out ../clients"
    )]
    Generate(generate::Arguments),
    /// Download the documents behind a Swagger page or URL into openapi/
    #[command(
        after_help = "Exit codes: 0 success, 2 bad usage or input, or no document could be downloaded.\n\nExample: cargo xtask fetch --from https://api.example.com/swagger/index.html"
    )]
    Fetch(fetch::Arguments),
    /// Record the current version of each crate as released in sixclicks.lock
    #[command(
        after_help = "The publish workflow runs this before it publishes.\n\nExit codes: 0 success, 2 bad usage or input.\n\nExample: cargo xtask release"
    )]
    Release(release::Arguments),
    /// List what changed between two versions of the documents for users of the crates
    #[command(
        after_help = "Exit codes: 0 nothing changed, 1 all changes are compatible, 2 bad usage or input, 3 a change is breaking.\n\nExamples:\n  cargo xtask diff HEAD openapi\n  cargo xtask diff old.json new.json --format markdown"
    )]
    Diff(diff::Arguments),
    /// Run a local server that answers as the documents describe, until interrupted
    #[command(
        after_help = "Exit codes: 0 after an interrupt, 2 bad usage or input.\n\nExample: cargo xtask sandbox --listen 127.0.0.1:8080"
    )]
    Sandbox(sandbox::Arguments),
    /// Run the pipeline over many documents and print a table of the results
    #[command(
        after_help = "Exit codes: 0 success; 1 a document failed, part of one was lost, or a call went wrong; 2 bad usage, or no input could be read.\n\nExample: cargo xtask conformance documents --compile --json result.json"
    )]
    Conformance(conformance::Arguments),
    /// Run the benchmarks and print the results as a table
    #[command(
        after_help = "Exit codes: 0 success, 1 a bound does not hold, 2 bad usage, or a benchmark failed to run.\n\nExample: cargo xtask bench pipeline decode"
    )]
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
