//! What operations are called in their groups.

use xtask::names::{Api, Body, Operation, Response};

use super::{api, called, operation, tagged};

fn some(name: &str) -> Option<String> {
    Some(name.to_owned())
}

fn resource(name: &str) -> Response {
    Response::Resource(some(name))
}

/// The names of operations that are all in the group `orders`.
fn names(operations: Vec<Operation>) -> Vec<String> {
    let mut operations: Vec<Operation> = operations
        .into_iter()
        .map(|operation| Operation {
            tags: vec!["Orders".to_owned()],
            ..operation
        })
        .collect();
    let length = operations.len();
    operations.push(tagged("Orders", "GET /orders/of/the/others"));
    operations.push(tagged("Else", "GET /else/where"));
    let mut called = called(&api(operations));
    called.truncate(length);
    let name = |called: &String| called.strip_prefix("orders.").expect("orders").to_owned();
    called.iter().map(name).collect()
}

fn answering(response: Response, text: &str) -> Operation {
    Operation {
        response,
        ..operation(text)
    }
}

fn sending(body: Body, response: Response, text: &str) -> Operation {
    Operation {
        body,
        ..answering(response, text)
    }
}

#[test]
fn plain_operations_have_plain_names() {
    let order = || Body::Resource(some("Order"));
    let operations = vec![
        answering(Response::List(some("Order")), "GET /orders"),
        sending(order(), resource("Order"), "POST /orders"),
        operation("DELETE /orders"),
        answering(resource("Order"), "GET /orders/{id}"),
        sending(order(), Response::Nothing, "PUT /orders/{id}"),
        sending(Body::JsonPatch, Response::Nothing, "PATCH /orders/{id}"),
        operation("DELETE /orders/{id}"),
    ];
    let expected = [
        "list",
        "create",
        "bulk_delete",
        "get",
        "update",
        "patch",
        "delete",
    ];
    assert_eq!(names(operations), expected);
}

#[test]
fn the_response_says_whether_a_post_creates() {
    for (body, response, expected) in [
        (
            Body::Resource(some("Filter")),
            Response::Page(some("Order")),
            "list",
        ),
        (
            Body::Resource(some("Filter")),
            Response::List(some("Order")),
            "list",
        ),
        (
            Body::List(some("Order")),
            Response::List(some("Order")),
            "create",
        ),
        (Body::Resource(some("Order")), resource("Order"), "create"),
        (
            Body::Resource(some("Order")),
            Response::Undescribed,
            "create",
        ),
        (Body::Multipart, Response::Undescribed, "upload"),
    ] {
        let operations = vec![sending(body.clone(), response, "POST /orders")];
        assert_eq!(names(operations), [expected], "{body:?}");
    }
}

#[test]
fn only_lists_are_listed() {
    let with = |query: &str, response: Response| Operation {
        query: vec![query.to_owned()],
        ..answering(response, "GET /orders")
    };
    let list = Response::List(some("Order"));
    assert_eq!(names(vec![with("name", list.clone())]), ["list"]);
    assert_eq!(names(vec![with("orderId", list.clone())]), ["get"]);
    assert_eq!(names(vec![with("id", list)]), ["get"]);
    assert_eq!(names(vec![with("name", resource("Order"))]), ["get"]);
    assert_eq!(names(vec![with("name", Response::Undescribed)]), ["get"]);
    // An envelope, since one order is of another type.
    let operations = vec![
        answering(resource("Orders"), "GET /orders"),
        answering(resource("Order"), "GET /orders/{id}"),
    ];
    assert_eq!(names(operations), ["list", "get"]);
    // The same type with and without a key.
    let operations = vec![
        answering(resource("Order"), "GET /orders"),
        answering(resource("Order"), "GET /orders/{id}"),
    ];
    assert_eq!(names(operations), ["get", "get_by_id"]);
}

#[test]
fn settings_that_are_posted_are_updated() {
    let operations = vec![
        answering(resource("Settings"), "GET /orders"),
        sending(
            Body::Resource(some("Settings")),
            Response::Nothing,
            "POST /orders",
        ),
    ];
    assert_eq!(names(operations), ["get", "update"]);
}

