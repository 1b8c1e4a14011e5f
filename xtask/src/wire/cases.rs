//! The calls that are made of an operation, and what has to come of each.

use serde_json::Value;
use sixclicks_sandbox::{Choice, Content, Document, Habit, Operation as Received, Optional};

use super::arguments::{Arguments, arguments};
use crate::{
    generate::{answers::Answers, send},
    media::{Family, essence, family, parameters},
    model::{Answer, Kind, Operation, Segment, Status},
};

/// How many calls are made of an operation at least, each with arguments of its own.
const LEAST: usize = 6;

/// How many calls are made at most so that all listed values are sent, or all answered.
const MOST: u64 = 128;

/// What ASP.NET does to a success that is still to be read as what it is.
const HABITS: [Habit; 6] = [
    Habit::Envelope,
    Habit::OffsetLess,
    Habit::UnknownValues,
    Habit::UnknownFields,
    Habit::Nulls,
    Habit::EmptyBody,
];

/// A call.
pub struct Case {
    /// What it is made with, or why that cannot be made.
    pub arguments: Result<Arguments, String>,
    /// What the sandbox is to answer.
    pub choice: Choice,
    /// What has to come of it.
    pub expected: Expected,
}

/// What has to come of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A success with what was answered, as this variant if there are several.
    Success(Option<String>),
    /// A success made of nothing, or an error that says that there was nothing.
    Nothing,
    /// A failure.
    Failure,
    /// A failure with what was answered as the document describes it, as this variant if
    /// there are several.
    Typed(Option<String>),
    /// A connection that broke.
    Broken,
}

/// The operations of the document that a method may stand for, the likeliest first.
pub fn received<'a>(document: &'a Document, operation: &Operation) -> Option<&'a Received> {
    let path: String = operation
        .pieces
        .iter()
        .map(|piece| match piece {
            Segment::Literal(text) => text.as_str(),
            Segment::Parameter(_) => "1",
        })
        .collect();
    let path = path.split('?').next().unwrap_or_default();
    document
        .candidates(&operation.method, path)
        .into_iter()
        .max_by_key(|candidate| operation.path.ends_with(&candidate.template))
}

/// All calls of one operation.
pub fn cases(document: &Document, own: &Operation, received: &Received) -> Vec<Case> {
    let answers = answers(document, own, received);
    let calls = answers.len().max(LEAST).max(turns(document, received));
    let answers = answers.iter().cycle().take(calls).cloned();
    answers
        .enumerate()
        .map(|(index, (choice, expected))| {
            let optional = match index {
                0 => Optional::Never,
                // Every second call has everything, so that lists of values are gone through.
                _ if index % 2 == 1 => Optional::Always,
                _ => Optional::Sometimes,
            };
            Case {
                arguments: arguments(document, own, received, optional, index as u64 + 1),
                choice: Choice {
                    template: Some(received.template.clone()),
                    seed: index as u64,
                    ..choice
                },
                expected,
            }
        })
        .collect()
}

/// How many calls it takes until every listed value and every part of a union was sent: all of
/// them are in every second one.
fn turns(document: &Document, received: &Received) -> usize {
    let contents = received.body.iter().flat_map(|body| &body.contents);
    let bodies = contents.filter_map(|content| content.schema.as_ref());
    let parameters = received
        .parameters
        .iter()
        .map(|parameter| &parameter.schema);
    let turns = bodies
        .chain(parameters)
        .map(|schema| document.turns(schema, MOST));
    let turns = turns.max().unwrap_or(1) as usize;
    if turns > 1 { 2 * turns } else { 1 }
}

/// Every documented answer, plain and as ASP.NET bends it, and what no document mentions.
fn answers(document: &Document, own: &Operation, received: &Received) -> Vec<(Choice, Expected)> {
    let mut made = Vec::new();
    for (key, contents) in &received.answers {
        for status in statuses(key, received) {
            let kinds: Vec<Option<&Content>> = match contents.is_empty() {
                true => vec![None],
                false => accepted(own, contents).into_iter().map(Some).collect(),
            };
            for (index, content) in kinds.into_iter().enumerate() {
                let expected = expected(own, status, content);
                let schema = content.and_then(|content| content.schema.as_ref());
                let turns = schema.map_or(1, |schema| document.turns(schema, MOST));
                let never = Choice {
                    optional: Optional::Never,
                    ..plain(status, content)
                };
                let always = (0..turns).map(|turn| Choice {
                    turn: Some(turn),
                    ..plain(status, content)
                });
                let choices = always.chain([never]);
                made.extend(choices.map(|choice| (choice, expected.clone())));
                if index == 0 {
                    made.extend(bent(own, status, content, &expected));
                }
            }
        }
    }
    let success = received.success();
    if (200..300).contains(&success) && has_body(own, success) {
        made.push((habitual(success, Habit::Drop), Expected::Broken));
    }
    for (status, habit) in [
        (400, Habit::ProblemDetails),
        (500, Habit::AbpError),
        (502, Habit::GatewayPage),
        (429, Habit::TooMany),
    ] {
        made.push((habitual(status, habit), Expected::Failure));
    }
    made
}

