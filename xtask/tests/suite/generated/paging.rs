//! Lists in pages, found or described, as streams of their items.

use serde_json::{Value, json};
use xtask::{
    config::Config,
    emit::Place,
    pipeline::{Input, run},
};

use super::{component, document, file, ok, says};

/// A list with these parameters and this answer.
fn paged(parameters: &[&str], answer: Value) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|name| json!({"name": name, "in": "query", "schema": {"type": "integer", "format": "int32"}}))
        .collect();
    document(
        json!({"/t": {"get": {"operationId": "listT", "parameters": parameters, "responses": ok(answer)}}}),
        json!({
            "T": {"type": "object", "properties": {"id": {"type": "integer"}}},
            "Page": {"type": "object", "properties": {"totalCount": {"type": "integer"}, "items": {"type": "array", "items": {"$ref": "#/components/schemas/T"}}}},
            "Wrapped": {"type": "object", "properties": {"__abp": {"type": "boolean"}, "result": {"$ref": "#/components/schemas/Page"}}},
            "OData": {"type": "object", "properties": {"@odata.nextLink": {"type": "string"}, "value": {"type": "array", "items": {"$ref": "#/components/schemas/T"}}}},
            "Odd": {"type": "object", "properties": {"n": {"type": "integer"}, "things": {"type": "array", "items": {"$ref": "#/components/schemas/T"}}}}}),
    )
}

#[test]
fn lists_in_pages_get_a_stream_in_every_usual_way() {
    let list = json!({"type": "array", "items": component("T")});
    for (parameters, answer, part) in [
        (
            ["SkipCount", "MaxResultCount"],
            component("Page"),
            "PageStream::by_skip(",
        ),
        (["offset", "limit"], list.clone(), "PageStream::by_skip("),
        (
            ["skip", "top"],
            component("Wrapped"),
            "page.result.and_then(|page| page.items)",
        ),
        (
            ["page", "pageSize"],
            list.clone(),
            r#"PageStream::by_number( "list_t", 1,"#,
        ),
        (
            ["pageIndex", "page_size"],
            component("Page"),
            r#"PageStream::by_number( "list_t", 0,"#,
        ),
        (["$skip", "$top"], component("OData"), ".at_link(next_link)"),
    ] {
        let made = paged(&parameters, answer);
        let builder = file(&made, "src/builder.rs");
        says(
            &builder,
            "pub fn stream(self) -> PageStream<'a, types::T, ()>",
        );
        says(&builder, part);
        says(
            &file(&made, "src/client.rs"),
            "pub fn list_t_stream(&self) -> PageStream<'_, types::T, ()>",
        );
    }
}

#[test]
fn what_does_not_page_gets_no_stream() {
    for (parameters, answer) in [
        (["page", "year"], component("Page")),
        (["skip", "take"], component("T")),
        (["skip", "take"], component("Odd")),
    ] {
        let builder = file(&paged(&parameters, answer), "src/builder.rs");
        assert!(!builder.contains("fn stream("), "{builder}");
    }
}

#[test]
fn the_configuration_says_how_an_operation_pages() {
    let with = |rule: &str, document: &Value| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sixclicks.toml");
        std::fs::write(&path, format!("[paging]\n{rule}")).unwrap();
        let config = Config::read(&path).map_err(|error| error.to_string())?;
        let input = Input::new("d", "d.json", document.clone());
        let made =
            run(vec![input], &config, &Place::Workspace).map_err(|error| error.to_string())?;
        let text = made[0].report.to_markdown("d");
        Ok::<_, String>((
            made[0].files[std::path::Path::new("src/builder.rs")].clone(),
            text,
        ))
    };
    let odd = paged(&["from", "many"], component("Odd"));
    let rule = r#"list_t = { skip = "from", size = "many", items = "things", total = "n" }"#;
    let (builder, report) = with(rule, &odd).unwrap();
    says(&builder, "self.clone().from(at)");
    says(&builder, ".with_total(total)");
    assert!(
        report.contains("pages by `from` and `many`, items in `things`"),
        "{report}"
    );
    let usual = paged(&["skipCount", "maxResultCount"], component("Page"));
    let (builder, _) = with("list_t = false", &usual).unwrap();
    assert!(!builder.contains("fn stream("));
    for (rule, told) in [
        (
            r#"list_t = { skip = "nowhere" }"#,
            "`list_t` has no `nowhere`",
        ),
        ("list_x = false", "there is no operation `list_x`"),
        ("list_t = 3", "expected `false`, or a table"),
    ] {
        let error = with(rule, &usual).unwrap_err();
        assert!(error.contains(told), "{error}");
    }
}
