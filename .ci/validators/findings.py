"""Collects what a validator finds in the traffic of one document, with the constructs of the operation, by
which the allow-list recognises known bugs of the validators."""

import collections
import json

from constructs import constructs


class Findings:
    """The findings of one validator for one document."""

    def __init__(self, validator, document):
        self.validator = validator
        self.document = document
        self.checked = collections.Counter()
        self.found = []
        self._constructs = {}

    def media_types(self, operation):
        """The media types that an operation documents, of its body and its responses."""
        body = self.document.resolve(operation.value.get("requestBody") or {})
        holders = [body] + [self.document.resolve(r) for r in (operation.value.get("responses") or {}).values()]
        return [name for holder in holders if isinstance(holder, dict) for name in (holder.get("content") or {})]

    def count(self, side, exchange, operation, problem):
        """Counts a check of a request or response; a problem is a finding."""
        self.checked[side] += 1
        if problem:
            self.add(side, exchange, operation, problem)

    def add(self, side, exchange, operation, problem):
        """Adds a finding."""
        request, response = exchange.request, exchange.response
        key = operation and (operation.method, operation.template)
        if operation and key not in self._constructs:
            self._constructs[key] = sorted(constructs(self.document, operation))
        self.found.append({
            "side": side,
            "operation": f"{request.method} {operation.template if operation else request.path}",
            "constructs": self._constructs.get(key, []),
            "problem": problem,
            "target": request.target[:500],
            "content_type": request.header("content-type"),
            "body": request.body.decode("latin-1")[:500],
            "status": response.status if response else None,
            "response": response.body.decode("latin-1")[:500] if response and side == "response" else None,
        })

    def print(self):
        """Prints the findings as JSON."""
        print(json.dumps({"validator": self.validator, "checked": self.checked, "found": self.found}, indent=1))
