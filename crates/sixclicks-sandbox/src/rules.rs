//! The schemas of a document as JSON Schema, and the checking of values against them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use jsonschema::{Draft, ValidationError, Validator, error::ValidationErrorKind};
use referencing::Registry;
use serde_json::Value;

use crate::{idioms, translate::adapt, unknown};

/// Where the document is, for references to it.
pub(crate) const BASE: &str = "json-schema:///document";

/// Something that a value is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where: a JSON pointer into the body, or the parameter.
    pub at: String,
    /// What the document says.
    pub rule: String,
    /// What kind of rule it is.
    pub breach: Breach,
}

/// What kind of rule a request breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// Something required is missing.
    Missing,
    /// A value has another type or format, or the body is not of its media type.
    Type,
    /// A value has the type, but is outside its limits or not one of those listed.
    Limit,
    /// The document does not mention it.
    Undeclared,
}

/// How strictly a schema is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// To the letter.
    Letter,
    /// As it is meant where the letter is not (see `idioms`).
    Meant,
}

/// The document's schemas.
#[derive(Debug)]
pub struct Rules {
    letter: Compiled,
    meant: OnceLock<Compiled>,
}

/// The schemas of a document in one reading, each compiled when it is first asked for.
struct Compiled {
    registry: Option<Registry<'static>>,
    validators: Mutex<HashMap<String, Result<Arc<Validator>, String>>>,
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Compiled")
    }
}

impl Rules {
    pub fn new(root: &Value) -> Self {
        Self {
            letter: Compiled::new(root),
            meant: OnceLock::new(),
        }
    }

    /// What is wrong with a value, in either reading.
    pub fn check(&self, root: &Value, given: &Value, value: &Value) -> Vec<Violation> {
        let found = self.check_as(root, given, value, Reading::Letter);
        if found.is_empty() {
            return found;
        }
        self.check_as(root, given, value, Reading::Meant)
    }

    /// What is wrong with a value in one reading.
    pub fn check_as(
        &self,
        root: &Value,
        given: &Value,
        value: &Value,
        reading: Reading,
    ) -> Vec<Violation> {
        let mut found = match reading {
            Reading::Letter => self.letter.check(root, given, value),
            Reading::Meant => {
                let meant = || Compiled::new(&idioms::meant(root));
                let compiled = self.meant.get_or_init(meant);
                compiled.check(root, &idioms::meant(given), value)
            }
        };
        if found.is_empty() {
            unknown::find(root, std::slice::from_ref(given), value, "", &mut found);
        }
        found
    }
}

impl Compiled {
    fn new(root: &Value) -> Self {
        let builder = Registry::new().draft(Draft::Draft202012);
        Self {
            registry: builder
                .add(BASE, adapt(root, root))
                .and_then(|builder| builder.prepare())
                .ok(),
            validators: Mutex::default(),
        }
    }

    fn check(&self, root: &Value, given: &Value, value: &Value) -> Vec<Violation> {
        match self.compile(root, given) {
            Ok(validator) => validator
                .iter_errors(value)
                .take(5)
                .flat_map(|error| violations(&error))
                .collect(),
            Err(error) => vec![Violation {
                at: String::new(),
                rule: format!("the schema cannot be understood: {error}"),
                breach: Breach::Limit,
            }],
        }
    }

    fn compile(&self, root: &Value, given: &Value) -> Result<Arc<Validator>, String> {
        let key = given.to_string();
        let mut known = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let made = known.entry(key).or_insert_with(|| {
            let mut options = jsonschema::options()
                .with_draft(Draft::Draft202012)
                .should_validate_formats(true)
                .should_ignore_unknown_formats(true)
                .with_format("time", is_time)
                .with_format("duration", |_: &str| true);
            if let Some(registry) = &self.registry {
                options = options.with_registry(registry);
            }
            let validator = options
                .build(&adapt(root, given))
                .map_err(|error| error.to_string())?;
            Ok(Arc::new(validator))
        });
        made.clone()
    }
}

/// What a validator's error says; one for each member that there should not be.
fn violations(error: &ValidationError<'_>) -> Vec<Violation> {
    let at = error.instance_path().to_string();
    if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
        let members = unexpected.iter().map(|name| Violation {
            at: format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
            rule: "no other members are allowed".to_owned(),
            breach: Breach::Undeclared,
        });
        return members.collect();
    }
    vec![Violation {
        at,
        rule: short(&error.to_string()),
        breach: breach(error.kind()),
    }]
}

fn breach(kind: &ValidationErrorKind) -> Breach {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Required { .. } => Breach::Missing,
        Kind::AdditionalProperties { .. } | Kind::UnevaluatedProperties { .. } => {
            Breach::Undeclared
        }
        Kind::Type { .. } | Kind::Format { .. } | Kind::FalseSchema => Breach::Type,
        // One branch that only a limit keeps the value from makes it a matter of limits.
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            let is_limit = |errors: &Vec<ValidationError<'_>>| {
                errors
                    .iter()
                    .all(|error| breach(error.kind()) == Breach::Limit)
            };
            match context.iter().any(is_limit) {
                true => Breach::Limit,
                false => Breach::Type,
            }
        }
        _ => Breach::Limit,
    }
}

/// Whether a text begins as a time of day does; ASP.NET's have no offset.
fn is_time(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.splitn(3, ':');
    let hour = parts.next().is_some_and(number);
    hour && parts.next().is_some_and(number)
}

fn short(text: &str) -> String {
    if text.chars().count() <= 300 {
        return text.to_owned();
    }
    text.chars().take(140).collect::<String>()
        + " … "
        + &text
            .chars()
            .skip(text.chars().count() - 150)
            .collect::<String>()
}
