"""curl uploads by smtp:// and reads by imaps://."""

import subprocess
import unittest

from e2e import harness


class Curl(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        self.empty()

    def curl(self, *arguments, expect=0):
        done = subprocess.run(
            ["curl", "-sS", "--cacert", str(self.certificate), "--max-time", str(harness.PATIENCE),
             *arguments], stdin=subprocess.DEVNULL, capture_output=True)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout

    def upload(self, octets, to="ann@example.test"):
        path = self.server.folder / "upload.eml"
        path.write_bytes(octets)
        return self.curl("--ssl-reqd", f"smtp://{self.server.address}:{self.server.smtp_port}",
                         "--mail-from", "sender@elsewhere.test", "--mail-rcpt", to,
                         "-T", str(path))

    def read(self, path, *arguments, **options):
        return self.curl(f"imaps://{self.server.address}:{self.server.imaps_port}{path}",
                         "-u", f"ann@example.test:{harness.PASSWORD}", *arguments, **options)

    def test_upload_over_starttls_and_reading_the_same_octets_over_imaps(self):
        octets = harness.message(subject="by curl", body="text\r\n.\r\n" * 2000)
        self.upload(octets)
        self.assertTrue(self.read("/INBOX;MAILINDEX=1").endswith(octets))
        self.assertIn(b"Subject: by curl", self.read("/INBOX;MAILINDEX=1;SECTION=HEADER"))

    def test_list_search_status_and_flags(self):
        for number in range(3):
            self.upload(harness.message(subject=f"number {number}"))
        self.assertIn(b"INBOX", self.read("/"))
        self.assertEqual(self.read("/INBOX?SUBJECT%20%22number%201%22").strip(), b"* SEARCH 2")
        self.assertIn(b"MESSAGES 3", self.read("/", "-X", "STATUS INBOX (MESSAGES)"))
        self.read("/INBOX", "-X", "STORE 2 +FLAGS.SILENT (\\Deleted)")
        self.read("/INBOX", "-X", "EXPUNGE")
        self.assertEqual(harness.subjects(self.server.imap()), ["number 0", "number 2"])

    def test_a_file_is_appended(self):
        path = self.server.folder / "append.eml"
        octets = harness.message(subject="appended", body="x" * 70_000)
        path.write_bytes(octets)
        self.read("/INBOX", "-T", str(path))
        self.assertEqual(self.read("/INBOX;MAILINDEX=1"), octets)

    def test_wrong_password_and_unknown_recipient_are_told(self):
        self.curl(f"imaps://{self.server.address}:{self.server.imaps_port}/INBOX",
                  "-u", "ann@example.test:wrong-Wrong-77", expect=67)  # curl: login denied
        path = self.server.folder / "refused.eml"
        path.write_bytes(harness.message())
        self.curl(f"smtp://{self.server.address}:{self.server.smtp_port}", "--mail-from", "a@b.test",
                  "--mail-rcpt", "nobody@example.test", "-T", str(path), expect=55)  # send error


if __name__ == "__main__":
    unittest.main()
