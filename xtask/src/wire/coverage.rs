//! What of a document the calls have shown, measured by the requests that arrived and the responses
//! that were sent: the parts of its unions, the values of its enums, its media types, its responses,
//! and text with all that has a meaning somewhere on the way.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sixclicks_sandbox::{Content, Direction, Document, Operation as Documented, Received, Shown};

use super::cases::{self, Case};
use crate::{
    media::{essence, family},
    model::Operation,
};

/// How much of one kind there was.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Share {
    /// How many were seen.
    pub seen: usize,
    /// How many there are.
    pub of: usize,
}

/// What was seen of a document.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Coverage {
    /// The parts of unions, apart for requests and responses, as are the values of enums.
    pub variants: Share,
    /// The values of enums.
    pub values: Share,
    /// The media types of bodies and responses; those of one kind and schema are one.
    pub media_types: Share,
    /// The documented responses.
    pub responses: Share,
    /// The places of text, each with what delimits, quotes, encodes, or is not ASCII.
    pub texts: Share,
}

impl Coverage {
    /// The kinds with their names.
    pub fn shares(&self) -> [(&'static str, Share); 5] {
        [
            ("variants", self.variants),
            ("values", self.values),
            ("media types", self.media_types),
            ("responses", self.responses),
            ("texts", self.texts),
        ]
    }

    /// Adds what was seen of another document.
    pub fn add(&mut self, other: &Self) {
        let own = [
            &mut self.variants,
            &mut self.values,
            &mut self.media_types,
            &mut self.responses,
            &mut self.texts,
        ];
        for (own, (_, share)) in own.into_iter().zip(other.shares()) {
            own.seen += share.seen;
            own.of += share.of;
        }
    }
}

/// A kind of what is seen.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Kind {
    Variant,
    Value,
    MediaType,
    Response,
    Text,
}

/// What is to be seen, and whether it was.
#[derive(Debug, Default)]
pub struct Watch {
    wanted: BTreeMap<(Kind, String), bool>,
}

/// Whether a character is of one kind.
type Is = fn(char) -> bool;

/// What text has to have at least once in every place that takes any.
const CHARACTERS: [(&str, Is); 4] = [
    ("a delimiter", |c| ",;&|=/?#:".contains(c)),
    ("a quotation mark", |c| "\"'„“".contains(c)),
    ("a percent sign", |c| c == '%'),
    ("a letter outside ASCII", |c| !c.is_ascii()),
];

impl Watch {
    /// Notes what an operation can show.
    pub fn expect(&mut self, document: &Document, own: &Operation, documented: &Documented) {
        for (place, schema) in inputs(own, documented) {
            let mut shown = document.showable(schema, &place, Direction::Request);
            // Text does not tell `7` from `"7"`.
            shown.retain(|shown| !matches!(shown, Shown::Variant { .. }));
            self.expect_all(shown, "sent", text_place(&place));
        }
        let at = name(documented);
        for content in sendable(own, documented) {
            if let Some(schema) = &content.schema {
                let of = format!("the body of {at}");
                let mut shown = document.showable(schema, &of, Direction::Request);
                shown.retain(|shown| is_json(content) || !matches!(shown, Shown::Variant { .. }));
                self.expect_all(shown, "sent", text_kind(content));
            }
            let kinds = documented.body.iter().flat_map(|body| &body.contents);
            self.want(Kind::MediaType, media_type(&at, "", content, kinds));
        }
        for (key, contents) in &documented.answers {
            if cases::statuses(key, documented).is_empty() {
                continue;
            }
            self.want(Kind::Response, format!("{key} of {at}"));
            for content in cases::accepted(own, contents) {
                let what = media_type(&at, key, content, contents.iter());
                self.want(Kind::MediaType, what);
                if let Some(schema) = content.schema.as_ref().filter(|_| is_json(content)) {
                    let of = format!("the response {key} of {at}");
                    let shown = document.showable(schema, &of, Direction::Answer);
                    self.expect_all(shown, "answered", None);
                }
            }
        }
    }

