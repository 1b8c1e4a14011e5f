"""Checks recorded requests and responses with openapi-core: each has to be valid by the document, and what
openapi-core decodes from a request has to be what the client was given.

usage: check_openapi_core.py DOCUMENT RECORDING > FINDINGS"""

import json
import re
import sys
import warnings
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, unquote

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from document import Document
from findings import Findings
from traffic import exchanges

HOST = "http://127.0.0.1"
SAME = ("date", "date-time", "uuid", "byte", "binary", "password")


class Parameters(RequestParameters):
    """openapi-core matches paths as they are sent and expects the framework to decode their values."""

    def __setattr__(self, name, value):
        if name == "path":
            value = {key: unquote(text) for key, text in value.items()}
        super().__setattr__(name, value)


class Request:
    """A request as openapi-core wants it."""

    host_url = HOST

    def __init__(self, request):
        # ASP.NET reads header values that are not ASCII as UTF-8.
        headers = Headers([(name, value.encode("latin-1").decode("utf-8", "replace")) for name, value in request.headers])
        cookies = SimpleCookie()
        cookies.load(headers.get("cookie", ""))
        self.path = request.path
        self.method = request.method.lower()
        self.body = request.body or None
        self.content_type = headers.get("content-type", "")
        self.parameters = Parameters(
            query=ImmutableMultiDict(parse_qsl(request.query, keep_blank_values=True)),
            header=headers,
            cookie=ImmutableMultiDict((cookie.key, unquote(cookie.value)) for cookie in cookies.values()),
        )


class Response:
    """A response as openapi-core wants it."""

    def __init__(self, response):
        self.status_code = response.status
        self.headers = Headers(response.headers)
        self.data = response.body or None
        self.content_type = self.headers.get("content-type", "")


def prepared(document):
    """The document without what is not checked: security, and servers other than the recorded one."""
    value = json.loads(json.dumps(document.value))
    value["servers"] = [{"url": HOST + base} for base in dict.fromkeys(o.base for o in document.operations)] or [{"url": HOST}]
    value.pop("security", None)
    for item in value.get("paths", {}).values():
        item.pop("servers", None)
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
                operation.pop("servers", None)
    return value


def reasons(errors):
    """The messages of errors: those of the schema where there are any, otherwise those of the causes."""
    messages = []
    for error in errors:
        inner = []
        while error is not None:
            schema_errors = list(getattr(error, "schema_errors", []))
            if schema_errors:
                inner = [f"{each.message[:60]} … {each.message[-150:]} at {list(each.absolute_path)}" for each in schema_errors[:3]]
            elif not inner or inner[-1] != str(error)[:300]:
                inner = [*inner, str(error)[:300]]
            error = error.__cause__
        messages += inner
    return "; ".join(messages)


def comparable(value):
    """A value in a form in which the value of an argument and a decoded value are equal: numbers as floats,
    without members that are not sent."""
    if isinstance(value, dict):
        members = {key: comparable(member) for key, member in value.items()}
        return {key: member for key, member in members.items() if member not in (None, {}, [])}
    if isinstance(value, (list, tuple)):
        items = [comparable(item) for item in value]
        return items[0] if len(items) == 1 else items
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, (int, float)) or (isinstance(value, str) and re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", value)):
        return float(value)
    return value


def differences(call, request, decoded, is_form):
    """The arguments of a call that openapi-core decodes to something else. JSON bodies are compared as they
    were sent, because openapi-core adds the defaults of the schema."""
    form = decoded.body if is_form and isinstance(decoded.body, dict) else {}
    for argument in call["arguments"]:
        if argument["file"]:
            continue
        name, place, given = argument["name"], argument["in"], comparable(argument["value"])
        held = form if place == "form" else getattr(decoded.parameters, place)
        if place == "header":
            held = {key.lower(): value for key, value in held.items()}
            name = name.lower()
        found = comparable(held.get(name))
        if found != given and not (given in ({}, [], None, "") and found in ({}, [], None, "")):
            yield f"{place} parameter {name}: given {given!r}, decoded {found!r}"[:500]
    if call["body"] is not None and re.search(r"[/+]json\b", request.media_type):
        given, found = comparable(call["body"]), comparable(json.loads(request.body or b"null"))
        if given != found:
            yield f"body: given {given!r}, decoded {found!r}"[:500]


def main(document_path, recording):
    warnings.filterwarnings("ignore")
    document = Document(document_path)
    findings = Findings("openapi-core", document)
    content_types = {
        media_type.split(";")[0].strip(): json.loads
        for operation in document.operations
        for media_type in findings.media_types(operation)
        if re.search(r"[/+]json\b", media_type)
    }
    api = OpenAPI.from_dict(prepared(document), config=Config(
        spec_validator_cls=None,
        extra_media_type_deserializers=content_types,
        extra_format_unmarshallers={name: (lambda value: value) for name in SAME},
    ))
    for exchange in exchanges(recording):
        if exchange.is_token_exchange:
            continue
        request = exchange.request
        operation = document.find(request)
        if operation is None:
            findings.add("request", exchange, None, "the document has no such operation")
            continue
        try:
            decoded = api.request_unmarshaller.unmarshal(Request(request))
            problem = reasons(decoded.errors)
        except Exception as error:
            decoded, problem = None, f"openapi-core fails: {error!r}"
        if not problem:
            is_form = request.media_type.startswith("multipart/") or request.media_type == "application/x-www-form-urlencoded"
            problem = "; ".join(differences(exchange.call, request, decoded, is_form))
        findings.count("request", exchange, operation, problem)
        response = exchange.response
        if response is None or exchange.call["deviates"] or request.method == "HEAD":
            continue
        try:
            problem = reasons(api.iter_response_errors(Request(request), Response(response)))
        except Exception as error:
            problem = f"openapi-core fails: {error!r}"
        findings.count("response", exchange, operation, problem)
    findings.print()


if __name__ == "__main__":
    main(*sys.argv[1:3])
