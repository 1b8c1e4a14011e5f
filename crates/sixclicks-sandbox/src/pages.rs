//! Pages of lists, by the names that ASP.NET services have for them, in any letter case: ABP's
//! `skipCount` and `maxResultCount`, page numbers, limit and offset, OData's `$skip` and `$top`.

use serde_json::{Map, Value};

use crate::check::Incoming;

const SKIP: [&str; 4] = ["skipcount", "skip", "offset", "start"];
const SIZE: [&str; 9] = [
    "maxresultcount",
    "pagesize",
    "perpage",
    "limit",
    "take",
    "top",
    "maxresults",
    "size",
    "count",
];
const PAGE: [&str; 3] = ["page", "pagenumber", "pageindex"];
const TOTAL: [&str; 5] = ["totalcount", "total", "totalrecords", "totalitems", "count"];
const NEXT: [&str; 2] = ["nextlink", "next"];

/// Which part of a list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    skip: usize,
    size: Option<usize>,
}

impl Pages {
    /// What a request asks for, in its query or its body.
    pub fn read(values: &Map<String, Value>) -> Self {
        let number = |names: &[&str]| {
            let places = [values.get("query"), values.get("body")];
            let fields = places
                .into_iter()
                .flatten()
                .filter_map(Value::as_object)
                .flatten();
            fields
                .filter(|(name, _)| names.contains(&plain(name).as_str()))
                .find_map(|(name, value)| Some((plain(name), value.as_u64()? as usize)))
        };
        let size = number(&SIZE).map(|(_, size)| size);
        let skip = match (number(&SKIP), number(&PAGE), size) {
            (Some((_, skip)), ..) => skip,
            (None, Some((name, page)), Some(size)) => {
                let first = usize::from(name != "pageindex");
                page.saturating_sub(first).saturating_mul(size)
            }
            _ => 0,
        };
        Self { skip, size }
    }

    /// The part of a list.
    pub fn of<'a, T>(&self, list: &'a [T]) -> &'a [T] {
        let from = self.skip.min(list.len());
        let to = self
            .size
            .map_or(list.len(), |size| from.saturating_add(size));
        &list[from..to.min(list.len())]
    }

    /// Writes beside a list what is told of it: how many there are, and where the rest is.
    pub fn tell(&self, answer: &mut Value, all: usize, request: Incoming<'_>) {
        let end = self.size.map_or(all, |size| self.skip.saturating_add(size));
        for (name, field) in answer.as_object_mut().into_iter().flatten() {
            let name = plain(name);
            if TOTAL.contains(&name.as_str()) && field.is_number() {
                *field = all.into();
            } else if NEXT.contains(&name.as_str()) && field.is_string() {
                *field = match end < all {
                    true => format!("{}?{}", request.path, self.rest(request.query, end)).into(),
                    false => Value::Null,
                };
            }
        }
    }

    /// The query with the place to go on at.
    fn rest(&self, query: &str, skip: usize) -> String {
        let kept = query.split('&').filter(|pair| {
            let name = plain(pair.split('=').next().unwrap_or_default());
            !pair.is_empty() && !SKIP.contains(&name.as_str())
        });
        let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
        pairs.push(format!("$skip={skip}"));
        pairs.join("&")
    }
}

/// A name without marks, in lower case: `@odata.nextLink` is `nextlink`.
fn plain(name: &str) -> String {
    let name = name.replace("%24", "");
    let last = name.rsplit(['.', '@', '$']).next().unwrap_or_default();
    last.replace(['_', '-'], "").to_lowercase()
}
