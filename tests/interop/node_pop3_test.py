"""node-pop3, a POP3 client of Node.js; the steps are in node/pop3.js."""

import unittest

from e2e import harness
from interop import node_clients


class NodePop3(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        self.empty()

    def run_scenario(self, name):
        node_clients.run_scenario(self, "pop3.js", self.server.pop3s_port, name)

    def fill(self, *subjects):
        """The messages, octet by octet what the scenario must get."""
        client = self.server.imap()
        for subject in subjects:
            client.append("INBOX", "", None, harness.message(
                subject=subject, body=f"Text of {subject}.\r\n.\r\n..two\r\n"))

    def test_a_maildrop_is_listed_and_read(self):
        self.fill("first", "second")
        self.run_scenario("reads")

    def test_ids_stay_over_sessions_and_deletions(self):
        self.fill("first", "second", "third")
        self.run_scenario("deletes")
        self.assertEqual(harness.subjects(self.server.imap()), ["first", "third"])

    def test_what_goes_wrong_is_told_in_words(self):
        self.fill("first")
        self.run_scenario("faults")


if __name__ == "__main__":
    unittest.main()
