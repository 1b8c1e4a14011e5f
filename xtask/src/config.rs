//! `sixclicks.toml`: what the crates are called, and which paths belong to which API.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The configuration. Every key has a default, so that an empty file is one.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What the names of all crates begin with.
    pub crate_prefix: String,
    /// The vendor's name in documentation.
    pub product: String,
    /// The version that new crates get.
    pub version: String,
    /// Which path belongs to which API.
    pub api: ApiRule,
}

/// How an API is found in a path.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiRule {
    /// The end of a first path segment that names an API: `-api` finds `assessments` in
    /// `/assessments-api/1.0/assessments`. Empty: one API for each document.
    pub suffix: String,
    /// The API's name where the paths do not say it.
    pub name: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            crate_prefix: "sixclicks".to_owned(),
            product: "6clicks".to_owned(),
            version: "0.1.0".to_owned(),
            api: ApiRule::default(),
        }
    }
}

impl Default for ApiRule {
    fn default() -> Self {
        Self {
            suffix: "-api".to_owned(),
            name: None,
        }
    }
}

/// What is wrong with a configuration file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is not what it should be; the message says where.
    #[error("{path}: {message}", path = path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        message: String,
    },
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or has a key that there is not.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|error| ConfigError::Invalid {
            path: path.to_owned(),
            message: error.to_string().trim().to_owned(),
        })
    }

    /// The name of an API's crate. A second major version of an API is a crate of its
    /// own, so that the first can stay as it is.
    pub fn crate_name(&self, api: &str, version: &str) -> String {
        let slug = slug(api);
        let major: String = version
            .trim_start_matches(['v', 'V'])
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let version = match major.as_str() {
            "" | "0" | "1" => String::new(),
            major => format!("-v{major}"),
        };
        format!("{}-{slug}{version}-api", self.crate_prefix)
    }
}

/// A name in lower case with hyphens, as crates are named.
pub fn slug(name: &str) -> String {
    use heck::ToKebabCase;
    let text: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let slug = text.to_kebab_case();
    let slug: String = slug.chars().take(48).collect();
    match slug.trim_matches('-') {
        "" => "unnamed".to_owned(),
        slug => slug.to_owned(),
    }
}
