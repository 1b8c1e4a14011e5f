//! Types that contain themselves, by whatever way: their values nest as deep as a server likes.

use std::collections::{HashMap, HashSet};

use crate::model::{Operation, Plan};

/// The types whose values may hold one that contains itself.
pub struct Nesting(HashSet<String>);

impl Nesting {
    /// Of the types of a plan: all but those that hold only types which do not.
    pub fn new(plan: &Plan) -> Self {
        let mut holders: HashMap<String, Vec<&str>> = HashMap::new();
        let mut held: HashMap<&str, usize> = HashMap::new();
        for (name, schema) in &plan.schemas {
            let mut count = 0;
            schema.each_reference(&mut |target| {
                holders.entry(target.to_owned()).or_default().push(name);
                count += 1;
            });
            held.insert(name, count);
        }
        let empty = held.iter().filter(|(_, count)| **count == 0);
        let mut open: Vec<String> = empty.map(|(name, _)| (*name).to_owned()).collect();
        while let Some(name) = open.pop() {
            held.remove(name.as_str());
            for holder in holders.remove(&name).into_iter().flatten() {
                if let Some(count) = held.get_mut(holder) {
                    *count -= 1;
                    if *count == 0 {
                        open.push(holder.to_owned());
                    }
                }
            }
        }
        Self(held.into_keys().map(str::to_owned).collect())
    }

    /// Whether an answer of an operation may nest without end.
    pub fn answers(&self, operation: &Operation) -> bool {
        let mut answers = operation.success.iter().chain(&operation.errors);
        answers.any(|answer| {
            let mut found = false;
            answer
                .ty
                .each_reference(&mut |target| found |= self.0.contains(target));
            found
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_nests_that_contains_itself_or_one_that_does() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let holding =
            |name: &str| json!({"type": "object", "properties": {"held": reference(name)}});
        let answer = |name: &str| {
            json!({"get": {"operationId": name, "responses": {"200": {"description": "",
                "content": {"application/json": {"schema":
                    {"type": "array", "items": reference(name)}}}}}}})
        };
        let names = ["Leaf", "Branch", "Tree", "Shelf", "Forest"];
        let paths = names.map(|name| (format!("/{name}"), answer(name)));
        let plan = Plan::new(&json!({"openapi": "3.0.3",
        "paths": paths.into_iter().collect::<serde_json::Map<_, _>>(),
        "components": {"schemas": {
            "Leaf": {"type": "string"},
            "Branch": holding("Leaf"),
            "Tree": {"oneOf": [reference("Leaf"), {"type": "array", "items": reference("Tree")}]},
            "Shelf": {"type": "object", "additionalProperties": reference("Shelf")},
            "Forest": holding("Tree"),
        }}}));
        let nesting = Nesting::new(&plan);
        let operations = plan.operations.iter();
        let found: Vec<&str> = operations
            .filter(|operation| nesting.answers(operation))
            .map(|operation| operation.path.trim_start_matches('/'))
            .collect();
        assert_eq!(found, ["Tree", "Shelf", "Forest"]);
    }
}
