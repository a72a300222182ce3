"""fetchmail takes mail by POP3: deleting, and keeping with its memory of unique-ids."""

import os
import subprocess
import unittest

from e2e import harness

RC = """\
poll {address} protocol POP3 port {port} {poll}
  user "ann@example.test" there with password "{password}"
  {tls} sslcertck sslcertfile "{certificate}"
  {options}
  mda "cat >> {box}; printf '\\n--end--\\n' >> {box}"
"""


class FetchmailPop3(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        self.empty()
        self.folder = self.server.folder / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()
        self.box = self.folder / "box"
        self.rc = self.folder / "fetchmailrc"
        self.environment = os.environ | {"HOME": str(self.folder), "FETCHMAILHOME": str(self.folder)}

    def write(self, options="", poll="uidl", tls="ssl", port=None):
        self.rc.touch(0o600)
        self.rc.write_text(RC.format(
            address=self.server.address, port=port or self.server.pop3s_port, tls=tls, poll=poll,
            password=harness.PASSWORD, certificate=self.certificate, options=options, box=self.box))

    def fetch(self, expect=0):
        done = subprocess.run(
            ["fetchmail", "-f", str(self.rc), "--pidfile", str(self.folder / "pid"),
             "--nosyslog", "-v"], env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, expect, done.stdout)
        # fetchmail compares what it reads with LIST.
        self.assertNotIn("was not the expected length", done.stdout)
        return done.stdout

    def taken(self):
        """Subjects of the messages that came, in order."""
        text = self.box.read_text() if self.box.exists() else ""
        return [line[9:] for message in text.split("\n--end--\n")[:-1]
                for line in message.splitlines() if line.startswith("Subject: ")]

    def test_mail_is_taken_and_deleted(self):
        self.write("no keep")
        for number in range(3):
            self.server.deliver("ann", subject=f"number {number}", body="text\r\n.\r\n" * 100)
        self.fetch()
        self.assertEqual(self.taken(), [f"number {number}" for number in range(3)])
        self.assertEqual(self.box.read_text().count("text\n.\n"), 300)
        self.assertEqual(harness.subjects(self.server.imap()), [])
        self.fetch(expect=1)  # fetchmail: nothing was there

    def test_kept_mail_is_known_by_its_unique_id_at_the_second_run(self):
        self.write("keep")
        self.server.deliver("ann", subject="first")
        self.fetch()
        self.server.deliver("ann", subject="second")
        self.fetch()
        self.fetch(expect=1)
        self.assertEqual(self.taken(), ["first", "second"])
        self.assertEqual(harness.subjects(self.server.imap()), ["first", "second"])

    def test_stls(self):
        self.write("no keep", tls='sslproto "TLS1.2+"', port=self.server.pop3_port)
        self.server.deliver("ann", subject="by STLS")
        self.assertIn("STLS", self.fetch())
        self.assertEqual(self.taken(), ["by STLS"])

    def test_odd_messages_have_the_size_that_list_told(self):
        self.write("no keep")
        imap = self.server.imap()
        for octets in (b"Subject: a\r\n\r\nno end", b"Subject: b\n\nbare\n.\n", b"Subject: c"):
            imap.append("INBOX", "", None, octets)
        self.fetch()
        self.assertEqual(self.taken(), ["a", "b", "c"])


if __name__ == "__main__":
    unittest.main()
