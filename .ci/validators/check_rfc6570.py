"""Checks recorded path, query and header parameters against RFC 6570. OpenAPI defines the styles matrix,
label, form and simple by the templates of that RFC; the uritemplate package expands the arguments of each
call, and the pieces have to be in the request.

usage: check_rfc6570.py DOCUMENT RECORDING > FINDINGS"""

import re
import sys
from urllib.parse import unquote

import uritemplate

from document import Document
from findings import Findings
from traffic import exchanges

OPERATORS = {"simple": "", "label": ".", "matrix": ";", "form": "?"}


def text(value):
    """A primitive value as it is written in a URL."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def texts(value):
    """The value with its primitives as text, without nulls; None where it nests."""
    if isinstance(value, list):
        return None if any(isinstance(v, (list, dict)) for v in value) else [text(v) for v in value if v is not None]
    if isinstance(value, dict):
        nests = any(isinstance(v, (list, dict)) for v in value.values())
        return None if nests else {k: text(v) for k, v in value.items() if v is not None}
    return text(value)


def expanded(parameter, value):
    """The pieces that RFC 6570 defines for a parameter, decoded: a list of strings."""
    style = parameter.get("style") or ("form" if parameter["in"] in ("query", "cookie") else "simple")
    explode = parameter.get("explode", style == "form")
    operator, star = OPERATORS[style], "*" if explode else ""
    # The template's own variable is named `v`, since names of variables cannot contain every character.
    expansion = uritemplate.expand("{%sv%s}" % (operator, star), v=value)
    separator = {"label": ".", "matrix": ";", "form": "&"}.get(style, ",") if explode else None
    body = expansion[len(operator):]
    pieces = body.split(separator) if separator else [body]
    named = style in ("matrix", "form") and not (explode and isinstance(value, dict))
    if named:
        pieces = [re.sub(r"^v(?==|$)", lambda _: parameter["name"], piece) for piece in pieces]
    return [normal(piece) for piece in pieces], separator, operator


def normal(piece):
    """A piece with its delimiters as they were sent and everything else decoded. Numbers that are written
    differently are the same."""
    parts = re.split(r"([,=])", piece)
    decoded = [part if part in (",", "=") else unquote(part.replace("+", "%20")) for part in parts]
    return tuple(number(part) for part in decoded)


def number(part):
    return float(part) if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", part) else part


def sent(parameter, operation, request):
    """The text in which the request carries a parameter."""
    if parameter["in"] == "path":
        return (operation.values_in(request.path) or {}).get(parameter["name"])
    if parameter["in"] == "header":
        value = request.header(parameter["name"])
        return value and value.encode("latin-1").decode("utf-8", "replace")
    return request.query


def problem_of(parameter, value, operation, request):
    """What differs between the request and RFC 6570, or None."""
    carried = sent(parameter, operation, request)
    if carried is None:
        return f"{parameter['in']} parameter {parameter['name']} is missing"
    if parameter["in"] == "header":
        # Headers are not percent-encoded: compare the text.
        style = parameter.get("explode", False)
        wanted = unquote(uritemplate.expand("{v%s}" % ("*" if style else ""), v=value))
        return None if [number(p) for p in carried.split(",")] == [number(p) for p in wanted.split(",")] else f"header {carried!r} instead of {wanted!r}"
    pieces, separator, operator = expanded(parameter, value)
    if parameter["in"] == "query":
        found = [normal(piece) for piece in carried.split("&")]
        missing = [piece for piece in pieces if piece not in found]
        return f"query {carried!r} lacks {missing!r}" if missing else None
    if not carried.startswith(operator):
        return f"path segment {carried!r} does not begin with {operator!r}"
    body = carried[len(operator):]
    found = [normal(piece) for piece in (body.split(separator) if separator else [body])]
    return None if found == pieces else f"path segment {carried!r} instead of {pieces!r}"


def main(document_path, recording):
    document = Document(document_path)
    findings = Findings("rfc6570", document)
    for exchange in exchanges(recording):
        operation = None if exchange.is_token_exchange else document.find(exchange.request)
        if operation is None:
            continue
        declared = {(p.get("in"), p.get("name")): p for p in operation.parameters}
        for argument in exchange.call["arguments"]:
            parameter = declared.get((argument["in"], argument["name"]))
            if not parameter or "content" in parameter or argument["in"] == "cookie":
                continue
            if parameter.get("allowReserved") or parameter.get("style") in ("deepObject", "spaceDelimited", "pipeDelimited"):
                continue
            value = texts(argument["value"])
            if value in (None, [], {}):
                continue
            findings.count("request", exchange, operation, problem_of(parameter, value, operation, exchange.request))
    findings.print()


if __name__ == "__main__":
    main(*sys.argv[1:3])
