"""Runs every validator over the recordings of a folder of documents, applies the allow-list, and prints a
table. Exits with 1 when a finding is not allowed or a validator cannot run.

usage: judge.py DOCUMENTS RECORDINGS OUTPUT SECONDS

SECONDS is how long schemathesis calls the sandbox for each document; with 0 it does not run."""

import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
VALIDATORS = {
    "openapi-core": "check_openapi_core.py",
    "prism": "check_prism.py",
    "rfc6570": "check_rfc6570.py",
    "rfc9110": "check_length.py",
    "schemathesis": "check_schemathesis.py",
}
LIMIT = 1_800
# How many disagreements are printed, and how much of each; the folder of the results has all.
SHOWN, LENGTH = 200, 600


def allowed_entries():
    """The allow-list, with its patterns compiled."""
    with open(HERE / "allowed.toml", "rb") as file:
        entries = tomllib.load(file)["allowed"]
    for entry in entries:
        unknown = set(entry) - {"validator", "side", "construct", "problem", "reason"}
        if unknown or not entry.get("reason"):
            sys.exit(f"allowed.toml: {entry} needs a reason and has unknown keys {unknown}")
        entry["pattern"] = re.compile(entry["problem"], re.DOTALL)
        entry["used"] = 0
    return entries


def is_allowed(entries, validator, finding):
    """Whether a known bug of the validator explains a finding."""
    for entry in entries:
        if (re.fullmatch(entry["validator"], validator)
                and entry.get("side", finding["side"]) == finding["side"]
                and any(re.fullmatch(entry["construct"], construct) for construct in finding["constructs"])
                and entry["pattern"].search(finding["problem"])):
            entry["used"] += 1
            return True
    return False


def run(validator, document, recording, output, seconds):
    """The result of one validator for one document; a string says why there is none."""
    path = output / f"{recording.name}.{validator}.json"
    with open(path, "w") as file:
        try:
            argument = seconds if validator == "schemathesis" else recording
            done = subprocess.run([sys.executable, HERE / VALIDATORS[validator], document, argument],
                                  stdout=file, stderr=subprocess.PIPE, text=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return f"took more than {LIMIT} s"
    if done.returncode:
        return done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}"
    with open(path) as file:
        return json.load(file)


def described(name, validator, found):
    """One line for the findings of each operation that differ only in their values."""
    alike = collections.defaultdict(list)
    for finding in found:
        words = re.sub(r"\d+|'[^']*'", "…", finding["problem"])[:80]
        alike[finding["side"], finding["operation"], words].append(finding)
    for (side, operation, _), findings in alike.items():
        first = findings[0]
        yield f"{name}: {validator}, {side} of {operation} ({len(findings)} times): {first['problem']} (target {first['target']})"


def main(documents, recordings, output, seconds):
    documents, recordings, output = map(pathlib.Path, (documents, recordings, output))
    output.mkdir(parents=True, exist_ok=True)
    entries, failed = allowed_entries(), []
    totals = collections.Counter()
    print("| document | validator | requests | responses | known bugs of the validator | disagreements |\n|---|---|---|---|---|---|")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [
            (recording, validator, pool.submit(run, validator, documents / recording.name.removesuffix(".jsonl").replace("%", "/"), recording, output, seconds))
            for recording in sorted(recordings.glob("*.jsonl"))
            for validator in VALIDATORS
            if validator != "schemathesis" or seconds != "0"
        ]
        for recording, validator, job in jobs:
            name, result = recording.name.removesuffix(".jsonl"), job.result()
            if isinstance(result, str):
                failed.append(f"{name}: {validator} cannot run: {result}")
                print(f"| {name} | {validator} | – | – | – | cannot run |")
                continue
            found = [f for f in result["found"] if not is_allowed(entries, validator, f)]
            failed += described(name, validator, found)
            checked = result["checked"]
            row = (checked.get("request", 0), checked.get("response", 0), len(result["found"]) - len(found), len(found))
            for key, number in zip(("requests", "responses", "known", "disagreements"), row):
                totals[validator, key] += number
            print(f"| {name} | {validator} | " + " | ".join(map(str, row)) + " |")
    for validator in VALIDATORS:
        row = [totals[validator, key] for key in ("requests", "responses", "known", "disagreements")]
        print(f"| all | {validator} | " + " | ".join(map(str, row)) + " |")
    print()
    for entry in entries:
        print(f"allowed {entry['used']} times: {entry['validator']}: {entry['construct']}: {entry['reason']}")
    for line in failed[:SHOWN]:
        print(line[:LENGTH], file=sys.stderr)
    if failed:
        sys.exit(f"{len(failed)} disagreements that allowed.toml does not explain")


if __name__ == "__main__":
    main(*sys.argv[1:5])
