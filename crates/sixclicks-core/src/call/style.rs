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
    /// `blue%20black` (Swagger 2.0: `ssv`).
    SpaceDelimited,
    /// `blue%7Cblack` (Swagger 2.0: `pipes`).
    PipeDelimited,
    /// `blue%09black` (Swagger 2.0: `tsv`).
    TabDelimited,
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
    /// `filter.a.b=1`, the way ASP.NET binds objects: members after a dot, lists of scalars by
    /// repeating the name, other lists by index (`rows[0].id=1`).
    ///
    /// An object with a member whose name has a dot or a bracket is a map; it is written as
    /// `name[0].Key=…&name[0].Value=…`.
    Dotted,
    /// `labels[a]=1`, the way ASP.NET binds maps: the keys of the outermost object in brackets,
    /// everything else as in [`QueryStyle::Dotted`].
    Keyed,
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
            QueryStyle::Form | QueryStyle::DeepObject | QueryStyle::Dotted | QueryStyle::Keyed => {
                ","
            }
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
    match style {
        QueryStyle::DeepObject => {
            out.deep(name, value);
            return out.pairs;
        }
        QueryStyle::Dotted | QueryStyle::Keyed => {
            out.bound(name, value, style == QueryStyle::Keyed);
            return out.pairs;
        }
        QueryStyle::Form
        | QueryStyle::SpaceDelimited
        | QueryStyle::PipeDelimited
        | QueryStyle::TabDelimited => {}
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

    /// As ASP.NET binds models: dots before members, or brackets around keys, and indexes
    /// without a gap, because the first gap ends a list.
    fn bound(&mut self, name: &str, value: Model, keyed: bool) {
        match value {
            Model::Null => {}
            Model::Array(items) => {
                let items: Vec<Model> = items.into_iter().filter(|item| !item.is_null()).collect();
                if items.iter().all(Model::is_scalar) {
                    return self.list(name, items);
                }
                let mut index = 0;
                for item in items {
                    let before = self.pairs.len();
                    self.bound(&format!("{name}[{index}]"), item, false);
                    // Of an item without a member there is nothing to write, nor a number.
                    index += usize::from(self.pairs.len() > before);
                }
            }
            Model::Object(members) if members.iter().any(|(key, _)| is_ambiguous(key)) => {
                let members = members.into_iter().filter(|(_, value)| !value.is_null());
                for (index, (key, value)) in members.enumerate() {
                    self.push(&format!("{name}[{index}].Key"), Model::Text(key));
                    self.bound(&format!("{name}[{index}].Value"), value, false);
                }
            }
            Model::Object(members) => {
                for (member, value) in members {
                    let inner = match keyed {
                        true => format!("{name}[{member}]"),
                        false => format!("{name}.{member}"),
                    };
                    self.bound(&inner, value, false);
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

/// Whether a key cannot be told from the path of a member in a name such as `a.b[c]`.
fn is_ambiguous(key: &str) -> bool {
    key.is_empty() || key.contains(['.', '[', ']'])
}

/// A path parameter, escaped. `None` for null.
pub(super) fn path(name: &str, style: PathStyle, explode: bool, value: Model) -> Option<String> {
    let name = path_component(name);
    let text = |value: Model| path_component(&value.into_text());
    let (prefix, separator) = match style {
        PathStyle::Simple => ("", ","),
        PathStyle::Label => (".", "."),
        PathStyle::Matrix => (";", ";"),
        PathStyle::SpaceDelimited => ("", "%20"),
        PathStyle::PipeDelimited => ("", "%7C"),
        PathStyle::TabDelimited => ("", "%09"),
    };
    let join = |texts: Vec<String>| match (style, explode) {
        (_, true) => format!("{prefix}{}", texts.join(separator)),
        (PathStyle::Matrix, false) => format!(";{name}={}", texts.join(",")),
        (PathStyle::Simple | PathStyle::Label, false) => format!("{prefix}{}", texts.join(",")),
        (_, false) => texts.join(separator),
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

/// A header's value in the simple style, not escaped, its items parted by the delimiter of
/// another. `None` for null.
pub(super) fn header(style: QueryStyle, explode: bool, value: Model) -> Option<String> {
    let delimiter = Escape::Nothing.delimiter(style);
    let present = |value: &Model| *value != Model::Null;
    Some(match value {
        Model::Null => return None,
        Model::Array(items) => {
            let texts: Vec<_> = items
                .into_iter()
                .filter(present)
                .map(Model::into_text)
                .collect();
            texts.join(delimiter)
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
