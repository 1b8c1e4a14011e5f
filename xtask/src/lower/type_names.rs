//! Type names: generics, namespaces, brackets and punctuation become the name that a
//! person would give, and every component has a name of its own in Rust.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{LowerError, walk};
use crate::{ident, report::Report};

const CONSTRUCT: &str = "type names";

/// The pass.
pub fn run(document: &mut Value, report: &mut Report) -> Result<(), LowerError> {
    let Some(schemas) = walk::object_at(document, &["components", "schemas"]) else {
        return Ok(());
    };
    let mut taken = HashSet::new();
    let mut renamed: HashMap<String, String> = HashMap::new();
    // Names that are already as they have to be are given first, so that they stay; then, of
    // those that would be the same without their namespaces, the shortest has that name.
    let mut names: Vec<&String> = schemas.keys().collect();
    names.sort_by_key(|name| (ident::type_name(name) != **name, name.len()));
    for name in names {
        let short = apart(readable(name), &schemas[name]);
        let wish = if taken.contains(&ident::key(&short)) {
            apart(ident::type_name(name), &schemas[name])
        } else {
            short
        };
        let rust = ident::unique(wish, &mut taken);
        if rust != *name {
            report.adapt(
                CONSTRUCT,
                format!("/components/schemas/{}", walk::escape(name)),
                format!("the name `{}`", name.replace('`', "'")),
                format!("`{rust}`"),
            );
        }
        renamed.insert(name.clone(), rust);
    }
    let old = std::mem::take(schemas);
    for (name, schema) in old {
        schemas.insert(renamed[&name].clone(), schema);
    }
    walk::schemas(document, &mut |_, schema| {
        if let Some(name) = walk::referenced(schema).and_then(|name| renamed.get(&name)) {
            schema["$ref"] = json!(walk::reference(name));
        }
    });
    Ok(())
}

/// A name other than that of the Rust type which the schema is, because typify takes a schema of
/// that name for the type itself.
fn apart(name: String, schema: &Value) -> String {
    let rust = match schema["format"].as_str() {
        Some("uuid") => "Uuid",
        _ => {
            let path = schema["x-sixclicks-mark-rust-type"]["path"].as_str();
            path.and_then(|path| path.rsplit("::").next())
                .unwrap_or_default()
        }
    };
    match name == rust {
        true => format!("{name}Schema"),
        false => name,
    }
}

/// The short name: `Abp.PagedResultDto`1[[App.UserDto, App, Version=1.0]]` is
/// `PagedResultDtoOfUserDto`.
pub fn readable(name: &str) -> String {
    let spelled = generic(name, 0).unwrap_or_else(|| name.to_owned());
    ident::type_name(&spelled)
}

/// How deep generics may stand in one another.
const DEEPEST: usize = 16;

fn generic(name: &str, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    let name = name.trim();
    let Some(start) = name.find(['[', '<', '«', '{']) else {
        return Some(sanitised(name).unwrap_or_else(|| last_segment(name)));
    };
    let open = name[start..].chars().next()?;
    let close = match open {
        '[' => ']',
        '<' => '>',
        '«' => '»',
        _ => '}',
    };
    let end = name.rfind(close).filter(|end| *end > start)?;
    let base = last_segment(&name[..start]);
    let inner = &name[start + open.len_utf8()..end];
    if inner.is_empty() {
        return Some(format!("{base}Array"));
    }
    let arguments: Option<Vec<String>> = split(inner)
        .into_iter()
        .map(|argument| {
            let argument = argument.trim();
            // `[[Type, Assembly, Version=…]]`: only the type says something.
            match argument.strip_prefix('[').and_then(|a| a.strip_suffix(']')) {
                Some(qualified) => generic(split(qualified).first()?, depth + 1),
                None => generic(argument, depth + 1),
            }
        })
        .collect();
    Some(format!("{base}Of{}", arguments?.join("And")))
}

/// A generic whose brackets a tool made underscores, because OpenAPI 3 allows no brackets in
/// names: `Ns.Page_Ns.List_Ns.Item_`.
fn sanitised(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.strip_suffix('_')?.split('_').collect();
    let qualified = |part: &&str| part.contains('.');
    if parts.len() < 2 || !parts.iter().all(qualified) {
        return None;
    }
    let parts: Vec<String> = parts.into_iter().map(last_segment).collect();
    Some(parts.join("Of"))
}

/// Splits at the commas that stand in no bracket.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (index, c) in text.char_indices() {
        match c {
            '[' | '<' | '«' | '{' => depth += 1,
            ']' | '>' | '»' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A name without its namespace and without the number of its type parameters.
fn last_segment(name: &str) -> String {
    let name = name.trim();
    let end = name.find('`').unwrap_or(name.len());
    let name = &name[..end];
    let last = name
        .rsplit('.')
        .find(|part| part.chars().any(char::is_alphanumeric));
    ident::type_name(last.unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn generics_read_as_a_person_would_name_them() {
        for (name, expected) in [
            (
                "Volo.Abp.PagedResultDto`1[[Volo.Identity.UserDto, Volo.Identity, Version=4.4.0.0, Culture=neutral, PublicKeyToken=null]]",
                "PagedResultDtoOfUserDto",
            ),
            (
                "Dictionary<string,List<Foo>>",
                "DictionaryOfStringSchemaAndListOfFoo",
            ),
            ("Page«Item»", "PageOfItem"),
            ("Outer+Inner", "OuterInner"),
            ("App.Orders.OrderDto", "OrderDto"),
            ("Foo[]", "FooArray"),
            (
                "PagedResultDtoOfAssessmentDto",
                "PagedResultDtoOfAssessmentDto",
            ),
        ] {
            assert_eq!(readable(name), expected);
        }
    }
}