    /// Notes what a call showed.
    pub fn see(
        &mut self,
        document: &Document,
        own: &Operation,
        documented: &Documented,
        case: &Case,
        request: &Received,
    ) {
        let at = name(documented);
        for (place, schema) in inputs(own, documented) {
            let (kind, name) = place.split_once(" parameter ").unwrap_or_default();
            let name = name.split(' ').next().unwrap_or_default();
            if let Some(value) = request.values.get(kind).and_then(|values| values.get(name)) {
                let shown = document.shown(schema, value, &place, Direction::Request);
                self.see_all(shown, "sent");
                self.see_texts(value, text_place(&place));
            }
        }
        let sent_as = request
            .headers
            .iter()
            .find(|(name, _)| name == "content-type");
        let sent_as = sent_as.map_or("", |(_, value)| value);
        let contents = documented.body.iter().flat_map(|body| &body.contents);
        let content = contents
            .clone()
            .find(|content| is_sent_as(content, sent_as))
            .or_else(|| sendable(own, documented).into_iter().next());
        if let (Some(content), Some(body)) = (content, request.values.get("body")) {
            self.mark(Kind::MediaType, media_type(&at, "", content, contents));
            if let Some(schema) = &content.schema {
                let of = format!("the body of {at}");
                let shown = document.shown(schema, body, &of, Direction::Request);
                self.see_all(shown, "sent");
                self.see_texts(body, text_kind(content));
            }
        }
        self.see_answer(document, own, documented, case, request);
    }

    fn see_answer(
        &mut self,
        document: &Document,
        own: &Operation,
        documented: &Documented,
        case: &Case,
        request: &Received,
    ) {
        if case.choice.habit.is_some() {
            return;
        }
        let at = name(documented);
        let status = request.answer.code();
        let of_status =
            |(key, _): &&(String, Vec<Content>)| cases::statuses(key, documented).contains(&status);
        // A status of its own comes before a range and the rest.
        let mut found: Vec<_> = documented.answers.iter().filter(of_status).collect();
        found.sort_by_key(|(key, _)| key.parse::<u16>().is_err());
        let Some((key, contents)) = found.first() else {
            return;
        };
        self.mark(Kind::Response, format!("{key} of {at}"));
        let wished = case.choice.media_type.as_deref();
        let content = cases::accepted(own, contents)
            .into_iter()
            .find(|content| wished == Some(&*content.media_type));
        let Some(content) = content else { return };
        let what = media_type(&at, key, content, contents.iter());
        self.mark(Kind::MediaType, what);
        if let Some(schema) = content.schema.as_ref().filter(|_| is_json(content))
            && let Ok(value) = serde_json::from_slice::<Value>(request.answer.bytes())
        {
            let of = format!("the response {key} of {at}");
            let shown = document.shown(schema, &value, &of, Direction::Answer);
            self.see_all(shown, "answered");
        }
    }

    fn expect_all(&mut self, shown: BTreeSet<Shown>, way: &str, texts: Option<String>) {
        for shown in shown {
            match (what(&shown, way), &texts) {
                (Some((kind, what)), _) => self.want(kind, what),
                (None, Some(place)) => {
                    for (characters, _) in CHARACTERS {
                        self.want(Kind::Text, format!("{characters} in {place}"));
                    }
                }
                (None, None) => {}
            }
        }
    }

    fn see_all(&mut self, shown: BTreeSet<Shown>, way: &str) {
        for (kind, what) in shown.iter().filter_map(|shown| what(shown, way)) {
            self.mark(kind, what);
        }
    }

