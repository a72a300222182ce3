#!/usr/bin/env python3
"""Finds names of test cases that CMake would take apart (docs/develop.md, "Test").

ctest gets the cases of a doctest program as a CMake list. A `;` parts two entries there unless it
stands within [ ], and a bracket without its partner joins two names to one; either way the program
is then asked for a case that it does not have, runs none, and passes.
"""

import re
import sys

from cpp_source import ROOT, line_of, tracked

NAME = re.compile(r'\bTEST_CASE(?:_FIXTURE|_TEMPLATE)?\s*\((?:\s*\w+\s*,)?\s*((?:"(?:\\.|[^"\\\n])*"\s*)+)')
PIECE = re.compile(r'"((?:\\.|[^"\\\n])*)"')


def is_bad(name):
    return ";" in name or name.count("[") != name.count("]")


def findings(source):
    """(line, name) of each bad one."""
    for case in NAME.finditer(source):
        name = "".join(PIECE.findall(case.group(1)))
        if is_bad(name):
            yield line_of(source, case.start()), name


def main():
    bad = 0
    for path in tracked(".cpp"):
        if path.parts[0] != "tests":
            continue
        for line, name in findings((ROOT / path).read_text(encoding="utf-8")):
            print(f'{path}:{line}: "{name}": no ; and no lone bracket in the name of a test case')
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
