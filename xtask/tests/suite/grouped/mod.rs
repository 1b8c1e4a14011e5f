//! The groups and names of operations, over operations that are made up here.

mod command;
mod configuration;
mod corpus;
mod groups;
mod lock;
mod names;
mod properties;

use std::collections::BTreeMap;

use xtask::names::{Api, Named, NamesLock, Operation, Rules, name};

/// An operation like `GET /orders/{id}`.
fn operation(text: &str) -> Operation {
    let (method, path) = text.split_once(' ').expect("a method and a path");
    Operation {
        method: method.to_owned(),
        path: path.to_owned(),
        written: path.to_owned(),
        ..Operation::default()
    }
}

/// The same, with a tag.
fn tagged(tag: &str, text: &str) -> Operation {
    Operation {
        tags: vec![tag.to_owned()],
        ..operation(text)
    }
}

fn api(operations: Vec<Operation>) -> Api {
    Api {
        operations,
        ..Api::default()
    }
}

/// What these operations are called: `orders.get`.
fn called(api: &Api) -> Vec<String> {
    let names = name(api, &Rules::default(), &NamesLock::default()).expect("no rule is wrong");
    let names = names.operations.into_iter();
    names
        .map(|named| format!("{}.{}", named.group, named.name))
        .collect()
}

/// The groups and names by method and path.
fn by_place(names: &[Named]) -> BTreeMap<(&str, &str), (&str, &str)> {
    let names = names.iter();
    names
        .map(|n| {
            (
                (n.method.as_str(), n.whole.as_str()),
                (n.group.as_str(), n.name.as_str()),
            )
        })
        .collect()
}
