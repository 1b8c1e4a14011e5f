"""Checks recorded requests and responses with Prism.

usage: check_prism.py DOCUMENT RECORDING > FINDINGS"""

import base64
import json
import os
import subprocess
import sys
import tempfile

from document import Document
from findings import Findings
from traffic import exchanges


def message(value):
    """A request or response for `prism.js`."""
    return {
        "method": value.method,
        "target": value.target,
        "status": value.status,
        "headers": value.headers,
        "body": base64.b64encode(value.body).decode(),
    }


def main(document_path, recording):
    document = Document(document_path)
    findings = Findings("prism", document)
    kept = [
        (exchange, operation)
        for exchange in exchanges(recording)
        if not exchange.is_token_exchange and (operation := document.find(exchange.request))
    ]
    lines = "".join(
        json.dumps({
            "base": operation.base,
            "request": message(exchange.request),
            "response": message(exchange.response)
            if exchange.response and not exchange.call["deviates"] and exchange.request.method != "HEAD" else None,
        }) + "\n"
        for exchange, operation in kept
    )
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "prism.js")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as plain:
        # Prism reads YAML and byte order marks differently; the document as JSON is the same for all validators.
        json.dump(document.received, plain)
        plain.flush()
        done = subprocess.run(["node", program, plain.name], input=lines, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"prism.js failed: {done.stderr[-2000:]}")
    for (exchange, operation), line in zip(kept, done.stdout.splitlines(), strict=True):
        verdict = json.loads(line)
        findings.count("request", exchange, operation, verdict["request"])
        if exchange.response and not exchange.call["deviates"]:
            findings.count("response", exchange, operation, verdict["response"])
    findings.print()


if __name__ == "__main__":
    main(*sys.argv[1:3])
