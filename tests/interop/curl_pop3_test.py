"""curl reads by pop3:// with STLS and by pop3s://."""

import subprocess
import unittest

from e2e import harness


class CurlPop3(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        self.empty()

    def curl(self, path, *arguments, scheme="pop3s", password=harness.PASSWORD, expect=0):
        port = self.server.pop3s_port if scheme == "pop3s" else self.server.pop3_port
        done = subprocess.run(
            ["curl", "-sS", "--cacert", str(self.certificate), "--max-time", str(harness.PATIENCE),
             "-u", f"ann@example.test:{password}", *arguments,
             f"{scheme}://{self.server.address}:{port}/{path}"],
            stdin=subprocess.DEVNULL, capture_output=True)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def test_list_retrieve_and_delete(self):
        octets = [harness.message(subject=f"number {n}", body="text\r\n.\r\n" * 2000)
                  for n in range(2)]
        for one in octets:
            self.server.imap().append("INBOX", "", None, one)
        self.assertEqual(self.curl(""), b"".join(b"%d %d\r\n" % (n, len(one))
                                                 for n, one in enumerate(octets, 1)))
        self.assertEqual(self.curl("2"), octets[1])
        self.curl("1", "-X", "DELE", "-l")
        self.assertEqual(harness.subjects(self.server.imap()), ["number 1"])
        self.assertEqual(self.curl("1"), octets[1])

    def test_stls_and_both_mechanisms(self):
        self.server.imap().append("INBOX", "", None, harness.message(subject="by STLS"))
        for mechanism in ("PLAIN", "LOGIN"):
            self.assertIn(b"Subject: by STLS", self.curl(
                "1", "--ssl-reqd", "--login-options", f"AUTH={mechanism}", scheme="pop3"))

    def test_a_wrong_password_and_a_missing_message_are_told(self):
        self.curl("", password="wrong-Wrong-77", expect=67)  # curl: login denied
        self.curl("7", expect=8)  # curl: weird server reply


if __name__ == "__main__":
    unittest.main()
