//! What the configuration says of names: groups that are renamed or merged, and single operations
//! that are renamed.

use std::collections::{BTreeMap, BTreeSet};

use super::identifier::Kind;
use crate::ident;

/// The sections `[groups]` and `[names]` of `sixclicks.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Groups by their tag, or by the name that they would have.
    pub groups: BTreeMap<String, String>,
    /// Names of operations by method and path, each with or without a group before a dot.
    pub names: BTreeMap<String, String>,
}

/// What is wrong with the configuration's names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A name cannot be used in Rust, or is one of those that generated crates use themselves.
    #[error(
        "`{name}`, which `{key}` is to be called, cannot be used; a name is in snake case, no keyword of Rust and none of the names that generated crates use themselves\n  help: `{like}` can be used"
    )]
    Unusable {
        /// What is to be renamed.
        key: String,
        /// The name.
        name: String,
        /// One that is like it and can be used.
        like: String,
    },
    /// A key is no method and path.
    #[error("`{key}` is no method and path\n  help: write it like `GET /orders/{{id}}`")]
    NoOperation {
        /// The key.
        key: String,
    },
    /// Nothing has this key.
    #[error("there is no {what} `{key}`")]
    Unknown {
        /// A group or an operation.
        what: &'static str,
        /// The key.
        key: String,
    },
    /// Two operations of a group would have the same name.
    #[error("`{first}` and `{second}` would both be called `{group}.{name}`")]
    Twice {
        /// One operation.
        first: String,
        /// The other.
        second: String,
        /// The group.
        group: String,
        /// The name.
        name: String,
    },
}

impl Rules {
    /// Checks the names, without regard to any document.
    ///
    /// # Errors
    ///
    /// When a name cannot be used, or a key is no operation.
    pub fn check(&self) -> Result<(), RuleError> {
        let usable = |kind: Kind, key: &str, name: &str| match kind.allows(name) {
            true => Ok(()),
            false => Err(RuleError::Unusable {
                key: key.to_owned(),
                name: name.to_owned(),
                like: kind.identifier(name),
            }),
        };
        for (key, name) in &self.groups {
            usable(Kind::Group, key, name)?;
        }
        for (key, name) in &self.names {
            if operation(key).is_none() {
                return Err(RuleError::NoOperation { key: key.clone() });
            }
            let (group, name) = parts(name);
            if let Some(group) = group {
                usable(Kind::Group, key, group)?;
            }
            usable(Kind::Operation, key, name)?;
        }
        Ok(())
    }

    /// The name that a group gets, by its tag or the name that it would have.
    pub(super) fn group(&self, names: &[&str]) -> Option<(&str, &str)> {
        let found = self.groups.iter().find(|(key, _)| {
            let key = ident::key(&ident::snake_part(key));
            names
                .iter()
                .any(|name| ident::key(&ident::snake_part(name)) == key)
        });
        found.map(|(key, name)| (key.as_str(), name.as_str()))
    }

    /// Checks that each key has been used in one of the APIs.
    ///
    /// # Errors
    ///
    /// When a key is not that of a group or an operation.
    pub fn all_used(&self, used: &BTreeSet<String>) -> Result<(), RuleError> {
        for (what, keys) in [("group", &self.groups), ("operation", &self.names)] {
            if let Some(key) = keys.keys().find(|key| !used.contains(*key)) {
                let key = key.clone();
                return Err(RuleError::Unknown { what, key });
            }
        }
        Ok(())
    }
}

/// The method and the path of a key.
pub(super) fn operation(key: &str) -> Option<(&str, &str)> {
    let (method, path) = key.split_once(' ')?;
    path.starts_with('/').then_some((method, path))
}

/// A group, if one is given, and a name.
pub(super) fn parts(name: &str) -> (Option<&str>, &str) {
    match name.split_once('.') {
        Some((group, name)) => (Some(group), name),
        None => (None, name),
    }
}
