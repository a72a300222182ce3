"""getmail takes mail from IMAP."""

import os
import re
import subprocess
import unittest

from e2e import harness
from interop import maildir

RC = """\
[retriever]
type = SimpleIMAPSSLRetriever
server = {address}
port = {port}
username = ann@example.test
password = {password}
ca_certs = {certificate}
mailboxes = {mailboxes}
{retriever}

[destination]
# Its own Maildir writer refuses to run as root, which these tests may be.
type = MDA_external
allow_root_commands = true
path = /bin/sh
arguments = ("-c", "cat > $(mktemp -p {folder}/mail/INBOX/new)")
unixfrom = false

[options]
verbose = 2
delivered_to = false
received = false
{options}
"""


class Getmail(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        for mailbox in ("INBOX", "Archive"):
            self.empty(mailbox=mailbox)
        self.folder = self.server.folder / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()
        self.near = maildir.Maildir(self.folder / "mail")
        self.near.create("INBOX")  # the form in which this test keeps what came
        self.peer = self.server.imap()
        self.addCleanup(self.peer.logout)

    def write(self, options="", retriever="", mailboxes='("INBOX",)'):
        (self.folder / "getmailrc").write_text(RC.format(
            address=self.server.address, port=self.server.imaps_port, password=harness.PASSWORD,
            certificate=self.certificate, folder=self.folder, options=options,
            retriever=retriever, mailboxes=mailboxes))

    def fetch(self):
        done = subprocess.run(
            ["getmail", "--getmaildir", str(self.folder), "--rcfile", "getmailrc"], text=True,
            env=os.environ | {"HOME": str(self.folder)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_the_same_octets_come_and_the_server_keeps_them(self):
        octets = harness.message(subject="kept", body="text\r\n..dots\r\n" * 300)
        self.peer.append("INBOX", "", None, octets)
        self.write()
        self.assertIn("1 messages", self.fetch())
        path, = self.near.files()
        # getmail puts header lines of its own in.
        local = re.sub(rb"(?m)^(X-getmail-|Return-Path:).*\n", b"", path.read_bytes())
        self.assertEqual(local.replace(b"\n", b"\r\n"), octets)
        self.assertEqual(harness.subjects(self.peer), ["kept"])

    def test_what_was_read_is_not_taken_again_and_new_mail_is(self):
        self.write(options="read_all = false")
        for number in range(3):
            self.server.deliver("ann", subject=f"number {number}")
            self.assertIn("1 messages", self.fetch())
        self.assertIn("0 messages", self.fetch())
        self.assertEqual(sorted(self.near.by_subject()), ["number 0", "number 1", "number 2"])

    def test_taken_mail_is_deleted_or_moved_when_asked_for(self):
        self.write(options="delete = true")
        self.server.deliver("ann", subject="deleted")
        self.fetch()
        self.assertEqual(harness.subjects(self.peer), [])
        self.write(options="delete = true", retriever="move_on_delete = Archive")
        self.server.deliver("ann", subject="moved")
        self.fetch()
        self.assertEqual(harness.subjects(self.peer), [])
        self.assertEqual(harness.subjects(self.peer, "Archive"), ["moved"])
        self.assertEqual(sorted(self.near.by_subject()), ["deleted", "moved"])

    def test_all_folders(self):
        self.write(mailboxes="ALL")
        self.server.deliver("ann", subject="in inbox")
        self.peer.append("Archive", "", None, harness.message(subject="in archive"))
        self.peer.create('"With blank/Sub &- R&AOk-"')
        self.peer.append('"With blank/Sub &- R&AOk-"', "", None, harness.message(subject="deep"))
        self.fetch()
        self.assertEqual(sorted(self.near.by_subject()), ["deep", "in archive", "in inbox"])


if __name__ == "__main__":
    unittest.main()
