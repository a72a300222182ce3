"""Plays a conversation that is written down as it stands on the wire.

    C: a LOGIN ann@example.test «password»
    S: a OK …
    C: b SELECT INBOX
    S~ * 3 EXISTS
    S~ * FLAGS (…)
    S…
    S: b OK [READ-WRITE] …

C:  a line to send. C: lines that follow each other go out in one segment.
C+  the same, without CRLF at its end (the next C line goes on).
S:  the next line that the server says.
S~  lines that come in any order; a block ends at the next other line.
S…  any lines, until one fits the S: that follows; none of them may be a tagged NO or BAD.
!   TLS begins here.
#   a remark; empty lines count for nothing.

In an S line "…" stands for anything, also for nothing, and «name» for a value: the first time it is
kept, later it must be the same. In a C line «name» is replaced. A literal's lines are lines.
"""

import re


class Mismatch(AssertionError):
    pass


class Player:
    def __init__(self, peer, **values):
        """peer: a harness.RawPeer; values: what «name» stands for."""
        self.peer = peer
        self.values = dict(values)
        self.log = []

    def play(self, script):
        lines = [line.strip("\n") for line in script.splitlines()]
        lines = [line.strip() for line in lines]
        lines = [line for line in lines if line and not line.startswith("#")]
        position = 0
        while position < len(lines):
            position = self._step(lines, position)
        return self.values

    def _step(self, lines, position):
        kind, text = lines[position][:2], lines[position][3:]
        if kind in ("C:", "C+"):
            return self._send(lines, position)
        if kind == "S:":
            self._expect(text)
        elif kind == "S~":
            return self._expect_any_order(lines, position)
        elif kind == "S…":
            self._skip_to(lines[position + 1])
            return position + 2
        elif kind == "!":
            self.peer.start_tls()
        else:
            raise ValueError(f"not a line of a transcript: {lines[position]}")
        return position + 1

    def _send(self, lines, position):
        octets = b""
        while position < len(lines) and lines[position][:2] in ("C:", "C+"):
            text = re.sub("«(.*?)»", lambda found: self.values[found.group(1)],
                          lines[position][3:])
            self.log.append("C: " + text)
            octets += text.encode() + (b"" if lines[position][:2] == "C+" else b"\r\n")
            position += 1
        self.peer.send(octets)
        return position

    def _line(self, wanted):
        try:
            line = self.peer.line()
        except (EOFError, OSError) as fault:
            self._fail(wanted, repr(fault))
        self.log.append("S: " + line)
        return line

    def _fits(self, pattern, line):
        """Whether a line is as written; keeps the values that it brought."""
        expression, new = "", []
        for part in re.split("(…|«.*?»)", pattern):
            if part == "…":
                expression += ".*"
            elif part.startswith("«"):
                name = part[1:-1]
                if name in self.values:
                    expression += re.escape(self.values[name])
                elif name in new:
                    expression += f"(?P={name})"
                else:
                    expression += f"(?P<{name}>.+?)"
                    new.append(name)
            else:
                expression += re.escape(part)
        found = re.fullmatch(expression, line)
        if found:
            self.values |= {name: found.group(name) for name in new}
        return found is not None

    def _expect(self, pattern):
        line = self._line(pattern)
        if not self._fits(pattern, line):
            self._fail(pattern, line)

    def _expect_any_order(self, lines, position):
        wanted = []
        while position < len(lines) and lines[position][:2] == "S~":
            wanted.append(lines[position][3:])
            position += 1
        while wanted:
            line = self._line(wanted)
            fitting = next((one for one in wanted if self._fits(one, line)), None)
            if fitting is None:
                self._fail(" or ".join(wanted), line)
            wanted.remove(fitting)
        return position

    def _skip_to(self, entry):
        if entry[:2] != "S:":
            raise ValueError("an S: line must follow S…")
        while True:
            line = self._line(entry[3:])
            if self._fits(entry[3:], line):
                return
            if re.match(r"[^*+ ]\S* (NO|BAD)\b", line):
                self._fail(entry[3:], line)

    def _fail(self, wanted, line):
        said = "\n".join(self.log[-40:])
        raise Mismatch(f"wanted: {wanted}\ncame:   {line}\n{said}") from None
