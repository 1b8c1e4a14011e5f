"""Checks that every recorded request with a method that anticipates content carries its length
(RFC 9110, section 8.6), token exchanges among them.

usage: check_length.py DOCUMENT RECORDING > FINDINGS"""

import sys

from document import Document
from findings import Findings
from traffic import exchanges


def main(document_path, recording):
    document = Document(document_path)
    findings = Findings("rfc9110", document)
    for exchange in exchanges(recording):
        request = exchange.request
        if request.method not in ("POST", "PUT", "PATCH"):
            continue
        has_length = request.header("content-length") is not None or request.header("transfer-encoding") is not None
        problem = None if has_length else "neither Content-Length nor Transfer-Encoding"
        findings.count("request", exchange, document.find(request), problem)
    findings.print()


if __name__ == "__main__":
    main(*sys.argv[1:3])
