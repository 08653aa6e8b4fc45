#!/usr/bin/env python3
"""Documents that nobody on this project wrote are read as their authors' tests and other readers say.

  tests/conformance/check.py PROGRAM CONFORMANCE      PROGRAM: the noticeboard binary; CONFORMANCE: the folder with read/

The comparers lie beside the documents. Cases that are known to fail stand in known.txt, one a line: id, two blanks or more, why.
That list may only shrink: a case that fails and is not in it is an error, and so is one that is in it and passes.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
MOST_KNOWN = 0.02  # of the cases of one kind


def main():
    program, conformance = sys.argv[1], pathlib.Path(sys.argv[2]) / "read"
    dev, tools = conformance / "dev", conformance / "tools"
    failed = feeds(program, dev, tools)
    inspect = f"{program} inspect"
    for cases, words in [
        ("calendars", "calendar {file} {from} {to}"),
        ("rrule", "rrule {dtstart} {tz} {rrule} {n}"),
        ("dates", "date {input}"),
        ("microformats", "html {file} {base}"),
        ("extruct", "html {file} {base}"),
        ("frontmatter", "frontmatter {file}"),
    ]:
        failed |= others(f"{inspect} {words}", dev / f"{cases}.cases.jsonl", tools)
    kinds = {}
    for file in dev.glob("*.cases.jsonl"):
        for line in file.open(encoding="utf-8"):
            case = json.loads(line)
            kinds[case["id"]] = case["kind"]
    sys.exit("\n".join(complaints(failed, known(), kinds)) or None)


def feeds(program, dev, tools):
    """Ids of the cases of feeds that fail, with what is wrong."""
    cases = [str(dev / f"{name}.cases.jsonl") for name in ("feedparser", "gofeed")]
    with tempfile.TemporaryDirectory() as folder:
        results, fails = pathlib.Path(folder) / "results.jsonl", pathlib.Path(folder) / "fails.json"
        with results.open("wb") as out:
            subprocess.run([program, "inspect", "cases", *cases], stdout=out, check=True)
        compare = [sys.executable, str(tools / "compare.py"), "--show", "0", "--list-fails", str(fails), "--results", str(results)]
        expect_verdict(subprocess.run([*compare, *cases], stdout=subprocess.PIPE, text=True, check=False).stdout, cases)
        return {case: "; ".join(what) for case, what in json.loads(fails.read_text(encoding="utf-8"))}


def others(run, cases, tools):
    """The same for what is compared one case at a time."""
    compare = [sys.executable, str(tools / "compare_other.py"), "--show", "100000", "--run", run, str(cases)]
    said = subprocess.run(compare, stdout=subprocess.PIPE, text=True, check=False).stdout
    expect_verdict(said, cases)
    return dict(re.findall(r"^FAIL (\S+) \| (.*)$", said, re.M))


def expect_verdict(said, cases):
    """A comparer that broke off, or found nothing to compare, must not look like one that is content."""
    lines = [line for line in said.splitlines() if not line.startswith("FAIL")]
    print("\n".join(lines))
    counts = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[-1] if lines else "")
    if not counts or counts[1] == counts[2] == "0":
        sys.exit(f"expected a verdict over {cases}, but the comparer gave none")


def known():
    lines = (HERE / "known.txt").read_text(encoding="utf-8").splitlines()
    return dict(re.split(r"\s{2,}", line, maxsplit=1) for line in lines if line and not line.startswith("#"))


def complaints(failed, known, kinds):
    for case, what in sorted(failed.items()):
        if case not in known and kinds.get(case) not in NOT_ASKED:
            yield f"fails: {case} | {what[:300]}"
    for case in known:
        if case in kinds and case not in failed:
            yield f"{case} passes now\n  hint: take it off tests/conformance/known.txt"
    counts, all_of = collections.Counter(kinds.get(case) for case in known), collections.Counter(kinds.values())
    for kind, count in counts.items():
        if kind and count > max(1, MOST_KNOWN * all_of[kind]):
            yield f"{count} of {all_of[kind]} cases of the kind {kind} are known to fail, expected at most {MOST_KNOWN:.0%}"


# Where implementations disagree, or the standard leaves it open.
NOT_ASKED = {"rrule-contested", "rrule-undefined"}

if __name__ == "__main__":
    main()
