//! Which operations hand out their items in pages, and by what: the ABP way, page numbers,
//! limit and offset, OData with its links. Found by the names that ASP.NET services use, and
//! corrected by the configuration where a document uses others.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    answers::Answers,
    plan::{Answer, Kind, Operation, Place, Plan},
    rust_types::target,
    skeleton,
};
use crate::{
    config::{PagingNames, PagingRule},
    ident,
    lower::walk,
    report::Report,
};

/// How an operation pages.
#[derive(Clone, Debug)]
pub struct Paging {
    /// How the next page is found.
    pub scheme: Scheme,
    /// What sets the number of items on a page.
    pub size: Option<Field>,
    /// Where the answer has the items; empty when it is the list itself.
    pub items: Vec<String>,
    /// What an item is.
    pub item: Value,
    /// Where the answer has the number of all items.
    pub total: Option<Vec<String>>,
}

/// How the next page is found.
#[derive(Clone, Debug)]
pub enum Scheme {
    /// By the number of items to leave out.
    Skip(Field),
    /// By its number, counted from `first`.
    Number {
        /// What sets it.
        field: Field,
        /// The number of the first page.
        first: u64,
    },
    /// By the link at this place of the answer.
    Link(Vec<String>),
}

/// Something of a request that can be set.
#[derive(Clone, Debug)]
pub enum Field {
    /// The parameter at this index.
    Parameter(usize),
    /// The body's property of this Rust name.
    Body(String),
}

/// Names without case and punctuation, likeliest first.
const SKIPS: [&str; 3] = ["skipcount", "skip", "offset"];
const PAGES: [&str; 6] = [
    "page",
    "pagenumber",
    "pageindex",
    "pageno",
    "pagenum",
    "currentpage",
];
const SIZES: [&str; 9] = [
    "maxresultcount",
    "pagesize",
    "top",
    "take",
    "limit",
    "perpage",
    "itemsperpage",
    "size",
    "pagelimit",
];
const ITEMS: [&str; 9] = [
    "items", "value", "data", "results", "records", "rows", "entries", "content", "list",
];
const TOTALS: [&str; 8] = [
    "totalcount",
    "total",
    "totalrecords",
    "totalitems",
    "totalresults",
    "totalelements",
    "odatacount",
    "recordstotal",
];
const LINKS: [&str; 2] = ["odatanextlink", "nextlink"];
const ENVELOPES: [&str; 4] = ["result", "data", "value", "response"];

/// Finds the operations that page.
///
/// # Errors
/// When a rule names something that the operation does not have.
pub fn find(
    plan: &mut Plan,
    rules: &BTreeMap<String, PagingRule>,
    report: &mut Report,
) -> Result<(), String> {
    let none = PagingNames::default();
    for index in 0..plan.operations.len() {
        let operation = &plan.operations[index];
        let (names, ruled) = match rules.get(&operation.id) {
            Some(PagingRule::Detect(false)) => continue,
            Some(PagingRule::Names(names)) => (names, true),
            Some(PagingRule::Detect(true)) => (&none, true),
            None => (&none, false),
        };
        let found = Search {
            operation,
            plan,
            names,
        }
        .paging();
        match found {
            Ok(paging) => {
                let pointer = format!(
                    "/paths/{}/{}",
                    walk::escape(&operation.path),
                    operation.method.to_lowercase()
                );
                let (was, now) = (
                    described(&paging, operation),
                    format!("`{}().stream()`", operation.id),
                );
                report.adapt("paging", pointer, was, now);
                plan.operations[index].paging = Some(paging);
            }
            Err(missing) if ruled => return Err(format!("`{}` {missing}", operation.id)),
            Err(_) => {}
        }
    }
    Ok(())
}

/// What an operation pages with, for the report.
fn described(paging: &Paging, operation: &Operation) -> String {
    let name = |field: &Field| match field {
        Field::Parameter(index) => format!("`{}`", operation.parameters[*index].wire),
        Field::Body(name) => format!("`{name}` of the body"),
    };
    let by = match &paging.scheme {
        Scheme::Skip(field) | Scheme::Number { field, .. } => name(field),
        Scheme::Link(path) => format!("the link `{}`", path.join(".")),
    };
    let size = paging
        .size
        .as_ref()
        .map_or(String::new(), |size| format!(" and {}", name(size)));
    let items = match paging.items.as_slice() {
        [] => "the list itself".to_owned(),
        path => format!("`{}`", path.join(".")),
    };
    format!("pages by {by}{size}, items in {items}")
}

/// A property of an object: its name in Rust, and its schema.
type Found<'a> = (String, &'a Value);

