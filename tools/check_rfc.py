#!/usr/bin/env python3
"""Each RFC that the code cites has a row in docs/rfc.md, and each row "done" is cited.

A row:  | 5321 | Simple Mail Transfer Protocol | done | protocols/smtp, ... |
Status: done, part, planned, no.
"""

import re
import sys

from cpp_source import ROOT, tracked

STATUS = {"done", "part", "planned", "no"}
ROW = re.compile(r"^\|\s*(\d{3,5})\s*\|([^|]*)\|\s*([^|]*?)\s*\|([^|]*)\|\s*$", re.MULTILINE)
CITED = re.compile(r"\bRFCs?[ \t]+(\d{3,5})\b")


def rows(text):
    """RFC number -> (title, status, files)."""
    return {int(m.group(1)): (m.group(2).strip(), m.group(3), m.group(4).strip())
            for m in ROW.finditer(text)}


def cited(text):
    return {int(number) for number in CITED.findall(text)}


def faults(table, citations, clients=frozenset()):
    """table: number -> row; citations: number -> first place; clients: those whose row has to name
    a test. Yields messages."""
    for number, place in sorted(citations.items()):
        if number not in table:
            yield f"{place}: cites RFC {number}, which has no row in docs/rfc.md"
    for number, (_, status, files) in sorted(table.items()):
        if status not in STATUS:
            yield f"docs/rfc.md: RFC {number}: status '{status}' is none of {sorted(STATUS)}"
        if status == "done" and number not in citations:
            yield f"docs/rfc.md: RFC {number} is done, but no source cites it"
        if status == "done" and number in clients and "`tests/" not in files:
            yield f"docs/rfc.md: RFC {number} is done, but its row names no test"
        for path in re.findall(r"`([^`]+)`", files):
            if not (ROOT / path).exists():
                yield f"docs/rfc.md: RFC {number}: there is no {path}"


def main():
    text = (ROOT / "docs/rfc.md").read_text(encoding="utf-8")
    table = rows(text)
    sections = text.split("\n## ")
    clients = {number for section in sections if section.startswith(("IMAP\n", "POP3\n"))
               for number in rows(section)}
    citations = {}
    files = tracked(".cpp", ".hpp", ".py")
    for path in files:
        text = (ROOT / path).read_text(encoding="utf-8")
        if path.parts[:2] == ("tests", "unit_tools"):
            continue
        for number in cited(text):
            citations.setdefault(number, path)
    bad = list(faults(table, citations, clients))
    print("\n".join(bad + [f"check_rfc: {len(citations)} RFCs cited, {len(bad)} faults"]))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