/// The contents that a method asks for: a server that has them sends none of the others.
/// The same as JSON of another name or as plain text is what ASP.NET sends all the same.
pub(super) fn accepted<'a>(own: &Operation, contents: &'a [Content]) -> Vec<&'a Content> {
    let accept = send::accept(own);
    let named = |content: &&Content| {
        accept
            .iter()
            .any(|name| asks_for(name, &content.media_type))
    };
    let schemas: Vec<_> = contents.iter().filter(named).map(|c| &c.schema).collect();
    let alike = |content: &&Content| {
        let text = essence(&content.media_type) == "text/plain";
        named(content) || (text || is_json(content)) && schemas.contains(&&content.schema)
    };
    match schemas.is_empty() {
        true => contents.iter().collect(),
        false => contents.iter().filter(alike).collect(),
    }
}

/// Whether a name in `Accept` is a documented media type. Parameters count that choose a version.
fn asks_for(name: &str, media_type: &str) -> bool {
    let mut parameters = parameters(name).filter(|parameter| !parameter.starts_with("q="));
    match parameters.next() {
        Some(_) => name.replace(' ', "") == media_type.replace(' ', ""),
        None => essence(name) == essence(media_type),
    }
}

/// The statuses by which an answer is asked for.
pub(super) fn statuses(key: &str, received: &Received) -> Vec<u16> {
    let documented: Vec<u16> = received
        .answers
        .iter()
        .filter_map(|(key, _)| key.parse().ok())
        .collect();
    let success = received.answers.iter().any(|(key, _)| key.starts_with('2'));
    let statuses = match (key.parse::<u16>(), key) {
        (Ok(status), _) => vec![status],
        (_, "default") if success => vec![418],
        (_, "default") => vec![200, 418],
        _ => {
            let hundred = key[..1].parse::<u16>().unwrap_or_default() * 100;
            let free = (hundred + 10..hundred + 99).find(|code| !documented.contains(code));
            free.into_iter().collect()
        }
    };
    // What comes before the answer is nothing that a client shows.
    let shown = |status: &u16| (200..=599).contains(status);
    statuses.into_iter().filter(shown).collect()
}

fn plain(status: u16, content: Option<&Content>) -> Choice {
    Choice {
        status: Some(status),
        media_type: content.map(|content| content.media_type.clone()),
        digits: true,
        ..Choice::default()
    }
}

fn habitual(status: u16, habit: Habit) -> Choice {
    Choice {
        status: Some(status),
        habit: Some(habit),
        ..Choice::default()
    }
}

/// JSON as ASP.NET bends it.
fn bent(
    own: &Operation,
    status: u16,
    content: Option<&Content>,
    expected: &Expected,
) -> Vec<(Choice, Expected)> {
    let json = content.is_some_and(is_json);
    if !json || !has_body(own, status) {
        return Vec::new();
    }
    let described = Answers::success(own).describe_envelope();
    HABITS
        .into_iter()
        .filter(|habit| match (habit, expected) {
            (Habit::Envelope, Expected::Success(_)) => !described && status == 200,
            (Habit::EmptyBody, Expected::Success(_)) => true,
            (Habit::Envelope | Habit::EmptyBody, _) => false,
            _ => true,
        })
        .map(|habit| {
            let choice = Choice {
                habit: Some(habit),
                ..plain(status, content)
            };
            let expected = match habit {
                Habit::EmptyBody => Expected::Nothing,
                _ => expected.clone(),
            };
            (choice, expected)
        })
        .collect()
}

fn is_json(content: &Content) -> bool {
    kind(content) == Family::Json
}

fn kind(content: &Content) -> Family {
    let schema = content.schema.as_ref();
    let binary = schema.is_some_and(|schema| schema["format"] == "binary");
    family(&content.media_type, binary)
}

fn has_body(own: &Operation, status: u16) -> bool {
    own.method != "HEAD" && !matches!(status, 204 | 205 | 304)
}

fn expected(own: &Operation, status: u16, content: Option<&Content>) -> Expected {
    let kind = content.map(kind);
    let means = |answer: &Answer| match answer.status {
        Status::Code(code) => code == status,
        Status::Range(hundred) => hundred == status / 100,
        Status::Default => (200..300).contains(&status),
    };
    let described = content
        .and_then(|content| content.schema.as_ref())
        .and_then(Value::as_object)
        .is_some_and(|schema| schema.keys().any(|key| key != "description"));
    if (200..300).contains(&status) || own.success.iter().any(means) {
        match content {
            Some(_) if !has_body(own, status) => Expected::Nothing,
            _ => Expected::Success(variant(&Answers::success(own), status, kind)),
        }
    } else if described && kind == Some(Family::Json) && has_body(own, status) {
        Expected::Typed(variant(&Answers::errors(own), status, kind))
    } else {
        Expected::Failure
    }
}

/// The variant that stands for a status and a kind of content.
fn variant(answers: &Answers<'_>, status: u16, kind: Option<Family>) -> Option<String> {
    let variants = answers.variants.as_ref()?;
    let all = || answers.answers().iter().zip(variants);
    let found = [
        Status::Code(status),
        Status::Range(status / 100),
        Status::Default,
    ]
    .into_iter()
    .map(|wanted| {
        let of = all().filter(|(answer, _)| answer.status == wanted);
        of.collect::<Vec<_>>()
    })
    .find(|found| !found.is_empty())?;
    let fits = |answer: &Answer| match kind {
        Some(Family::Json) => answer.kind == Kind::Json,
        Some(Family::Text) => answer.kind == Kind::Text,
        _ => !matches!(answer.kind, Kind::Json | Kind::Text),
    };
    let best = found.iter().find(|(answer, _)| fits(answer));
    best.or(found.first())
        .map(|(_, variant)| (*variant).clone())
}
