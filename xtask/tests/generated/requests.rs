//! What is sent: parameters in every style, and bodies of every kind.

use serde_json::json;

use crate::{document, file, says};

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
        r#".path_param_rest("rest", &rest.to_string())"#,
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
