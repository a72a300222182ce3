"""fetchmail takes mail from IMAP: once, and waiting in IDLE."""

import os
import signal
import subprocess
import unittest

from e2e import harness

RC = """\
poll {address} protocol IMAP port {port}
  user "ann@example.test" there with password "{password}"
  {tls} sslcertck sslcertfile "{certificate}"
  {options}
  mda "cat >> {box}; printf '\\n--end--\\n' >> {box}"
"""


class Fetchmail(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        self.empty()
        self.folder = self.server.folder / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()
        self.box = self.folder / "box"
        self.rc = self.folder / "fetchmailrc"
        self.environment = os.environ | {"HOME": str(self.folder), "FETCHMAILHOME": str(self.folder)}
        self.write()

    def write(self, options="no keep", tls="ssl", port=None):
        self.rc.touch(0o600)
        self.rc.write_text(RC.format(
            address=self.server.address, port=port or self.server.imaps_port, tls=tls,
            password=harness.PASSWORD, certificate=self.certificate, options=options, box=self.box))

    def fetch(self, *options, expect=0):
        done = subprocess.run(
            ["fetchmail", "-f", str(self.rc), "--pidfile", str(self.folder / "pid"),
             "--nosyslog", "-v", *options], env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, expect, done.stdout)
        return done.stdout

    def taken(self):
        """Subjects of the messages that came, in order."""
        text = self.box.read_text() if self.box.exists() else ""
        return [line[9:] for message in text.split("\n--end--\n")[:-1]
                for line in message.splitlines() if line.startswith("Subject: ")]

    def test_mail_is_taken_and_deleted(self):
        for number in range(3):
            self.server.deliver("ann", subject=f"number {number}", body="text\r\n.\r\n" * 100)
        self.fetch()
        self.assertEqual(self.taken(), [f"number {number}" for number in range(3)])
        self.assertEqual(self.box.read_text().count("text\n.\n"), 300)
        self.assertEqual(harness.subjects(self.server.imap()), [])
        self.fetch(expect=1)  # fetchmail: nothing was there

    def test_kept_mail_is_marked_seen_and_not_taken_again(self):
        self.write(options="keep")
        self.server.deliver("ann", subject="kept")
        self.fetch()
        self.fetch(expect=1)
        self.assertEqual(self.taken(), ["kept"])
        self.assertEqual(list(harness.state(self.server.imap())[1].values()), [["\\Seen"]])

    def test_starttls(self):
        self.write(tls='sslproto "TLS1.2+"', port=self.server.imap_port)
        self.server.deliver("ann", subject="by starttls")
        said = self.fetch()
        self.assertIn("STARTTLS", said)
        self.assertEqual(self.taken(), ["by starttls"])

    def test_a_folder_other_than_inbox(self):
        self.write(options='no keep folder "Archive"')
        self.empty(mailbox="Archive")
        peer = self.server.imap()
        peer.append("Archive", "", None, harness.message(subject="archived"))
        self.fetch()
        self.assertEqual(self.taken(), ["archived"])

    def test_with_idle_new_mail_is_fetched_at_once(self):
        self.write(options='no keep idle folder "INBOX"')
        self.server.deliver("ann", subject="before")
        log = open(self.folder / "log", "wb")
        with log:
            process = subprocess.Popen(
                ["fetchmail", "-f", str(self.rc), "--pidfile", str(self.folder / "pid"),
                 "--nosyslog", "-v", "-v"], env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        try:
            said = lambda: (self.folder / "log").read_text(errors="replace")
            for number in range(4):
                idles = said().count("+ idling") if number else 0
                if number:
                    self.server.deliver("ann", subject=f"late {number - 1}")
                expected = ["before"] + [f"late {one}" for one in range(number)]
                harness.wait_until(lambda: self.taken() == expected,
                                   lambda: f"{expected}, have {self.taken()}")
                # Deleted there and in IDLE again: no poll can explain what comes next.
                harness.wait_until(lambda: said().count("+ idling") > idles,
                                   lambda: f"IDLE after message {number}\n{said()}")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(harness.PATIENCE)
        self.assertEqual(harness.subjects(self.server.imap()), [])


if __name__ == "__main__":
    unittest.main()
