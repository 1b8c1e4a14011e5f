//! Groups and operations that `sixclicks.toml` renames.

use xtask::{
    config::Config,
    names::{NamesLock, RuleError, Rules, name},
};

use super::{api, tagged};

fn rules(groups: &[(&str, &str)], names: &[(&str, &str)]) -> Rules {
    let map = |pairs: &[(&str, &str)]| {
        let pairs = pairs
            .iter()
            .map(|(key, name)| ((*key).to_owned(), (*name).to_owned()));
        pairs.collect()
    };
    Rules {
        groups: map(groups),
        names: map(names),
    }
}

fn shop() -> xtask::names::Api {
    api(vec![
        tagged("Order", "GET /orders/{id}"),
        tagged("Order", "GET /orders/late"),
        tagged("OrderArchive", "GET /archive/{id}"),
        tagged("Bill", "GET /bills/{id}"),
    ])
}

fn called(rules: &Rules, lock: &NamesLock) -> Result<Vec<String>, RuleError> {
    let names = name(&shop(), rules, lock)?;
    rules.all_used(&names.used)?;
    let names = names.operations.into_iter();
    Ok(names
        .map(|named| format!("{}.{}", named.group, named.name))
        .collect())
}

#[test]
fn groups_are_renamed_and_merged() {
    let lock = NamesLock::default();
    let renamed = called(&rules(&[("Order", "purchases")], &[]), &lock);
    let expected = [
        "purchases.get",
        "purchases.late",
        "order_archives.get",
        "bills.get",
    ];
    assert_eq!(
        renamed.as_deref(),
        Ok(expected.map(str::to_owned).as_slice())
    );
    let merged = called(&rules(&[("order-archive", "orders")], &[]), &lock);
    let expected = ["orders.get_by_id", "orders.late", "orders.get", "bills.get"];
    assert_eq!(
        merged.as_deref(),
        Ok(expected.map(str::to_owned).as_slice())
    );
}

#[test]
fn single_operations_are_renamed() {
    let lock = NamesLock::default();
    let rules = rules(
        &[],
        &[
            ("get /orders/late", "overdue"),
            ("GET /bills/{id}", "orders.bill"),
        ],
    );
    let expected = [
        "orders.get",
        "orders.overdue",
        "order_archives.get",
        "orders.bill",
    ];
    let called = called(&rules, &lock);
    assert_eq!(
        called.as_deref(),
        Ok(expected.map(str::to_owned).as_slice())
    );
}

#[test]
fn the_configuration_comes_before_the_lock() {
    let mut lock = NamesLock::default();
    let names = name(&shop(), &Rules::default(), &lock).expect("no rules");
    lock.keep(&names.operations);
    let renamed = called(
        &rules(&[("Bill", "invoices")], &[("GET /orders/late", "old")]),
        &lock,
    );
    let expected = [
        "orders.get",
        "orders.old",
        "order_archives.get",
        "invoices.get",
    ];
    assert_eq!(
        renamed.as_deref(),
        Ok(expected.map(str::to_owned).as_slice())
    );
    // A name that the lock keeps for another operation is not given away.
    let twice = called(&rules(&[], &[("GET /orders/late", "get")]), &lock);
    assert!(matches!(twice, Err(RuleError::Twice { .. })), "{twice:?}");
}

#[test]
fn what_cannot_be_is_an_error() {
    let lock = NamesLock::default();
    for (rules, expected) in [
        (rules(&[("Order", "Orders")], &[]), "`orders` can be used"),
        (rules(&[("Order", "type")], &[]), "`type_group` can be used"),
        (
            rules(&[("Order", "session")], &[]),
            "`session_group` can be used",
        ),
        (
            rules(&[], &[("GET /orders/late", "move")]),
            "`move_call` can be used",
        ),
        (
            rules(&[], &[("GET /orders/late", "a b.c")]),
            "`a_b` can be used",
        ),
        (rules(&[], &[("orders/late", "x")]), "no method and path"),
        (
            rules(&[("Nothing", "x")], &[]),
            "there is no group `Nothing`",
        ),
        (
            rules(&[], &[("GET /no", "x")]),
            "there is no operation `GET /no`",
        ),
        (
            rules(&[], &[("GET /orders/late", "x"), ("GET /orders/{id}", "x")]),
            "both be called `orders.x`",
        ),
    ] {
        let error = called(&rules, &lock).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn the_file_has_them_in_sections() {
    let text = "[groups]\nOrder = \"purchases\"\n[names]\n\"GET /orders/late\" = \"overdue\"\n";
    let config: Config = toml::from_str(text).expect("a configuration");
    assert_eq!(config.groups["Order"], "purchases");
    assert_eq!(config.names["GET /orders/late"], "overdue");
}
