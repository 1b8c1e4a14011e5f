//! References to other files: what they name is brought into the document, as a component
//! where it is one, so that the rest of the pipeline sees one document.
//!
//! Only files in the folder of the document, and in the folders in and beside it, can be
//! referred to: a document from elsewhere must not read what it likes.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::{ReadError, files::load};
use crate::{
    ident,
    lower::walk::{escape, unescape},
};

/// How many other files a document may draw in.
const MOST_FILES: usize = 2_000;

/// Brings in what a document refers to in other files.
pub fn bundle(path: &Path, mut document: Value) -> Result<Value, ReadError> {
    if !has_external(&document) {
        return Ok(document);
    }
    let absolute = path.canonicalize().map_err(|source| ReadError::Io {
        path: path.to_owned(),
        source,
    })?;
    let folder = absolute.parent().unwrap_or(Path::new("/")).to_owned();
    let swagger = document.get("swagger").is_some();
    let mut taken = HashSet::new();
    for section in [
        "schemas",
        "parameters",
        "responses",
        "requestBodies",
        "headers",
    ] {
        let place = section_of(section, swagger);
        if let Some(members) = document.pointer(&place).and_then(Value::as_object) {
            taken.extend(members.keys().map(|name| key(section, name)));
        }
    }
    let mut bundler = Bundler {
        origin: path.display().to_string(),
        root: folder.parent().unwrap_or(&folder).to_owned(),
        main: absolute.clone(),
        swagger,
        files: HashMap::new(),
        names: HashMap::new(),
        taken,
        made: Vec::new(),
    };
    bundler.visit(&mut document, "", &absolute, None)?;
    for (section, name, value) in bundler.made {
        let place = section_of(&section, swagger);
        let mut target = &mut document;
        for token in place.split('/').skip(1) {
            if !target.get(token).is_some_and(Value::is_object) {
                target[token] = json!({});
            }
            target = &mut target[token];
        }
        target[name.as_str()] = value;
    }
    Ok(document)
}

fn has_external(value: &Value) -> bool {
    match value {
        Value::Object(map) => {
            map.get("$ref")
                .and_then(Value::as_str)
                .is_some_and(|target| !target.starts_with('#'))
                || map.values().any(has_external)
        }
        Value::Array(items) => items.iter().any(has_external),
        _ => false,
    }
}

fn key(section: &str, name: &str) -> String {
    format!("{section}/{}", name.to_lowercase().replace('_', ""))
}

fn section_of(section: &str, swagger: bool) -> String {
    match (swagger, section) {
        (true, "schemas") => "/definitions".to_owned(),
        (true, section) => format!("/{section}"),
        (false, section) => format!("/components/{section}"),
    }
}

struct Bundler {
    origin: String,
    /// Nothing outside this folder is read.
    root: PathBuf,
    main: PathBuf,
    swagger: bool,
    files: HashMap<PathBuf, Value>,
    /// The local reference of everything that has been brought in.
    names: HashMap<(PathBuf, String, String), String>,
    taken: HashSet<String>,
    made: Vec<(String, String, Value)>,
}

