//! What an operation of a document answers: an instance of a documented schema, or what
//! ASP.NET and the gateways before it are known to send instead.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    answer::{Answer, abp_error},
    check::{essence, is_json, is_xml},
    digits::spelt,
    document::{Content, Document, Operation},
    headers,
    instance::instance,
    sample::sample,
    schema::is_binary,
    shape::{Direction, Optional, Shape},
    xml,
};

/// What servers do although no document says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// ABP's envelope around an answer.
    Envelope,
    /// Date-times without an offset.
    OffsetLess,
    /// Values that an enum does not list.
    UnknownValues,
    /// Fields that no schema lists.
    UnknownFields,
    /// `null` for what is optional.
    Nulls,
    /// No body at all.
    EmptyBody,
    /// An error as problem details (RFC 9457).
    ProblemDetails,
    /// An error in ABP's envelope.
    AbpError,
    /// A gateway's web page instead of an answer: 502.
    GatewayPage,
    /// Too many requests: 429.
    TooMany,
    /// An answer that takes half a second.
    Slow,
    /// A connection that breaks in the middle of the answer.
    Drop,
}

impl Habit {
    /// All habits with their names in the header `Sandbox-Habit`.
    pub const ALL: [(&str, Self); 12] = [
        ("envelope", Self::Envelope),
        ("offset-less", Self::OffsetLess),
        ("unknown-values", Self::UnknownValues),
        ("unknown-fields", Self::UnknownFields),
        ("nulls", Self::Nulls),
        ("empty-body", Self::EmptyBody),
        ("problem-details", Self::ProblemDetails),
        ("abp-error", Self::AbpError),
        ("gateway-page", Self::GatewayPage),
        ("too-many", Self::TooMany),
        ("slow", Self::Slow),
        ("drop", Self::Drop),
    ];

    /// The habit with a name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, habit)| *habit)
    }
}

/// Which of the documented answers is given, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The path template of the operation that answers, where several have paths that no
    /// request tells apart.
    pub template: Option<String>,
    /// The status; without one, the first documented success.
    pub status: Option<u16>,
    /// The media type; without one, JSON if there is any.
    pub media_type: Option<String>,
    /// What the server does beside the document.
    pub habit: Option<Habit>,
    /// Which optional properties the answer has.
    pub optional: Optional,
    /// What chance begins with.
    pub seed: u64,
    /// Which listed values and parts of unions the answer has (see [`Shape::turn`]).
    pub turn: Option<u64>,
    /// Whether some numbers have more digits than 64 bits hold (see [`Shape::digits`]).
    pub digits: bool,
}

impl Operation {
    /// The documented answer for a status: its own, its hundred's, or `default`.
    pub fn answer(&self, status: u16) -> Option<&[Content]> {
        let at = self.place(status)?;
        Some(self.answers[at].1.as_slice())
    }

    /// Where the answer for a status is among the documented ones.
    fn place(&self, status: u16) -> Option<usize> {
        let hundred = format!("{}XX", status / 100);
        let own = status.to_string();
        [own.as_str(), hundred.as_str(), "default"]
            .iter()
            .find_map(|key| {
                let mut answers = self.answers.iter();
                answers.position(|(known, _)| known.eq_ignore_ascii_case(key))
            })
    }

    /// The status of the first documented success.
    pub fn success(&self) -> u16 {
        let codes = self
            .answers
            .iter()
            .filter_map(|(status, _)| status.parse().ok());
        let success = codes.clone().find(|code| (200..300).contains(code));
        success.unwrap_or(if self.answer(200).is_some() {
            200
        } else {
            codes.min().unwrap_or(200)
        })
    }
}

/// The answer of an operation.
pub fn respond(document: &Document, operation: &Operation, choice: &Choice) -> Answer {
    let status = choice.status.unwrap_or_else(|| operation.success());
    match choice.habit {
        Some(Habit::GatewayPage) => {
            let page = "<html><head><title>502 Bad Gateway</title></head><body></body></html>";
            return Answer::status(502)
                .header("content-type", "text/html")
                .body(page);
        }
        Some(Habit::TooMany) => return Answer::status(429).header("retry-after", "1"),
        Some(Habit::EmptyBody) => return Answer::status(status),
        Some(Habit::ProblemDetails) => {
            let problem = json!({
                "type": "https://tools.ietf.org/html/rfc9110", "title": "Something is wrong.",
                "status": status, "detail": "The sandbox was asked to say so.", "traceId": "00-1",
                "errors": {"name": ["The name is required."]},
            });
            return Answer::status(status)
                .header("content-type", "application/problem+json; charset=utf-8")
                .body(problem.to_string());
        }
        Some(Habit::AbpError) => return abp_error(status, "Something is wrong.", false),
        _ => {}
    }
    let answer = documented(document, operation, status, choice);
    match choice.habit {
        Some(Habit::Envelope) => answer.enveloped(),
        Some(Habit::Slow) => answer.delay(Duration::from_millis(500)),
        Some(Habit::Drop) => answer.broken(),
        _ => answer,
    }
}

fn documented(document: &Document, operation: &Operation, status: u16, choice: &Choice) -> Answer {
    let contents = operation.answer(status).unwrap_or_default();
    let headers = operation.place(status).map(|at| &operation.headers[at]);
    let mut answer = Answer::status(status);
    for header in headers.into_iter().flatten() {
        // Where a redirection leads is not for chance to say.
        if !((300..400).contains(&status) && header.name.eq_ignore_ascii_case("location")) {
            let texts = headers::write(document, header, choice.optional, choice.seed);
            if let Some(text) = texts {
                answer = answer.header(&header.name, &text);
            }
        }
    }
    let wished = |content: &&Content| match &choice.media_type {
        Some(wished) => content.media_type == *wished,
        None => is_json(&content.media_type),
    };
    let content = contents.iter().find(wished).or_else(|| contents.first());
    let Some(content) = content.filter(|_| operation.method != "HEAD" && has_body(status)) else {
        return answer;
    };
    let any = json!({});
    let schema = content.schema.as_ref().unwrap_or(&any);
    let shape = Shape {
        direction: Direction::Answer,
        optional: choice.optional,
        offset_less: choice.habit == Some(Habit::OffsetLess),
        unknown_values: choice.habit == Some(Habit::UnknownValues),
        unknown_fields: choice.habit == Some(Habit::UnknownFields),
        nulls: choice.habit == Some(Habit::Nulls),
        turn: choice.turn,
        digits: choice.digits,
        ..Shape::default()
    };
    // What a server does beside the document is not what the schema says.
    let bent = shape.offset_less || shape.unknown_values || shape.unknown_fields || shape.nulls;
    let value = (!bent)
        .then(|| sample(document, schema, shape, choice.seed))
        .flatten()
        .unwrap_or_else(|| instance(&document.root, schema, shape, choice.seed));
    let kind = concrete(&content.media_type);
    let binary = is_binary(&document.root, schema);
    let body = match value {
        value if is_xml(&kind) && !binary => xml::write(&document.root, schema, &value),
        Value::String(text) if !is_json(&kind) || binary => text,
        value => spelt(&value.to_string()),
    };
    answer.header("content-type", &kind).body(body)
}

fn has_body(status: u16) -> bool {
    !matches!(status, 100..=199 | 204 | 205 | 304)
}

/// A media type that can be sent, for one that may hold a wildcard.
fn concrete(media_type: &str) -> String {
    if !media_type.contains('*') {
        return media_type.to_owned();
    }
    match essence(media_type).split('/').next() {
        Some("text") => "text/plain",
        Some("image") => "image/png",
        _ => "application/json",
    }
    .to_owned()
}