    /// Notes the characters of all texts in a value.
    fn see_texts(&mut self, value: &Value, place: Option<String>) {
        let Some(place) = place else { return };
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            match value {
                Value::String(text) => {
                    for (characters, is) in CHARACTERS {
                        if text.contains(is) {
                            self.mark(Kind::Text, format!("{characters} in {place}"));
                        }
                    }
                }
                Value::Array(items) => open.extend(items),
                Value::Object(members) => open.extend(members.values()),
                _ => {}
            }
        }
    }

    fn want(&mut self, kind: Kind, what: String) {
        self.wanted.entry((kind, what)).or_default();
    }

    fn mark(&mut self, kind: Kind, what: String) {
        if let Some(seen) = self.wanted.get_mut(&(kind, what)) {
            *seen = true;
        }
    }

    /// What was seen, and what was not.
    pub fn told(&self) -> (Coverage, Vec<String>) {
        let share = |kind: Kind| {
            let all = self.wanted.iter().filter(|((own, _), _)| *own == kind);
            Share {
                seen: all.clone().filter(|(_, seen)| **seen).count(),
                of: all.count(),
            }
        };
        let coverage = Coverage {
            variants: share(Kind::Variant),
            values: share(Kind::Value),
            media_types: share(Kind::MediaType),
            responses: share(Kind::Response),
            texts: share(Kind::Text),
        };
        let unseen = self.wanted.iter().filter(|(_, seen)| !**seen);
        (
            coverage,
            unseen.map(|((_, what), _)| what.clone()).collect(),
        )
    }
}

/// What a part of a value is called.
fn what(shown: &Shown, way: &str) -> Option<(Kind, String)> {
    match shown {
        Shown::Variant { of, variant } => Some((
            Kind::Variant,
            format!("the variant {variant} of {of}, {way}"),
        )),
        Shown::Value { of, value } => Some((Kind::Value, format!("{value} of {of}, {way}"))),
        Shown::Text => None,
    }
}

fn name(documented: &Documented) -> String {
    format!("{} {}", documented.method, documented.template)
}

/// The parameters that a method sets, with their places.
fn inputs<'a>(own: &Operation, documented: &'a Documented) -> Vec<(String, &'a Value)> {
    let is_set = |name: &str| {
        let mut own = own.parameters.iter();
        own.any(|own| own.wire.eq_ignore_ascii_case(name))
    };
    let parameters = documented.parameters.iter();
    parameters
        .filter(|parameter| is_set(&parameter.name))
        .map(|parameter| {
            let at = name(documented);
            let (place, name) = (parameter.place.name(), &parameter.name);
            (
                format!("{place} parameter {name} of {at}"),
                &parameter.schema,
            )
        })
        .collect()
}

/// Where the text of a parameter is.
fn text_place(place: &str) -> Option<String> {
    let (place, _) = place.split_once(' ')?;
    Some(format!("a {place} parameter"))
}

/// Where the text of a body is.
fn text_kind(content: &Content) -> Option<String> {
    Some(format!("{} bodies", essence(&content.media_type)))
}

/// The contents of the body that a method can send.
fn sendable<'a>(own: &Operation, documented: &'a Documented) -> Vec<&'a Content> {
    let contents = documented.body.iter().flat_map(|body| &body.contents);
    contents
        .filter(|content| {
            let documented = essence(&content.media_type);
            let body = own.body.iter().flat_map(|body| &body.media_types);
            let mut named = body.chain(&own.form);
            named.any(|named| essence(named) == documented)
        })
        .collect()
}

/// Whether a content has a media type, or a range that it is in.
fn is_sent_as(content: &Content, sent_as: &str) -> bool {
    let (known, sent) = (essence(&content.media_type), essence(sent_as));
    match known.split_once('*') {
        Some((before, after)) => sent.starts_with(before) && sent.ends_with(after),
        None => known == sent,
    }
}

/// The name of a media type, which is that of the first of its kind with the same schema.
fn media_type<'a>(
    at: &str,
    key: &str,
    content: &Content,
    mut all: impl Iterator<Item = &'a Content>,
) -> String {
    let kind = |content: &Content| family(&content.media_type, false);
    let same = all.find(|other| kind(other) == kind(content) && other.schema == content.schema);
    let name = same.map_or(&content.media_type, |same| &same.media_type);
    match key {
        "" => format!("{name}, sent to {at}"),
        key => format!("{name}, answered {key} by {at}"),
    }
}

fn is_json(content: &Content) -> bool {
    family(&content.media_type, false) == crate::media::Family::Json
}
