//! Where a document came from, in a form that may be shown: URLs lose their secrets.
use std::{fmt, path::PathBuf};
use url::Url;

/// Query parameters whose values are no secrets and help to tell documents apart.
const PLAIN_PARAMETERS: [&str; 9] = [
    "api-version",
    "format",
    "group",
    "lang",
    "name",
    "primaryName",
    "urls.primaryName",
    "v",
    "version",
];

/// A file, or a URL without credentials, secret query values and fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// A file or folder, as it was named.
    File(PathBuf),
    /// A URL that may be shown.
    Url(String),
}

impl Origin {
    /// The origin of what `url` answers, with all that may be secret left out: user and password
    /// are dropped, query values are masked unless known to be harmless, the fragment is dropped.
    #[must_use]
    pub fn of_url(url: &Url) -> Self {
        let mut shown = url.clone();
        // Both fail only for URLs without a host, which have no credentials.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
        shown.set_fragment(None);
        if let Some(query) = url.query() {
            let masked: Vec<String> = query.split('&').map(mask).collect();
            shown.set_query(Some(&masked.join("&")));
        }
        Self::Url(shown.into())
    }
}

/// One `name=value` of a query, its value masked unless the name is known to be harmless. A part
/// without a name may itself be a secret.
fn mask(part: &str) -> String {
    match part.split_once('=') {
        Some((name, _)) if PLAIN_PARAMETERS.contains(&name) => part.to_owned(),
        Some((name, _)) => format!("{name}=***"),
        None if part.is_empty() => String::new(),
        None => "***".to_owned(),
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Url(url) => f.write_str(url),
        }
    }
}

/// `text`, a reference or URL as somebody wrote it, in a form that may be shown.
pub(super) fn shown(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) if url.has_host() => Origin::of_url(&url).to_string(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_a_url_are_not_shown() {
        let url = Url::parse(
            "https://me:hush@api.example.com/a.json?sig=hush&version=1.0&hush#access_token=hush",
        )
        .unwrap();
        assert_eq!(
            Origin::of_url(&url).to_string(),
            "https://api.example.com/a.json?sig=***&version=1.0&***"
        );
    }
}
