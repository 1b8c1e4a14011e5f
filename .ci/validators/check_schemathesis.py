"""Lets schemathesis call a sandbox that serves a document: the sandbox has to accept what the document allows,
refuse what it forbids, and respond as documented.

usage: check_schemathesis.py DOCUMENT SECONDS > FINDINGS

The environment variable XTASK names the compiled xtask."""

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request

from constructs import constructs
from document import Document
from traffic import TOKEN_PATH

CHECKS = (
    "not_a_server_error,content_type_conformance,response_headers_conformance,response_schema_conformance,"
    "negative_data_rejection,positive_data_acceptance,missing_required_header"
)


@contextlib.contextmanager
def sandbox(path):
    """A sandbox on a free port: its address and an access token."""
    command = [os.environ["XTASK"], "sandbox", "--listen", "127.0.0.1:0", "--quiet", "--dialect", "strict", "--source", path]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        found = {}
        while not {"SIXCLICKS_HOST", "SIXCLICKS_API_KEY"} <= found.keys():
            line = process.stdout.readline()
            if not line:
                sys.exit("the sandbox does not start")
            if match := re.search(r"(SIXCLICKS_\w+)=(\S+)", line):
                found[match[1]] = match[2]
        request = urllib.request.Request(found["SIXCLICKS_HOST"] + TOKEN_PATH, data=b"", method="POST",
                                         headers={"6Clicks-Api-Key": found["SIXCLICKS_API_KEY"]})
        with urllib.request.urlopen(request) as response:
            yield found["SIXCLICKS_HOST"], json.load(response)["accessToken"]
    finally:
        process.terminate()
        process.wait()


def main(path, seconds):
    document = Document(path)
    operations = {f"{o.method.upper()} {o.template}": o for o in document.operations}
    with sandbox(path) as (host, token), tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        command = [
            os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", path, "--origin", host, "-H", f"Authorization: Bearer {token}",
            "--checks", CHECKS, "--phases", "coverage,fuzzing", "--continue-on-failure", "--no-shrink", "--suppress-health-check", "all",
            "--seed", "1", "--max-examples", "10", "--max-time", seconds, "--report-json-path", report, "--no-color", "--warnings", "off",
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if not os.path.exists(report):
            sys.exit(f"schemathesis failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        with open(report) as file:
            result = json.load(file)
    found = []
    for failure in result["failures"]:
        operation = operations.get(failure.get("operation", ""))
        found.append({
            "side": "response" if "conformance" in failure.get("check", "") else "request",
            "operation": failure.get("operation", "?"),
            "constructs": sorted(constructs(document, operation)) if operation else [],
            "problem": f"{failure.get('check')}: {failure.get('title', '')} {failure.get('message', '')}",
            "target": failure.get("reproduction", failure.get("curl", "")),
        })
    for error in result["errors"]:
        found.append({"side": "request", "operation": error.get("operation", "?"), "constructs": [],
                      "problem": f"{error.get('title')}: {error.get('message', '')}", "target": ""})
    checked = {"request": result["test_cases"]["generated"]}
    print(json.dumps({"validator": "schemathesis", "checked": checked, "found": found}, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:3])
