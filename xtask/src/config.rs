//! `sixclicks.toml`: what the crates are called, and which paths belong to which API.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{dialect::Choice, names::Rules};

/// The configuration. Every key has a default, so that an empty file is one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What the names of all crates begin with.
    pub crate_prefix: String,
    /// The vendor's name in documentation.
    pub product: String,
    /// The version that crates have until their first release.
    pub version: String,
    /// The versions of crates by their names, where they should not follow from what changed.
    pub versions: BTreeMap<String, String>,
    /// Whose untruths are corrected in the documents; without it, each document's writer is
    /// recognised. `strict`: nothing is corrected.
    pub dialect: Option<Choice>,
    /// Whether the crates may be published to a registry.
    pub publish: bool,
    /// What the clients send their requests through.
    pub session: SessionRule,
    /// Which path belongs to which API.
    pub api: ApiRule,
    /// How operations page, by their methods' names, where the document does not show it.
    pub paging: BTreeMap<String, PagingRule>,
    /// What groups of operations are called, by their tag or by the name that they would have.
    /// Two groups of one name become one. These are names of the coming grouped clients; the
    /// crates that are generated now have none.
    pub groups: BTreeMap<String, String>,
    /// What single operations are called, by method and path, with or without a group:
    /// `"GET /orders/{id}" = "orders.get"`. These are names of the coming grouped clients, too.
    pub names: BTreeMap<String, String>,
}

/// How one operation pages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected `false`, or a table of skip or page (with first), size, items, total, link"
)]
pub enum PagingRule {
    /// `false`: it does not, whatever it looks like.
    Detect(bool),
    /// By these names on the wire; what is not named is found as without a rule.
    Names(PagingNames),
}

/// The names, on the wire, of what an operation pages with.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PagingNames {
    /// The parameter or body property with the number of items to leave out.
    pub skip: Option<String>,
    /// The parameter or body property with the number of the page.
    pub page: Option<String>,
    /// What the API calls its first page.
    pub first: Option<u64>,
    /// The parameter or body property with the number of items on a page.
    pub size: Option<String>,
    /// The answer's property with the items; inside another one with a dot: `result.items`.
    pub items: Option<String>,
    /// The answer's property with the number of all items.
    pub total: Option<String>,
    /// The answer's property with the link to the next page.
    pub link: Option<String>,
}

/// How an API is found in a path.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApiRule {
    /// The end of a first path segment that names an API: `-api` finds `assessments` in
    /// `/assessments-api/1.0/assessments`. Empty: one API for each document.
    pub suffix: String,
    /// The API's name where the paths do not say it.
    pub name: Option<String>,
    /// What stands in place of a version parameter that leads the paths, as in
    /// `/api/v{version}/orders`. Without it, the parameter's one documented value, or else an
    /// argument of every call.
    pub version: Option<String>,
}

/// The session type: it is `Clone + Debug + Send + Sync` and has `base_url(&self) -> &str`,
/// `http_client(&self) -> &reqwest::Client` and `async fn execute(&self, reqwest::Request,
/// &'static str) -> Result<reqwest::Response, sixclicks_core::Error>`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SessionRule {
    /// The package that has it.
    pub package: String,
    /// How a crate depends on that package, as in Cargo.toml: `"1"` or
    /// `{ path = "../session" }`, the path from the crate's folder. Without it, the package
    /// is a dependency of this workspace.
    pub dependency: Option<String>,
    /// The type's path in Rust.
    #[serde(rename = "type")]
    pub path: String,
}

impl Default for SessionRule {
    fn default() -> Self {
        Self {
            package: "sixclicks-auth".to_owned(),
            dependency: None,
            path: "sixclicks_auth::Session".to_owned(),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            crate_prefix: "sixclicks".to_owned(),
            product: "6clicks".to_owned(),
            version: "0.1.0".to_owned(),
            versions: BTreeMap::new(),
            dialect: None,
            publish: true,
            session: SessionRule::default(),
            api: ApiRule::default(),
            paging: BTreeMap::new(),
            groups: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }
}

impl Default for ApiRule {
    fn default() -> Self {
        Self {
            suffix: "-api".to_owned(),
            name: None,
            version: None,
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
        toml::from_str(&text)
            .map_err(|error| ConfigError::Invalid {
                path: path.to_owned(),
                message: error.to_string().trim().to_owned() + &nearest(error.message()),
            })
            .and_then(|config: Self| match config.problem() {
                None => Ok(config),
                Some(message) => Err(ConfigError::Invalid {
                    path: path.to_owned(),
                    message,
                }),
            })
    }

    /// What is wrong with a value.
    fn problem(&self) -> Option<String> {
        let session = &self.session.path;
        if syn::parse_str::<syn::Path>(session).is_err() {
            return Some(format!("session.type: `{session}` is no path of a type"));
        }
        let rules = Rules {
            groups: self.groups.clone(),
            names: self.names.clone(),
        };
        if let Err(error) = rules.check() {
            return Some(error.to_string());
        }
        let prefix = &self.crate_prefix;
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if prefix.starts_with(|c: char| c.is_ascii_lowercase()) && prefix.chars().all(letters) {
            return None;
        }
        Some(format!(
            "crate_prefix: `{prefix}` cannot begin the name of a crate, which is a letter followed by lower-case letters, digits, `-` and `_`\n  help: give another one, such as `{}`",
            prefix_like(prefix)
                .or_else(|| prefix_like(&self.product))
                .unwrap_or_else(|| "client".to_owned())
        ))
    }

    /// The JSON Schema of the file, for editors.
    pub fn schema() -> String {
        // A schema is an object with text for keys, which always has a notation.
        serde_json::to_string_pretty(&schemars::schema_for!(Self)).unwrap_or_default() + "\n"
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

/// A prefix that Cargo accepts and that reads like `name`.
fn prefix_like(name: &str) -> Option<String> {
    const DIGITS: [&str; 10] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let first = name.chars().next()?;
    let spelled = match first.to_digit(10) {
        Some(digit) => format!("{}{}", DIGITS[digit as usize], &name[1..]),
        None => name.to_owned(),
    };
    Some(slug(&spelled))
}

/// The known key that is most like an unknown one: the message names them all in backticks.
fn nearest(message: &str) -> String {
    let mut named = message.split('`').skip(1).step_by(2);
    let (true, Some(unknown)) = (message.starts_with("unknown field"), named.next()) else {
        return String::new();
    };
    named
        .max_by(|a, b| {
            strsim::jaro_winkler(a, unknown).total_cmp(&strsim::jaro_winkler(b, unknown))
        })
        .map_or(String::new(), |key| {
            format!("\n  help: did you mean `{key}`?")
        })
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
