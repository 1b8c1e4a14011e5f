//! Requests as generated code makes them, one builder call for each thing in the document.
//!
//! What is generic over a parameter's type only makes a [`Model`] of it and passes that
//! on: a generated crate has thousands of parameters, and compiles each generic anew.

mod body;
mod form;
mod header;
mod model;
mod modeller;
mod multipart;
mod path;
mod query;
mod replay;
mod route;
mod send;
mod style;

pub use form::Form;
pub use multipart::Multipart;
pub use replay::replayable;
pub use route::path_template;
pub use style::{PathStyle, QueryStyle};

use std::fmt;

use http::{HeaderMap, Method};

use body::Body;
use model::{Model, ModelError};
use path::PathBuilder;

/// A request in the making.
///
/// What goes wrong on the way is kept, and returned by [`Call::send`].
///
/// ```
/// use http::Method;
/// use sixclicks_core::{Call, PathStyle, QueryStyle};
///
/// let call = Call::new(Method::GET, "https://api.example.com", "list_results")
///     .path("/controls-api/1.0/tests/")
///     .path_param("testKey", PathStyle::Simple, false, "T 1")
///     .path("/results")
///     .query("skipCount", QueryStyle::Form, true, Some(&10))
///     .query("sorting", QueryStyle::Form, true, None::<&str>)
///     .accept("application/json");
/// assert_eq!(
///     call.url().unwrap().as_str(),
///     "https://api.example.com/controls-api/1.0/tests/T%201/results?skipCount=10"
/// );
/// ```
pub struct Call<'a> {
    method: Method,
    base_url: &'a str,
    operation: &'static str,
    path: PathBuilder,
    query: String,
    headers: HeaderMap,
    cookies: String,
    body: Body,
    unwrap_abp: bool,
    /// Path and query that a server's link gave, in the place of our own.
    link: Option<String>,
    failure: Option<String>,
}

/// Without parameters and body, which may be secret.
impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({}, {})", self.operation, self.method)
    }
}

impl<'a> Call<'a> {
    /// A call of an operation below a base URL.
    pub fn new(method: Method, base_url: &'a str, operation: &'static str) -> Self {
        Self {
            method,
            base_url,
            operation,
            path: PathBuilder::default(),
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: String::new(),
            body: Body::None,
            unwrap_abp: false,
            link: None,
            failure: None,
        }
    }

    /// Sends the request with a method that [`Method`] has no constant for.
    ///
    /// The call fails when it is sent if HTTP does not allow a method of that name.
    #[must_use]
    pub fn method(mut self, name: &str) -> Self {
        match Method::from_bytes(name.as_bytes()) {
            Ok(method) => self.method = method,
            Err(_) => self.fail(format!("`{name}` is no HTTP method")),
        }
        self
    }

    /// Whether an answer in ABP's envelope is to be read without it.
    ///
    /// To be set where the document does not describe the envelope.
    #[must_use]
    pub fn unwrap_abp(mut self, unwrap: bool) -> Self {
        self.unwrap_abp = unwrap;
        self
    }

    /// Sends the request where a server's link leads, if there is one: to this path and
    /// query, on the host of the base URL whatever they say.
    #[must_use]
    pub fn at_link(mut self, link: Option<String>) -> Self {
        self.link = link;
        self
    }

    /// The URL as it stands.
    ///
    /// # Errors
    /// When the call has failed already, or base and path make no URL.
    pub fn url(&self) -> Result<reqwest::Url, String> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        if let Some(link) = &self.link {
            return self.linked(link);
        }
        let path = self.path.finish()?;
        let base = match path.starts_with('/') {
            true => self.base_url.trim_end_matches('/'),
            false => self.base_url,
        };
        let separator = match (self.query.is_empty(), path.contains('?')) {
            (true, _) => "",
            (false, true) => "&",
            (false, false) => "?",
        };
        let text = [base, path, separator, &self.query].concat();
        reqwest::Url::parse(&text).map_err(|error| {
            // The query is not shown, because it may contain secrets.
            let shown = text.split('?').next().unwrap_or_default();
            format!("{shown:?} is not a URL ({error}); the base URL must be like https://host")
        })
    }

    /// The base URL with a link's path and query.
    fn linked(&self, link: &str) -> Result<reqwest::Url, String> {
        let mut url = reqwest::Url::parse(self.base_url).map_err(|error| {
            let shown = self.base_url.split('?').next().unwrap_or_default();
            format!("{shown:?} is not a URL ({error})")
        })?;
        let (path, query) = match link.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (link, None),
        };
        url.set_path(path);
        url.set_query(query);
        Ok(url)
    }

    /// Keeps the first failure.
    fn fail(&mut self, message: String) {
        self.failure.get_or_insert(message);
    }

    /// A value's model; its failure is kept, naming what it was for.
    fn accepted(
        &mut self,
        kind: &str,
        name: &str,
        model: Result<Model, ModelError>,
    ) -> Option<Model> {
        match model {
            Ok(model) => Some(model),
            Err(error) => {
                self.fail(format!("{kind} {name:?}: {error}"));
                None
            }
        }
    }
}
