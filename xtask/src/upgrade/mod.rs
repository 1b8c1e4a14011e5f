//! The upgrade: any Swagger 2.0 or OpenAPI 3.x document becomes OpenAPI 3.0, with a note for
//! everything that had to change.
//!
//! The steps: repair what bends the rules but is plain in meaning, give every reference a component
//! to point at, bring the structure of 2.0 or 3.1 to that of 3.0, then bring each schema there.
//! Steps look at what stands in the document more than at its version, since real documents mix.

mod dangling;
mod later;
mod methods;
mod note;
mod path_items;
mod references;
mod repair;
mod repeated;
mod schema;
mod swagger;

use serde_json::{Map, Value};

pub use self::note::Note;
use self::note::Notes;
use crate::openapi::{
    DEEPEST, brief, deeper_than,
    pointer::{self, Pointer},
    with_room,
};

/// How the names of extensions begin with which the pipeline marks what it found; see
/// [`lower`](crate::lower).
pub const MARK: &str = "x-sixclicks-mark-";

/// The key of the target of `defaultMapping` among the targets of a discriminator's mapping.
pub const DEFAULT_TARGET: &str = "x-sixclicks-mark-default";

/// The most entries that an upgrade may add by repeating what a document says once.
const MOST_REPEATED: usize = 2_000_000;

/// A document in OpenAPI 3.0, and how it came to be.
#[derive(Debug)]
pub struct Upgraded {
    /// The document, with `openapi` 3.0.x.
    pub value: Value,
    /// What was changed, in the order of the steps.
    pub notes: Vec<Note>,
}

/// Why a document cannot be upgraded.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum UpgradeError {
    /// The document is not a JSON object.
    #[error("the document is not an object but {found}; expected a Swagger or OpenAPI document")]
    NotAnObject {
        /// What it is instead.
        found: String,
    },
    /// Nothing says that this is an API description.
    #[error(
        "neither `swagger` nor `openapi` says which specification the document follows, and it has no `paths`"
    )]
    NoVersion,
    /// The version is one that cannot be read.
    #[error(
        "{key}: version {version} is not supported; give Swagger 2.0 or OpenAPI 3.0, 3.1 or 3.2"
    )]
    UnknownVersion {
        /// `swagger` or `openapi`.
        key: &'static str,
        /// What stands there.
        version: String,
    },
    /// The document nests too deeply.
    #[error("the document nests more than {limit} levels deep")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// The upgraded document would be out of proportion.
    #[error("the document's media types and responses multiply to more than {limit} entries")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

/// The specification that a document follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    Swagger2,
    OpenApi30,
    /// 3.1 and 3.2.
    Later,
}

/// How a version of the specification has objects written in forms that do not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FormObjects {
    /// In the style `form`; a style counts in urlencoded forms alone (3.0.0 to 3.0.3).
    Styled,
    /// In the style `form` in urlencoded forms, and as JSON or in the style that is given in
    /// multipart forms (3.1.0).
    StyledOrContent,
    /// As JSON, the content type of objects, or in the style that is given (3.0.4, 3.1.1, 3.2).
    Content,
}

/// What the steps share.
struct Context {
    version: Version,
    form_objects: FormObjects,
    notes: Notes,
    /// Entries repeated so far; see [`MOST_REPEATED`].
    repeated: usize,
}

/// Brings a document to OpenAPI 3.0.
///
/// # Errors
/// When the document is no Swagger 2.0 or OpenAPI 3.x document at all, or nests or multiplies beyond
/// measure. A document that is merely wrong somewhere is upgraded around it: see
/// [`validate`](crate::validate::validate) for what is wrong.
pub fn upgrade(document: Value) -> Result<Upgraded, UpgradeError> {
    if !document.is_object() {
        return Err(UpgradeError::NotAnObject {
            found: brief(&document),
        });
    }
    if deeper_than(&document, DEEPEST) {
        return Err(UpgradeError::TooDeep { limit: DEEPEST });
    }
    with_room(|| run(document))
}

