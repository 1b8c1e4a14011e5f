//! Bodies of every kind: read as what they mean, and refused when they are wrong.

use serde_json::{Value, json};

use crate::client::{Client, sandbox};

/// An operation that takes a body.
fn document(content: Value) -> Value {
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"},
    "paths": {"/a": {"post": {
        "requestBody": {"required": true, "content": content},
        "responses": {"204": {"description": ""}},
    }}}})
}

struct Try<'a> {
    kind: &'a str,
    body: &'a str,
    /// The value that is read, or what the refusal tells.
    wanted: Result<Value, &'a str>,
}

fn right<'a>(kind: &'a str, body: &'a str, value: Value) -> Try<'a> {
    Try {
        kind,
        body,
        wanted: Ok(value),
    }
}

fn wrong<'a>(kind: &'a str, body: &'a str, told: &'a str) -> Try<'a> {
    Try {
        kind,
        body,
        wanted: Err(told),
    }
}

async fn proves(content: Value, tries: &[Try<'_>]) {
    let sandbox = sandbox([document(content)]).await;
    let client = Client::new(&sandbox).await;
    for Try { kind, body, wanted } in tries {
        let answer = client.send("POST", "/a", kind, body).await;
        match wanted {
            Ok(value) => {
                assert_eq!(answer.status, 204, "{body}: {}", answer.text);
                assert_eq!(sandbox.received().last().unwrap().values["body"], *value);
            }
            Err(told) => {
                assert_eq!(answer.status, 400, "{body}");
                assert!(
                    answer.text.contains(told),
                    "{} does not tell {told}",
                    answer.text
                );
            }
        }
    }
}

#[tokio::test]
async fn text_is_checked_by_its_schema() {
    let text = json!({"text/plain": {"schema": {"type": "string", "minLength": 3}}});
    proves(
        text,
        &[
            right("text/plain; charset=utf-8", "Prüfung", json!("Prüfung")),
            wrong(
                "text/plain",
                "ab",
                "body: \\\"ab\\\" is shorter than 3 characters",
            ),
            wrong(
                "application/json",
                "\"abc\"",
                "the media type `application/json` is none of text/plain",
            ),
        ],
    )
    .await;
    let number = json!({"text/plain": {"schema": {"type": "integer"}}});
    proves(
        number,
        &[
            right("text/plain", "7", json!(7)),
            wrong("text/plain", "x", "integer"),
        ],
    )
    .await;
}

#[tokio::test]
async fn xml_has_to_be_xml_and_bytes_may_be_anything() {
    let xml = json!({"application/xml": {"schema": {"type": "string"}}});
    proves(
        xml,
        &[
            right("application/xml", "<a b='1'/>", json!("<a b='1'/>")),
            wrong("application/xml", "<a>", "it is no XML"),
        ],
    )
    .await;
    let bytes = json!({"application/*": {"schema": {"type": "string", "format": "binary", "maxLength": 1}}});
    proves(bytes, &[right("application/zip", "PK..", json!("PK.."))]).await;
}

#[tokio::test]
async fn an_urlencoded_form_is_checked_field_by_field() {
    let kind = "application/x-www-form-urlencoded";
    let form = json!({kind: {"schema": {"type": "object", "required": ["name"], "additionalProperties": false,
        "properties": {"name": {"type": "string"}, "ids": {"type": "array", "items": {"type": "integer"}}, "on": {"type": "boolean"}}}}});
    proves(
        form,
        &[
            right(
                kind,
                "name=A+%26+B&ids=1&ids=2&on=true",
                json!({"name": "A & B", "ids": [1, 2], "on": true}),
            ),
            wrong(kind, "name=a&ids=1&ids=x", "body/ids/1"),
            wrong(kind, "name=a&on=yes", "body/on"),
            wrong(kind, "ids=1", "\\\"name\\\" is a required property"),
            wrong(kind, "name=a&more=1", "more"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_file_in_an_urlencoded_form_comes_in_one_that_holds_files() {
    let form = json!({"application/x-www-form-urlencoded": {"schema": {"type": "object", "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}}}}});
    let part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nbytes\r\n--x--\r\n";
    proves(
        form,
        &[
            right(
                "multipart/form-data; boundary=x",
                part,
                json!({"file": "bytes"}),
            ),
            wrong(
                "application/x-www-form-urlencoded",
                "file=bytes",
                "the media type",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_form_may_be_one_file() {
    let form = json!({"multipart/form-data": {"schema": {"type": "string", "format": "binary"}}});
    let part = "--x\r\nContent-Disposition: form-data; name=\"any\"; filename=\"a\"\r\n\r\nbytes\r\n--x--\r\n";
    let kind = "multipart/form-data; boundary=x";
    proves(form, &[right(kind, part, json!("bytes"))]).await;
}

#[tokio::test]
async fn a_multipart_form_is_checked_part_by_part() {
    let kind = "multipart/form-data; boundary=x";
    let form = json!({"multipart/form-data": {
        "schema": {"type": "object", "required": ["file"], "properties": {
            "file": {"type": "string", "format": "binary"},
            "about": {"type": "object", "properties": {"stars": {"type": "integer"}}},
        }},
        "encoding": {"about": {"contentType": "application/json"}},
    }});
    let part = |name: &str, kind: &str, content: &str| {
        format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n{content}\r\n"
        )
    };
    let file = part("file\"; filename=\"a", "image/png", "bytes");
    let nameless = part("file", "image/png", "bytes");
    let whole = |parts: &[&str]| parts.concat() + "--x--\r\n";
    proves(
        form,
        &[
            right(
                kind,
                &whole(&[&file, &part("about", "application/json", r#"{"stars": 5}"#)]),
                json!({"file": "bytes", "about": {"stars": 5}}),
            ),
            wrong(
                kind,
                &whole(&[
                    &file,
                    &part("about", "application/json", r#"{"stars": "x"}"#),
                ]),
                "body/about/stars",
            ),
            wrong(
                kind,
                &whole(&[&file, &part("about", "text/plain", r#"{"stars": 5}"#)]),
                "the part `about` has the media type `text/plain`",
            ),
            wrong(kind, &whole(&[]), "\\\"file\\\" is a required property"),
            wrong(
                kind,
                &whole(&[&nameless]),
                "the part `file` is a file and has no file name",
            ),
            wrong(kind, &file, "body: "),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_discriminator_tells_which_fields_there_are() {
    let mut given =
        document(json!({"application/json": {"schema": {"$ref": "#/components/schemas/Shape"}}}));
    given["components"]["schemas"] = json!({
        "Shape": {"oneOf": [{"$ref": "#/components/schemas/Circle"}, {"$ref": "#/components/schemas/Box"}], "discriminator": {"propertyName": "kind"}},
        "Circle": {"type": "object", "required": ["kind", "radius"], "properties": {"kind": {"type": "string", "enum": ["Circle"]}, "radius": {"type": "number"}}},
        "Box": {"type": "object", "required": ["kind", "side"], "properties": {"kind": {"type": "string", "enum": ["Box"]}, "side": {"type": "number"}}},
    });
    let sandbox = sandbox([given]).await;
    let client = Client::new(&sandbox).await;
    for (body, status) in [
        (json!({"kind": "Circle", "radius": 1}), 204),
        (json!({"kind": "Box", "side": 1}), 204),
        (json!({"kind": "Box", "radius": 1}), 400),
        (json!({"kind": "Other", "side": 1}), 400),
    ] {
        assert_eq!(
            client.json("POST", "/a", &body).await.status,
            status,
            "{body}"
        );
    }
}
