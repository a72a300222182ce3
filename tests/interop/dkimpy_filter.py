"""Signs a message as opendkim in front of an MTA does, with dkimpy: run by Debian's Python, to which
the package python3-dkim belongs.

    dkimpy_filter.py SELECTOR DOMAIN KEY_FILE

Standard input: the message. Standard output: the same with a DKIM-Signature.
"""

import pathlib
import sys

import dkim

if __name__ == "__main__":
    selector, domain, key = sys.argv[1:]
    octets = sys.stdin.buffer.read()
    sys.stdout.buffer.write(
        dkim.sign(octets, selector.encode(), domain.encode(), pathlib.Path(key).read_bytes(),
                  canonicalize=(b"relaxed", b"relaxed")) + octets)
