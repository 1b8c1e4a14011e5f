//! GET over HTTP: bounded in size, time and redirects; secrets stay with the host they are for.
use super::{Origin, ReadError, ReadOptions};
use reqwest::{
    Response, StatusCode,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue, LOCATION,
    },
};
use std::{error::Error, fmt, time::Duration};
use tokio::runtime::{self, Runtime};
use url::{Host, Url};

const MAX_REDIRECTS: usize = 10;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How many silences a whole answer may take.
const PATIENCE: u32 = 20;
/// What addresses of login pages have in their host or path.
const LOGIN_WORDS: [&str; 8] = [
    "login",
    "logon",
    "signin",
    "sign-in",
    "/authorize",
    "/saml",
    "/sso",
    "/adfs",
];

/// A header of requests, such as `Authorization: Bearer …`. Its value is never shown.
#[derive(Clone)]
pub struct Header {
    name: HeaderName,
    value: HeaderValue,
}

/// A header that cannot be sent.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// There is no colon.
    #[error("a header must be written as `Name: value`")]
    NoColon,
    /// The part before the colon is no header name.
    #[error("a header's name is made of letters, digits and `-`, before the first colon")]
    Name,
    /// The part after the colon has characters that no header may have.
    #[error("the value of the header `{0}` has characters that cannot be sent")]
    Value(String),
}

impl Header {
    /// `Authorization` with a bearer token.
    ///
    /// # Errors
    /// [`HeaderError::Value`] if the token has characters that no header may have.
    pub fn bearer(token: &str) -> Result<Self, HeaderError> {
        format!("{AUTHORIZATION}: Bearer {token}").parse()
    }

    /// Whether it says who asks.
    pub fn is_authorization(&self) -> bool {
        self.name == AUTHORIZATION
    }
}

impl std::str::FromStr for Header {
    type Err = HeaderError;

    /// Takes `Name: value`.
    fn from_str(text: &str) -> Result<Self, HeaderError> {
        let (name, value) = text.split_once(':').ok_or(HeaderError::NoColon)?;
        let name: HeaderName = name.trim().parse().map_err(|_| HeaderError::Name)?;
        let value = HeaderValue::from_str(value.trim());
        let mut value = value.map_err(|_| HeaderError::Value(name.to_string()))?;
        value.set_sensitive(true);
        Ok(Self { name, value })
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ***", self.name)
    }
}

/// What a server answered with success.
pub(super) struct Answer {
    /// Where the redirects ended.
    pub url: Url,
    /// Whether there were any.
    pub redirected: bool,
    /// The body.
    pub bytes: Vec<u8>,
}

/// Sends requests for one source. Must be used where no asynchronous runtime is active.
pub(super) struct Client {
    runtime: Runtime,
    http: reqwest::Client,
    /// For this machine, which no proxy can reach.
    loopback: reqwest::Client,
    /// The URL whose scheme, host and port get the headers and the credentials in the URL.
    home: Url,
    headers: HeaderMap,
    max_bytes: u64,
    timeout: Duration,
}

