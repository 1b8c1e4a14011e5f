//! The parameter styles of OpenAPI: how a value becomes text in each place.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::model::Model;

/// How a path parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PathStyle {
    /// `blue,black`
    #[default]
    Simple,
    /// `.blue.black`
    Label,
    /// `;color=blue;color=black`
    Matrix,
}

/// How a query parameter, or a form field, is written.
///
/// Lists are joined by the delimiter where a parameter does not `explode`,
/// otherwise the name repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum QueryStyle {
    /// Joined by commas (Swagger 2.0: `csv`; exploded: `multi`).
    #[default]
    Form,
    /// Joined by spaces (Swagger 2.0: `ssv`).
    SpaceDelimited,
    /// Joined by bars (Swagger 2.0: `pipes`).
    PipeDelimited,
    /// Joined by tabs (Swagger 2.0: `tsv`).
    TabDelimited,
    /// `filter[a][b]=1`, the way ASP.NET reads it: members in brackets, lists
    /// of scalars by repeating the name, other lists by index.
    DeepObject,
}

/// Percent-encoding: all but RFC 3986's unreserved characters.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// For names in a query: what URLs allow there and nobody splits at.
const NAME: &AsciiSet = &COMPONENT
    .remove(b'$')
    .remove(b'@')
    .remove(b':')
    .remove(b'/');

/// For `allowReserved`: reserved characters stay, but for those that would end
/// the value.
const RESERVED: &AsciiSet = &NAME
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'!')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// For cookies: what RFC 6265 keeps out of a value, and the percent sign.
const COOKIE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b',')
    .add(b';')
    .add(b'\\');

/// How text is escaped where it is put.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    Query,
    QueryReserved,
    Cookie,
    Nothing,
}

impl Escape {
    fn value(self, text: &str) -> String {
        match self {
            Escape::Query => percent(text, COMPONENT),
            Escape::QueryReserved => percent(text, RESERVED),
            Escape::Cookie => percent(text, COOKIE),
            Escape::Nothing => text.to_owned(),
        }
    }

    fn name(self, text: &str) -> String {
        match self {
            Escape::Query | Escape::QueryReserved => percent(text, NAME),
            Escape::Cookie | Escape::Nothing => text.to_owned(),
        }
    }

    /// A comma splits and stays; the other delimiters are not allowed in URLs.
    fn delimiter(self, style: QueryStyle) -> &'static str {
        let plain = self == Escape::Nothing;
        match style {
            QueryStyle::SpaceDelimited if plain => " ",
            QueryStyle::SpaceDelimited => "%20",
            QueryStyle::PipeDelimited if plain => "|",
            QueryStyle::PipeDelimited => "%7C",
            QueryStyle::TabDelimited if plain => "\t",
            QueryStyle::TabDelimited => "%09",
            QueryStyle::Form | QueryStyle::DeepObject => ",",
        }
    }
}

fn percent(text: &str, set: &'static AsciiSet) -> String {
    utf8_percent_encode(text, set).to_string()
}

/// A piece of a path, escaped.
pub(super) fn path_component(text: &str) -> String {
    percent(text, COMPONENT)
}

/// A parameter or form field as pairs of name and value, both escaped.
pub(super) fn pairs(
    name: &str,
    style: QueryStyle,
    explode: bool,
    value: Model,
    escape: Escape,
) -> Vec<(String, String)> {
    let mut out = Pairs {
        escape,
        pairs: Vec::new(),
    };
    if style == QueryStyle::DeepObject {
        out.deep(name, value);
        return out.pairs;
    }
    match value {
        Model::Null => {}
        Model::Array(items) if explode => out.list(name, items),
        Model::Object(members) if explode => {
            for (member, value) in members {
                out.deep(&member, value);
            }
        }
        Model::Array(items) => out.joined(name, style, items),
        Model::Object(members) => {
            let present = members
                .into_iter()
                .filter(|(_, value)| *value != Model::Null);
            let flat = present.flat_map(|(name, value)| [Model::Text(name), value]);
            out.joined(name, style, flat.collect());
        }
        scalar => out.push(name, scalar),
    }
    out.pairs
}

