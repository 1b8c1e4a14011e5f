//! Whether a parsed file is an OpenAPI document, and if not, what it is instead.

use serde_json::Value;

use super::ReadError;

/// Checks that a value is an OpenAPI or Swagger document of a version that is known.
///
/// # Errors
///
/// When it is not; the error says what it looks like.
pub fn check(origin: &str, value: &Value) -> Result<(), ReadError> {
    let not = |what: &str, hint: &str| {
        Err(ReadError::NotOpenApi {
            origin: origin.to_owned(),
            what: what.to_owned(),
            hint: hint.to_owned(),
        })
    };
    let Some(object) = value.as_object() else {
        return not(
            "it is no object",
            "an OpenAPI document begins with `openapi` or `swagger`",
        );
    };
    let version = ["openapi", "swagger"]
        .iter()
        .find_map(|key| object.get(*key));
    if let Some(version) = version {
        let text = version
            .as_str()
            .map_or_else(|| version.to_string(), str::to_owned);
        let text = text.trim().to_owned();
        let known = ["2.0", "3.0", "3.1", "3.2"].iter().any(|known| {
            text == *known
                || text.starts_with(&format!("{known}."))
                || text == known.trim_end_matches(".0")
        });
        return if known {
            Ok(())
        } else {
            not(
                &format!("its version is `{text}`"),
                "2.0, 3.0, 3.1 and 3.2 can be read; ask the tool that wrote it for one of them",
            )
        };
    }
    if object.contains_key("swaggerVersion") {
        return not("it is Swagger 1.x", "export it as Swagger 2.0 or OpenAPI 3");
    }
    if object.contains_key("asyncapi") {
        return not(
            "it is an AsyncAPI document",
            "only HTTP APIs described by OpenAPI can be read",
        );
    }
    if object
        .get("info")
        .is_some_and(|info| info.get("_postman_id").is_some())
    {
        return not(
            "it is a Postman collection",
            "export the API as OpenAPI instead",
        );
    }
    if object.contains_key("$schema") || object.contains_key("$defs") {
        return not(
            "it is a JSON Schema",
            "the OpenAPI document that uses it is what is needed",
        );
    }
    if object.contains_key("overlay") {
        return not(
            "it is an OpenAPI Overlay",
            "overlays belong in the folder `overlays`",
        );
    }
    not(
        "it has neither `openapi` nor `swagger` at the top",
        "check that it is the API's own description, such as /swagger/v1/swagger.json",
    )
}