#[test]
fn paths_say_what_is_done() {
    for (text, expected) in [
        ("GET /orders/count", "count"),
        ("GET /orders/{id}/volumes", "volumes"),
        ("GET /orders/volumes/{volumeId}", "volume"),
        ("GET /orders/opds/{key}", "opds"),
        ("POST /orders/mark-read", "mark_read"),
        ("POST /orders/create", "create"),
        ("DELETE /orders/delete-order", "delete"),
        ("POST /orders/update/email", "update_email"),
        ("POST /orders/{id}/complete", "complete"),
        ("POST /orders/lines/approve", "approve_lines"),
        ("POST /orders/failed/{id}", "mark_failed"),
        ("POST /orders/lines/failed", "mark_lines_failed"),
        ("POST /orders/{id}/lines", "add_line"),
        ("POST /orders/evidence", "evidence"),
        ("PUT /orders/{id}/flags", "update_flags"),
        ("DELETE /orders/{id}/lines/{lineId}", "delete_line"),
        ("PUT /orders/bulk", "bulk_update"),
        ("DELETE /orders/bulk", "bulk_delete"),
        ("POST /orders/grab/bulk", "bulk_grab"),
        ("POST /orders/testall", "test_all"),
        ("GET /orders/type", "get_type"),
        ("GET /orders/by-name/{name}", "get_by_name"),
        ("POST /orders/{id}:cancel", "cancel"),
        ("POST /orders:estimate", "estimate"),
        ("GET /orders/recent/v2", "recent_v2"),
        ("POST /orders/has-orders", "has_orders"),
        ("POST /orders/move", "move_call"),
        ("HEAD /orders", "head"),
        ("GET /orders/GetAll", "list"),
    ] {
        assert_eq!(names(vec![operation(text)]), [expected], "{text}");
    }
}

#[test]
fn a_read_and_a_write_of_one_noun_are_a_pair() {
    let operations = vec![
        answering(resource("Rules"), "GET /orders/rules"),
        sending(
            Body::Resource(some("Rules")),
            Response::Nothing,
            "POST /orders/rules",
        ),
        answering(resource("Plan"), "GET /orders/get-plan"),
        sending(
            Body::Resource(some("Plan")),
            Response::Nothing,
            "POST /orders/plan",
        ),
        sending(
            Body::Resource(some("AddNote")),
            Response::Nothing,
            "POST /orders/note",
        ),
    ];
    let expected = [
        "get_rules",
        "update_rules",
        "get_plan",
        "update_plan",
        "add_note",
    ];
    assert_eq!(names(operations), expected);
}

#[test]
fn a_boolean_that_ends_in_a_participle_is_a_question() {
    let names = names(vec![
        answering(Response::Boolean, "GET /orders/email-confirmed"),
        answering(Response::Boolean, "GET /orders/is-open"),
        answering(Response::Boolean, "GET /orders/name-exists"),
        answering(Response::Scalar, "GET /orders/last-changed"),
    ]);
    assert_eq!(
        names,
        [
            "is_email_confirmed",
            "is_open",
            "name_exists",
            "last_changed"
        ]
    );
}

#[test]
fn ids_of_short_words_say_what_is_done() {
    let list = || Response::List(some("Order"));
    for (id, text, response, expected) in [
        ("GetAllOrders", "GET /a/b", list(), "list"),
        ("Orders_GetAll", "GET /a/b", list(), "list"),
        (
            "getOrderById",
            "GET /orders/{id}",
            Response::Undescribed,
            "get",
        ),
        ("getOrders", "GET /orders", Response::Undescribed, "get"),
        (
            "getOrderLines",
            "GET /a/b",
            Response::List(some("Line")),
            "list_lines",
        ),
        ("getOrderContent", "GET /a/b", Response::File, "get_content"),
        ("PostOrder", "POST /orders", Response::Undescribed, "create"),
        (
            "InsertOrder",
            "POST /orders",
            Response::Undescribed,
            "create",
        ),
        ("EditOrder", "POST /orders", Response::Undescribed, "update"),
        (
            "CreateOrEditOrder",
            "POST /orders",
            Response::Undescribed,
            "create_or_edit",
        ),
        (
            "ArchiveOrderAsync",
            "DELETE /orders/{id}",
            Response::Undescribed,
            "archive",
        ),
        ("GetOrdersByName", "GET /a/{name}", list(), "list_by_name"),
        ("HasOrder", "GET /a/b", Response::Boolean, "has_order"),
        (
            "uploadOrderToFolder",
            "POST /a",
            Response::Undescribed,
            "upload_to_folder",
        ),
        (
            "Shop.Orders.ListEndpoint",
            "GET /orders/late",
            list(),
            "late",
        ),
    ] {
        let operation = Operation {
            id: some(id),
            ..answering(response, text)
        };
        assert_eq!(names(vec![operation]), [expected], "{id}");
    }
}

#[test]
fn the_shorter_path_keeps_the_name() {
    let names = names(vec![
        operation("GET /orders/{id}/audit/notes"),
        operation("GET /orders/notes"),
        operation("POST /orders/notes"),
        operation("GET /orders/{id}/notes"),
    ]);
    assert_eq!(names, ["audit_notes", "get_notes", "notes_post", "notes"]);
}

#[test]
fn versions_of_one_path_show() {
    let operations = vec![
        operation("GET /api/v1/orders/{id}"),
        operation("GET /api/v2/orders/{id}"),
    ];
    assert_eq!(names(operations), ["get", "get_v2"]);
}

#[test]
fn words_that_are_written_together_part_as_the_document_says() {
    let api = Api {
        types: vec!["PickListDto".to_owned()],
        operations: vec![
            operation("GET /orders/picklist-cover"),
            operation("GET /orders/x/y"),
        ],
        ..Api::default()
    };
    assert_eq!(called(&api)[0], "orders.pick_list_cover");
}
