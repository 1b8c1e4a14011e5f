//! What the generated Rust looks like, from documents with one construct each.

use serde_json::{Value, json};
use xtask::{
    config::Config,
    emit::Place,
    pipeline::{GeneratedCrate, Input, run},
};

fn crates(documents: &[Value]) -> Vec<GeneratedCrate> {
    let inputs = documents
        .iter()
        .enumerate()
        .map(|(index, value)| Input {
            name: format!("d{index}"),
            origin: format!("d{index}.json"),
            value: value.clone(),
        })
        .collect();
    run(inputs, &Config::default(), &Place::Workspace).expect("a valid document")
}

fn document(paths: Value, schemas: Value) -> Value {
    json!({"openapi": "3.0.1", "info": {"title": "Things", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}

/// A file of the only crate that a document makes.
fn file(document: &Value, name: &str) -> String {
    let made = crates(std::slice::from_ref(document));
    assert_eq!(made.len(), 1);
    made[0].files[std::path::Path::new(name)].clone()
}

/// White space folded, so that line breaks do not matter.
fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("< ", "<")
        .replace(", >", ">")
        .replace(",>", ">")
}

#[track_caller]
fn says(text: &str, part: &str) {
    assert!(folded(text).contains(part), "no `{part}` in\n{text}");
}

fn ok(schema: Value) -> Value {
    json!({"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}})
}

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

#[test]
fn properties_keep_their_names_on_the_wire() {
    let made = document(
        json!({"/a": {"get": {"responses": ok(json!({"$ref": "#/components/schemas/A"}))}}}),
        json!({"A": {"type": "object", "properties": {"id": {"type": "string"}, "ID": {"type": "string"}, "@odata.count": {"type": "integer"}, "$type": {"type": "string"}}}}),
    );
    let types = file(&made, "src/types.rs");
    says(&types, r#"rename = "ID""#);
    says(&types, r#"rename = "@odata.count""#);
    says(&types, "pub odata_count: Option<i64>,");
}

#[test]
fn enums_and_unions_stay_open() {
    let made = document(
        json!({"/a": {"get": {"responses": ok(json!({"$ref": "#/components/schemas/Pet"}))}}}),
        json!({"Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}], "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}}},
            "Cat": {"type": "object", "properties": {"kind": {"type": "string"}, "friend": {"$ref": "#/components/schemas/Pet"}}},
            "Dog": {"type": "object", "properties": {"kind": {"type": "string"}, "size": {"type": "string", "enum": ["big", "small"]}}}}),
    );
    let types = file(&made, "src/types.rs");
    says(
        &types,
        r#"tagged_union! { /// `Pet` of the API. pub enum Pet by "kind" {"#,
    );
    says(&types, r#"Cat(Box<Cat>) = ["cat"],"#);
    says(&types, r#"Dog(Dog) = ["Dog"],"#);
    says(&types, "..UnknownValue");
    says(
        &types,
        r#"string_enum! { /// `DogSize` of the API. pub enum DogSize {"#,
    );
}

#[test]
fn adding_an_operation_renames_nothing() {
    let paths = json!({
        "/api/v1/Orders": {"get": {"responses": {}}, "post": {"responses": {}}},
        "/api/v1/Orders/{id}": {"get": {"responses": {}}, "put": {"responses": {}}},
        "/api/v1/Orders/{id}/lines": {"get": {"responses": ok(json!({"$ref": "#/components/schemas/Ns.Line"}))}},
        "/api/services/app/User/GetAll": {"get": {"responses": {}}},
        "/api/v1/Orders/search": {"post": {"responses": {}}}});
    let schemas = json!({"Ns.Line": {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}}}});
    let names = |paths: &Value| -> Vec<String> {
        let builder = file(&document(paths.clone(), schemas.clone()), "src/client.rs");
        builder
            .lines()
            .filter_map(|line| {
                Some(
                    line.trim()
                        .strip_prefix("pub fn ")?
                        .split('(')
                        .next()?
                        .to_owned(),
                )
            })
            .collect()
    };
    let all = names(&paths);
    for path in paths.as_object().unwrap().keys() {
        let mut fewer = paths.clone();
        fewer.as_object_mut().unwrap().remove(path);
        let left = names(&fewer);
        assert!(left.len() < all.len());
        assert!(
            left.iter().all(|name| all.contains(name)),
            "without {path}: {left:?} are not all in {all:?}"
        );
    }
}

#[test]
fn every_spelling_of_a_path_prefix_gives_the_same_crate() {
    let operation = json!({"operationId": "listThings", "responses": ok(json!({"$ref": "#/components/schemas/Thing"}))});
    let schemas = json!({"Thing": {"type": "object", "properties": {"name": {"type": "string"}}}, "Unused": {"type": "string"}});
    let open = |title: &str, servers: Value, path: &str, item: Value| json!({"openapi": "3.0.1", "info": {"title": title, "version": "1.0"}, "servers": servers, "paths": {path: item}, "components": {"schemas": schemas}});
    let versioned = |name: &str| json!({"parameters": [{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}], "get": operation});
    let swagger = json!({"swagger": "2.0", "info": {"title": "Z", "version": "1.0"}, "host": "api.example.com", "basePath": "/things-api/1.0", "produces": ["application/json"],
        "paths": {"/things": {"get": {"operationId": "listThings", "responses": {"200": {"description": "OK", "schema": {"$ref": "#/definitions/Thing"}}}}}},
        "definitions": schemas});
    let spellings = [
        open(
            "A",
            json!([]),
            "/things-api/1.0/things",
            json!({"get": operation}),
        ),
        open(
            "B",
            json!([{"url": "https://api.example.com/things-api/1.0"}]),
            "/things",
            json!({"get": operation}),
        ),
        open(
            "C",
            json!([{"url": "/things-api/"}]),
            "/1.0/things",
            json!({"get": operation}),
        ),
        open(
            "D",
            json!([{"url": "https://{region}.example.com/{api}", "variables": {"region": {"default": "au"}, "api": {"default": "things-api"}}}]),
            "/1.0/things",
            json!({"get": operation}),
        ),
        open(
            "E",
            json!([]),
            "/things-api/{version}/things",
            versioned("version"),
        ),
        open(
            "F",
            json!([]),
            "/things-api/{api-version}/things",
            versioned("api-version"),
        ),
        swagger,
    ];
    let first = crates(&spellings[..1]);
    assert_eq!(first[0].name, "sixclicks-things-api");
    for (index, spelling) in spellings.iter().enumerate() {
        let made = crates(std::slice::from_ref(spelling));
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].files, first[0].files, "spelling {index}");
    }
    // Several documents that say the same are one API as well.
    assert_eq!(crates(&spellings[..4])[0].files, first[0].files);
}

#[test]
fn one_document_for_all_apis_gives_the_same_crates_as_one_for_each() {
    let path = |api: &str| format!("/{api}-api/1.0/list");
    let item = |name: &str| json!({"get": {"operationId": "list", "responses": ok(json!({"$ref": format!("#/components/schemas/{name}")}))}});
    let schema = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    let one = document(
        json!({path("a"): item("A"), path("b"): item("B")}),
        json!({"A": schema, "B": schema}),
    );
    let a = document(json!({path("a"): item("A")}), json!({"A": schema}));
    let b = document(json!({path("b"): item("B")}), json!({"B": schema}));
    let files = |made: Vec<GeneratedCrate>| {
        made.into_iter()
            .map(|made| (made.name, made.files))
            .collect::<Vec<_>>()
    };
    assert_eq!(files(crates(&[one])), files(crates(&[a, b])));
}

#[test]
fn names_that_change_when_they_are_converted_twice_are_methods_like_any_other() {
    let operation =
        |id: &str| json!({"get": {"operationId": id, "responses": ok(json!({"type": "string"}))}});
    let made = crates(&[document(
        json!({
            "/tiles/{z}/{x}/{y}.pbf": operation("get_tile__z___x___y__pbf"),
            "/v1/measurements": operation("measurements_get_v1_v1_measurements"),
            "/cS/{category}.{ext}": {"get": {"responses": ok(json!({"type": "string"}))}},
            "/par/1/0/getReference": {"post": {"responses": ok(json!({"type": "string"}))}},
        }),
        json!({}),
    )]);
    assert_eq!((made[0].counts.operations, made[0].counts.methods), (4, 4));
    let builders = &made[0].files[std::path::Path::new("src/builder.rs")];
    for name in [
        "GetTileZXYPbf",
        "MeasurementsGetV1V1Measurements",
        "GetCSByCategoryAndExt",
        "Par10GetReference",
    ] {
        says(builders, &format!("pub struct {name}<'a>"));
        says(builders, &format!("impl<'a> {name}<'a>"));
    }
}

#[test]
fn reading_and_writing_at_one_path_have_names_that_say_which() {
    let responses = ok(json!({"type": "string"}));
    let client = file(
        &document(
            json!({"/orders/search": {"get": {"responses": responses}, "post": {"responses": responses}}}),
            json!({}),
        ),
        "src/client.rs",
    );
    says(&client, "pub fn orders_search(");
    says(&client, "pub fn post_orders_search(");
}

#[test]
fn another_kind_of_body_takes_no_name_that_the_vendor_gave() {
    let body = json!({"required": true, "content": {
        "application/json": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
        "multipart/form-data": {"schema": {"type": "object", "properties": {"b": {"type": "string"}}}}}});
    let made = document(
        json!({
            "/upload": {"post": {"operationId": "upload", "requestBody": body, "responses": {"200": {"description": "OK"}}}},
            "/parts": {"post": {"operationId": "upload_multipart", "responses": {"200": {"description": "OK"}}}},
        }),
        json!({}),
    );
    let client = file(&made, "src/client.rs");
    says(&client, "/// `POST /parts` pub fn upload_multipart(");
    says(&client, "/// `POST /upload` pub fn upload_multipart_2(");
}

#[test]
fn what_stands_beside_a_call_is_in_the_report() {
    let made = crates(&[document(
        json!({"/jobs": {"post": {
            "parameters": [{"name": "old", "in": "query", "deprecated": true, "schema": {"type": "string"}}],
            "responses": {"200": {
                "description": "OK",
                "headers": {"X-Rate-Limit": {"schema": {"type": "integer"}}},
                "links": {"next": {"operationId": "nothing"}},
            }},
            "callbacks": {"done": {"{$request.query.url}": {"post": {"responses": {"200": {"description": "OK"}}}}}},
        }}}),
        json!({}),
    )]);
    let places: Vec<(&str, &str)> = made[0]
        .report
        .entries()
        .iter()
        .map(|entry| (entry.construct, entry.pointer.as_str()))
        .collect();
    for place in [
        ("callbacks", "/paths/~1jobs/post/callbacks/done"),
        (
            "response headers",
            "/paths/~1jobs/post/responses/200/headers/X-Rate-Limit",
        ),
        ("links", "/paths/~1jobs/post/responses/200/links/next"),
        ("deprecated parameters", "/paths/~1jobs/post/parameters/0"),
    ] {
        assert!(places.contains(&place), "no {place:?} in {places:?}");
    }
}

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

fn component(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
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
        let input = Input {
            name: "d".into(),
            origin: "d.json".into(),
            value: document.clone(),
        };
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
