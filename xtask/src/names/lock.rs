//! The part of `sixclicks.lock` that keeps the group and name of every operation, also of those
//! that are gone, so that nothing else can take their names.
//!
//! It is a table with a line for each operation: `"GET /orders/{id}" = "orders.get"`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{Named, identifier::Kind, rules};

/// A group and a name in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The group: a method of the client.
    pub group: String,
    /// The operation: a method of the group's handle.
    pub name: String,
}

/// The names of an API's operations, by method and path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamesLock(BTreeMap<(String, String), Name>);

impl NamesLock {
    /// The name of an operation.
    pub fn get(&self, method: &str, path: &str) -> Option<&Name> {
        self.0.get(&(path.to_owned(), method.to_uppercase()))
    }

    /// All names with their methods and paths, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Name)> {
        let names = self.0.iter();
        names.map(|((path, method), name)| (method.as_str(), path.as_str(), name))
    }

    /// The lines of the table in `sixclicks.lock`.
    pub fn to_toml(&self) -> String {
        let names = self.iter();
        names
            .map(|(method, path, name)| {
                let key = quoted(&format!("{method} {path}"));
                let name = quoted(&format!("{}.{}", name.group, name.name));
                format!("{key} = {name}\n")
            })
            .collect()
    }

    /// Keeps these names beside those that are kept already.
    pub fn keep(&mut self, names: &[Named]) {
        for named in names {
            let key = (named.whole.clone(), named.method.to_uppercase());
            let name = Name {
                group: named.group.clone(),
                name: named.name.clone(),
            };
            self.0.insert(key, name);
        }
    }
}

/// A text in TOML, which quotes as JSON does except for one character.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{7f}', "\\u007F")
}

impl Serialize for NamesLock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(method, path, name)| {
            (
                format!("{method} {path}"),
                format!("{}.{}", name.group, name.name),
            )
        }))
    }
}

impl<'de> Deserialize<'de> for NamesLock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
        let mut names = BTreeMap::new();
        let mut taken = BTreeMap::new();
        for (key, text) in texts {
            let Some((method, path)) = rules::operation(&key) else {
                return Err(D::Error::custom(format!("`{key}` is no method and path")));
            };
            let name = match text.split_once('.') {
                Some((group, name))
                    if Kind::Group.allows(group) && Kind::Operation.allows(name) =>
                {
                    Name {
                        group: group.to_owned(),
                        name: name.to_owned(),
                    }
                }
                _ => {
                    return Err(D::Error::custom(format!(
                        "`{text}`, the name of `{key}`, is no group and name"
                    )));
                }
            };
            if let Some(other) = taken.insert(name.clone(), key.clone()) {
                return Err(D::Error::custom(format!(
                    "`{other}` and `{key}` are both called `{text}`"
                )));
            }
            names.insert((path.to_owned(), method.to_uppercase()), name);
        }
        Ok(Self(names))
    }
}
