"""Names the constructs of an operation that some validator is known to get wrong. `allowed.toml` refers to
these names; an entry there holds for every document with the construct."""

import re

PARAMETER = re.compile(r"\{[^}]*\}")
MULTIPART = "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"


def constructs(document, operation):
    """The set of the names of the constructs that an operation contains."""
    found = set()
    for parameter in operation.parameters:
        found |= of_parameter(document, parameter)
        if parameter.get("in") == "path" and parameter["name"] not in operation.names:
            found.add("path parameter without a segment")
    if "swagger" in document.received and not consumes(document, operation):
        found.add("Swagger 2.0 without consumes")
    shape = PARAMETER.sub("{}", operation.base + operation.template)
    if any(shape == PARAMETER.sub("{}", o.base + o.template) for o in document.operations if o.template != operation.template):
        found.add("path that equals another")
    body = document.resolve(operation.value.get("requestBody") or {})
    for media_type, content in (body.get("content") or {}).items():
        found |= of_content(document, "body", media_type, content)
    for response in (operation.value.get("responses") or {}).values():
        response = document.resolve(response)
        for media_type, content in (response.get("content") or {}).items():
            found |= of_content(document, "response", media_type, content)
        for header in (response.get("headers") or {}).values():
            for kind in kinds(document, document.resolve(header).get("schema") or {}):
                found.add(f"response header: {kind}")
    return found


def consumes(document, operation):
    """The media types that a Swagger 2.0 operation consumes."""
    item = document.received.get("paths", {}).get(operation.template) or {}
    return (item.get(operation.method) or {}).get("consumes", document.received.get("consumes"))


def of_parameter(document, parameter):
    """Names such as `query parameter: object` and `path parameter style: label`."""
    place = parameter.get("in")
    default = "form" if place in ("query", "cookie") else "simple"
    style = parameter.get("style", default)
    explode = parameter.get("explode", style == "form")
    found = {f"{place} parameter", f"{place} parameter style: {style}"}
    if "content" in parameter:
        found.add(f"{place} parameter with content")
    for kind in kinds(document, parameter.get("schema") or {}):
        found.add(f"{place} parameter: {kind}")
        if explode:
            found.add(f"{place} parameter: exploded {kind}")
    if parameter.get("allowReserved"):
        found.add("allowReserved")
    return found


def of_content(document, side, media_type, content):
    """Names such as `body: multipart/form-data` and `body: XML`."""
    name = media_type.split(";")[0].strip().lower()
    found = {f"{side}: {name}"}
    if ";" in media_type:
        found.add(f"{side}: media type with parameters")
    if "*" in name:
        found.add(f"{side}: media type range")
    if name.endswith(("/xml", "+xml")):
        found.add(f"{side}: XML")
    if name.startswith("text/"):
        found.add(f"{side}: text")
    elif not re.search(r"[/+](json|xml)$|\*", name) and name not in (MULTIPART, URLENCODED):
        found.add(f"{side}: other media type")
    schema = document.resolve(content.get("schema") or {})
    for kind in kinds(document, schema):
        found.add(f"{side}: {kind}")
    for keyword in keywords(document, content.get("schema") or {}):
        found.add(f"{side} schema: {keyword}")
    if name in (MULTIPART, URLENCODED):
        for field in (schema.get("properties") or {}).values():
            found |= {f"{name} field: {kind}" for kind in kinds(document, field)}
        if content.get("encoding"):
            found.add(f"{name} with encoding")
    return found


def kinds(document, schema, depth=0):
    """The JSON types that a schema allows, those of its branches among them."""
    schema = document.resolve(schema)
    if not isinstance(schema, dict) or depth > 8:
        return set()
    kind = schema.get("type")
    found = set(kind) if isinstance(kind, list) else {kind} if kind else set()
    if isinstance(kind, list):
        found.add("several types")
    if not found:
        found |= {"object"} if "properties" in schema or "additionalProperties" in schema else set()
    for keyword in ("allOf", "oneOf", "anyOf"):
        for branch in schema.get(keyword) or []:
            found |= kinds(document, branch, depth + 1)
    if schema.get("format"):
        found.add(f"format {schema['format']}")
    if schema.get("nullable"):
        found.add("nullable")
    if "array" in found and any(k in ("object", "array") for k in kinds(document, schema.get("items") or {}, depth + 1)):
        found.add("array of objects or arrays")
    if "object" in found and any(
        k in ("object", "array") for member in (schema.get("properties") or {}).values() for k in kinds(document, member, depth + 1)
    ):
        found.add("object of objects or arrays")
    return found or {"any"}


def keywords(document, schema, seen=None, depth=0):
    """The keywords and formats anywhere in a schema, through its references."""
    seen = set() if seen is None else seen
    if isinstance(schema, dict) and "$ref" in schema:
        if schema["$ref"] in seen:
            return {"recursion"}
        seen.add(schema["$ref"])
        siblings = {"$ref with siblings"} if len(schema) > 1 else set()
        return siblings | keywords(document, document.resolve(schema), seen, depth + 1)
    if not isinstance(schema, dict) or depth > 60:
        return set()
    found = set(schema) - {"type", "title", "description", "example", "properties"}
    if "format" in schema:
        found.add(f"format {schema['format']}")
    if isinstance(schema.get("type"), list):
        found.add("several types")
    inner = list((schema.get("properties") or {}).values())
    inner += [schema[k] for k in ("items", "additionalProperties", "not") if isinstance(schema.get(k), dict)]
    inner += [branch for k in ("allOf", "oneOf", "anyOf") for branch in schema.get(k) or []]
    for child in inner:
        found |= keywords(document, child, seen, depth + 1)
    return found
