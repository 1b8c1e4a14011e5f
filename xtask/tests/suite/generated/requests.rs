//! What is sent: parameters in every style, and bodies of every kind.

use serde_json::json;

use super::{document, file, ok, says};

#[test]
fn an_upload_takes_files_beside_typed_fields() {
    let made = document(
        json!({"/files": {"post": {"operationId": "upload", "requestBody": {"required": true, "content": {"multipart/form-data": {"schema": {
            "type": "object", "required": ["file"], "properties": {
                "file": {"type": "string", "format": "binary"}, "Meta.Count": {"type": "integer", "format": "int32"},
                "more": {"type": "array", "items": {"type": "string", "format": "binary"}}}}}}}, "responses": {}}}}),
        json!({}),
    );
    let builder = file(&made, "src/builder.rs");
    says(&builder, "file: Result<sixclicks_core::FilePart, String>,");
    says(&builder, "meta_count: Result<Option<i32>, String>,");
    says(
        &builder,
        "more: Result<Option<Vec<sixclicks_core::FilePart>>, String>,",
    );
    says(
        &builder,
        r#".field("Meta.Count", None, meta_count.as_ref())"#,
    );
    says(
        &builder,
        r#".files("more", None, more.unwrap_or_default())"#,
    );
}

#[test]
fn parameters_are_sent_in_the_documents_own_style_and_by_its_own_names() {
    let made = document(
        json!({"/a/{id:int}/{*rest}": {"get": {"operationId": "getA", "parameters": [
            {"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "format": "int32"}},
            {"name": "$filter", "in": "query", "schema": {"type": "string"}},
            {"name": "filter", "in": "query", "schema": {"type": "string"}},
            {"name": "ids", "in": "query", "style": "pipeDelimited", "explode": false, "schema": {"type": "array", "items": {"type": "integer"}}},
            {"name": "range", "in": "query", "style": "deepObject", "schema": {"type": "object", "additionalProperties": {"type": "string"}}},
            {"name": "sid", "in": "cookie", "schema": {"type": "string"}},
            {"name": "type", "in": "header", "schema": {"type": "string"}}], "responses": {}}}}),
        json!({}),
    );
    let builder = file(&made, "src/builder.rs");
    for part in [
        r#".path_param("id", PathStyle::Simple, false, &id)"#,
        r#".path_param_rest("rest", PathStyle::Simple, false, &rest)"#,
        r#".query("$filter", QueryStyle::Form, true, filter.as_ref())"#,
        r#".query("filter", QueryStyle::Form, true, filter_query.as_ref())"#,
        r#".query("ids", QueryStyle::PipeDelimited, false, ids.as_ref())"#,
        r#".query("range", QueryStyle::DeepObject, true, range.as_ref())"#,
        r#".cookie("sid", true, sid.as_ref())"#,
        r#".header("type", false, type_.as_ref())"#,
    ] {
        says(&builder, part);
    }
}

#[test]
fn only_what_the_code_uses_is_brought_into_scope() {
    let form = json!({"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"name": {"type": "string"}}}}}});
    let made = document(
        json!({"/a": {"post": {"operationId": "a", "requestBody": form, "responses": {}}}}),
        json!({}),
    );
    let builder = file(&made, "src/builder.rs");
    says(&builder, "Form::new()");
    says(
        &builder,
        "use sixclicks_core::{Call, Error, Form, OperationInfo, QueryStyle, ResponseValue};",
    );
    // Names that stand in paths, in styles and as types of the API only.
    let made = document(
        json!({"/Form/types/Page": {"get": {"operationId": "a", "parameters": [
            {"name": "q", "in": "query", "schema": {"type": "string"}}], "responses": ok(json!({"type": "string"}))}}}),
        json!({}),
    );
    says(
        &file(&made, "src/builder.rs"),
        "use sixclicks_core::{Call, Error, OperationInfo, QueryStyle, ResponseValue}; ///",
    );
}

#[test]
fn a_file_in_an_urlencoded_form_is_sent_as_multipart() {
    for (schema, sent) in [
        (
            json!({"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}),
            r#".multipart( Multipart::new().file("file", None,"#,
        ),
        (
            json!({"type": "string", "format": "binary"}),
            r#".multipart( Multipart::new().file("file", None,"#,
        ),
        (
            json!({"type": "object", "properties": {"file": {"type": "string"}}}),
            r#".form(Form::new()"#,
        ),
    ] {
        let body = json!({"required": true, "content": {"application/x-www-form-urlencoded": {"schema": schema}}});
        let made = document(
            json!({"/a": {"post": {"operationId": "a", "requestBody": body, "responses": {}}}}),
            json!({}),
        );
        says(
            &file(&made, "src/builder.rs").replace("multipart(Multi", "multipart( Multi"),
            sent,
        );
    }
}

#[test]
fn a_builder_begins_with_nothing_set_and_says_what_is_missing() {
    let made = document(
        json!({"/a/{id}": {"get": {"operationId": "a", "parameters": [
            {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": {}}}}),
        json!({}),
    );
    says(
        &file(&made, "src/builder.rs"),
        r#"Self { client, id: Err("`id` is not set".to_string()), }"#,
    );
}

#[test]
fn the_debug_of_a_request_shows_no_parameter() {
    let made = document(
        json!({"/a": {"get": {"operationId": "a", "parameters": [
            {"name": "X-Api-Key", "in": "header", "required": true, "schema": {"type": "string"}}], "responses": {}}}}),
        json!({}),
    );
    let builder = file(&made, "src/builder.rs");
    assert!(!builder.contains("derive(Debug"), "{builder}");
    says(&builder, r#"f.debug_struct("A").finish_non_exhaustive()"#);
}

#[test]
fn any_success_is_accepted_beside_a_documented_error() {
    let problem = json!({"application/problem+json": {"schema": {"type": "object"}}});
    let made = document(
        json!({"/a": {"get": {"operationId": "a", "responses": {
            "200": {"description": "OK"}, "400": {"description": "Wrong", "content": problem}}}}}),
        json!({}),
    );
    let accept = r#".accept("application/problem+json, */*;q=0.8")"#;
    says(&file(&made, "src/builder.rs"), accept);
}

#[test]
fn a_documented_redirect_is_an_error_of_its_status() {
    let made = document(
        json!({"/a": {"get": {"operationId": "a", "responses": {
            "200": {"description": "OK"}, "304": {"description": "Not modified"}}}}}),
        json!({}),
    );
    let arm = "304 => Err(response.error_none().await),";
    says(&file(&made, "src/builder.rs"), arm);
}
