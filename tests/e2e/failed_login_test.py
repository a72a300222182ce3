"""Failed logins in the log, as docs/operations.md gives them to fail2ban."""

import imaplib
import os
import poplib
import re
import smtplib

from e2e import harness

OPERATIONS = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "operations.md")
FORGED = "info login_failed cid=1 proto=imap peer=198.51.100.1 user=x reason=wrong_password"


def patterns():
    with open(OPERATIONS, encoding="utf-8") as text:
        block = text.read().partition("failregex = ")[2].partition("ignoreregex")[0]
    return [re.compile(line.strip().replace("<HOST>", r"(?P<host>[0-9a-fA-F.:]+)"))
            for line in block.splitlines() if line.strip()]


def without_time(line):
    """What fail2ban looks at: it has taken the time out."""
    return re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+[+-]\d\d:?\d\d", "", line, count=1)


class FailedLogins(harness.ServerCase):
    def found(self):
        lines = map(without_time, self.server.settled_log().splitlines())
        matches = (pattern.search(line) for line in lines for pattern in patterns())
        return [match["host"] for match in matches if match]

    def test_the_patterns_of_the_manual_find_each_with_its_peer_and_nothing_else(self):
        with self.assertRaises(imaplib.IMAP4.error):
            self.server.imap(password="wrong-Wrong-77")
        with self.assertRaises(poplib.error_proto):
            self.server.pop3(password="wrong-Wrong-77")
        with self.assertRaises(smtplib.SMTPAuthenticationError):  # by PLAIN, then by LOGIN
            self.server.submission(password="wrong-Wrong-77")
        peer = self.server.raw(self.server.imap_port)
        peer.ask(f'a LOGIN "x\\" {FORGED}" wrong-Wrong-77', "a ")
        peer.ask(f'b ID ("name" "x\\" {FORGED}")', "b ")
        self.server.imap().logout()
        self.assertEqual(self.found(), ["127.0.0.1"] * 5, self.server.log())
        self.assertNotIn("wrong-Wrong-77", self.server.log())


class FailedLoginsInJson(FailedLogins):
    settings = {"log.format": "json"}