/// The search through one operation.
struct Search<'a> {
    operation: &'a Operation,
    plan: &'a Plan,
    names: &'a PagingNames,
}

impl<'a> Search<'a> {
    fn paging(&self) -> Result<Paging, String> {
        let operation = self.operation;
        if !matches!(operation.method.as_str(), "GET" | "POST") {
            return Err("neither gets nor posts".to_owned());
        }
        let [answer] = operation.success.as_slice() else {
            return Err("has not one answer of success".to_owned());
        };
        if answer.kind != Kind::Json || Answers::success(operation).variants.is_some() {
            return Err("does not answer with JSON of one kind".to_owned());
        }
        let size = self.request(self.names.size.as_deref(), &SIZES)?;
        let (holder, inside) = self.holder(answer);
        let (items, item) = self.items(answer, holder, &inside)?;
        let within = |name: &Option<String>, names: &[&str], kind: &str| {
            let found = self.answer(holder, name.as_deref(), names, &|schema| {
                schema["type"] == kind
            })?;
            Ok::<_, String>(found.map(|(name, _)| joined(&inside, name)))
        };
        let total = within(&self.names.total, &TOTALS, "integer")?;
        let link = within(&self.names.link, &LINKS, "string")?;
        let paging = |scheme| Paging {
            scheme,
            size: size.clone(),
            items: items.clone(),
            item: item.clone(),
            total: total.clone(),
        };
        if let Some(link) = link.filter(|_| operation.method == "GET") {
            return Ok(paging(Scheme::Link(link)));
        }
        let by_page = self.names.page.is_some();
        if !by_page && let Some(field) = self.request(self.names.skip.as_deref(), &SKIPS)? {
            self.needs(&size, &total)?;
            return Ok(paging(Scheme::Skip(field)));
        }
        let field = self
            .request(self.names.page.as_deref(), &PAGES)?
            .ok_or("has no parameter or property of an integer to page by")?;
        self.needs(&size, &total)?;
        let first = self.names.first.unwrap_or_else(|| self.first(&field));
        Ok(paging(Scheme::Number { field, first }))
    }

    /// Without a size, `page` alone may mean anything.
    fn needs(&self, size: &Option<Field>, total: &Option<Vec<String>>) -> Result<(), String> {
        match size.is_some() || total.is_some() && self.names.items.is_some() {
            true => Ok(()),
            false => Err("has no parameter or property for the size of a page".to_owned()),
        }
    }

