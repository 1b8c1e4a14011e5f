//! `cargo xtask release`: records that the crates are released as they are, so that the next
//! versions follow from what changes from here on.

use std::path::PathBuf;

use super::{Failure, root};
use crate::{
    emit::{Files, write},
    lock::{self, Lock},
    release::released,
};

/// The arguments of `release`.
#[derive(clap::Args, Clone, Debug)]
pub struct Arguments {
    /// The crates to record as released (default: all)
    pub names: Vec<String>,
    /// The folder of crates that were generated outside this repository, with their lock file
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
///
/// Fails if there is no such crate, or if its files cannot be read or written.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (crates, folder) = match &arguments.out {
        Some(out) => (out.clone(), out.clone()),
        None => (root().join("crates"), root().join("openapi")),
    };
    let mut lock = Lock::read(&folder.join(lock::NAME)).map_err(Failure::input)?;
    if let Some(unknown) = arguments
        .names
        .iter()
        .find(|name| !lock.0.contains_key(*name))
    {
        let known: Vec<&str> = lock.0.keys().map(String::as_str).collect();
        return Err(Failure::Input(format!(
            "there is no crate `{unknown}`\n  help: name some of {}",
            known.join(", ")
        )));
    }
    let mut files = Vec::new();
    let mut messages = Vec::new();
    for (name, entry) in &mut lock.0 {
        let wanted = arguments.names.is_empty() || arguments.names.contains(name);
        if !wanted || entry.released.as_ref() == Some(&entry.version) {
            continue;
        }
        let folder = crates.join(name);
        let changed = released(&folder, &entry.version).map_err(Failure::input)?;
        files.push((folder, changed));
        entry.released = Some(entry.version.clone());
        messages.push(format!("{name}: {} is released", entry.version));
    }
    if messages.is_empty() {
        println!("every version is recorded as released");
        return Ok(());
    }
    // Only these files change; the rest of the crates is not looked at.
    let all = files.into_iter().flat_map(|(folder, files)| {
        let one = move |(path, text)| (folder.clone(), Files::from([(path, text)]));
        files.into_iter().map(one)
    });
    let lock = (folder, Files::from([(lock::NAME.into(), lock.to_toml())]));
    write::replace(&all.chain([lock]).collect::<Vec<_>>()).map_err(Failure::input)?;
    for message in messages {
        println!("{message}");
    }
    Ok(())
}
