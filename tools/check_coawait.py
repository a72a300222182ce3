#!/usr/bin/env python3
"""Finds what g++ 12 destroys twice: owning temporaries born inside a co_await statement, and
awaitables of branches that were not taken.

A lambda that owns captures, or a brace-built aggregate, made in a full expression that also has a
co_await is destroyed one time too many (docs/develop.md, "Compiler faults"). Name it on the line
before and move it in. So are the awaitables of `ok ? co_await a() : co_await b()` and of
co_awaits under several labels of one switch, of which only one was ever made: write if and else.

    tools/check_coawait.py [FILE...]      default: all tracked C++ files
"""

import pathlib
import re
import sys

from cpp_source import ROOT, line_of, matching, strip, tracked

# Types with a constructor of their own are safe (measured): ours, and those of std.
HAS_CONSTRUCTOR = {
    "uid", "uid_validity", "modseq", "account_id", "mailbox_id", "blob_id", "queue_id",
    "string", "string_view", "span", "error_code", "hours", "minutes", "seconds", "milliseconds",
}
CONTROL = re.compile(r"\b(?:if(?:\s+constexpr)?|while|for|switch)\s*$")


def statement_start(text, position):
    """Where the full expression around `position` begins: after ; { } or a control keyword's (."""
    depth = 0
    for at in range(position - 1, -1, -1):
        letter = text[at]
        if letter in ")]}":
            # A block that ends before us at our own depth ends the statement before ours.
            if letter == "}" and depth == 0:
                return at + 1
            depth += 1
        elif letter in "([{":
            if depth > 0:
                depth -= 1
            elif letter == "{" or (letter == "(" and CONTROL.search(text, 0, at)):
                return at + 1
        elif letter == ";" and depth == 0:
            return at + 1
    return 0


def statement_end(text, position, start):
    """Where it ends: the ; or the ) of the control keyword, both at the depth of `start`."""
    at = start
    while at < len(text):
        letter = text[at]
        if letter in "([{":
            at = matching(text, at)
        elif letter in ")]}" or (letter == ";" and at > position):
            return at
        at += 1
    return len(text)


def owns(captures):
    """Does a lambda's capture list hold anything by value?"""
    for capture in captures.split(","):
        capture = capture.strip()
        if capture and capture != "this" and not capture.startswith("&"):
            return True
    return False


def faults_in(text, start, end):
    """(position, what) for each owning temporary between start and end."""
    at = start
    while at < end:
        before = text[start:at].rstrip()
        if text[at] == "[":
            close = matching(text, at)
            subscript = before and (before[-1].isalnum() or before[-1] in '_)]"')
            subscript = subscript and not re.search(r"\b(?:return|co_return|co_await)$", before)
            if not subscript and text[at + 1] != "[" and not before.endswith(("auto", "auto&")):
                if owns(text[at + 1:close]):
                    yield at, f"lambda with captures [{text[at + 1:close].strip()}]"
                body = re.compile(r"\s*(\((?:[^()]|\([^()]*\))*\))?[^;{}()]*\{").match(text, close + 1)
                if body:
                    close = matching(text, body.end() - 1)
            at = close + 1
        elif text[at] == "{":
            name = re.search(r"(\w+)\s*(?:<[^<>;]*>)?$", before)
            if before.endswith(("(", ",", "=", "?", ":")) and not before.endswith("::"):
                yield at, "brace-built temporary"
            elif name and name.group(1) not in HAS_CONSTRUCTOR:
                yield at, f"brace-built temporary {name.group(1)}{{}}"
            at += 1
        else:
            at += 1


def branches(text, start, end):
    """Positions of "?" between start and end whose both branches await."""
    for at in range(start, end):
        if text[at] != "?":
            continue
        colon, open_conditions, place = None, 0, at + 1
        while place < end and text[place] not in ")]},;":
            if text[place] in "([{":
                place = matching(text, place)
            elif text.startswith("::", place):
                place += 1
            elif text[place] == "?":
                open_conditions += 1
            elif text[place] == ":":
                if open_conditions == 0 and colon is None:
                    colon = place
                open_conditions = max(open_conditions - 1, 0)
            place += 1
        if colon is not None and all(
                re.search(r"\bco_await\b", part) for part in (text[at:colon], text[colon:place])):
            yield at


def switches(text):
    """Positions of switches that await under more than one of their labels."""
    for match in re.finditer(r"\bswitch\s*\(", text):
        opening = text.find("{", matching(text, match.end() - 1))
        if opening < 0:
            continue
        end = matching(text, opening)
        labels, at = [], opening + 1
        while at < end:
            if text[at] in "([{":
                at = matching(text, at)
            elif re.compile(r"\b(?:case\b|default\s*:)").match(text, at):
                labels.append(at)
            at += 1
        awaiting = [begin for begin, stop in zip(labels, labels[1:] + [end])
                    if re.search(r"\bco_await\b", text[begin:stop])]
        if len(awaiting) > 1:
            yield match.start()


def faults(source):
    """Sorted (line, what) of one C++ text."""
    text = strip(source)
    found = set()
    for match in re.finditer(r"\bco_await\b", text):
        if text[match.end():].lstrip().startswith(("=", ";")):
            continue
        start = statement_start(text, match.start())
        end = statement_end(text, match.start(), start)
        found.update((line_of(text, at), what) for at, what in faults_in(text, start, end))
        found.update((line_of(text, at), "both branches of ?: await")
                     for at in branches(text, start, end))
    found.update((line_of(text, at), "several labels of a switch await") for at in switches(text))
    return sorted(found)


def main(arguments):
    files = [pathlib.Path(name) for name in arguments] or [
        ROOT / name for name in tracked(".cpp", ".hpp")]
    bad = 0
    for file in files:
        for line, what in faults(file.read_text(encoding="utf-8")):
            print(f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}:{line}: "
                  f"{what}{'' if what.endswith('await') else ' in a co_await statement'}")
            bad += 1
    print(f"check_coawait: {len(files)} files, {bad} faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
