"""Checks a chain of ARC with dkimpy: run by Debian's Python, to which the package python3-dkim belongs.

Standard input: one line of JSON with the TXT records by name, then the message.
Standard output: "pass", "none" or "fail", and why.
"""

import json
import sys

import dkim


def main():
    records = json.loads(sys.stdin.buffer.readline())

    def look_up(name, timeout=5):
        text = records.get(name.decode().rstrip("."))
        return text.encode() if text else None

    verdict, _, why = dkim.arc_verify(sys.stdin.buffer.read(), dnsfunc=look_up)
    print(verdict.decode(), why)


if __name__ == "__main__":
    main()
