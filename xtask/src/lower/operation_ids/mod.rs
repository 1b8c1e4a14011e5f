//! Operation ids: every operation gets a method name that is its own. A vendor's id is
//! kept where it names one operation; otherwise the name is made from the method and the
//! path alone, so that adding an operation renames no other. Where two would have the same
//! name, the one with the shorter path has it.

mod made;
mod words;

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{ident, report::Report};

const CONSTRUCT: &str = "operation ids";

/// Names that generated clients use themselves.
const RESERVED: [&str; 14] = [
    "new",
    "clone",
    "client",
    "baseurl",
    "inner",
    "pre",
    "post",
    "exec",
    "api_version",
    "session",
    "fmt",
    "with_abp_unwrapping",
    "with_base_url",
    "with_session",
];

/// Names that the file with the builders uses for something else.
const BUILDERS: [&str; 21] = [
    "box",
    "call",
    "client",
    "default",
    "err",
    "error",
    "form",
    "multipart",
    "none",
    "ok",
    "operationinfo",
    "option",
    "pathstyle",
    "querystyle",
    "responsevalue",
    "result",
    "self",
    "some",
    "string",
    "types",
    "vec",
];

/// An operation, and the name that its vendor gave it.
struct Unnamed {
    pointer: String,
    method: String,
    path: String,
    vendor: Option<String>,
}

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let names = names(document);
    walk::operations(document, &mut |pointer, _, _, operation| {
        let written = operation["operationId"].as_str().unwrap_or_default();
        let was = match written {
            "" => "no operationId".to_owned(),
            id => format!("the operationId `{id}`"),
        };
        let name = &names[pointer];
        if written != name && ident::snake_name(written) != *name {
            report.adapt(CONSTRUCT, pointer, was, format!("`{name}`"));
        }
        operation["operationId"] = json!(name);
    });
    Ok(())
}

/// The name of every operation, by its pointer: first where the vendor's holds, then where
/// one has to be made.
fn names(document: &mut Value) -> HashMap<String, String> {
    let mut operations = Vec::new();
    walk::operations(document, &mut |pointer, method, path, operation| {
        operations.push(Unnamed {
            pointer: pointer.to_owned(),
            method: ident::snake_part(method),
            path: path.to_owned(),
            vendor: vendor_name(operation, &ident::snake_part(method), path),
        });
    });
    operations.sort_by_key(|operation| operation.path.len());
    let version = made::lowest_version(operations.iter().map(|operation| operation.path.as_str()));
    let mut taken: HashSet<String> = HashSet::new();
    let mut names = HashMap::new();
    let mut left = Vec::new();
    for operation in &operations {
        match &operation.vendor {
            Some(name) if taken.insert(ident::key(name)) => {
                names.insert(operation.pointer.clone(), name.clone());
            }
            _ => left.push(operation),
        }
    }
    for Unnamed {
        pointer,
        method,
        path,
        ..
    } in left
    {
        let short = made::name(method, path, version);
        let name = if !is_reserved(&short) && taken.insert(ident::key(&short)) {
            short
        } else {
            ident::unique(made::whole_name(method, path), &mut taken)
        };
        names.insert(pointer.clone(), name);
    }
    for name in names.values_mut().filter(|name| ident::is_keyword(name)) {
        name.push('_');
    }
    names
}

fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || BUILDERS.contains(&ident::key(name).as_str())
}

/// Whether an id is only the path and the method in letters, as older Swashbuckle wrote where
/// nothing was said: `ApiServicesAppUserGetallGet`. The path itself knows its words better.
fn spells_path(id: &str, method: &str, path: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let id = letters(id);
    let mut spelt = method.to_owned();
    path.rsplit('/').any(|segment| {
        let by = if segment.starts_with('{') { "by" } else { "" };
        spelt.insert_str(0, &format!("{by}{}", letters(segment)));
        !segment.is_empty() && spelt == id
    })
}

/// The vendor's id as a method name, without what frameworks put before and after it.
/// A name that is only reserved stays readable with the method before it.
fn vendor_name(operation: &Value, method: &str, path: &str) -> Option<String> {
    let id = operation.get("operationId")?.as_str()?;
    let hash = id.len() >= 16 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if hash || !id.chars().any(char::is_alphanumeric) || spells_path(id, method, path) {
        return None;
    }
    let mut name = ident::snake_name(id);
    if let Some(rest) = name.strip_prefix("api_services_app_") {
        name = rest.to_owned();
        for method in walk::METHODS {
            let bare = name.strip_suffix(method).and_then(|n| n.strip_suffix('_'));
            if let Some(bare) =
                bare.filter(|bare| bare.split('_').any(|w| words::family(w).is_some()))
            {
                name = bare.to_owned();
                break;
            }
        }
    }
    if is_reserved(&name) {
        name = format!("{method}_{name}");
    }
    Some(name)
}
