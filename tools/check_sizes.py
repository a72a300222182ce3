#!/usr/bin/env python3
"""Length of files and functions (docs/develop.md, "Sizes").

A file over 450 lines or a function over 60 is shown; over 600 or 100 it fails. At most 2 % of the
product's functions may be over 60 lines. Tables and generated files stand in EXCEPTIONS.
"""

import re
import sys

from cpp_source import ROOT, line_of, matching, strip, tracked

FILE_WARN, FILE_FAIL = 450, 600
FUNCTION_WARN, FUNCTION_FAIL = 60, 100
MAX_SHARE_OVER_WARN = 0.02
EXCEPTIONS = {}  # path: why it may be long

SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum|TEST_SUITE)\b|\bextern\s*\"\"")
CONTROL = re.compile(r"^\s*(?:if|for|while|switch|catch|else|do|try|return|co_return)\b")


def functions(source):
    """(line, lines, header) of each function body that stands in a namespace or class."""
    text = strip(source)
    text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: "\n" * m.group(0).count("\n"), text,
                  flags=re.MULTILINE)
    at, head = 0, 0
    while at < len(text):
        if text[at] in ";}":
            head = at + 1
        elif text[at] == "{":
            header = text[head:at]
            close = matching(text, at)
            if SCOPE.search(header) and (
                    "TEST_SUITE" in header or not re.search(r"\)\s*(?:const)?\s*$", header)):
                head = at + 1  # a scope: look inside
            elif "(" in header and not CONTROL.match(header):
                # A brace right after a name in a constructor's list is an initialiser, not a body.
                follows = text[close + 1:].lstrip()[:1]
                if re.search(r"\)[^{}]*:(?!:)", header) and follows in (",", "{"):
                    at = close
                    at += 1
                    continue
                first = head + len(header) - len(header.lstrip())
                yield (line_of(text, first), line_of(text, close) - line_of(text, first) + 1,
                       " ".join(header.split()))
                head = close + 1
                at = close
            else:
                at = close
        at += 1


def main():
    bad, over, counted = 0, 0, 0
    for path in tracked(".cpp", ".hpp", ".py", ".sh"):
        source = (ROOT / path).read_text(encoding="utf-8")
        lines = source.count("\n")
        if lines > FILE_WARN and str(path) not in EXCEPTIONS:
            failed = lines > FILE_FAIL
            bad += failed
            print(f"{path}: {lines} lines{' (over the limit)' if failed else ''}")
        if path.suffix not in (".cpp", ".hpp"):
            continue
        is_product = path.parts[0] not in ("tests", "bench")
        for line, length, header in functions(source):
            counted += is_product
            if length <= FUNCTION_WARN or str(path) in EXCEPTIONS:
                continue
            over += is_product
            failed = is_product and length > FUNCTION_FAIL
            bad += failed
            print(f"{path}:{line}: function of {length} lines"
                  f"{' (over the limit)' if failed else ''}: {header[-60:]}")
    if counted and over / counted > MAX_SHARE_OVER_WARN:
        print(f"{over} of {counted} functions are over {FUNCTION_WARN} lines: more than "
              f"{MAX_SHARE_OVER_WARN:.0%}")
        bad += 1
    print(f"check_sizes: {counted} functions, {over} over {FUNCTION_WARN} lines, {bad} faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
