"""swaks logs in and sends, on 587 by STARTTLS and on 465 by TLS."""

import subprocess
import unittest

from e2e import harness

ANN = f"ann@{harness.DOMAIN}"
BOB = f"bob@{harness.DOMAIN}"


class SwaksSubmission(harness.ServerCase):
    own_certificate = True

    def setUp(self):
        self.empty("bob")

    def swaks(self, *options, port=None, password=harness.PASSWORD, sender=ANN, to=BOB, expect=0):
        tls = ["--tls"] if port is None else ["--tls-on-connect"]
        done = subprocess.run(
            ["swaks", "--server", self.server.address,
             "--port", str(port or self.server.submission_port), *tls,
             "--tls-verify", "--tls-ca-path", str(self.certificate),
             "--auth-user", ANN, "--auth-password", password,
             "--from", sender, "--to", to, "--ehlo", "client.test", *options],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def test_plain_and_login_on_587_and_465(self):
        wanted = []
        for port in (None, self.server.submissions_port):
            for mechanism in ("PLAIN", "LOGIN"):
                subject = f"{mechanism} {port}"
                self.swaks("--auth", mechanism, "--header", f"Subject: {subject}", port=port)
                wanted.append(subject)
        self.assertEqual(harness.subjects(self.server.imap("bob")), wanted)

    def test_remote_recipients_are_queued_with_the_local_copy(self):
        self.swaks("--header", "Subject: both", to=f"{BOB},eve@elsewhere.test")
        self.assertEqual(harness.subjects(self.server.imap("bob")), ["both"])
        self.assertIn('queue id=', self.server.settled_log())

    def test_a_wrong_password_is_refused(self):
        said = self.swaks("--auth", "PLAIN", password="wrong-Wrong-77", expect=28)
        self.assertIn("535 5.7.8 wrong user name or password: ", said)

    def test_a_sender_of_somebody_else_is_refused(self):
        said = self.swaks(sender=BOB, expect=23)  # swaks: MAIL was refused
        self.assertIn(f"553 5.7.1 <{BOB}> is not an address of {ANN}", said)

    def test_an_author_of_somebody_else_is_refused(self):
        said = self.swaks("--header", f"From: {BOB}", expect=26)  # swaks: DATA was refused
        self.assertIn(f"550 5.7.1 <{BOB}> is not an address of {ANN}", said)


if __name__ == "__main__":
    unittest.main()
