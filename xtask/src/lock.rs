//! `sixclicks.lock`: what each crate was generated from, so that `--check` can say why one
//! is stale. It is written with the crates, and is the same for the same input.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use crate::{
    config::Config,
    emit::MARK,
    pipeline::{GeneratedCrate, sha256},
};

/// The lock file's name.
pub const NAME: &str = "sixclicks.lock";

/// What all crates were generated from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock(pub BTreeMap<String, Entry>);

/// What one crate was generated from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The crate's version.
    pub version: String,
    /// The version that was released last; `cargo xtask release` records it.
    pub released: Option<String>,
    /// The SHA-256 of its document, after overlays and the split.
    pub document: String,
    /// The pipeline's version, with a hash of its sources.
    pub pipeline: String,
    /// The SHA-256 of the options that its code depends on.
    pub options: String,
}

/// A lock file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {message}\n  help: restore it from version control, or delete it to begin anew", path = path.display())]
pub struct LockError {
    /// The file.
    pub path: std::path::PathBuf,
    /// What is wrong, with line and column.
    pub message: String,
}

impl Lock {
    /// Reads the lock file; there is nothing in one that does not exist.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Self, LockError> {
        let failed = |message: String| LockError {
            path: path.to_owned(),
            message,
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(failed(error.to_string())),
        };
        toml::from_str(&text)
            .map(Self)
            .map_err(|error| failed(error.to_string()))
    }

    /// As it is written.
    pub fn to_toml(&self) -> String {
        let mut text = format!("# {MARK}\n");
        for (name, entry) in &self.0 {
            let Entry {
                version,
                released,
                document,
                pipeline,
                options,
            } = entry;
            let released = released
                .as_ref()
                .map_or_else(String::new, |version| format!("released = {version:?}\n"));
            text += &format!(
                "\n[{name}]\nversion = {version:?}\n{released}document = {document:?}\npipeline = {pipeline:?}\noptions = {options:?}\n"
            );
        }
        text
    }
}

impl Entry {
    /// What a crate is generated from now, with the version that was released of it.
    pub fn of(made: &GeneratedCrate, config: &Config, released: Option<String>) -> Self {
        let Config {
            crate_prefix,
            product,
            session,
            api,
            paging,
            publish,
            ..
        } = config;
        let unpublished = if *publish { "" } else { "\nunpublished" };
        Self {
            version: made.version.clone(),
            released,
            document: made.document.clone(),
            pipeline: concat!(env!("CARGO_PKG_VERSION"), "+", env!("PIPELINE")).to_owned(),
            options: sha256(
                format!("{crate_prefix}\n{product}\n{session:?}\n{api:?}\n{paging:?}{unpublished}")
                    .as_bytes(),
            ),
        }
    }

    /// Whether this and `now` differ in nothing but the pipeline's version.
    pub fn differs_in_pipeline_alone(&self, now: &Self) -> bool {
        let same = Self {
            pipeline: now.pipeline.clone(),
            ..self.clone()
        };
        self != now && same == *now
    }

    /// Why a crate that was made from this is not what `now` makes.
    pub fn stale(&self, now: &Self) -> Vec<&'static str> {
        [
            (self.document != now.document, "its document changed"),
            (
                self.pipeline != now.pipeline,
                "the pipeline is of another version",
            ),
            (
                self.options != now.options,
                "its options in the configuration changed",
            ),
            (self.version != now.version, "its version changed"),
        ]
        .into_iter()
        .filter_map(|(stale, why)| stale.then_some(why))
        .collect()
    }
}
