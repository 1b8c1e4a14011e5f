//! The host: an address of the web application or of the API, in any spelling.

use url::Url;

/// A host that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// It is no address.
    #[error("`{host}` is no host: {why}; give one such as https://app-au.6clicks.io")]
    Malformed {
        /// What was given, without user and password.
        host: String,
        /// What is wrong with it.
        why: String,
    },
    /// It would send the key in the open.
    #[error("`{host}` is plain HTTP, which would send the API key in the open; use https")]
    Plain {
        /// What was given.
        host: String,
    },
}

/// The base address of the API: `https://app-au.6clicks.io` becomes
/// `https://api-au.6clicks.io`.
pub fn base(host: &str) -> Result<Url, HostError> {
    let trimmed = host.trim();
    let text = if trimmed.contains("://") {
        trimmed.to_owned()
    } else {
        format!("https://{trimmed}")
    };
    let malformed = |why: &str| HostError::Malformed {
        host: shown(trimmed).to_owned(),
        why: why.to_owned(),
    };
    let mut url = Url::parse(&text).map_err(|error| malformed(&error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(malformed("it holds a user or password"));
    }
    let name = url.host_str().unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err(malformed("it has no name"));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return Err(HostError::Plain { host: name }),
        _ => return Err(malformed("only https can be used")),
    }
    if let Some(rest) = name.strip_prefix("app-") {
        url.set_host(Some(&format!("api-{rest}")))
            .map_err(|error| malformed(&error.to_string()))?;
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// What of a host may be shown: no user, no password, no query.
fn shown(host: &str) -> &str {
    let host = host.rsplit('@').next().unwrap_or_default();
    host.split(['?', '#']).next().unwrap_or_default()
}

/// Whether two addresses have the same scheme, host and port. Every call asks, so that this
/// makes no copies as comparing their origins would.
pub fn same(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme()
        && a.host() == b.host()
        && a.port_or_known_default() == b.port_or_known_default()
}

/// Whether an address never leaves this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{base, same};

    #[test]
    fn an_app_host_becomes_an_api_host() {
        for host in [
            "https://app-au.6clicks.io",
            "app-au.6clicks.io/",
            "https://api-au.6clicks.io",
        ] {
            assert_eq!(base(host).unwrap().as_str(), "https://api-au.6clicks.io/");
        }
        assert_eq!(
            base("grc.example.com").unwrap().as_str(),
            "https://grc.example.com/"
        );
    }

    #[test]
    fn an_address_is_the_same_by_scheme_host_and_port() {
        let base = base("https://api-au.6clicks.io").unwrap();
        let is_same = |other: &str| same(&other.parse().unwrap(), &base);
        assert!(is_same("https://api-au.6clicks.io:443/x?y"));
        assert!(is_same("https://API-AU.6clicks.io/"));
        for other in [
            "https://api-au.6clicks.io:8443/",
            "http://api-au.6clicks.io:443/",
            "https://api-au.6clicks.io.example.com/",
            "https://example.com/api-au.6clicks.io",
            "data:api-au.6clicks.io",
        ] {
            assert!(!is_same(other), "{other}");
        }
    }

    #[test]
    fn plain_http_is_refused_but_for_loopback() {
        assert!(base("http://api-au.6clicks.io").is_err());
        assert!(base("http://127.0.0.1:8080").is_ok());
        assert!(base("http://localhost:1").is_ok());
        assert!(base("http://[::1]:1").is_ok());
        assert!(base("http://[2001:db8::1]").is_err());
        assert!(base("http://localhost.example.com").is_err());
        assert!(base("ftp://127.0.0.1").is_err());
        assert!(
            base("https://user:secret@host")
                .is_err_and(|error| !error.to_string().contains("secret"))
        );
    }
}
