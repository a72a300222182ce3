"""mpop takes mail by POP3, pipelined: deleting, and keeping with its memory of unique-ids."""

import os
import subprocess
import unittest

from e2e import harness

RC = """\
account hauspost
host {address}
port {port}
user ann@example.test
password {password}
auth {auth}
tls on
tls_starttls {starttls}
tls_trust_file {certificate}
keep {keep}
delivery mbox {folder}/box
uidls_file {folder}/uidls
"""


class Mpop(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        self.empty()
        self.folder = self.server.folder / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()

    def fetch(self, keep="off", starttls="off", auth="plain"):
        config = self.folder / "mpoprc"
        config.touch(0o600)
        port = self.server.pop3_port if starttls == "on" else self.server.pop3s_port
        config.write_text(RC.format(
            address=self.server.address, port=port, password=harness.PASSWORD, folder=self.folder,
            certificate=self.certificate, keep=keep, starttls=starttls, auth=auth))
        done = subprocess.run(
            ["mpop", f"--file={config}", "--debug", "hauspost"], text=True,
            env=os.environ | {"HOME": str(self.folder)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def taken(self):
        box = self.folder / "box"
        text = box.read_text() if box.exists() else ""
        return [line[9:] for line in text.splitlines() if line.startswith("Subject: ")]

    def test_mail_is_taken_and_deleted(self):
        for number in range(20):
            self.server.deliver("ann", subject=f"number {number}", body="text\r\n.\r\n" * 50)
        self.fetch()
        self.assertEqual(self.taken(), [f"number {number}" for number in range(20)])
        self.assertEqual((self.folder / "box").read_text().count("text\n.\n"), 1000)
        self.assertEqual(harness.subjects(self.server.imap()), [])

    def test_kept_mail_is_known_by_its_unique_id_at_the_second_run(self):
        self.server.deliver("ann", subject="first")
        self.fetch(keep="on")
        self.server.deliver("ann", subject="second")
        self.fetch(keep="on")
        self.fetch(keep="on")
        self.assertEqual(self.taken(), ["first", "second"])
        self.assertEqual(harness.subjects(self.server.imap()), ["first", "second"])

    def test_stls_and_each_way_to_log_in(self):
        for number, auth in enumerate(("user", "plain", "login")):
            self.server.deliver("ann", subject=f"number {number}")
            said = self.fetch(starttls="on", auth=auth)
            self.assertIn("STLS", said)
        self.assertEqual(self.taken(), ["number 0", "number 1", "number 2"])


if __name__ == "__main__":
    unittest.main()
