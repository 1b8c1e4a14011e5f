//! Operation ids as words. An id is used only if a person wrote it: a hash, a type with its
//! namespace, the path in letters or an id that stands twice is none.

use std::collections::HashMap;

use super::{
    english,
    input::{Api, Operation},
    path, words,
};
use crate::ident;

/// More words than this are no name.
const LONGEST: usize = 12;

/// The ids that are used, each in its parts: what stands before an underscore, if that is a
/// prefix, and the words after it.
#[derive(Debug)]
pub struct Ids(Vec<Option<Id>>);

/// An operation id that is used.
#[derive(Clone, Debug)]
pub struct Id {
    /// What stands before the first underscore: `Orders` of `Orders_GetAll`.
    pub prefix: Option<String>,
    /// The words after it.
    pub words: Vec<String>,
}

impl Ids {
    /// The ids of these operations.
    pub fn new(api: &Api) -> Self {
        let mut count: HashMap<String, usize> = HashMap::new();
        for id in api.operations.iter().filter_map(|o| o.id.as_deref()) {
            *count.entry(ident::key(id)).or_default() += 1;
        }
        let id = |operation: &Operation| {
            let id = operation.id.as_deref()?;
            let once = count.get(&ident::key(id)) == Some(&1);
            once.then(|| parse(id, operation)).flatten()
        };
        Self(api.operations.iter().map(id).collect())
    }

    /// The id of an operation.
    pub fn get(&self, operation: usize) -> Option<&Id> {
        self.0.get(operation)?.as_ref()
    }

    /// Whether all operations have an id with a prefix, and the prefixes say something: not every
    /// operation has one of its own.
    pub fn have_prefixes(&self) -> bool {
        let prefixes: Option<Vec<&str>> = self
            .0
            .iter()
            .map(|id| id.as_ref()?.prefix.as_deref())
            .collect();
        let Some(mut prefixes) = prefixes else {
            return false;
        };
        let all = prefixes.len();
        prefixes.sort_unstable();
        prefixes.dedup();
        all > 1 && prefixes.len() < all || prefixes.len() == 1
    }
}

fn parse(id: &str, operation: &Operation) -> Option<Id> {
    let id = id.trim();
    let hash = id.len() >= 16 && id.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let namespace = id.contains(['/', '.', '{', '`', '<']);
    if hash || namespace || !id.starts_with(char::is_alphabetic) {
        return None;
    }
    let mut pieces: Vec<&str> = id.split('_').filter(|piece| !piece.is_empty()).collect();
    let capital = |piece: &str| piece.starts_with(char::is_uppercase);
    let mut prefix = None;
    // `Orders_GetAll` has a prefix, `get_all_orders` has none.
    let whole = words::split(id);
    let bare = whole
        .first()
        .is_some_and(|word| english::is_only_verb(word));
    let tagged = operation.tags.first().is_some_and(|tag| {
        pieces
            .first()
            .is_some_and(|piece| ident::key(piece) == ident::key(tag))
    });
    if pieces.len() > 1 && (tagged || capital(pieces[0]) && capital(pieces[1]) && !bare) {
        prefix = Some(pieces.remove(0).to_owned());
        // `Orders_OrdersLines_GetAll`: the name begins with a verb.
        let verb = pieces.iter().position(|piece| {
            let words = words::split(piece);
            words.first().is_some_and(|word| english::is_verb(word))
        });
        if let Some(at) = verb {
            pieces.drain(..at);
        }
    }
    if prefix.is_none() && spells_path(id, operation) {
        return None;
    }
    let mut words = words::split(&pieces.join("_"));
    if words.len() > 1 && words.last().is_some_and(|word| word == "async") {
        words.pop();
    }
    let endpoint = words.last().is_some_and(|word| word == "endpoint");
    let usable = !words.is_empty() && words.len() <= LONGEST && !endpoint;
    usable.then_some(Id { prefix, words })
}

/// Whether an id is only the path in letters, with or without the method.
fn spells_path(id: &str, operation: &Operation) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let (id, method) = (letters(id), operation.method.to_lowercase());
    let mut segments: Vec<&str> = path::segments(&operation.path).collect();
    if segments.len() > LONGEST {
        return false;
    }
    let bare = |segments: &[&str], by: &str| -> String {
        let letter = |segment: &&str| match path::parameter(segment) {
            Some(name) => format!("{by}{}", letters(name)),
            None => letters(segment),
        };
        segments.iter().map(letter).collect()
    };
    while segments.len() > 1 {
        for by in ["", "by"] {
            let path = bare(&segments, by);
            let spelt = [
                format!("{method}{path}"),
                format!("{path}{method}"),
                path.clone(),
            ];
            // A single word may well be a name that somebody chose.
            if spelt.contains(&id) {
                return true;
            }
        }
        segments.remove(0);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(id: &str, path: &str) -> Option<(Option<String>, String)> {
        let operation = Operation {
            method: "GET".to_owned(),
            path: path.to_owned(),
            id: Some(id.to_owned()),
            ..Operation::default()
        };
        let api = Api {
            operations: vec![operation],
            ..Api::default()
        };
        let ids = Ids::new(&api);
        ids.get(0).map(|id| (id.prefix.clone(), id.words.join(" ")))
    }

    #[test]
    fn ids_that_a_person_wrote_are_words() {
        let some =
            |prefix: Option<&str>, words: &str| Some((prefix.map(str::to_owned), words.to_owned()));
        for (text, expected) in [
            ("Orders_GetAll", some(Some("Orders"), "get all")),
            ("getOrderAsync", some(None, "get order")),
            ("get_all_orders", some(None, "get all orders")),
            ("Orders_OrdersLines_GetCSV", some(Some("Orders"), "get csv")),
            ("GetGroups_V2_1", some(None, "get groups v2 1")),
            ("c94a92715c0351cba55c1eff9c4649f2", None),
            ("Shop.Api.Endpoints.GetOrder", None),
            ("UpdateOrderEndpoint", None),
            ("get/orders", None),
            ("GetApiOrdersById", None),
            ("", None),
        ] {
            assert_eq!(id(text, "/api/orders/{id}"), expected, "{text}");
        }
    }

    #[test]
    fn an_id_that_stands_twice_is_none() {
        let operation = Operation {
            id: Some("getOrder".to_owned()),
            ..Operation::default()
        };
        let api = Api {
            operations: vec![operation.clone(), operation],
            ..Api::default()
        };
        assert!(Ids::new(&api).get(0).is_none());
    }
}
