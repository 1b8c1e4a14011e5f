//! Inheritance as `allOf` of closed branches: by the letter no value is valid, because every branch
//! forbids the members of the others.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::table::Context;
use crate::{lower::walk, report::Report};

/// The pass.
pub fn run(document: &mut Value, context: Context, report: &mut Report) {
    let mut bases = BTreeSet::new();
    walk::schemas(document, &mut |at, schema| {
        let branches = schema.get_mut("allOf").and_then(Value::as_array_mut);
        // One reference alone is how a description is put beside it.
        let several = branches.as_ref().is_some_and(|branches| branches.len() > 1);
        for (index, branch) in branches
            .into_iter()
            .flatten()
            .enumerate()
            .filter(|_| several)
        {
            bases.extend(walk::referenced(branch));
            open(branch, &format!("{at}/allOf/{index}"), context, report);
        }
    });
    let mut seen = BTreeSet::new();
    while let Some(name) = bases.pop_first() {
        let components = walk::object_at(document, &["components", "schemas"]);
        let Some(base) = components.and_then(|components| components.get_mut(&name)) else {
            continue;
        };
        if seen.insert(name.clone()) {
            let at = format!("/components/schemas/{}", walk::escape(&name));
            open(base, &at, context, report);
            bases.extend(walk::referenced(base));
        }
    }
}

fn open(branch: &mut Value, at: &str, context: Context, report: &mut Report) {
    if branch["additionalProperties"] == json!(false)
        && let Some(branch) = branch.as_object_mut()
    {
        branch.shift_remove("additionalProperties");
        report.adapt(context.name, at, "a closed branch", "an open one");
    }
}
