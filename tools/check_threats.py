#!/usr/bin/env python3
"""Each attack or fault that the tree cites by its id has a row in docs/threats.md, and a row says
"tested" exactly when a test bears its id.

A row:  | A01 | who does what | what happens | tested |
State: tested, built so, later.
"""

import re
import sys

from cpp_source import ROOT, tracked

STATES = {"tested", "built so", "later"}
ROW = re.compile(r"^\|\s*([A-I]\d\d)\s*\|.*\|\s*([^|]*?)\s*\|\s*$", re.MULTILINE)
# An id as tests and comments write it. Not within hexadecimal numbers, names or quoted octets.
CITED = re.compile(r"(?<![\w\\%=#+.:/-])([A-I]\d\d)(?![\w-])")
COMMENT_OR_NAME = re.compile(
    r'//[^\n]*|^\s*"""[^\n]*|\bTEST_CASE(?:_FIXTURE)?\((?:\s*\w+,)?\s*(?:"[^"\n]*"\s*)+|\bdef test_\w+', re.MULTILINE)
PYTHON_TEST = re.compile(r"\bdef test_([a-i]\d\d)_")


def rows(text):
    """Id -> state."""
    return {match.group(1): match.group(2) for match in ROW.finditer(text)}


def cited(source):
    """Ids in the comments and test names of a C++ or Python source."""
    found = set()
    for piece in COMMENT_OR_NAME.findall(source):
        found |= set(CITED.findall(piece))
        found |= {one.upper() for one in PYTHON_TEST.findall(piece)}
    return found


def faults(table, citations, tests):
    """table: id -> state; citations: id -> first place; tests: ids that tests bear."""
    for name, place in sorted(citations.items()):
        if name not in table:
            yield f"{place}: cites {name}, which has no row in docs/threats.md"
    for name, state in sorted(table.items()):
        if state not in STATES:
            yield f"docs/threats.md: {name}: '{state}' is none of {sorted(STATES)}"
        elif state == "tested" and name not in tests:
            yield f"docs/threats.md: {name} says tested, but no test bears this id"
        elif state != "tested" and name in tests:
            yield f"docs/threats.md: {name} says '{state}', but there is a test of it"


def main():
    citations, tests = {}, set()
    for path in tracked(".cpp", ".hpp", ".py"):
        if path.parts[0] == "tools" or path.parts[:2] == ("tests", "unit_tools"):
            continue
        for name in cited((ROOT / path).read_text(encoding="utf-8")):
            citations.setdefault(name, path)
            if path.parts[0] == "tests":
                tests.add(name)
    found = list(faults(rows((ROOT / "docs/threats.md").read_text(encoding="utf-8")), citations,
                        tests))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
