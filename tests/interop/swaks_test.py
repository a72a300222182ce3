"""swaks sends over plain text, STARTTLS and with options."""

import subprocess
import unittest

from e2e import harness


class Swaks(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        self.empty()

    def swaks(self, *options, to="ann@example.test", expect=0):
        done = subprocess.run(
            ["swaks", "--server", self.server.address, "--port", str(self.server.smtp_port),
             "--from", "sender@elsewhere.test", "--to", to, "--ehlo", "client.test", *options],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def test_plain(self):
        self.swaks("--header", "Subject: by swaks")
        self.assertEqual(harness.subjects(self.server.imap()), ["by swaks"])

    def test_starttls_with_a_verified_certificate(self):
        said = self.swaks("--tls", "--tls-verify", "--tls-ca-path", str(self.certificate),
                          "--header", "Subject: by TLS")
        self.assertRegex(said, "TLS started with cipher TLSv1.[23]")
        self.assertEqual(harness.subjects(self.server.imap()), ["by TLS"])

    def test_pipelining_and_an_attachment(self):
        self.swaks("--pipeline", "--attach", "@" + str(self.server.config),
                   "--header", "Subject: piped")
        peer = self.server.imap()
        self.assertEqual(harness.subjects(peer), ["piped"])
        self.assertIn(b'"mixed"', peer.fetch("1", "(BODYSTRUCTURE)")[1][0].lower())

    def test_an_unknown_recipient_is_refused(self):
        said = self.swaks(to="nobody@example.test", expect=24)  # swaks: no recipient accepted
        self.assertIn("550 5.1.1", said)


if __name__ == "__main__":
    unittest.main()
