//! Who wrote a document: decided once, on the document as it was received, before overlays and
//! before anything is normalised, since the signs are in what a person would call noise.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::signs::Signs;

/// A tool of ASP.NET that writes documents.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Writer {
    /// Swashbuckle.AspNetCore, or Swashbuckle for Web API 2.
    Swashbuckle,
    /// NSwag.
    Nswag,
    /// Microsoft.AspNetCore.OpenApi.
    Microsoft,
    /// One of them, it is not known which.
    Aspnet,
}

impl Writer {
    /// Its name as the configuration spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Swashbuckle => "swashbuckle",
            Self::Nswag => "nswag",
            Self::Microsoft => "microsoft",
            Self::Aspnet => "aspnet",
        }
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Swashbuckle => "Swashbuckle",
            Self::Nswag => "NSwag",
            Self::Microsoft => "Microsoft.AspNetCore.OpenApi",
            Self::Aspnet => "ASP.NET, writer unknown",
        })
    }
}

/// A family of versions within a writer that differs in what it gets wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Family {
    /// Nothing tells.
    Unknown,
    /// Swashbuckle or NSwag on Web API 2.
    WebApi2,
    /// FastEndpoints, which has NSwag write its documents and binds requests by its own rules.
    FastEndpoints,
}

impl Family {
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Unknown => None,
            Self::WebApi2 => Some("Web API 2"),
            Self::FastEndpoints => Some("FastEndpoints"),
        }
    }
}

/// Who wrote a document, and what tells so.
#[derive(Clone, Debug)]
pub struct Recognition {
    /// The writer; `None` when nothing tells that the document is of ASP.NET.
    pub writer: Option<Writer>,
    /// The family within the writer.
    pub family: Family,
    /// The signs that led to it, in words, with their places.
    pub signs: Vec<String>,
}

impl fmt::Display for Recognition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(writer) = self.writer else {
            return f.write_str("not a document of ASP.NET");
        };
        write!(f, "{writer}")?;
        match self.family.name() {
            Some(family) => write!(f, " ({family})"),
            None => Ok(()),
        }
    }
}

impl Recognition {
    /// Recognises a document as it was received.
    pub fn of(document: &Value) -> Self {
        let signs = Signs::of(document);
        let (writer, told) = decide(&signs);
        Self {
            family: family(writer, &signs, document),
            writer,
            signs: told,
        }
    }
}

fn decide(signs: &Signs) -> (Option<Writer>, Vec<String>) {
    let nswag = nswag(signs);
    if !nswag.is_empty() {
        return (Some(Writer::Nswag), nswag);
    }
    let microsoft = microsoft(signs);
    if !microsoft.is_empty() {
        return (Some(Writer::Microsoft), microsoft);
    }
    let swashbuckle = swashbuckle(signs);
    if !swashbuckle.is_empty() {
        return (Some(Writer::Swashbuckle), swashbuckle);
    }
    match &signs.mvc_media_types {
        Some(at) => (Some(Writer::Aspnet), vec![mvc(at)]),
        None => (None, Vec::new()),
    }
}

fn nswag(signs: &Signs) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(generator) = signs
        .generator
        .as_ref()
        .filter(|text| text.starts_with("NSwag"))
    {
        let short: String = generator.chars().take(80).collect();
        told.push(format!("`x-generator` is `{short}`"));
    }
    // One of them may have been added by hand or by a filter.
    if signs.njsonschema.len() > 1 {
        let names: Vec<String> = signs
            .njsonschema
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        told.push(format!("the extensions {}", names.join(", ")));
    }
    told
}

fn microsoft(signs: &Signs) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(at) = &signs.number_pattern {
        told.push(format!("a number with System.Text.Json's pattern at {at}"));
    }
    if let Some(at) = &signs.hash_reference {
        told.push(format!("a reference to `#/components/schemas/#` at {at}"));
    }
    if signs.default_title {
        told.push("the default title and version".to_owned());
    }
    told
}

fn swashbuckle(signs: &Signs) -> Vec<String> {
    let mut told = Vec::new();
    let closed = |share: usize| signs.objects > 0 && signs.closed * 100 >= signs.objects * share;
    let objects = format!("{} of {} components closed", signs.closed, signs.objects);
    if let Some(at) = &signs.mvc_media_types
        && closed(50)
    {
        told.push(format!("{} and {objects}", mvc(at)));
    }
    if let Some(at) = &signs.date_span {
        told.push(format!("the format `date-span` at {at}"));
    }
    if let Some(at) = &signs.form_style {
        told.push(format!(
            "the default `style: form` for every property of the form at {at}"
        ));
    }
    if let Some(at) = &signs.web_api
        && signs.is_swagger()
    {
        told.push(format!("the media types of Web API 2 at {at}"));
    }
    // The version is OpenAPI.NET's own, and one object may be closed by anybody.
    let versions = ["2.0", "3.0.1", "3.0.4", "3.1.1", "3.1.2"];
    if closed(90)
        && signs.objects > 1
        && signs.ordered == signs.schemas
        && versions.contains(&signs.version.as_str())
    {
        told.push(format!(
            "{objects} and every schema's keys in OpenAPI.NET's order"
        ));
    }
    told
}

fn mvc(at: &str) -> String {
    format!("the media types of MVC at {at}")
}

