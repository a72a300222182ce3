"""getmail takes mail by POP3: deleting, and keeping with its memory of unique-ids."""

import os
import re
import subprocess
import unittest

from e2e import harness

RC = """\
[retriever]
type = SimplePOP3SSLRetriever
server = {address}
port = {port}
username = ann@example.test
password = {password}
ca_certs = {certificate}

[destination]
# Its own Maildir writer refuses to run as root, which these tests may be.
type = MDA_external
allow_root_commands = true
path = /bin/sh
arguments = ("-c", "cat > $(mktemp -p {folder}/new)")
unixfrom = false

[options]
verbose = 2
delivered_to = false
received = false
{options}
"""


class GetmailPop3(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        self.empty()
        self.folder = self.server.folder / self.id().rsplit(".", 1)[1]
        (self.folder / "new").mkdir(parents=True)

    def fetch(self, options):
        (self.folder / "getmailrc").write_text(RC.format(
            address=self.server.address, port=self.server.pop3s_port, password=harness.PASSWORD,
            certificate=self.certificate, folder=self.folder, options=options))
        done = subprocess.run(
            ["getmail", "--getmaildir", str(self.folder), "--rcfile", "getmailrc"], text=True,
            env=os.environ | {"HOME": str(self.folder)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def taken(self):
        return [path.read_bytes() for path in sorted(
            (self.folder / "new").iterdir(), key=lambda path: path.stat().st_mtime_ns)]

    def test_the_same_octets_come_and_the_message_is_deleted(self):
        octets = harness.message(subject="taken", body="text\r\n..dots\r\n.\r\n" * 300)
        self.server.imap().append("INBOX", "", None, octets)
        self.fetch("delete = true")
        came, = self.taken()
        # getmail puts header lines of its own in.
        local = re.sub(rb"(?m)^(X-getmail-|Return-Path:).*\n", b"", came)
        self.assertEqual(local.replace(b"\n", b"\r\n"), octets)
        self.assertEqual(harness.subjects(self.server.imap()), [])

    def test_kept_mail_is_known_by_its_unique_id_at_the_second_run(self):
        self.server.deliver("ann", subject="first")
        self.fetch("read_all = false")
        self.server.deliver("ann", subject="second")
        self.fetch("read_all = false")
        self.fetch("read_all = false")
        self.assertEqual([re.search(rb"Subject: (\w+)", one).group(1) for one in self.taken()],
                         [b"first", b"second"])
        self.assertEqual(harness.subjects(self.server.imap()), ["first", "second"])


if __name__ == "__main__":
    unittest.main()
