//! Names that a lock file keeps.

use xtask::names::{Api, NamesLock, Rules, name};

use super::{api, operation, tagged};

fn lock(text: &str) -> Result<NamesLock, toml::de::Error> {
    toml::from_str(text)
}

fn called(api: &Api, lock: &NamesLock) -> Vec<String> {
    let names = name(api, &Rules::default(), lock).expect("no rules");
    let names = names.operations.into_iter();
    names
        .map(|named| format!("{}.{}", named.group, named.name))
        .collect()
}

#[test]
fn it_is_a_table_with_a_line_for_each_operation() {
    let text = "\"GET /orders\" = \"orders.list\"\n\"PUT /orders\" = \"orders.update\"\n\"GET /orders/{id}\" = \"orders.get\"\n";
    let kept = lock(text).expect("a lock");
    assert_eq!(kept.to_toml(), text);
    let name = kept.get("get", "/orders/{id}").expect("it is kept");
    assert_eq!((name.group.as_str(), name.name.as_str()), ("orders", "get"));
    assert_eq!(kept.iter().count(), 3);
}

#[test]
fn what_cannot_be_a_name_is_refused() {
    for (text, expected) in [
        ("\"GET orders\" = \"a.b\"", "no method and path"),
        ("\"GET /orders\" = \"list\"", "no group and name"),
        ("\"GET /orders\" = \"orders.List\"", "no group and name"),
        ("\"GET /orders\" = \"orders.move\"", "no group and name"),
        ("\"GET /a\" = \"a.b\"\n\"GET /b\" = \"a.b\"", "both called"),
        ("\"GET /a\" = 1", "string"),
    ] {
        let error = lock(text).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_newcomer_takes_no_kept_name() {
    // The path of the newcomer is shorter, so that it would be `get` without the lock.
    let kept = lock("\"GET /orders/{id}\" = \"orders.get\"").expect("a lock");
    let shop = api(vec![
        operation("GET /orders"),
        operation("GET /orders/{id}"),
    ]);
    assert_eq!(
        called(&shop, &NamesLock::default()),
        ["orders.get", "orders.get_by_id"]
    );
    assert_eq!(called(&shop, &kept), ["orders.get_get", "orders.get"]);
    // Nor the name of one that is gone.
    let shop = api(vec![operation("GET /orders")]);
    assert_eq!(called(&shop, &kept), ["orders.get_get"]);
}

#[test]
fn a_newcomer_joins_the_group_as_it_is_kept() {
    let kept = lock("\"GET /order/late\" = \"order.late\"").expect("a lock");
    // With the newcomers the group would be a plural.
    let shop = api(vec![
        tagged("Order", "GET /order/late"),
        tagged("Order", "GET /order/{id}"),
        tagged("Bill", "GET /bill/{id}"),
    ]);
    assert_eq!(
        called(&shop, &kept),
        ["order.late", "order.get", "bills.get"]
    );
}

#[test]
fn what_is_kept_stays_whatever_changes() {
    let text = "\"GET /orders\" = \"orders.list\"\n\"POST /orders\" = \"purchases.buy\"\n";
    let kept = lock(text).expect("a lock");
    let shop = api(vec![
        tagged("Renamed", "GET /orders"),
        tagged("Renamed", "POST /orders"),
        tagged("Other", "GET /other"),
        tagged("Other", "POST /other"),
    ]);
    assert_eq!(called(&shop, &kept)[..2], ["orders.list", "purchases.buy"]);
}
