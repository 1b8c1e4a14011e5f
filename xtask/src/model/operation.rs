//! The operations of an API: parameters, bodies, responses and how they page.

use super::schema::Type;
use crate::ident;

/// One method of the client.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The method's name.
    pub id: String,
    /// The HTTP method in capitals.
    pub method: String,
    /// The path as the document spells it.
    pub path: String,
    /// The path in pieces.
    pub pieces: Vec<Segment>,
    /// The tags.
    pub tags: Vec<String>,
    /// One line.
    pub summary: Option<String>,
    /// More than one line.
    pub description: Option<String>,
    /// Whether the vendor advises against it.
    pub deprecated: bool,
    /// Whether it is another way to send the body of another method.
    pub alternative: bool,
    /// The parameters, form fields among them.
    pub parameters: Vec<Parameter>,
    /// The media type of a form whose fields are parameters.
    pub form: Option<String>,
    /// Whether there is no form when none of its fields is given.
    pub form_optional: bool,
    /// The body, when it is one value.
    pub body: Option<Body>,
    /// Documented answers that mean success.
    pub success: Vec<Answer>,
    /// Documented answers that mean failure.
    pub errors: Vec<Answer>,
    /// The name of the enum of several kinds of answers.
    pub answers: String,
    /// The name of the enum of several kinds of errors.
    pub failures: String,
    /// How it hands out its items in pages, if it does.
    pub paging: Option<Paging>,
}

/// A piece of a path.
#[derive(Clone, Debug)]
pub enum Segment {
    /// Text that is sent as it stands.
    Literal(String),
    /// The parameter at this index.
    Parameter(usize),
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
    /// As a field of an urlencoded form.
    Form,
    /// As a part of a multipart form.
    Multipart,
}

/// A parameter of a method.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub wire: String,
    /// Its name in Rust.
    pub rust: String,
    /// Where it is sent.
    pub place: Place,
    /// How an array or object is written.
    pub style: String,
    /// Whether each member is written by itself.
    pub explode: bool,
    /// Whether it has to be given.
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// What the document says of it.
    pub description: Option<String>,
    /// The media type that it is written in, if not by style.
    pub content_type: Option<String>,
    /// Whether its value may hold slashes.
    pub catch_all: bool,
    /// Whether reserved characters are sent as they are.
    pub reserved: bool,
    /// Whether it is one file (`false`) or several (`true`).
    pub files: Option<bool>,
    /// Whether its members are the fields of the form.
    pub whole: bool,
    /// Whether the document says in which style a form writes it.
    pub styled: bool,
    /// Whether a form writes it by the content type of its schema: objects are JSON.
    pub by_content: bool,
}

/// A kind of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// JSON with a schema.
    Json,
    /// Text.
    Text,
    /// Bytes.
    Binary,
    /// Nothing.
    Empty,
    /// Whatever the server sends: the document does not say.
    Any,
}

/// A request body that is one value.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its kind.
    pub kind: Kind,
    /// Its media type.
    pub media_type: String,
    /// Whether `null` is sent where it is not given.
    pub nullable: bool,
    /// The media types and ranges that an upload can be sent as.
    pub media_types: Vec<String>,
    /// Whether it has to be given.
    pub required: bool,
    /// Its type.
    pub ty: Type,
    /// What the document says of it.
    pub description: Option<String>,
}

/// The statuses that an answer is documented for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// One status.
    Code(u16),
    /// A hundred statuses, such as `4XX`.
    Range(u16),
    /// All that are not documented otherwise.
    Default,
}

/// A documented answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// When it is given.
    pub status: Status,
    /// What it holds.
    pub kind: Kind,
    /// The type of JSON.
    pub ty: Type,
    /// Whether the document describes what the JSON holds.
    pub is_described: bool,
    /// The media types that the document names.
    pub media_types: Vec<String>,
    /// What the document says of it.
    pub description: Option<String>,
    /// Whether the schema describes the envelope that ABP puts around answers.
    pub enveloped: bool,
}

/// How an operation pages.
#[derive(Clone, Debug)]
pub struct Paging {
    /// How the next page is found.
    pub scheme: Scheme,
    /// What sets the number of items on a page.
    pub size: Option<Field>,
    /// Where the answer has the items; empty when it is the list itself.
    pub items: Vec<String>,
    /// The type of an item.
    pub item: Type,
    /// Where the answer has the number of all items.
    pub total: Option<Vec<String>>,
}

/// How the next page is found.
#[derive(Clone, Debug)]
pub enum Scheme {
    /// By the number of items to leave out.
    Skip(Field),
    /// By its number, counted from `first`.
    Number {
        /// What sets it.
        field: Field,
        /// The number of the first page.
        first: u64,
    },
    /// By the link at this place of the answer.
    Link(Vec<String>),
}

/// Something of a request that can be set.
#[derive(Clone, Debug)]
pub enum Field {
    /// The parameter at this index.
    Parameter(usize),
    /// The body's property of this Rust name.
    Body(String),
}

impl Operation {
    /// The name of the operation's builder.
    pub fn builder(&self) -> String {
        ident::builder_name(&self.id)
    }

    /// Whether its pages are found by links, for which the builder has a field.
    pub fn follows_links(&self) -> bool {
        matches!(&self.paging, Some(paging) if matches!(paging.scheme, Scheme::Link(_)))
    }
}
