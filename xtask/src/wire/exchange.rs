//! A request and its response as they went over the connection.

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The method, in capitals.
    pub method: String,
    /// The path, encoded.
    pub path: String,
    /// The query, encoded, without its question mark.
    pub query: String,
    /// The headers, by their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The headers, by their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a server did with a request: the response, or why it is none.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request.
    pub sent: Sent,
    /// The response.
    pub answered: Result<Answered, String>,
}

/// The first value of a header; empty if there is none.
fn header<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    let mut headers = headers.iter();
    let found = headers.find(|(own, _)| own == name);
    found.map_or("", |(_, value)| value)
}

impl Sent {
    /// The first value of a header; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        header(&self.headers, name)
    }

    /// The path with the query.
    pub fn target(&self) -> String {
        match self.query.as_str() {
            "" => self.path.clone(),
            query => format!("{}?{query}", self.path),
        }
    }
}

impl Answered {
    /// The first value of a header; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        header(&self.headers, name)
    }

    /// The body as text.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        let text = String::from_utf8_lossy(&self.body);
        match text.strip_prefix('\u{feff}') {
            Some(rest) => rest.to_owned().into(),
            None => text,
        }
    }
}
