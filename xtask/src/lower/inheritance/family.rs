//! Who builds upon whom, and by which property they are told apart.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Value, json};

use crate::lower::{
    tags::{Found, Source, TAGS},
    walk,
};

/// The components of a document as families.
pub struct Family<'a> {
    pub schemas: &'a walk::Object,
    children: BTreeMap<String, Vec<String>>,
    parents: BTreeMap<String, Vec<String>>,
    /// The tags that unions of the document give to components, by property and name.
    known: BTreeMap<(String, String), Vec<Value>>,
}

impl<'a> Family<'a> {
    pub fn new(schemas: &'a walk::Object) -> Self {
        let children = children(schemas);
        let mut parents: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (parent, heirs) in &children {
            for heir in heirs {
                parents
                    .entry(heir.clone())
                    .or_default()
                    .push(parent.clone());
            }
        }
        let mut known = BTreeMap::new();
        for schema in schemas.values() {
            let Some(property) = schema["discriminator"]["propertyName"].as_str() else {
                continue;
            };
            for variant in listed(schema) {
                if let (Some(name), Some(tags)) =
                    (walk::referenced(variant), variant[TAGS].as_array())
                {
                    let key = (property.to_owned(), name);
                    known.entry(key).or_insert_with(|| tags.clone());
                }
            }
        }
        Self {
            schemas,
            children,
            parents,
            known,
        }
    }

    /// The bases that declare a discriminator and list no variants themselves.
    pub fn roots(&self) -> Vec<String> {
        let is_root = |name: &&String| {
            self.property(name).is_some() && listed(&self.schemas[*name]).next().is_none()
        };
        self.schemas.keys().filter(is_root).cloned().collect()
    }

    /// The discriminator property that a schema declares.
    pub fn property(&self, name: &str) -> Option<&'a str> {
        self.schemas.get(name)?["discriminator"]["propertyName"].as_str()
    }

    /// The schemas that build upon one, over others too.
    pub fn below(&self, base: &str) -> BTreeSet<String> {
        reach(&self.children, base)
    }

    fn above(&self, name: &str) -> BTreeSet<String> {
        reach(&self.parents, name)
    }

    /// The schemas in the middle of a hierarchy that something refers to, each with the
    /// property that tells its subtypes apart.
    pub fn middles(
        &self,
        roots: &BTreeSet<String>,
        used: &HashSet<String>,
    ) -> Vec<(String, &'a str)> {
        let mut found = Vec::new();
        for (name, schema) in self.schemas {
            let is_plain = self.children.contains_key(name)
                && !roots.contains(name)
                && listed(schema).next().is_none();
            if !is_plain || !used.contains(name) {
                continue;
            }
            let mut above = self.above(name).into_iter();
            let inherited = above.find_map(|base| self.property(&base));
            let property = inherited.or_else(|| {
                let mut known = self.known.keys().filter(|(_, variant)| variant == name);
                let property = known.next().map(|(property, _)| property)?;
                let mut declared = self.schemas.keys().filter_map(|name| self.property(name));
                declared.find(|declared| declared == property)
            });
            if let Some(property) = property {
                found.push((name.clone(), property));
            }
        }
        found
    }

    /// The subtypes of a base: those of its mapping, and those that build upon it. The
    /// subtypes of one that tells them apart by another property are that one's.
    pub fn variants(&self, base: &str, property: &str) -> Vec<String> {
        let discriminator = &self.schemas[base]["discriminator"];
        let mut variants = Source::new(self.schemas, discriminator, property).targets();
        variants.retain(|name| name != base);
        let mut open = vec![base.to_owned()];
        let mut seen = HashSet::from([base.to_owned()]);
        while let Some(name) = open.pop() {
            for child in self.children.get(&name).into_iter().flatten() {
                if !seen.insert(child.clone()) {
                    continue;
                }
                if self.property(child).is_none_or(|other| other == property) {
                    open.push(child.clone());
                }
                if !variants.contains(child) {
                    variants.push(child.clone());
                }
            }
        }
        variants
    }

    /// The discriminator of a base with what the same discriminator maps elsewhere in the
    /// hierarchy.
    pub fn discriminator(&self, base: &str, property: &str) -> Value {
        let mut merged = self.schemas[base]["discriminator"].clone();
        if merged.is_null() {
            merged = json!({"propertyName": property});
        }
        let mut others = self.above(base);
        others.extend(self.below(base));
        for other in others {
            let discriminator = &self.schemas[&other]["discriminator"];
            if discriminator["propertyName"] != json!(property) {
                continue;
            }
            for (key, value) in discriminator.as_object().into_iter().flatten() {
                if key == "mapping" {
                    for (tag, target) in value.as_object().into_iter().flatten() {
                        if merged["mapping"].get(tag).is_none() {
                            merged["mapping"][tag.as_str()] = target.clone();
                        }
                    }
                } else if merged.get(key).is_none() {
                    merged[key.as_str()] = value.clone();
                }
            }
        }
        merged
    }

    /// The tags of a member of a hierarchy.
    pub fn tags(&self, source: &Source<'_>, name: &str) -> Found {
        let above: HashSet<String> = self.above(name).into_iter().collect();
        let mut found = source.find(&json!({"$ref": walk::reference(name)}), &above);
        let key = (source.property().to_owned(), name.to_owned());
        if found.is_guessed
            && let Some(known) = self.known.get(&key)
        {
            found = Found::said(known.clone());
        }
        found
    }
}

fn reach(next: &BTreeMap<String, Vec<String>>, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        for other in next.get(name).into_iter().flatten() {
            if other != from && found.insert(other.clone()) {
                open.push(other);
            }
        }
    }
    found
}

/// The variants that a schema lists.
fn listed(schema: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["oneOf", "anyOf"].into_iter();
    lists
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .flatten()
}

/// The schemas that build upon each with `allOf`, directly.
pub fn children(schemas: &walk::Object) -> BTreeMap<String, Vec<String>> {
    let mut children: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, schema) in schemas {
        for part in schema["allOf"].as_array().into_iter().flatten() {
            if let Some(parent) = walk::referenced(part) {
                children.entry(parent).or_default().push(name.clone());
            }
        }
    }
    children
}

/// The components that something refers to, other than to build upon them or to list them
/// as one variant beside its subtypes.
pub fn used(document: &mut Value) -> HashSet<String> {
    let mut used = HashSet::new();
    walk::roots(document, &mut |pointer, schema| {
        let component = pointer.starts_with("/components/schemas/");
        let parts = schema
            .get_mut("allOf")
            .filter(|_| component)
            .map(Value::take);
        uses(schema, &mut used);
        if let Some(mut parts) = parts {
            let inside = parts.as_array_mut().into_iter().flatten();
            inside
                .filter(|part| part.get("$ref").is_none())
                .for_each(|part| uses(part, &mut used));
            schema["allOf"] = parts;
        }
    });
    used
}

fn uses(schema: &mut Value, used: &mut HashSet<String>) {
    used.extend(walk::referenced(schema));
    let tagged = schema.get("discriminator").is_some();
    walk::children(schema, &mut |token, child| {
        let is_variant = token.starts_with("oneOf/") || token.starts_with("anyOf/");
        if !(tagged && is_variant && child.get("$ref").is_some()) {
            uses(child, used);
        }
    });
}
