//! What naming needs to know of an API. One adapter, `document.rs`, fills these structs; the
//! rules read nothing else.

/// An API whose operations are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Api {
    /// The title. A tag that only repeats it is not a group.
    pub title: String,
    /// The names of the schemas. They say where words that are written together part.
    pub types: Vec<String>,
    /// The operations, in any order.
    pub operations: Vec<Operation>,
}

/// An operation that is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// The method in capitals.
    pub method: String,
    /// The path with its parameters in braces, whole: as it is sent.
    pub path: String,
    /// The path as the received document has it, without what its servers put before it.
    pub written: String,
    /// The `operationId`.
    pub id: Option<String>,
    /// The tags, of which the first counts.
    pub tags: Vec<String>,
    /// The names of the query parameters.
    pub query: Vec<String>,
    /// What is sent.
    pub body: Body,
    /// What the documented success response holds.
    pub response: Response,
}

/// What an operation sends. A name is that of a schema, if it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    #[default]
    Nothing,
    /// One value.
    Resource(Option<String>),
    /// A list of such values.
    List(Option<String>),
    /// A JSON Patch document.
    JsonPatch,
    /// A multipart form.
    Multipart,
    /// Bytes.
    File,
    /// Something else: text or another form.
    Other,
}

/// What an operation answers when it succeeds. A name is that of a schema, if it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Response {
    /// The document does not say.
    #[default]
    Undescribed,
    /// No content.
    Nothing,
    /// A page of a list, with the name of its items' schema.
    Page(Option<String>),
    /// A list, with the name of its items' schema.
    List(Option<String>),
    /// One value.
    Resource(Option<String>),
    /// `true` or `false`.
    Boolean,
    /// Text or a number.
    Scalar,
    /// Bytes.
    File,
}

impl Body {
    /// The name of the schema of the value, or of each value of a list.
    pub fn schema(&self) -> Option<&str> {
        match self {
            Self::Resource(name) | Self::List(name) => name.as_deref(),
            _ => None,
        }
    }
}

impl Response {
    /// The name of the schema of the value, or of each item of a list.
    pub fn schema(&self) -> Option<&str> {
        match self {
            Self::Resource(name) | Self::List(name) | Self::Page(name) => name.as_deref(),
            _ => None,
        }
    }

    /// Whether it is a page or a list.
    pub fn is_list(&self) -> bool {
        matches!(self, Self::Page(_) | Self::List(_))
    }
}

impl Operation {
    /// Whether the operation is called with `GET`, `HEAD` or `QUERY`.
    pub fn reads(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "QUERY" | "OPTIONS")
    }

    /// Whether the response is a page, or a list of something else than what is sent. A `POST`
    /// with such a response asks for things; it does not create them.
    pub fn selects(&self) -> bool {
        match &self.response {
            _ if self.body == Body::Multipart => false,
            Response::Page(_) => true,
            Response::List(item) => match &self.body {
                // What is sent as a list of things is no filter.
                Body::List(Some(_)) => false,
                body => item.is_none() || item.as_deref() != body.schema(),
            },
            _ => false,
        }
    }
}