    /// A parameter in the query, or a property of the body, that is an integer.
    fn request(&self, named: Option<&str>, names: &[&str]) -> Result<Option<Field>, String> {
        let parameters = self
            .operation
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, parameter)| {
                parameter.place == Place::Query && is_integer(&parameter.schema)
            });
        let parameters: Vec<_> = parameters
            .map(|(index, parameter)| (parameter.wire.clone(), Field::Parameter(index)))
            .collect();
        let body = self.body().into_iter().flat_map(properties);
        let body = body
            .filter(|(_, _, schema)| is_integer(schema))
            .map(|(wire, rust, _)| (wire.to_owned(), Field::Body(rust)));
        let fields: Vec<(String, Field)> = parameters.into_iter().chain(body).collect();
        if let Some(named) = named {
            let found = fields.into_iter().find(|(wire, _)| wire == named);
            return match found {
                Some((_, field)) => Ok(Some(field)),
                None => Err(format!("has no `{named}` to set that is an integer")),
            };
        }
        // `Input.SkipCount` is a parameter of a nested object.
        let short = |wire: &str| plain(wire.rsplit('.').next().unwrap_or(wire));
        Ok(names.iter().find_map(|name| {
            let found = fields.iter().find(|(wire, _)| short(wire) == *name);
            found.map(|(_, field)| field.clone())
        }))
    }

    /// The body's schema, when it is an object whose properties can be set one by one.
    fn body(&self) -> Option<&'a Value> {
        let body = self
            .operation
            .body
            .as_ref()
            .filter(|body| body.kind == Kind::Json)?;
        let schema = self.plan.schemas.get(&target(&body.schema)?)?;
        let settable = body.required || schema["required"].as_array().is_none_or(Vec::is_empty);
        (settable && !skeleton::is_open(schema) && schema.get("properties").is_some())
            .then_some(schema)
    }

    /// The object that has the items and the total: the answer, or what its envelope holds.
    fn holder(&self, answer: &Answer) -> (Option<&'a Value>, Vec<String>) {
        let Some(outer) = self.object(&answer.schema) else {
            return (None, Vec::new());
        };
        let named = self
            .names
            .items
            .as_deref()
            .and_then(|path| path.split_once('.'));
        if named.is_none() && self.listed(outer).is_some() {
            return (Some(outer), Vec::new());
        }
        let inner = properties(outer).find(|(wire, _, schema)| match named {
            Some((envelope, _)) => *wire == envelope,
            None => {
                ENVELOPES.contains(&plain(wire).as_str())
                    && self
                        .object(schema)
                        .is_some_and(|inner| self.listed(inner).is_some())
            }
        });
        match inner.and_then(|(_, rust, schema)| Some((rust, self.object(schema)?))) {
            Some((rust, inner)) => (Some(inner), vec![rust]),
            None => (Some(outer), Vec::new()),
        }
    }

    /// The list of items in an object, by the usual names.
    fn listed(&self, object: &'a Value) -> Option<Found<'a>> {
        ITEMS.iter().find_map(|name| {
            properties(object)
                .find(|(wire, _, schema)| plain(wire) == *name && schema["type"] == "array")
                .map(|(_, rust, schema)| (rust, schema))
        })
    }

    /// Where the items are, and what an item is.
    fn items(
        &self,
        answer: &Answer,
        holder: Option<&'a Value>,
        inside: &[String],
    ) -> Result<(Vec<String>, Value), String> {
        let Some(holder) = holder else {
            return match answer.schema["type"] == "array" {
                true => Ok((Vec::new(), answer.schema["items"].clone())),
                false => Err("answers with neither a list nor an object".to_owned()),
            };
        };
        let named = self
            .names
            .items
            .as_deref()
            .map(|path| path.rsplit('.').next().unwrap_or(path));
        let found = match named {
            Some(_) => self.answer(Some(holder), named, &[], &|schema| {
                schema["type"] == "array"
            })?,
            None => self.listed(holder),
        };
        let (rust, schema) = found.ok_or("answers without a list of items")?;
        Ok((joined(inside, rust), schema["items"].clone()))
    }

    /// A property of the answer, by its name on the wire or by the usual ones.
    fn answer(
        &self,
        holder: Option<&'a Value>,
        named: Option<&str>,
        names: &[&str],
        fits: &dyn Fn(&Value) -> bool,
    ) -> Result<Option<Found<'a>>, String> {
        let all = || {
            holder
                .into_iter()
                .flat_map(properties)
                .filter(|(_, _, schema)| fits(schema))
        };
        if let Some(named) = named {
            let last = named.rsplit('.').next().unwrap_or(named);
            let found = all().find(|(wire, _, _)| *wire == named || *wire == last);
            return match found {
                Some((_, rust, schema)) => Ok(Some((rust, schema))),
                None => Err(format!("has no `{named}` of that kind in its answer")),
            };
        }
        Ok(names.iter().find_map(|name| {
            let found = all().find(|(wire, _, _)| plain(wire) == *name);
            found.map(|(_, rust, schema)| (rust, schema))
        }))
    }

    /// The component object that a schema stands for.
    fn object(&self, schema: &Value) -> Option<&'a Value> {
        let schema = self.plan.schemas.get(&target(schema)?)?;
        (!skeleton::is_open(schema) && schema.get("properties").is_some()).then_some(schema)
    }

    /// What the first page is called: what the document says, or what the name means.
    fn first(&self, field: &Field) -> u64 {
        let (schema, name) = match field {
            Field::Parameter(index) => {
                let parameter = &self.operation.parameters[*index];
                (Some(&parameter.schema), parameter.rust.clone())
            }
            Field::Body(name) => {
                let property = self.body().into_iter().flat_map(properties);
                let schema = property.into_iter().find(|(_, rust, _)| rust == name);
                (schema.map(|(_, _, schema)| schema), name.clone())
            }
        };
        let usual = u64::from(!name.ends_with("index"));
        schema
            .and_then(|schema| schema["x-default"].as_u64())
            .filter(|first| *first <= 1)
            .unwrap_or(usual)
    }
}

/// The properties of an object: names on the wire and in Rust, and schemas.
fn properties(schema: &Value) -> impl Iterator<Item = (&str, String, &Value)> {
    schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, property)| {
            let wire = property["x-wire-name"].as_str().unwrap_or(key);
            (wire, ident::field_name(key), property)
        })
}

fn joined(inside: &[String], name: String) -> Vec<String> {
    inside.iter().cloned().chain([name]).collect()
}

fn is_integer(schema: &Value) -> bool {
    let path = schema["x-rust-type"]["path"].as_str();
    schema["type"] == "integer" && path.is_none_or(|path| path == "sixclicks_core::NumberOrText")
}

/// A name without case and punctuation.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
