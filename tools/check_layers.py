#!/usr/bin/env python3
"""Reads the #include lines of all tracked C++ files against tools/layers.toml."""

import re
import sys
import tomllib

from cpp_source import ROOT, tracked

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def load(text):
    """The table with its groups expanded: folder -> {ours, outside, never, everything}."""
    table = tomllib.loads(text)
    groups = table.get("groups", {})

    def expand(names):
        return [one for name in names for one in groups.get(name, [name])]
    return {
        folder: {
            "everything": row.get("everything", False),
            "ours": set(row.get("ours", [])) | {folder},
            "outside": expand(row.get("outside", [])),
            "never": set(expand(row.get("never", []))),
        }
        for folder, row in table["folders"].items()
    }


def circles(table):
    """Folders that reach themselves by way of others."""
    def reaches(start, goal, seen):
        for after in table.get(start, {"ours": ()})["ours"] - {start}:
            if after == goal or (after not in seen and reaches(after, goal, seen | {after})):
                return True
        return False
    return [folder for folder in table if reaches(folder, folder, set())]


def folder_of(path, table):
    """The longest folder of the table that holds this path; None when there is none."""
    parts = str(path).split("/")[:-1]
    for length in range(len(parts), 0, -1):
        if "/".join(parts[:length]) in table:
            return "/".join(parts[:length])
    return None


def is_standard(name):
    return re.fullmatch(r"[a-z_0-9]+", name) is not None


def faults(path, text, table):
    """What one file includes and may not: (line, message)."""
    folder = folder_of(path, table)
    if folder is None:
        yield 1, f"{path} is in no folder of tools/layers.toml"
        return
    row = table[folder]
    if row["everything"]:
        return
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        quoted, name = match.group(1) == '"', match.group(2)
        if name in row["never"]:
            yield line, f"{folder} never includes {name}"
        elif quoted:
            target = folder_of(name, table)
            if target is None:
                yield line, f'"{name}": write the path from the top folder'
            elif target not in row["ours"]:
                yield line, f"{folder} may not include {target} ({name})"
        elif not is_standard(name) and not name.startswith(tuple(row["outside"])):
            yield line, f"{folder} may not include <{name}>"


def main():
    table = load((ROOT / "tools/layers.toml").read_text(encoding="utf-8"))
    files = tracked(".cpp", ".hpp")
    bad = 0
    for folder in circles(table):
        print(f"tools/layers.toml: {folder} reaches itself")
        bad += 1
    for path in files:
        for line, message in faults(path, (ROOT / path).read_text(encoding="utf-8"), table):
            print(f"{path}:{line}: {message}")
            bad += 1
    print(f"check_layers: {len(files)} files, {bad} faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
