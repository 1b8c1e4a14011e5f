//! What holds of any operations: names are identifiers and unique, and depend on no order.

use std::collections::BTreeSet;

use proptest::prelude::*;
use xtask::names::{Api, Body, Kind, Named, NamesLock, Operation, Response, Rules, name};

use super::by_place;

/// A word, most of the time one that the rules know.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![
            "orders", "order", "Lines", "list", "get", "GetAll", "create", "bulk", "type", "v2",
            "move", "new", "clone", "by-name", "readingList", "readinglist", "failed", "editor",
            "api", "1.0", "series", "has-order", "search", "self", "order:cancel", "many",
        ]).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9_.:~-]{0,12}",
        1 => "\\PC{0,6}",
    ]
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => word(),
        1 => prop::sample::select(vec!["{id}", "{orderId}", "{name}", "{version}", "{*path}", "{"])
            .prop_map(str::to_owned),
    ]
}

fn schema() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::sample::select(vec![
        "Order",
        "OrderDto",
        "UpdateOrder",
        "AddLine",
    ]))
    .prop_map(|name| name.map(str::to_owned))
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        Just(Body::Nothing),
        schema().prop_map(Body::Resource),
        schema().prop_map(Body::List),
        Just(Body::JsonPatch),
        Just(Body::Multipart),
        Just(Body::File),
        Just(Body::Other),
    ]
}

fn response() -> impl Strategy<Value = Response> {
    prop_oneof![
        Just(Response::Undescribed),
        Just(Response::Nothing),
        schema().prop_map(Response::Page),
        schema().prop_map(Response::List),
        schema().prop_map(Response::Resource),
        Just(Response::Boolean),
        Just(Response::Scalar),
        Just(Response::File),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let method = prop::sample::select(vec![
        "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "COPY",
    ]);
    let path = prop::collection::vec(segment(), 0..5);
    let tags = prop::collection::vec(word(), 0..3);
    let id = prop::option::weighted(
        0.3,
        prop_oneof![word(), "[A-Z][a-z]{1,8}_[A-Z][a-zA-Z_]{0,12}"],
    );
    let query = prop::collection::vec(word(), 0..3);
    (method, path, tags, id, query, body(), response()).prop_map(
        |(method, path, tags, id, query, body, response)| {
            let path = format!("/{}", path.join("/"));
            Operation {
                method: method.to_owned(),
                written: path.clone(),
                path,
                id,
                tags,
                query,
                body,
                response,
            }
        },
    )
}

/// Operations of which no two have the same method and path.
fn operations() -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec(operation(), 0..14).prop_map(|operations| {
        let mut known = BTreeSet::new();
        let new = |o: &Operation| known.insert((o.method.clone(), o.path.clone()));
        let mut operations = operations;
        let mut new = new;
        operations.retain(|operation| new(operation));
        operations
    })
}

fn api(operations: Vec<Operation>) -> Api {
    Api {
        title: "Orders API".to_owned(),
        types: vec!["ReadingListDto".to_owned()],
        operations,
    }
}

fn named(operations: &[Operation], lock: &NamesLock) -> Vec<Named> {
    let names = name(&api(operations.to_vec()), &Rules::default(), lock);
    names.expect("no rules").operations
}

fn check(names: &[Named]) -> Result<(), TestCaseError> {
    let mut known = BTreeSet::new();
    for named in names {
        for name in [&named.group, &named.name] {
            prop_assert!(syn::parse_str::<syn::Ident>(name).is_ok(), "{name}");
            prop_assert_eq!(&name.to_lowercase(), name);
        }
        prop_assert!(Kind::Group.allows(&named.group), "{}", named.group);
        prop_assert!(Kind::Operation.allows(&named.name), "{}", named.name);
        let key = (named.group.replace('_', ""), named.name.replace('_', ""));
        prop_assert!(known.insert(key), "{}.{} twice", named.group, named.name);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn names_are_identifiers_and_unique(operations in operations()) {
        let names = named(&operations, &NamesLock::default());
        prop_assert_eq!(names.len(), operations.len());
        check(&names)?;
    }

    #[test]
    fn the_order_of_operations_changes_no_name(
        (first, second) in operations().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let (first, second) = (
            named(&first, &NamesLock::default()),
            named(&second, &NamesLock::default()),
        );
        prop_assert_eq!(by_place(&first), by_place(&second));
    }

    #[test]
    fn whatever_is_added_renames_nothing_that_is_kept(
        operations in operations(),
        several in 1..4usize,
    ) {
        let old = &operations[several.min(operations.len())..];
        let mut lock = NamesLock::default();
        let before = named(old, &lock);
        lock.keep(&before);
        let after = named(&operations, &lock);
        check(&after)?;
        let (before, after) = (by_place(&before), by_place(&after));
        for (place, name) in &before {
            prop_assert_eq!(after.get(place), Some(name));
        }
        // What is gone is still kept, and nothing else has its name.
        lock.keep(&named(&operations, &lock));
        let rest = &operations[..several.min(operations.len())];
        let fewer = named(rest, &lock);
        for (place, name) in by_place(&fewer) {
            prop_assert_eq!(after.get(&place), Some(&name));
        }
    }

    #[test]
    fn a_lock_reads_as_it_was_written(operations in operations()) {
        let mut lock = NamesLock::default();
        lock.keep(&named(&operations, &lock));
        let text = serde_json::to_string(&lock).expect("text");
        let read: NamesLock = serde_json::from_str(&text).expect("a lock");
        prop_assert_eq!(&read, &lock);
        let read: NamesLock = toml::from_str(&lock.to_toml()).expect("a lock");
        prop_assert_eq!(read, lock);
    }
}
