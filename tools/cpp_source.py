"""What the checks of this folder share: the tracked files, and C++ without comments and strings."""

import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def tracked(*suffixes):
    """Tracked and new files (not ignored ones) with one of these suffixes, as paths below ROOT."""
    out = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = {pathlib.PurePosixPath(name) for name in out.split("\0") if name}
    return sorted(p for p in paths if p.suffix in suffixes and (ROOT / p).is_file())


# Longest first where one begins with another: raw strings before strings. A quote between two
# hexadecimal digits is a digit separator.
_OPAQUE = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r'|(?:u8|[uUL])?R"(?P<delimiter>[^()\s\\]*)\(.*?\)(?P=delimiter)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)


def strip(text):
    """C++ text with comments blanked and each literal emptied to "", line numbers unchanged."""
    def blank(match):
        whole = match.group(0)
        newlines = "\n" * whole.count("\n")
        return (" " if whole.startswith("/") else '""') + newlines
    return _OPAQUE.sub(blank, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


PAIRS = {"(": ")", "[": "]", "{": "}"}


def matching(text, position):
    """Position of the bracket that closes the one at `position`; the end when there is none."""
    depth = 0
    for at in range(position, len(text)):
        if text[at] in PAIRS:
            depth += 1
        elif text[at] in ")]}":
            depth -= 1
            if depth == 0:
                return at
    return len(text)
