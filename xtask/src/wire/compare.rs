//! Whether a value was read as what the server sent: every member that the document
//! declares arrived, and nothing was made up.

use serde_json::Value;
use sixclicks_sandbox::{Document, Known};

use super::json::{Json, Number};

/// How two values are compared.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    document: &'a Document,
    mode: Mode,
}

/// What may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// In requests, an empty list is something else than none.
    Request,
    /// What a response has beyond the document may be lost.
    Response,
    /// Nothing may be lost, whatever the document says.
    Whole,
}

/// What an envelope holds that ABP or OData puts around content without saying so.
pub fn content(sent: &Json) -> Option<&Json> {
    let Json::Object(members) = sent else {
        return None;
    };
    let mut names = members.iter().map(|(name, _)| name.as_str());
    match sent.get("__abp").is_some() {
        true => sent.get("result"),
        false if names.any(|name| name.starts_with("@odata.")) => sent.get("value"),
        false => None,
    }
}

impl<'a> Comparison<'a> {
    /// A comparison of requests: of the one that was meant with the one that was sent.
    pub fn request(document: &'a Document) -> Self {
        Self {
            document,
            mode: Mode::Request,
        }
    }

    /// A comparison of what a server sent with what was read.
    pub fn response(document: &'a Document) -> Self {
        Self {
            document,
            mode: Mode::Response,
        }
    }

    /// A comparison in which every member has to arrive, whatever the document says.
    pub fn whole(document: &'a Document) -> Self {
        Self {
            document,
            mode: Mode::Whole,
        }
    }

    /// Where two values differ, if they do.
    pub fn difference(self, schema: Option<&Value>, sent: &Json, read: &Json) -> Option<String> {
        let schemas: Vec<Value> = schema.into_iter().cloned().collect();
        let plain = self.walk(&schemas, sent, read, "");
        match (plain, content(sent)) {
            (Some(_), Some(content)) if self.mode != Mode::Request => {
                self.walk(&schemas, content, read, "")
            }
            (plain, _) => plain,
        }
    }

    /// Whether a value may be left out.
    fn is_nothing(self, value: &Json) -> bool {
        match self.mode {
            Mode::Request => *value == Json::Null,
            Mode::Response | Mode::Whole => value.is_empty(),
        }
    }

    fn walk(self, schemas: &[Value], sent: &Json, read: &Json, at: &str) -> Option<String> {
        let differs = || {
            let (sent, read) = (short(sent), short(read));
            Some(format!("at {at:?}, {sent} became {read}"))
        };
        match (sent, read) {
            // An empty list may stand for nothing in a response, and nothing else may.
            (Json::Null, read) => (!self.is_nothing(read)).then(differs).flatten(),
            (sent, Json::Null) => (!self.is_nothing(sent)).then(differs).flatten(),
            (Json::Object(_), Json::List(_)) if sent.get("$values").is_some() => {
                let values = sent.get("$values").unwrap_or(&Json::Null);
                self.walk(schemas, values, read, at)
            }
            (Json::Object(members), Json::Object(_)) => self.members(schemas, members, read, at),
            (Json::List(items), Json::List(known)) if items.len() == known.len() => {
                let schemas = Known::of(&self.document.root, schemas).items;
                let mut pairs = items.iter().zip(known).enumerate();
                pairs.find_map(|(index, (sent, read))| {
                    self.walk(&schemas, sent, read, &format!("{at}/{index}"))
                })
            }
            (Json::Number(sent), Json::Number(read)) => {
                let same = sent == read || is_float(schemas) && sent.is_near(read);
                (!same).then(differs).flatten()
            }
            // A number may be written as a string.
            (Json::Number(number), Json::Text(text)) | (Json::Text(text), Json::Number(number)) => {
                let same = self.mode != Mode::Request
                    && Number::read(text.trim()).as_ref() == Some(number);
                (!same).then(differs).flatten()
            }
            (Json::Text(sent), Json::Text(read)) => {
                (!is_same_text(sent, read)).then(differs).flatten()
            }
            (sent, read) => (sent != read).then(differs).flatten(),
        }
    }