impl Client {
    /// A client that sends the options' headers to the scheme, host and port of `home` only.
    pub(super) fn new(home: &Url, options: &ReadOptions) -> Result<Self, ReadError> {
        let has_credentials =
            !options.headers.is_empty() || !home.username().is_empty() || home.password().is_some();
        if has_credentials && home.scheme() == "http" && !is_loopback(home) {
            return Err(ReadError::Plain {
                origin: Origin::of_url(home),
            });
        }
        // An error says that one is installed, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failed = |error: &(dyn Error + 'static)| ReadError::Connection {
            origin: Origin::of_url(home),
            message: causes(error),
        };
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("sixclicks-xtask/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT_TIMEOUT.min(options.timeout))
                .read_timeout(options.timeout)
                .timeout(options.timeout.saturating_mul(PATIENCE))
        };
        let mut headers = HeaderMap::new();
        for header in &options.headers {
            headers.append(header.name.clone(), header.value.clone());
        }
        Ok(Self {
            runtime: runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| failed(&error))?,
            http: builder().build().map_err(|error| failed(&error))?,
            loopback: builder()
                .no_proxy()
                .build()
                .map_err(|error| failed(&error))?,
            home: home.clone(),
            headers,
            max_bytes: options.max_bytes,
            timeout: options.timeout,
        })
    }

    /// Gets `url`, following redirects.
    pub(super) fn get(&self, url: &Url) -> Result<Answer, ReadError> {
        self.runtime.block_on(self.follow(url))
    }

    /// Whether `url` has the scheme, host and port that the client was made for.
    pub(super) fn is_home(&self, url: &Url) -> bool {
        url.origin() == self.home.origin()
    }

    async fn follow(&self, asked: &Url) -> Result<Answer, ReadError> {
        let mut url = asked.clone();
        for redirects in 0..=MAX_REDIRECTS {
            let response = self.send(&url).await?;
            match location(&url, &response)? {
                None => {
                    let bytes = self.body(&url, response).await?;
                    return Ok(Answer {
                        url,
                        redirected: redirects > 0,
                        bytes,
                    });
                }
                Some(next) => {
                    if is_login(&next) && !is_login(asked) {
                        return Err(ReadError::Login {
                            origin: Origin::of_url(asked),
                            redirected_to: Some(Origin::of_url(&next)),
                        });
                    }
                    url = next;
                }
            }
        }
        let message = format!("more than {MAX_REDIRECTS} redirects");
        Err(ReadError::Redirect {
            origin: Origin::of_url(asked),
            message,
        })
    }

    async fn send(&self, url: &Url) -> Result<Response, ReadError> {
        let client = if is_loopback(url) {
            &self.loopback
        } else {
            &self.http
        };
        let mut target = url.clone();
        if self.is_home(url) && url.username().is_empty() && url.password().is_none() {
            // Neither fails for a URL with a host.
            let _ = target.set_username(self.home.username());
            let _ = target.set_password(self.home.password());
        }
        let accept = "application/json, application/yaml, text/yaml, text/html;q=0.9, */*;q=0.8";
        let mut request = client.get(target).header(ACCEPT, accept);
        if self.is_home(url) {
            request = request.headers(self.headers.clone());
        }
        request.send().await.map_err(|error| {
            let origin = Origin::of_url(url);
            if error.is_timeout() {
                return ReadError::Timeout {
                    origin,
                    limit: self.timeout,
                };
            }
            ReadError::Connection {
                origin,
                message: causes(&error.without_url()),
            }
        })
    }

    async fn body(&self, url: &Url, mut response: Response) -> Result<Vec<u8>, ReadError> {
        let origin = || Origin::of_url(url);
        let status = response.status();
        if !status.is_success() {
            let hint = hint(status);
            return Err(ReadError::Status {
                origin: origin(),
                status: status.as_u16(),
                hint,
            });
        }
        let expected = response.content_length();
        let too_large = || ReadError::TooLarge {
            origin: origin(),
            limit: self.max_bytes,
        };
        if expected.is_some_and(|size| size > self.max_bytes) {
            return Err(too_large());
        }
        if let Some(coding) = response.headers().get(CONTENT_ENCODING)
            && coding != "identity"
        {
            let message = "the server compressed the answer though it was not asked to".to_owned();
            return Err(ReadError::Connection {
                origin: origin(),
                message,
            });
        }
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return Ok(bytes),
                Err(error) if error.is_timeout() => {
                    return Err(ReadError::Timeout {
                        origin: origin(),
                        limit: self.timeout,
                    });
                }
                Err(_) => {
                    let received = bytes.len() as u64;
                    return Err(ReadError::Incomplete {
                        origin: origin(),
                        expected,
                        received,
                    });
                }
            }
            if bytes.len() as u64 > self.max_bytes {
                return Err(too_large());
            }
        }
    }
}

/// Where `response` redirects to, if it does and that may be followed.
fn location(url: &Url, response: &Response) -> Result<Option<Url>, ReadError> {
    if !response.status().is_redirection() {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else {
        return Ok(None);
    };
    let refuse = |message: &str| {
        Err(ReadError::Redirect {
            origin: Origin::of_url(url),
            message: message.to_owned(),
        })
    };
    let next = location
        .to_str()
        .ok()
        .and_then(|location| url.join(location).ok());
    let Some(next) = next else {
        return refuse("a redirect to something that is no address");
    };
    match (url.scheme(), next.scheme()) {
        ("https", "http") => refuse("a redirect from https to http is not followed"),
        (_, "http" | "https") => Ok(Some(next)),
        _ => refuse("a redirect to something other than http or https"),
    }
}

/// Whether the address is plainly one of a login page.
pub(super) fn is_login(url: &Url) -> bool {
    let address = format!("{}{}", url.host_str().unwrap_or_default(), url.path());
    let address = address.to_ascii_lowercase();
    LOGIN_WORDS.iter().any(|word| address.contains(word))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn hint(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 | 407 => {
            "pass credentials that may see it: set SIXCLICKS_HOST and SIXCLICKS_API_KEY, or give --header 'Authorization: Bearer …' or --header 'Cookie: …'"
        }
        404 | 410 => {
            "open the Swagger page in a browser, find the address of the document there and give that"
        }
        429 => "wait a while and try again",
        500..=599 => {
            "try again; if it stays so, the server cannot write its document: tell its vendor"
        }
        _ => "open the address in a browser to see what it says",
    }
}

/// The error and what caused it, each said once.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut messages: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let message = error.to_string();
        if !messages.iter().any(|earlier| earlier.contains(&message)) {
            messages.push(message);
        }
        next = error.source();
    }
    messages.join(": ")
}