fn family(writer: Option<Writer>, signs: &Signs, document: &Value) -> Family {
    match writer {
        Some(Writer::Swashbuckle) if signs.web_api.is_some() => Family::WebApi2,
        Some(Writer::Nswag) if is_fast_endpoints(document) => Family::FastEndpoints,
        Some(Writer::Nswag)
            if signs.is_swagger() && !signs.position && signs.mvc_media_types.is_none() =>
        {
            Family::WebApi2
        }
        _ => Family::Unknown,
    }
}

/// Whether the document is of FastEndpoints: its operation ids end with the class of an endpoint
/// or its error response is among the components.
fn is_fast_endpoints(document: &Value) -> bool {
    let components = ["/components/schemas", "/definitions"]
        .into_iter()
        .filter_map(|place| document.pointer(place)?.as_object());
    components
        .flat_map(serde_json::Map::keys)
        .any(|name| name.starts_with("FastEndpoints"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Family, Recognition, Writer};

    fn writer(document: &Value) -> Option<Writer> {
        Recognition::of(document).writer
    }

    fn with_schemas(version: &str, schemas: Value) -> Value {
        json!({"openapi": version, "info": {"title": "T", "version": "v1"}, "paths": {}, "components": {"schemas": schemas}})
    }

    fn with_response(document: &mut Value, media_types: &[&str]) {
        for media_type in media_types {
            document["paths"]["/a"]["get"]["responses"]["200"]["content"][*media_type] = json!({});
        }
    }

    fn closed() -> Value {
        json!({"type": "object", "properties": {"a": {"type": "string", "nullable": true}}, "additionalProperties": false})
    }

    #[test]
    fn nswag_signs_its_documents() {
        let mut document = with_schemas("3.0.0", json!({}));
        document["x-generator"] = json!("NSwag v14.8.0.0 (NJsonSchema v11.6.2.0)");
        assert_eq!(writer(&document), Some(Writer::Nswag));
        document["components"]["schemas"]["FastEndpointsErrorResponse"] = json!({});
        assert_eq!(Recognition::of(&document).family, Family::FastEndpoints);
        document["x-generator"] = json!("another tool");
        assert_eq!(writer(&document), None);
    }

    #[test]
    fn one_extension_of_njsonschema_is_not_enough() {
        let enum_flags = json!({"A": {"type": "integer", "x-enumFlags": true}});
        assert_eq!(writer(&with_schemas("3.0.0", enum_flags.clone())), None);
        let mut two = enum_flags;
        two["B"] = json!({"x-abstract": true});
        assert_eq!(writer(&with_schemas("3.0.0", two)), Some(Writer::Nswag));
    }

    #[test]
    fn microsofts_numbers_references_and_defaults_are_signs() {
        let number = json!({"A": {"properties": {"n": {"pattern": r"^-?(?:0|[1-9]\d*)$", "type": ["integer", "string"]}}}});
        assert_eq!(
            writer(&with_schemas("3.1.1", number)),
            Some(Writer::Microsoft)
        );
        let hash = json!({"A": {"items": {"$ref": "#/components/schemas/#"}}});
        assert_eq!(
            writer(&with_schemas("3.0.1", hash)),
            Some(Writer::Microsoft)
        );
        let mut titled = with_schemas("3.1.1", json!({}));
        titled["info"] = json!({"title": "Shop | v1", "version": "1.0.0"});
        assert_eq!(writer(&titled), Some(Writer::Microsoft));
        titled["info"] = json!({"title": "Shop | The best", "version": "1.0.0"});
        assert_eq!(writer(&titled), None);
    }

    #[test]
    fn mvcs_media_types_name_swashbuckle_beside_closed_objects_only() {
        let triple = ["text/plain", "application/json", "text/json"];
        let mut document = with_schemas("3.0.0", json!({"A": closed()}));
        assert_eq!(writer(&document), None);
        with_response(&mut document, &triple);
        assert_eq!(writer(&document), Some(Writer::Swashbuckle));
        document["components"]["schemas"] = json!({"A": {"type": "object"}});
        assert_eq!(writer(&document), Some(Writer::Aspnet));
        let mut other = with_schemas("3.0.0", json!({"A": closed()}));
        with_response(&mut other, &["application/json", "text/plain", "text/json"]);
        assert_eq!(writer(&other), None);
    }

    #[test]
    fn closed_objects_name_swashbuckle_in_openapi_nets_order_only() {
        let two = json!({"A": closed(), "B": closed()});
        assert_eq!(
            writer(&with_schemas("3.0.4", two.clone())),
            Some(Writer::Swashbuckle)
        );
        assert_eq!(writer(&with_schemas("3.0.3", two.clone())), None);
        let mut disordered = two;
        disordered["B"] = json!({"additionalProperties": false, "type": "object"});
        assert_eq!(writer(&with_schemas("3.0.4", disordered)), None);
        assert_eq!(writer(&with_schemas("3.0.4", json!({"A": closed()}))), None);
    }

    #[test]
    fn forms_with_a_redundant_style_name_swashbuckle() {
        let form = |encoding: Value| {
            let mut document = with_schemas("3.0.1", json!({}));
            document["paths"]["/a"]["post"]["requestBody"]["content"]["multipart/form-data"] = json!({
                "schema": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
                "encoding": encoding,
            });
            writer(&document)
        };
        let style = json!({"style": "form"});
        assert_eq!(
            form(json!({"a": style, "b": style})),
            Some(Writer::Swashbuckle)
        );
        assert_eq!(form(json!({"a": style})), None);
        let explode = json!({"style": "form", "explode": false});
        assert_eq!(form(json!({"a": style, "b": explode})), None);
    }
}
