//! Whether a call is right: the server bound what was passed, and the method returned what the
//! server answered.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sixclicks_sandbox::Operation as Received;
use xtask::{
    model::Operation,
    wire::{
        cases::received, compare::Comparison, exchange::Answered, json::Json, loopback::Loopback,
        process::Driver, response,
    },
};

use crate::{
    cases::{Call, Case},
    subject::Subject,
};

/// The calls of one document's operations.
pub struct Judge<'a> {
    pub subject: &'a Subject,
    pub driver: Driver,
    pub relay: &'a Loopback,
    pub text_enums: bool,
}

impl Judge<'_> {
    /// Makes the calls of an operation; why it is not right, if it is not.
    pub fn case(&mut self, case: &Case) -> Result<(), String> {
        let subject = self.subject;
        let (name, own) = find(subject, &case.operation)?;
        let documented = received(&subject.document, own).ok_or("it is not in the document")?;
        let calls = case.calls.iter();
        for call in calls.filter(|call| call.is_for(&subject.named)) {
            self.call(call, &name, own, documented)
                .map_err(|why| format!("{}: {why}", call.name))?;
        }
        Ok(())
    }

    fn call(
        &mut self,
        call: &Call,
        name: &str,
        own: &Operation,
        documented: &Received,
    ) -> Result<(), String> {
        let values = call.values(own, self.text_enums)?;
        self.relay.forget();
        let line = self
            .driver
            .call(name, &values)
            .ok_or("the driver stopped")?;
        let done = Json::parse(&line).map_err(|error| error.to_string())?;
        let Some(exchange) = self.relay.last() else {
            let why = done.get("unset").or_else(|| done.get("message"));
            return Err(why.map(ToString::to_string).unwrap_or_default());
        };
        let answered = exchange.answered?;
        let said = || {
            let body: String = answered.text().chars().take(200).collect();
            let sent: String = String::from_utf8_lossy(&exchange.sent.body)
                .chars()
                .take(300)
                .collect();
            format!(
                "{} {body} to {} {sent}",
                answered.status,
                exchange.sent.target()
            )
        };
        if !call.status.has(answered.status) {
            return Err(format!("the server answered {}", said()));
        }
        let bound = answered.header("x-bound");
        let bound = STANDARD.decode(bound).map_err(|error| error.to_string())?;
        let bound = match String::from_utf8_lossy(&bound).as_ref() {
            "" => Json::Null,
            bound => Json::parse(bound).map_err(|error| error.to_string())?,
        };
        let wanted = Json::parse(call.bound.get()).map_err(|error| error.to_string())?;
        if let Some(difference) = difference(&wanted, &bound, "") {
            return Err(format!("bound {difference}; {}", exchange.sent.target()));
        }
        if let Some(answer) = &call.answer {
            let answer = Json::parse(answer.get()).map_err(|error| error.to_string())?;
            let text = answered.text();
            let got = Json::parse(&text).unwrap_or_else(|_| Json::Text(text.into_owned()));
            if let Some(difference) = difference(&answer, &got, "") {
                return Err(format!("the server understood {difference}"));
            }
        }
        self.answer(documented, &answered, &done)
            .map_err(|why| format!("{why}; {}", said()))
    }

    /// What the method returned has to be what the server answered, whole.
    fn answer(
        &self,
        documented: &Received,
        answered: &Answered,
        done: &Json,
    ) -> Result<(), String> {
        let document = &self.subject.document;
        if let Some(why) = response::wrong(document, documented, answered, done) {
            return Err(why);
        }
        let ok = done.get("ok") == Some(&Json::Bool(true));
        let nothing = answered.body.is_empty() && is_no_content(done);
        if ok != (200..300).contains(&answered.status) && !nothing {
            return Err("a success is an error, or the reverse".to_owned());
        }
        let text = answered.text();
        let read = done.get("value").and_then(|value| value.get("json"));
        let Some(read) = read else { return Ok(()) };
        if text.is_empty() {
            // For nothing, a list may be empty; any other value would be made up.
            return match read.is_empty() && !matches!(read, Json::Object(_)) {
                true => Ok(()),
                false => Err(format!("nothing became {read}")),
            };
        }
        let sent = Json::parse(&text).unwrap_or_else(|_| Json::Text(text.into_owned()));
        let schemas = documented.answer(answered.status).unwrap_or_default();
        let schema = schemas.first().and_then(|content| content.schema.as_ref());
        match Comparison::whole(document).difference(schema, &sent, read) {
            Some(why) => Err(why),
            None => Ok(()),
        }
    }
}

/// Whether an error says that there is no content where some is documented.
fn is_no_content(done: &Json) -> bool {
    done.get("kind").and_then(Json::as_str) == Some("NoContent")
}

/// The method for an operation, with its name in the driver.
fn find<'a>(subject: &'a Subject, operation: &str) -> Result<(String, &'a Operation), String> {
    let (method, path) = operation.split_once(' ').expect("a method and a path");
    let mut found = None;
    for (api, plan) in subject.plans.iter().enumerate() {
        for (number, own) in plan.operations.iter().enumerate() {
            let same = own.method == method && nameless(&own.path) == nameless(path);
            if same && (found.is_none() || !own.alternative) {
                found = Some((format!("{api}.{number}"), own));
            }
        }
    }
    found.ok_or_else(|| "it has no method".to_owned())
}

/// A path without the names of its parameters.
fn nameless(path: &str) -> String {
    let pieces = path.split('{').map(|piece| match piece.split_once('}') {
        Some((_, rest)) => format!("{{}}{rest}"),
        None => piece.to_owned(),
    });
    pieces.collect()
}

/// Where two values differ, if they do. The order of members does not matter.
fn difference(wanted: &Json, got: &Json, at: &str) -> Option<String> {
    let differs = || Some(format!("{at}: {got} instead of {wanted}"));
    match (wanted, got) {
        (Json::Object(members), Json::Object(own)) => {
            let missing = members.iter().find_map(|(name, value)| {
                let at = format!("{at}/{name}");
                match got.get(name) {
                    Some(got) => difference(value, got, &at),
                    None => Some(format!("{at}: nothing instead of {value}")),
                }
            });
            let more = || own.iter().find(|(name, _)| wanted.get(name).is_none());
            missing.or_else(|| {
                more().map(|(name, value)| format!("{at}/{name}: {value} instead of nothing"))
            })
        }
        (Json::List(items), Json::List(own)) if items.len() == own.len() => {
            let mut pairs = items.iter().zip(own).enumerate();
            pairs.find_map(|(index, (wanted, got))| {
                difference(wanted, got, &format!("{at}/{index}"))
            })
        }
        (Json::Text(wanted), Json::Text(got)) => (wanted != got).then(differs).flatten(),
        (wanted, got) => (wanted != got).then(differs).flatten(),
    }
}
