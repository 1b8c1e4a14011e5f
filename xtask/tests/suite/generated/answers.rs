//! Answers: several kinds in one type, downloads, and what is not described.

use serde_json::json;

use super::{component, document, file, ok, says};

#[test]
fn several_success_schemas_are_one_enum_told_apart_by_status() {
    let made = document(
        json!({"/a": {"get": {"operationId": "getA", "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "202": {"description": "later", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/B"}}}},
            "204": {"description": "none"},
            "400": {"description": "bad", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "4XX": {"description": "bad", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/B"}}}}}}}}),
        json!({"A": {"type": "object", "properties": {"a": {"type": "string"}}}, "B": {"type": "object", "properties": {"b": {"type": "string"}}}}),
    );
    let types = file(&made, "src/types.rs");
    says(&types, "pub enum GetASuccess {");
    says(&types, "Ok(A),");
    says(&types, "Accepted(B),");
    says(&types, "NoContent,");
    says(&types, "pub enum GetAFailure {");
    let builder = file(&made, "src/builder.rs");
    says(
        &builder,
        "Result<ResponseValue<types::GetASuccess>, Error<types::GetAFailure>>",
    );
    says(&builder, "400..=499 =>");
}

#[test]
fn no_content_beside_a_documented_204_is_that_answer() {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/A"}}});
    let made = document(
        json!({"/a": {"get": {"operationId": "getA", "responses": {
            "200": {"description": "OK", "content": content.clone()}, "204": {"description": "none"}}},
            "head": {"operationId": "headA", "responses": {"200": {"description": "OK", "content": content}}}}}),
        json!({"A": {"type": "object", "properties": {"a": {"type": "string"}}}}),
    );
    let builder = file(&made, "src/builder.rs");
    // An empty 200, and a 202 that is not documented.
    says(
        &builder,
        "None => Ok(response.wrap(types::GetASuccess::NoContent))",
    );
    says(&builder, "200..=299 =>");
    // The answer to HEAD has no content whatever the document says.
    says(&builder, "response.empty().await");
    says(&builder, "Result<ResponseValue<()>, Error<()>>");
}

#[test]
fn a_download_is_a_stream_and_an_undescribed_answer_is_kept() {
    let made = document(
        json!({"/f": {"get": {"operationId": "download", "responses": {"200": {"description": "OK", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}},
            "delete": {"operationId": "drop_it", "responses": {"200": {"description": "OK"}}}}}),
        json!({}),
    );
    let builder = file(&made, "src/builder.rs");
    says(
        &builder,
        "Result<ResponseValue<sixclicks_core::ByteStream>, Error<()>>",
    );
    says(
        &builder,
        "Result<ResponseValue<sixclicks_core::AnyBody>, Error<()>>",
    );
}

#[test]
fn text_that_is_not_called_text_is_told_apart_from_bytes() {
    let made = document(
        json!({"/p": {"get": {"operationId": "picture", "responses": {"200": {"description": "OK", "content": {
            "image/svg+xml": {"schema": {"type": "string"}},
            "image/png": {"schema": {"type": "string", "format": "binary"}}}}}}}}),
        json!({}),
    );
    says(
        &file(&made, "src/builder.rs"),
        r#"if response.is("text/*") || response.is("image/svg+xml")"#,
    );
}

#[test]
fn the_documentation_of_a_method_has_a_line_on_every_success() {
    let part = json!({"Part": {"type": "object"}});
    let with_error = |schema: serde_json::Value| {
        let mut responses = ok(schema);
        responses["404"] = json!({"description": "Gone"});
        json!({"get": {"operationId": "getIt", "responses": responses}})
    };
    for (schema, line) in [
        (
            json!({"type": "array", "items": component("Part")}),
            "/// - 200 OK (list of `Part`)",
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "array", "items": component("Part")}}),
            "/// - 200 OK (map of list of `Part`)",
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            "/// - 200 OK (list of string)",
        ),
        (json!({}), "/// - 200 OK "),
    ] {
        let made = document(json!({"/a": with_error(schema)}), part.clone());
        let client = file(&made, "src/client.rs");
        says(&client, line);
        says(&client, "/// - 404");
    }
}

#[test]
fn an_error_without_a_type_is_not_read_as_that_of_a_wider_range() {
    let typed = |name: &str| json!({"description": "", "content": {"application/json": {"schema": component(name)}}});
    let text =
        json!({"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}});
    let empty = json!({"description": ""});
    let made = document(
        json!({"/a": {"get": {"operationId": "getA", "responses": {
            "200": typed("T"), "404": typed("T"), "409": empty, "5XX": text, "default": typed("T")}}}}),
        json!({"T": {"type": "object", "properties": {"a": {"type": "string"}}}}),
    );
    let builder = file(&made, "src/builder.rs");
    says(&builder, "409 => Err(response.error_none().await)");
    says(&builder, "500..=599 => Err(response.error_none().await)");
    let order = ["409 =>", "500..=599 =>", "_ =>"].map(|arm| builder.find(arm));
    assert!(order.is_sorted() && order[0].is_some(), "{builder}");
}
