#!/usr/bin/env python3
"""Length of files, functions and classes (docs/develop.md, "Sizes").

A file over 450 lines or a function over 60 is shown; over 600 or 100 it fails. At most 2 % of the
product's functions may be over 60 lines. Tables and generated files stand in EXCEPTIONS.

A class of the product is its definition and its functions in all files of its folder: over 500
lines or 40 functions it is shown, and fails unless LARGE_CLASSES names it with a reason.

No room (protocols/imap, storage/lmdb, admin) has more than 28 % of the product's lines.
"""

import itertools
import re
import sys

from cpp_source import ROOT, line_of, matching, strip, tracked

FILE_WARN, FILE_FAIL = 450, 600
FUNCTION_WARN, FUNCTION_FAIL = 60, 100
MAX_SHARE_OVER_WARN = 0.02
EXCEPTIONS = {}  # path: why it may be long
CLASS_LINES, CLASS_FUNCTIONS = 500, 40
# "folder: class": why it may be large
LARGE_CLASSES = {}
MAX_ROOM_SHARE = 0.28
WINGS = ("protocols", "server", "storage")  # folders of rooms

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


CLASS = re.compile(r"\b(?:class|struct)\s+([\w:]+)\s*(?:final\s*)?(?::[^;{}()]*(?:\([^;{}]*\)[^;{}()]*)*)?\{")
QUALIFIED = re.compile(r"(\w+)::~?\w+\s*\(|(\w+)::operator\b")


def classes(source):
    """(name, lines, functions) of each class that is defined in a source, nested ones apart."""
    text = strip(source)
    for match in CLASS.finditer(text):
        if re.search(r"\benum\s+$", text[:match.start()]):
            continue
        close = matching(text, match.end() - 1)
        body = text[match.end():close]
        yield (match.group(1).split("::")[-1], body.count("\n"),
               sum(1 for _ in functions(body)))


def members(source):
    """(class, lines) of each function that is defined outside the class it belongs to."""
    for _, length, header in functions(source):
        found = QUALIFIED.search(header)
        if found:
            yield found.group(1) or found.group(2), length


def nearest(folder, others):
    """Of several folders the one that shares the most with `folder`: itself, one above, or another
    partition of the same room (protocols/imap/session/...); None when none does."""
    def shared(other):
        return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1],
                                                  zip(folder.parts, other.parts)))
    fits = [one for one in others if folder.is_relative_to(one) or shared(one) >= 3]
    return max(fits, key=shared, default=None)


def class_sizes(sources):
    """(folder, class) -> [lines, functions]. sources: (path, text) of one product."""
    sizes = {}
    for path, text in sources:
        for name, lines, count in classes(text):
            total = sizes.setdefault((path.parent, name), [0, 0])
            total[0] += lines
            total[1] += count
    for path, text in sources:
        for name, lines in members(text):
            folder = nearest(path.parent, [at for at, known in sizes if known == name])
            if folder is not None:
                sizes[folder, name][0] += lines
                sizes[folder, name][1] += 1
    return sizes


def large_classes(sizes, allowed):
    """A line for each class over a limit, and whether it fails; for each needless exception, too."""
    known = set()
    for (folder, name), (lines, count) in sorted(sizes.items()):
        if lines <= CLASS_LINES and count <= CLASS_FUNCTIONS:
            continue
        key = f"{folder}: {name}"
        known.add(key)
        yield f"{key}: class of {lines} lines and {count} functions", key not in allowed
    for key in sorted(set(allowed) - known):
        yield f"{key}: stands in LARGE_CLASSES, but is not large", True


def room_of(path):
    """protocols/imap/session/x.cpp: protocols/imap."""
    depth = 2 if path.parts[0] in WINGS and len(path.parts) > 2 else 1
    return "/".join(path.parts[:depth])


def large_rooms(lengths):
    """(room, share) of each with too many lines. lengths: (path, lines) of the product."""
    rooms = {}
    for path, lines in lengths:
        rooms[room_of(path)] = rooms.get(room_of(path), 0) + lines
    whole = sum(rooms.values())
    return [(room, lines / whole) for room, lines in sorted(rooms.items())
            if lines > MAX_ROOM_SHARE * whole]


def main():
    bad, over, counted, product = 0, 0, 0, []
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
        if is_product:
            product.append((path, source))
        for line, length, header in functions(source):
            counted += is_product
            if length <= FUNCTION_WARN or str(path) in EXCEPTIONS:
                continue
            over += is_product
            failed = is_product and length > FUNCTION_FAIL
            bad += failed
            print(f"{path}:{line}: function of {length} lines"
                  f"{' (over the limit)' if failed else ''}: {header[-60:]}")
    for line, failed in large_classes(class_sizes(product), LARGE_CLASSES):
        bad += failed
        print(f"{line}{' (over the limit)' if failed else ''}")
    for room, share in large_rooms((path, source.count("\n")) for path, source in product):
        print(f"{room}: {share:.0%} of all lines: more than {MAX_ROOM_SHARE:.0%}")
        bad += 1
    if counted and over / counted > MAX_SHARE_OVER_WARN:
        print(f"{over} of {counted} functions are over {FUNCTION_WARN} lines: more than "
              f"{MAX_SHARE_OVER_WARN:.0%}")
        bad += 1
    print(f"check_sizes: {counted} functions, {over} over {FUNCTION_WARN} lines, {bad} faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
