"""Verifies the DKIM signatures of a message with dkimpy: run by Debian's Python, to which the
package python3-dkim belongs.

Standard input: one line of JSON with the TXT records by name, then the message.
Standard output: JSON, for each signature from the first on true, false, or why there is no answer.
"""

import json
import sys

import dkim


def verdicts(message, records):
    def look_up(name, timeout=5):
        return records.get(name.decode().rstrip("."))

    found = []
    for index in range(message.lower().split(b"\r\n\r\n")[0].count(b"dkim-signature:")):
        try:
            found.append(dkim.DKIM(message).verify(idx=index, dnsfunc=look_up))
        except dkim.DKIMException as error:
            found.append(str(error))
    return found


if __name__ == "__main__":
    print(json.dumps(verdicts(records=json.loads(sys.stdin.buffer.readline()),
                              message=sys.stdin.buffer.read())))
