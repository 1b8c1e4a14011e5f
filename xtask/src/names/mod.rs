//! The group and the name of every operation. These are the names of the coming grouped clients;
//! the crates that are generated now have other names.
//!
//! [`name`] is a pure function of an [`Api`], the [`Rules`] of the configuration and the names
//! that a [`NamesLock`] keeps. Without a lock the order of the operations decides nothing; with
//! one, no operation in it is renamed.

mod assign;
mod clash;
mod document;
pub mod english;
mod groups;
mod handles;
mod identifier;
mod input;
mod joined;
mod lock;
mod of_id;
mod of_path;
mod operation_id;
mod path;
mod phrase;
mod plain;
mod root;
mod rules;
mod scene;
mod words;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use document::{api, path_of};
pub use identifier::Kind;
pub use input::{Api, Body, Operation, Response};
pub use lock::{Name, NamesLock};
pub use rules::{RuleError, Rules};

/// An operation with its group and name.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The method in capitals.
    pub method: String,
    /// The path as the received document has it.
    pub path: String,
    /// The whole path, by which the lock keeps the name.
    #[serde(skip)]
    pub whole: String,
    /// The group: a method of the client.
    pub group: String,
    /// The operation: a method of the group's handle.
    pub name: String,
}

/// The names of an API, and the keys of the rules that made some of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The operations, in the order in which they were given.
    pub operations: Vec<Named>,
    /// The keys of the rules that were used.
    pub used: BTreeSet<String>,
}

/// Names the operations of an API: as the rules say, else as the lock says, else by what they do.
///
/// # Errors
///
/// When the rules give two operations the same name, or a name that cannot be used.
pub fn name(api: &Api, rules: &Rules, lock: &NamesLock) -> Result<Names, RuleError> {
    rules.check()?;
    let glued = words::Glued::new(api);
    let ids = operation_id::Ids::new(api);
    let placed = groups::place(api, &ids, &glued);
    let scene = scene::Scene::new(api, &placed);
    let wanted: Vec<of_path::Chosen> = (0..api.operations.len())
        .map(|at| match ids.get(at) {
            Some(id) => of_path::Chosen {
                name: of_id::name(&scene, at, &id.words),
                yields: false,
            },
            None => of_path::name(&scene, at),
        })
        .collect();
    let counted = |at: usize| wanted[at].name == "list";
    let handles = handles::handles(api, &placed, counted);
    assign::assign(&scene, &wanted, handles, rules, lock)
}
