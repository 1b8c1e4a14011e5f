//! Plain operations on a group's things, for which nothing is left of id and path: `list`, `get`,
//! `create`, `update`, `delete` and what resembles them.

use super::{
    input::{Body, Operation, Response},
    scene::Scene,
    words,
};
use crate::ident;

/// The name of a plain operation.
pub fn name(scene: &Scene<'_>, at: usize) -> String {
    let operation = scene.operation(at);
    match operation.method.as_str() {
        "GET" | "QUERY" => read(scene, at),
        "POST" => post(scene, at),
        "PUT" => {
            let several = |other: &Operation| {
                other.method == "PUT" && other.body.schema() != operation.body.schema()
                    || matches!(operation.body, Body::List(_))
            };
            let bulk = scene.below(at).any(several);
            if bulk { "bulk_update" } else { "update" }
        }
        "PATCH" => {
            let put = scene.beside(at).any(|other| other.method == "PUT");
            if put { "patch" } else { "update" }
        }
        "DELETE" => delete(scene, at),
        method => return ident::snake_name(method),
    }
    .to_owned()
}

fn read(scene: &Scene<'_>, at: usize) -> &'static str {
    let operation = scene.operation(at);
    let by_key = scene.ends_with_parameter(at);
    if super::path::segments(&operation.path).next().is_none() {
        return "root";
    }
    if operation.response == Response::File && by_key {
        return "download";
    }
    if operation.response.is_list() {
        return if gets_one(scene, at) { "get" } else { "list" };
    }
    // `GET /users` answers another type than `GET /users/{id}`: an envelope of users.
    let other = |other: &Operation| {
        let types = (operation.response.schema(), other.response.schema());
        other.method == "GET" && matches!(types, (Some(a), Some(b)) if a != b)
    };
    if !by_key && scene.below(at).any(other) {
        return "list";
    }
    "get"
}

/// Whether a query parameter is the key of one thing.
pub fn gets_one(scene: &Scene<'_>, at: usize) -> bool {
    let group = &scene.placed(at).group;
    let one: Vec<String> = group
        .iter()
        .map(|word| super::english::stem(word))
        .collect();
    let key = format!("{}id", one.concat());
    let operation = scene.operation(at);
    // A page is never one thing.
    !matches!(operation.response, Response::Page(_))
        && operation
            .query
            .iter()
            .map(|name| ident::key(name))
            .any(|name| name == "id" || name == key)
}

fn post(scene: &Scene<'_>, at: usize) -> &'static str {
    let operation = scene.operation(at);
    if operation.selects() {
        return "list";
    }
    if operation.body == Body::Multipart {
        return "upload";
    }
    let put = scene.beside(at).any(|other| other.method == "PUT");
    let settings = !put && scene.below(at).next().is_none();
    if let Some(schema) = operation.body.schema()
        && settings
    {
        let got = scene.beside(at).any(|other| {
            other.method == "GET"
                && matches!(&other.response, Response::Resource(Some(got)) if got == schema)
        });
        let says = words::split(schema)
            .first()
            .is_some_and(|word| word == "update");
        if got || says {
            return "update";
        }
    }
    let nothing = operation.body == Body::Nothing && operation.response == Response::Undescribed;
    if nothing && scene.ends_with_parameter(at) {
        return "post";
    }
    "create"
}

fn delete(scene: &Scene<'_>, at: usize) -> &'static str {
    let each = scene.below(at).any(|other| other.method == "DELETE");
    if each { "bulk_delete" } else { "delete" }
}
