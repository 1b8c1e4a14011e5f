//! Which group an operation is in, and what the group is called.

use xtask::names::{Api, Operation, Response};

use super::{api, called, operation, tagged};

fn groups(operations: Vec<Operation>) -> Vec<String> {
    groups_of(&api(operations))
}

fn groups_of(api: &Api) -> Vec<String> {
    let group = |name: String| name.split('.').next().unwrap_or_default().to_owned();
    called(api).into_iter().map(group).collect()
}

#[test]
fn tags_that_differ_in_case_or_separators_are_one_group() {
    let operations = vec![
        tagged("ReadingList", "GET /a/items"),
        tagged("reading list", "GET /b/pages"),
        tagged("Reading-List", "GET /c/covers"),
        tagged("readinglist", "GET /d/notes"),
        tagged("Other", "GET /e/things"),
    ];
    let reading = "reading_list";
    let expected = [reading, reading, reading, reading, "other"];
    assert_eq!(groups(operations), expected);
}

#[test]
fn the_first_of_several_tags_counts() {
    let mut both = tagged("Orders", "GET /orders/open");
    both.tags.push("Reports".to_owned());
    let operations = vec![
        both,
        tagged("Orders", "GET /orders/late"),
        tagged("Reports", "GET /reports/late"),
    ];
    assert_eq!(groups(operations), ["orders", "orders", "reports"]);
}

#[test]
fn without_tags_the_first_segment_after_api_and_version_counts() {
    for (path, group) in [
        ("/orders", "orders"),
        ("/api/v1/orders/{id}", "orders"),
        ("/shop-api/1.0/orders/{id}/lines", "orders"),
        ("/api/v{version}/orders", "orders"),
        ("/api/services/app/orders/GetAll", "orders"),
        ("/{tenant}/orders", "orders"),
        ("/services/{id}", "services"),
        ("/rest/{id}", "rests"),
        ("/rest/orders", "orders"),
        ("/shop/v2/orders", "orders"),
        ("/", "root"),
        ("/{id}", "root"),
    ] {
        let operations = vec![operation(&format!("GET {path}"))];
        assert_eq!(groups(operations), [group], "{path}");
    }
}

#[test]
fn a_segment_that_all_paths_share_with_a_key_is_no_group() {
    let operations = vec![
        operation("GET /v1/accounts/{accountId}/orders"),
        operation("GET /v1/accounts/{accountId}/bills/{id}"),
    ];
    assert_eq!(groups(operations), ["orders", "bills"]);
}

#[test]
fn one_tag_for_everything_says_nothing() {
    let operations = vec![
        tagged("Shop", "GET /api/orders"),
        tagged("shop", "GET /api/orders/{id}"),
        tagged("Shop", "GET /api/bills"),
    ];
    assert_eq!(groups(operations), ["orders", "orders", "bills"]);
}

#[test]
fn a_tag_for_each_operation_says_nothing() {
    let operations = vec![
        tagged("ListOrders", "GET /api/orders"),
        tagged("GetOrder", "GET /api/orders/{id}"),
        tagged("ListBills", "GET /api/bills"),
    ];
    assert_eq!(groups(operations), ["orders", "orders", "bills"]);
}

#[test]
fn without_useful_tags_the_prefixes_of_all_ids_count() {
    let with_id = |id: &str, text: &str| Operation {
        id: Some(id.to_owned()),
        ..tagged("Everything", text)
    };
    let operations = vec![
        with_id("Orders_GetAll", "GET /shop/all"),
        with_id("Orders_Get", "GET /shop/all/{id}"),
        with_id("Bills_Get", "GET /shop/bills/{id}"),
    ];
    assert_eq!(
        called(&api(operations)),
        ["orders.list", "orders.get", "bills.get"]
    );
}

#[test]
fn a_tag_that_repeats_the_title_is_none() {
    let api = Api {
        title: "Nut Shop API".to_owned(),
        operations: vec![
            tagged("NutShop", "GET /orders/{id}"),
            tagged("NutShop", "GET /bills/{id}"),
            tagged("Reports", "GET /reports/{id}"),
        ],
        ..Api::default()
    };
    assert_eq!(groups_of(&api), ["orders", "bills", "reports"]);
}

#[test]
fn a_tag_below_another_joins_it() {
    let operations = vec![
        tagged("Queue", "GET /queue/{id}"),
        tagged("Queue", "DELETE /queue/{id}"),
        tagged("QueueStatus", "GET /queue/status"),
        tagged("QueueAction", "POST /queue/grab/{id}"),
        // It has a key of its own, or stands elsewhere.
        tagged("QueueFile", "GET /queue/file/{name}"),
        tagged("QueueFeed", "GET /feed/queue"),
    ];
    let expected = ["queue.get", "queue.delete", "queue.status", "queue.grab"];
    assert_eq!(called(&api(operations.clone()))[..4], expected);
    assert_eq!(groups(operations)[4..], ["queue_files", "queue_feed"]);
}

#[test]
fn things_that_are_counted_are_a_plural() {
    let list = Response::List(Some("Thing".to_owned()));
    for (tag, expected) in [
        ("Order", "orders"),
        ("OrderCategory", "order_categories"),
        ("Person", "people"),
        ("Status", "status"),
        ("Series", "series"),
        ("Opds", "opds"),
        ("Settings", "settings"),
        ("Naming", "naming"),
        ("OrderEndpoints", "orders"),
        ("OrderController", "orders"),
        ("Controller", "controllers"),
        ("Upload", "upload"),
    ] {
        let operations = vec![
            Operation {
                response: list.clone(),
                ..tagged(tag, &format!("GET /{tag}"))
            },
            tagged(tag, &format!("GET /{tag}/{{id}}")),
            tagged("Else", "GET /else/where"),
        ];
        let groups = groups(operations);
        assert_eq!(groups, [expected, expected, "else_group"], "{tag}");
    }
}

#[test]
fn names_of_our_own_get_a_suffix() {
    let operations = vec![
        tagged("Request", "GET /request/now"),
        tagged("Types", "GET /types/now"),
        tagged("Types", "GET /types/clone"),
        tagged("Type", "GET /type/of"),
        tagged("2FA", "GET /2fa/code"),
    ];
    let called = called(&api(operations));
    assert_eq!(
        called,
        [
            "request_group.now",
            "types.now",
            "types.clone_call",
            "type_group.of",
            "x2fa.code"
        ]
    );
}

#[test]
fn calls_by_verb_are_in_one_group() {
    let api = Api {
        title: "Parrot API".to_owned(),
        operations: vec![
            operation("POST /sendMessage"),
            operation("POST /setName"),
            operation("POST /close"),
        ],
        ..Api::default()
    };
    assert_eq!(
        called(&api),
        ["parrot.send_message", "parrot.set_name", "parrot.close"]
    );
}
