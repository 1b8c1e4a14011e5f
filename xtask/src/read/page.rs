//! Where the documents of a Swagger UI page are, from its HTML, its scripts and its own address.
//!
//! Known are the pages of Swashbuckle for ASP.NET Core and for the .NET Framework, NSwag,
//! swagger-ui itself, and the attributes that ReDoc, RapiDoc and Scalar use.
use super::{html, js};
use serde_json::{Map, Value};
use url::Url;

/// Scripts that are programs and hold no configuration.
const PROGRAMS: [&str; 9] = [
    "swagger-ui-bundle",
    "swagger-ui-standalone-preset",
    "swagger-ui-es-bundle",
    "redoc.standalone",
    "rapidoc",
    "jquery",
    "lodash",
    "backbone",
    "handlebars",
];

/// A document that a page lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// The title in the list.
    pub name: Option<String>,
    /// The address as it is written.
    pub url: String,
}

/// What a page, a script or a configuration says of documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Listing {
    /// These documents; none means that the list is there and empty.
    Documents(Vec<Listed>),
    /// They are in the configuration at that address.
    Configuration(String),
}

/// A page that has been taken apart.
pub(super) struct Page<'a> {
    /// What relative addresses are relative to.
    pub base: Url,
    url: &'a Url,
    tags: Vec<html::Tag<'a>>,
}

impl<'a> Page<'a> {
    /// The page with that text, found at `url`.
    pub(super) fn new(url: &'a Url, text: &'a str) -> Self {
        let tags = html::tags(text);
        let base = tags.iter().find(|tag| tag.name == "base");
        let base = base.and_then(|tag| tag.attribute("href"));
        let base = base
            .and_then(|href| url.join(href).ok())
            .unwrap_or_else(|| url.clone());
        Self { base, url, tags }
    }

    /// What the page's own address asks for, as `?url=…` or `?configUrl=…`.
    pub(super) fn asked(&self) -> Option<Listing> {
        let of = |wanted| {
            let found = self
                .url
                .query_pairs()
                .find(|(name, value)| name == wanted && !value.is_empty());
            found.map(|(_, value)| value.into_owned())
        };
        let listed = of("url").map(|url| Listing::Documents(vec![Listed { name: None, url }]));
        of("configUrl").map(Listing::Configuration).or(listed)
    }

    /// The title of the one document that the page's address asks for, as `?urls.primaryName=…`.
    pub(super) fn primary_name(&self) -> Option<String> {
        let mut pairs = self.url.query_pairs();
        pairs
            .find(|(name, _)| name == "urls.primaryName")
            .map(|(_, value)| value.into_owned())
    }

    /// What the page says itself, in attributes or scripts.
    pub(super) fn listing(&self) -> Option<Listing> {
        for tag in &self.tags {
            let url = tag.attribute("spec-url").or_else(|| {
                tag.attribute("data-url")
                    .filter(|_| tag.attribute("id") == Some("api-reference"))
            });
            if let Some(url) = url.filter(|url| !url.is_empty()) {
                let listed = Listed {
                    name: None,
                    url: url.to_owned(),
                };
                return Some(Listing::Documents(vec![listed]));
            }
        }
        // Several inline scripts may share variables.
        let inline: Vec<&str> = self.tags.iter().map(|tag| tag.script).collect();
        self.script(&inline.join("\n;\n"))
    }

    /// What the text of one of the page's scripts says.
    pub(super) fn script(&self, text: &str) -> Option<Listing> {
        of_script(&js::read(text, self.url))
    }

    /// The addresses of the page's scripts that may hold configuration.
    pub(super) fn scripts(&self) -> Vec<Url> {
        let sources = self.tags.iter().filter(|tag| tag.name == "script");
        sources
            .filter_map(|tag| tag.attribute("src"))
            .filter_map(|source| self.base.join(source).ok())
            .filter(|url| url.origin() == self.url.origin())
            .filter(|url| !PROGRAMS.iter().any(|program| url.path().contains(program)))
            .collect()
    }

    /// Whether the page asks for a password.
    pub(super) fn asks_for_password(&self) -> bool {
        self.tags.iter().any(|tag| {
            tag.name == "input"
                && tag
                    .attribute("type")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("password"))
        })
    }
}

fn of_script(script: &js::Script) -> Option<Listing> {
    let variables = || script.variables.iter();
    // The call of Swashbuckle for the .NET Framework names only the first of these.
    if let Some(listing) = variables().find_map(|(_, value)| discovery_paths(value.as_object()?)) {
        return Some(listing);
    }
    let calls = script
        .calls
        .iter()
        .filter_map(|value| configuration(value.as_object()?, true));
    let variables = variables().filter_map(|(name, value)| {
        let object = value.as_object()?;
        let name = name.to_ascii_lowercase();
        let sure =
            name.contains("config") || name.contains("options") || object.contains_key("dom_id");
        configuration(object, sure)
    });
    let mut empty = None;
    for listing in calls.chain(variables) {
        if listing != Listing::Documents(Vec::new()) {
            return Some(listing);
        }
        empty = Some(listing);
    }
    empty
}

/// What a configuration object of Swagger UI says. `sure`: whether it is one beyond doubt, so that
/// its `url` is the document's.
pub(super) fn configuration(object: &Map<String, Value>, sure: bool) -> Option<Listing> {
    let text = |key: &str| {
        object
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    if let Some(url) = text("configUrl") {
        return Some(Listing::Configuration(url.to_owned()));
    }
    let urls = object.get("urls").and_then(Value::as_array);
    let listed: Vec<Listed> = urls.into_iter().flatten().filter_map(listed).collect();
    match (listed.is_empty(), text("url").filter(|_| sure)) {
        (false, _) => Some(Listing::Documents(listed)),
        (true, Some(url)) => Some(Listing::Documents(vec![Listed {
            name: None,
            url: url.to_owned(),
        }])),
        (true, None) => urls.map(|_| Listing::Documents(Vec::new())),
    }
}

fn listed(value: &Value) -> Option<Listed> {
    let url = value
        .as_str()
        .or_else(|| value.get("url").and_then(Value::as_str))?;
    let name = value
        .get("name")
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty());
    Some(Listed {
        name: name.map(str::to_owned),
        url: url.to_owned(),
    })
}

fn discovery_paths(object: &Map<String, Value>) -> Option<Listing> {
    let paths = object.get("discoveryPaths")?.as_array()?;
    let root = object
        .get("rootUrl")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let root = root.trim_end_matches('/');
    let listed = paths.iter().filter_map(Value::as_str).map(|path| {
        let url = format!("{root}/{}", path.trim_start_matches('/'));
        Listed { name: None, url }
    });
    Some(Listing::Documents(listed.collect()))
}
