//! Which operations hand out their items in pages, and by what: the ABP way, page numbers,
//! limit and offset, OData with its links. Found by the names that ASP.NET services use, and
//! corrected by the configuration where a document uses others.

mod names;

use std::collections::BTreeMap;

use self::names::{ENVELOPES, ITEMS, LINKS, PAGES, SIZES, SKIPS, TOTALS, likeliest, plain};

use crate::{
    config::{PagingNames, PagingRule},
    ident,
    lower::walk,
    model::{
        Answer, Field, Kind, Operation, Paging, Place, Plan, Scheme, Type,
        schema::{self, JsonType, Struct},
    },
    report::Report,
};

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

/// A property of an object.
type Property<'a> = &'a schema::Field;

fn rust(property: Property<'_>) -> String {
    ident::field_name(&property.key)
}

/// What a property of a response has to be.
#[derive(Clone, Copy)]
enum Expected {
    List,
    Scalar(JsonType),
}

impl Expected {
    fn is(self, ty: &Type) -> bool {
        match self {
            Self::List => ty.items().is_some(),
            Self::Scalar(json) => ty.is_json(json),
        }
    }
}

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
        if answer.kind != Kind::Json {
            return Err("does not answer with JSON".to_owned());
        }
        let size = self.request(self.names.size.as_deref(), &SIZES)?;
        let (holder, inside) = self.holder(answer);
        let (items, item) = self.items(answer, holder, &inside)?;
        let within = |name: &Option<String>, names: &[&str], expected: Expected| {
            let found = self.answer(holder, name.as_deref(), names, expected)?;
            Ok::<_, String>(found.map(|property| joined(&inside, rust(property))))
        };
        let total = within(
            &self.names.total,
            &TOTALS,
            Expected::Scalar(JsonType::Integer),
        )?;
        let link = within(&self.names.link, &LINKS, Expected::Scalar(JsonType::String))?;
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
        let parameters = self.operation.parameters.iter().enumerate();
        let parameters = parameters
            .filter(|(_, own)| own.place == Place::Query && is_integer(&own.ty))
            .map(|(index, own)| (own.wire.as_str(), Settable::Parameter(index)));
        let body = self.body().into_iter().flat_map(properties);
        let body = body
            .filter(|property| is_integer(&property.ty))
            .map(|property| (property.wire.as_str(), Settable::Body(property)));
        let mut fields = parameters.chain(body);
        let found = match named {
            Some(named) => match fields.find(|(wire, _)| *wire == named) {
                Some((_, field)) => Some(field),
                None => return Err(format!("has no `{named}` to set that is an integer")),
            },
            // `Input.SkipCount` is a parameter of a nested object.
            None => {
                let short = |wire: &'a str| wire.rsplit('.').next().unwrap_or(wire);
                likeliest(fields.map(|(wire, field)| (short(wire), field)), names)
            }
        };
        Ok(found.map(|field| match field {
            Settable::Parameter(index) => Field::Parameter(index),
            Settable::Body(property) => Field::Body(rust(property)),
        }))
    }

    /// The body's schema, when it is an object whose properties can be set one by one.
    fn body(&self) -> Option<&'a Struct> {
        let body = self
            .operation
            .body
            .as_ref()
            .filter(|body| body.kind == Kind::Json)?;
        let own = self.object(&body.ty)?;
        (body.required || own.has_no_required_fields()).then_some(own)
    }

    /// The object that has the items and the total: the answer, or what its envelope holds.
    fn holder(&self, answer: &Answer) -> (Option<&'a Struct>, Vec<String>) {
        let Some(outer) = self.object(&answer.ty) else {
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
        let inner = properties(outer).find(|property| match named {
            Some((envelope, _)) => property.wire == envelope,
            None => {
                ENVELOPES.contains(&plain(&property.wire).as_str())
                    && self
                        .object(&property.ty)
                        .is_some_and(|inner| self.listed(inner).is_some())
            }
        });
        match inner.and_then(|property| Some((property, self.object(&property.ty)?))) {
            Some((property, inner)) => (Some(inner), vec![rust(property)]),
            None => (Some(outer), Vec::new()),
        }
    }

    /// The list of items in an object, by the usual names.
    fn listed(&self, object: &'a Struct) -> Option<Property<'a>> {
        let lists = properties(object).filter(|property| property.ty.items().is_some());
        likeliest(lists.map(|list| (list.wire.as_str(), list)), &ITEMS)
    }

    /// Where the items are, and what an item is.
    fn items(
        &self,
        answer: &Answer,
        holder: Option<&'a Struct>,
        inside: &[String],
    ) -> Result<(Vec<String>, Type), String> {
        let Some(holder) = holder else {
            return match answer.ty.items() {
                Some(items) => Ok((Vec::new(), items.clone())),
                None => Err("answers with neither a list nor an object".to_owned()),
            };
        };
        let named = self
            .names
            .items
            .as_deref()
            .map(|path| path.rsplit('.').next().unwrap_or(path));
        let found = match named {
            Some(_) => self.answer(Some(holder), named, &[], Expected::List)?,
            None => self.listed(holder),
        };
        let missing = "answers without a list of items";
        let list = found.ok_or(missing)?;
        let items = list.ty.items().ok_or(missing)?;
        Ok((joined(inside, rust(list)), items.clone()))
    }

    /// A property of the answer, by its name on the wire or by the usual ones.
    fn answer(
        &self,
        holder: Option<&'a Struct>,
        named: Option<&str>,
        names: &[&str],
        expected: Expected,
    ) -> Result<Option<Property<'a>>, String> {
        let all = holder.into_iter().flat_map(properties);
        let mut all = all.filter(|property| expected.is(&property.ty));
        let Some(named) = named else {
            return Ok(likeliest(
                all.map(|found| (found.wire.as_str(), found)),
                names,
            ));
        };
        let last = named.rsplit('.').next().unwrap_or(named);
        match all.find(|property| property.wire == named || property.wire == last) {
            Some(found) => Ok(Some(found)),
            None => Err(format!("has no `{named}` of that kind in its answer")),
        }
    }

    /// The component object that a schema stands for.
    fn object(&self, ty: &Type) -> Option<&'a Struct> {
        self.plan.schemas.get(ty.target()?)?.as_struct()
    }

    /// What the first page is called: what the document says, or what the name means.
    fn first(&self, field: &Field) -> u64 {
        let (ty, name) = match field {
            Field::Parameter(index) => {
                let parameter = &self.operation.parameters[*index];
                (Some(&parameter.ty), parameter.rust.clone())
            }
            Field::Body(name) => {
                let mut body = self.body().into_iter().flat_map(properties);
                let property = body.find(|property| rust(property) == *name);
                (property.map(|property| &property.ty), name.clone())
            }
        };
        let usual = u64::from(!name.ends_with("index"));
        ty.and_then(|ty| ty.default.as_ref()?.as_u64())
            .filter(|first| *first <= 1)
            .unwrap_or(usual)
    }
}

/// Something of a request that may turn out to be what sets a page.
enum Settable<'a> {
    Parameter(usize),
    Body(Property<'a>),
}

/// The properties of an object.
fn properties(object: &Struct) -> impl Iterator<Item = Property<'_>> {
    object.fields.iter()
}

fn joined(inside: &[String], name: String) -> Vec<String> {
    inside.iter().cloned().chain([name]).collect()
}

fn is_integer(ty: &Type) -> bool {
    ty.scalar().is_some_and(|scalar| {
        let core = scalar.core.as_ref();
        scalar.json == JsonType::Integer && core.is_none_or(|core| core.name == "NumberOrText")
    })
}