    fn members(
        self,
        schemas: &[Value],
        members: &[(String, Json)],
        read: &Json,
        at: &str,
    ) -> Option<String> {
        let described = Known::of(&self.document.root, schemas);
        let lost = members.iter().find_map(|(name, value)| {
            let at = format!("{at}/{name}");
            let own = member(&described, name);
            match read.get_ignoring_case(name) {
                Some(read) => self.walk(&own, value, read, &at),
                None if self.is_nothing(value) => None,
                None if self.mode != Mode::Whole && !is_declared(&described, name) => None,
                None => Some(format!("{at:?} was lost: {}", short(value))),
            }
        });
        lost.or_else(|| {
            let Json::Object(known) = read else {
                return None;
            };
            let mut known = known.iter();
            let given = |name: &str| {
                members
                    .iter()
                    .any(|(own, _)| own.eq_ignore_ascii_case(name))
            };
            let (name, value) =
                known.find(|(name, value)| !self.is_nothing(value) && !given(name))?;
            let at = format!("{at}/{name}");
            Some(format!("{at:?} was made up: {}", short(value)))
        })
    }
}

/// The schemas of a member.
fn member(described: &Known<'_>, name: &str) -> Vec<Value> {
    let exact = described.fields.get(name);
    let alike = || {
        let mut fields = described.fields.iter();
        fields
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, schemas)| schemas)
    };
    match exact.or_else(alike) {
        Some(schemas) => schemas.clone(),
        None => described.rest.clone(),
    }
}

/// Whether the document speaks of a member, by its name or as one of any name. Where nothing
/// is said of an object at all, it is any value, and has to arrive whole.
fn is_declared(described: &Known<'_>, name: &str) -> bool {
    let mut fields = described.fields.keys();
    described.open
        || described.fields.is_empty()
        || fields.any(|own| own.eq_ignore_ascii_case(name))
}

/// Whether schemas describe floating-point numbers, which have no more digits than fit.
fn is_float(schemas: &[Value]) -> bool {
    let float = |schema: &Value| matches!(schema["format"].as_str(), Some("double" | "float"));
    schemas.iter().any(float)
}

/// Whether two texts are the same, or the same point in time or UUID in other notations.
fn is_same_text(one: &str, other: &str) -> bool {
    let time = |text| chrono::DateTime::parse_from_rfc3339(text).ok();
    one == other
        || time(one).is_some() && time(one) == time(other)
        || one.len() == 36 && one.eq_ignore_ascii_case(other)
}

/// A value as far as a message shows it.
pub fn short(value: &Json) -> String {
    super::judge::shorten(value.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sixclicks_sandbox::Document;

    use super::{Comparison, Json};

    #[test]
    fn declared_members_have_to_arrive_and_none_is_made_up() {
        let document = Document::new(json!({
            "openapi": "3.0.0",
            "components": {"schemas": {
                "Hut": {"properties": {
                    "name": {"type": "string"},
                    "beds": {"items": {"properties": {"number": {"type": "integer"}}}},
                    "height": {"type": "number", "format": "double"},
                }},
                "Any": {},
                "Map": {"additionalProperties": {"type": "integer"}},
            }},
        }));
        let differs = |schema: &str, sent: &str, read: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
            let parse = |text| Json::parse(text).expect(text);
            Comparison::response(&document)
                .difference(Some(&schema), &parse(sent), &parse(read))
                .is_some()
        };
        for (schema, sent, read) in [
            ("Hut", r#"{"name":"a","other":1}"#, r#"{"name":"a"}"#),
            ("Hut", r#"{"Name":"a"}"#, r#"{"name":"a"}"#),
            ("Hut", r#"{"name":null,"beds":[]}"#, r#"{}"#),
            (
                "Hut",
                r#"{"beds":[{"number":"7"}]}"#,
                r#"{"beds":[{"number":7}]}"#,
            ),
            (
                "Hut",
                r#"{"height":0.10000000000000001}"#,
                r#"{"height":0.1}"#,
            ),
            (
                "Hut",
                r#"{"__abp":true,"result":{"name":"a"}}"#,
                r#"{"name":"a"}"#,
            ),
            ("Any", r#"{"@odata.context":"c","value":[1]}"#, "[1]"),
        ] {
            assert!(!differs(schema, sent, read), "{sent} {read}");
        }
        for (schema, sent, read) in [
            ("Hut", r#"{"name":"a"}"#, r#"{}"#),
            ("Hut", r#"{"Name":"a"}"#, r#"{"name":null}"#),
            ("Hut", r#"{}"#, r#"{"name":""}"#),
            ("Hut", r#"{"beds":[{"number":7}]}"#, r#"{"beds":[{}]}"#),
            ("Hut", r#"{"beds":[{"number":7}]}"#, r#"{"beds":[]}"#),
            (
                "Any",
                r#"{"a":9007199254740993}"#,
                r#"{"a":9007199254740992}"#,
            ),
            ("Any", r#"{"a":1}"#, "{}"),
            ("Map", r#"{"a":1}"#, "{}"),
        ] {
            assert!(differs(schema, sent, read), "{sent} {read}");
        }
    }
}
