"""Signs a message with dkimpy: run by Debian's Python, to which the package python3-dkim belongs.

Standard input: one line of JSON (domain, selector, algorithm, key: PEM of RSA or base64 of Ed25519,
forms: of header and body, length: with l=), then the message. Standard output: the signed message.
"""

import json
import sys

import dkim

if __name__ == "__main__":
    how = json.loads(sys.stdin.buffer.readline())
    message = sys.stdin.buffer.read()
    header, body = (form.encode() for form in how["forms"])
    sys.stdout.buffer.write(dkim.sign(
        message, how["selector"].encode(), how["domain"].encode(), how["key"].encode(),
        canonicalize=(header, body), signature_algorithm=how["algorithm"].encode(),
        length=how["length"]) + message)