struct Pairs {
    escape: Escape,
    pairs: Vec<(String, String)>,
}

impl Pairs {
    fn push(&mut self, name: &str, scalar: Model) {
        let value = self.escape.value(&scalar.into_text());
        self.pairs.push((self.escape.name(name), value));
    }

    fn joined(&mut self, name: &str, style: QueryStyle, items: Vec<Model>) {
        let texts: Vec<String> = items
            .into_iter()
            .filter(|item| *item != Model::Null)
            .map(|item| self.escape.value(&item.into_text()))
            .collect();
        if !texts.is_empty() {
            let value = texts.join(self.escape.delimiter(style));
            self.pairs.push((self.escape.name(name), value));
        }
    }

    /// Brackets for members, repeated names for lists of scalars.
    fn deep(&mut self, name: &str, value: Model) {
        match value {
            Model::Null => {}
            Model::Array(items) => self.list(name, items),
            Model::Object(members) => {
                for (member, value) in members {
                    self.deep(&format!("{name}[{member}]"), value);
                }
            }
            scalar => self.push(name, scalar),
        }
    }

    fn list(&mut self, name: &str, items: Vec<Model>) {
        if items
            .iter()
            .all(|item| item.is_scalar() || *item == Model::Null)
        {
            for item in items.into_iter().filter(Model::is_scalar) {
                self.push(name, item);
            }
        } else {
            for (index, item) in items.into_iter().enumerate() {
                self.deep(&format!("{name}[{index}]"), item);
            }
        }
    }
}

/// A path parameter, escaped. `None` for null.
pub(super) fn path(name: &str, style: PathStyle, explode: bool, value: Model) -> Option<String> {
    let name = path_component(name);
    let text = |value: Model| path_component(&value.into_text());
    let (prefix, separator) = match style {
        PathStyle::Simple => ("", ","),
        PathStyle::Label => (".", "."),
        PathStyle::Matrix => (";", ";"),
    };
    let join = |texts: Vec<String>| match (style, explode) {
        (_, true) => format!("{prefix}{}", texts.join(separator)),
        (PathStyle::Matrix, false) => format!(";{name}={}", texts.join(",")),
        (_, false) => format!("{prefix}{}", texts.join(",")),
    };
    Some(match value {
        Model::Null => return None,
        Model::Array(items) => {
            let items = items.into_iter().filter(|item| *item != Model::Null);
            join(match (style, explode) {
                (PathStyle::Matrix, true) => {
                    items.map(|item| format!("{name}={}", text(item))).collect()
                }
                _ => items.map(text).collect(),
            })
        }
        Model::Object(members) => {
            let members = members
                .into_iter()
                .filter(|(_, value)| *value != Model::Null);
            join(if explode {
                members
                    .map(|(name, value)| format!("{}={}", path_component(&name), text(value)))
                    .collect()
            } else {
                members
                    .flat_map(|(name, value)| [path_component(&name), text(value)])
                    .collect()
            })
        }
        scalar => match (style, text(scalar)) {
            (PathStyle::Matrix, value) if value.is_empty() => format!(";{name}"),
            (PathStyle::Matrix, value) => format!(";{name}={value}"),
            (_, value) => format!("{prefix}{value}"),
        },
    })
}

/// A header's value in the simple style, not escaped. `None` for null.
pub(super) fn header(explode: bool, value: Model) -> Option<String> {
    let present = |value: &Model| *value != Model::Null;
    Some(match value {
        Model::Null => return None,
        Model::Array(items) => {
            let texts: Vec<_> = items
                .into_iter()
                .filter(present)
                .map(Model::into_text)
                .collect();
            texts.join(",")
        }
        Model::Object(members) => {
            let separator = if explode { "=" } else { "," };
            let texts: Vec<_> = members
                .into_iter()
                .filter(|(_, value)| present(value))
                .map(|(name, value)| format!("{name}{separator}{}", value.into_text()))
                .collect();
            texts.join(",")
        }
        scalar => scalar.into_text(),
    })
}