impl Bundler {
    /// Rewrites the references in a value that stands in `file`. `section` is the kind of
    /// component that the value is, where that is known.
    fn visit(
        &mut self,
        value: &mut Value,
        pointer: &str,
        file: &Path,
        section: Option<&str>,
    ) -> Result<(), ReadError> {
        match value {
            Value::Object(map) => {
                let target = map.get("$ref").and_then(Value::as_str).map(str::to_owned);
                if let Some(target) = target {
                    let local_to_main = target.starts_with('#') && file == self.main;
                    if !local_to_main {
                        return self.replace(map, &target, pointer, file, section);
                    }
                }
                let keys: Vec<String> = map.keys().cloned().collect();
                for name in keys {
                    if matches!(
                        name.as_str(),
                        "example" | "examples" | "default" | "enum" | "const"
                    ) || name.starts_with("x-")
                    {
                        continue;
                    }
                    let inner = section_for(&name, section);
                    if let Some(child) = map.get_mut(&name) {
                        self.visit(
                            child,
                            &format!("{pointer}/{}", escape(&name)),
                            file,
                            inner.as_deref(),
                        )?;
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let inner = section.map(|s| s.trim_end_matches('*').to_owned());
                    self.visit(item, &format!("{pointer}/{index}"), file, inner.as_deref())?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn replace(
        &mut self,
        map: &mut Map<String, Value>,
        target: &str,
        pointer: &str,
        file: &Path,
        section: Option<&str>,
    ) -> Result<(), ReadError> {
        let fail = |why: String| ReadError::Reference {
            origin: self.origin.clone(),
            pointer: pointer.to_owned(),
            target: target.to_owned(),
            why,
        };
        let (name, inner) = target.split_once('#').unwrap_or((target, ""));
        if name.contains("://") {
            return Err(fail(
                "it is a URL; save what it names beside the document and refer to the file"
                    .to_owned(),
            ));
        }
        let name = percent_encoding::percent_decode_str(name)
            .decode_utf8_lossy()
            .into_owned();
        let path = if name.is_empty() {
            file.to_owned()
        } else {
            let joined = file.parent().unwrap_or(Path::new("")).join(&name);
            joined
                .canonicalize()
                .map_err(|error| fail(format!("{name}: {error}")))?
        };
        if !path.starts_with(&self.root) {
            return Err(fail("it leads out of the document's folder".to_owned()));
        }
        let inner = percent_encoding::percent_decode_str(inner)
            .decode_utf8_lossy()
            .into_owned();
        let inner = inner.trim_end_matches('/').to_owned();
        if path == self.main {
            map.insert("$ref".to_owned(), json!(format!("#{inner}")));
            return Ok(());
        }
        let section = section
            .unwrap_or("schemas")
            .trim_end_matches('*')
            .to_owned();
        let known = (path.clone(), inner.clone(), section.clone());
        if let Some(local) = self.names.get(&known) {
            map.insert("$ref".to_owned(), json!(local));
            return Ok(());
        }
        if !self.files.contains_key(&path) {
            if self.files.len() >= MOST_FILES {
                return Err(fail(format!("more than {MOST_FILES} files")));
            }
            let loaded = load(&path).map_err(|error| fail(error.to_string()))?;
            self.files.insert(path.clone(), loaded);
        }
        let Some(mut found) = self.files[&path].pointer(&inner).cloned() else {
            return Err(fail(format!("there is no `{inner}` in {}", path.display())));
        };
        if section == "pathItem" {
            // A path item has no place among the components of every version.
            self.visit(&mut found, pointer, &path, None)?;
            if let Value::Object(found) = found {
                map.remove("$ref");
                for (name, value) in found {
                    map.entry(name).or_insert(value);
                }
            }
            return Ok(());
        }
        let wished = inner
            .rsplit('/')
            .next()
            .filter(|name| !name.is_empty())
            .map_or_else(
                || {
                    path.file_stem()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned()
                },
                unescape,
            );
        let mut name = ident::type_name(&wished);
        let mut number = 2;
        while !self.taken.insert(key(&section, &name)) {
            name = format!("{}{number}", ident::type_name(&wished));
            number += 1;
        }
        let local = format!("#{}/{}", section_of(&section, self.swagger), escape(&name));
        self.names.insert(known, local.clone());
        map.insert("$ref".to_owned(), json!(local));
        self.visit(
            &mut found,
            &format!("{}#{inner}", path.display()),
            &path,
            Some(section.as_str()),
        )?;
        self.made.push((section, name, found));
        Ok(())
    }
}

/// What kind of component stands under a key; a `*` says that the key holds a map or list
/// of them.
fn section_for(key: &str, section: Option<&str>) -> Option<String> {
    if let Some(section) = section.and_then(|s| s.strip_suffix('*')) {
        return Some(section.to_owned());
    }
    let known = match key {
        "schema"
        | "items"
        | "additionalProperties"
        | "not"
        | "propertyNames"
        | "contains"
        | "if"
        | "then"
        | "else" => "schemas",
        "properties" | "definitions" | "schemas" | "allOf" | "oneOf" | "anyOf" | "$defs"
        | "patternProperties" | "prefixItems" | "dependentSchemas" => "schemas*",
        "parameters" => "parameters*",
        "responses" => "responses*",
        "requestBody" => "requestBodies",
        "requestBodies" => "requestBodies*",
        "headers" => "headers*",
        "paths" | "pathItems" | "webhooks" => "pathItem*",
        _ => return None,
    };
    Some(known.to_owned())
}