fn run(mut value: Value) -> Result<Upgraded, UpgradeError> {
    let version = version(&value)?;
    let mut context = Context {
        version,
        form_objects: form_objects(&value),
        notes: Notes::default(),
        repeated: 0,
    };
    repair::before(&mut value, &mut context);
    methods::collect(&mut value, &mut context);
    references::settle(&mut value, &mut context);
    path_items::inline(&mut value, &mut context);
    dangling::cut(&mut value, &mut context);
    repeated::merge(&mut value, &mut context);
    references::gather(&mut value, &mut context);
    swagger::upgrade(&mut value, &mut context);
    later::downgrade(&mut value, &mut context);
    if context.repeated > MOST_REPEATED {
        return Err(UpgradeError::TooLarge {
            limit: MOST_REPEATED,
        });
    }
    schema::normalise(&mut value, &mut context);
    repair::after(&mut value, &mut context);
    Ok(Upgraded {
        value,
        notes: context.notes.into_vec(),
    })
}

fn version(document: &Value) -> Result<Version, UpgradeError> {
    let text = |key: &str| match document.get(key) {
        Some(Value::String(text)) => Some(text.trim().to_owned()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let is = |text: &str, version: &str| {
        text == version
            || text
                .strip_prefix(version)
                .is_some_and(|rest| rest.starts_with('.'))
    };
    if let Some(found) = text("openapi") {
        return match found.as_str() {
            v if v == "3" || is(v, "3.0") => Ok(Version::OpenApi30),
            v if is(v, "3.1") || is(v, "3.2") => Ok(Version::Later),
            v if is(v, "2.0") || v == "2" => Ok(Version::Swagger2),
            _ => Err(UpgradeError::UnknownVersion {
                key: "openapi",
                version: found,
            }),
        };
    }
    if let Some(found) = text("swagger") {
        return match found.as_str() {
            v if v == "2" || is(v, "2.0") => Ok(Version::Swagger2),
            v if v == "3" || is(v, "3.0") => Ok(Version::OpenApi30),
            _ => Err(UpgradeError::UnknownVersion {
                key: "swagger",
                version: found,
            }),
        };
    }
    if document.get("components").is_some() {
        Ok(Version::OpenApi30)
    } else if document.get("paths").is_some() {
        let old = [
            "definitions",
            "basePath",
            "host",
            "produces",
            "consumes",
            "securityDefinitions",
        ];
        let is_old = old.iter().any(|key| document.get(key).is_some());
        Ok(if is_old {
            Version::Swagger2
        } else {
            Version::OpenApi30
        })
    } else {
        Err(UpgradeError::NoVersion)
    }
}

fn form_objects(document: &Value) -> FormObjects {
    let text = document.get("openapi").and_then(Value::as_str);
    let mut numbers = text
        .unwrap_or_default()
        .trim()
        .split('.')
        .map(|number| number.parse::<u32>().unwrap_or_default());
    let mut next = || numbers.next().unwrap_or_default();
    match (next(), next(), next()) {
        (3, 0, 4..) | (3, 1, 1..) | (3, 2.., _) => FormObjects::Content,
        (3, 1, _) => FormObjects::StyledOrContent,
        _ => FormObjects::Styled,
    }
}

/// The object under a key, made when it is missing or no object.
fn object<'a>(map: &'a mut Map<String, Value>, key: &str) -> &'a mut Map<String, Value> {
    let held = map.entry(key).or_insert_with(|| Value::Object(Map::new()));
    if !held.is_object() {
        *held = Value::Object(Map::new());
    }
    let Value::Object(held) = held else {
        unreachable!("just made an object")
    };
    held
}

/// A schema, parameter or response that refers to a component.
fn reference(section: &str, name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/{section}/{}", pointer::escape(name)) })
}

/// The name of the component of that section that an object refers to.
fn referred<'a>(value: &'a Value, section: &str) -> Option<std::borrow::Cow<'a, str>> {
    let name = value
        .get("$ref")?
        .as_str()?
        .strip_prefix("#/components/")?
        .strip_prefix(section)?
        .strip_prefix('/')?;
    let plain = !name.contains('~');
    (!name.contains('/')).then(|| {
        if plain {
            name.into()
        } else {
            pointer::unescape(name).into()
        }
    })
}

/// The pointer of a component.
fn component(section: &str, name: &str) -> Pointer {
    Pointer::new(["components", section, name])
}
