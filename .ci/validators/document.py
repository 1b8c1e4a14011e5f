"""Reads an OpenAPI document for the validators: as OpenAPI 3, with its operations and base paths."""

import dataclasses
import functools
import json
import os
import re
import subprocess
from urllib.parse import urlsplit

import yaml

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclasses.dataclass
class Operation:
    """An operation of the document, with the references of its parameters resolved."""

    method: str
    template: str
    base: str
    value: dict
    parameters: list[dict]

    @functools.cached_property
    def patterns(self):
        """Patterns for the path: one whose parameters have no slashes, and one for catch-all parameters."""
        pieces = re.split(r"\{([^}]*)\}", self.base + self.template)
        return [
            re.compile("".join(f"({any_text})" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)) + "$")
            for any_text in ("[^/]*?", ".*?")
        ]

    @functools.cached_property
    def names(self):
        return re.findall(r"\{([^}]*)\}", self.base + self.template)

    def values_in(self, path):
        """The values of the path parameters, or None when the path is another one's."""
        return next((dict(zip(self.names, found.groups())) for pattern in self.patterns if (found := pattern.match(path))), None)

    def needs_slashes(self, path):
        """Whether a parameter contains slashes if this operation has the path."""
        return not self.patterns[0].match(path)


class Document:
    """A document in OpenAPI 3, whatever it was published as."""

    def __init__(self, path):
        self.received = load(path)
        self.value = converted(path) if "swagger" in self.received else self.received
        self.version = str(self.value.get("openapi", ""))
        self.operations = list(self._operations())

    def resolve(self, value):
        """Follows references within the document."""
        seen = 0
        while isinstance(value, dict) and isinstance(value.get("$ref"), str) and seen < 100:
            seen += 1
            target = self.value
            for token in value["$ref"].removeprefix("#").split("/")[1:]:
                token = token.replace("~1", "/").replace("~0", "~")
                target = target[int(token)] if isinstance(target, list) else target[token]
            value = target
        return value

    def _operations(self):
        for template, item in (self.value.get("paths") or {}).items():
            item = self.resolve(item)
            if template.startswith("x-") or not isinstance(item, dict):
                continue
            for method in METHODS:
                operation = item.get(method)
                if not isinstance(operation, dict):
                    continue
                own = {}
                for parameter in (item.get("parameters") or []) + (operation.get("parameters") or []):
                    parameter = self.resolve(parameter)
                    own[(parameter.get("name"), parameter.get("in"))] = parameter
                servers = operation.get("servers") or item.get("servers") or self.value.get("servers") or [{"url": "/"}]
                for base in dict.fromkeys(base_path(server) for server in servers):
                    yield Operation(method, template, base, operation, list(own.values()))

    def find(self, request):
        """The operation that a request calls; templates with fewer parameters come first, and those whose
        parameters would contain slashes last."""
        candidates = [
            operation for operation in self.operations
            if operation.method == request.method.lower() and operation.values_in(request.path) is not None
        ]
        return min(candidates, key=lambda o: (o.needs_slashes(request.path), len(o.names), -len(o.template)), default=None)


def load(path):
    """The document as it is in its file."""
    with open(path, encoding="utf-8-sig") as file:
        text = file.read()
    value = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, yaml.CSafeLoader)
    # Keys and dates of YAML become strings, as they are in JSON.
    return json.loads(json.dumps(value, default=str))


def converted(path):
    """A Swagger 2.0 document as OpenAPI 3.0, converted by swagger2openapi."""
    program = os.path.join(os.environ["VALIDATORS_NODE"], "node_modules/swagger2openapi/swagger2openapi.js")
    done = subprocess.run(["node", program, "--patch", "--warnOnly", path], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def base_path(server):
    """The path of a server, with the defaults of its variables."""
    url = server.get("url") or "/"
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace("{" + name + "}", str(variable.get("default", "")))
    return urlsplit(url).path.rstrip("/")
