"""offlineimap keeps a Maildir and the server the same, both ways, with its own status file."""

import os
import subprocess
import unittest

from e2e import harness
from interop import maildir

CONFIG = """\
[general]
accounts = hauspost
metadata = {folder}/status
ui = basic
socktimeout = {patience}

[Account hauspost]
localrepository = near
remoterepository = far

[Repository near]
type = Maildir
localfolders = {folder}/mail
sync_deletes = yes
filename_use_mail_timestamp = no

[Repository far]
type = IMAP
remotehost = {address}
remoteport = {port}
remoteuser = ann@example.test
remotepass = {password}
ssl = {tls}
starttls = yes
sslcacertfile = {certificate}
maxconnections = {connections}
"""

# imaplib2 reads and writes one TLS connection from two threads without a lock, which OpenSSL does
# not allow: under TLS 1.3 the tickets that follow the handshake meet its first command after
# STARTTLS, which then never leaves the client (about one in 300 times).
TLS_1_2_AT_MOST = """\
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = limits
[limits]
MaxProtocol = TLSv1.2
"""


class Offlineimap(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        for mailbox in ("INBOX", "Archive"):
            self.empty(mailbox=mailbox)
        self.folder = self.server.folder / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()
        self.near = maildir.Maildir(self.folder / "mail")
        self.configure()
        self.peer = self.server.imap()
        self.addCleanup(self.peer.logout)

    def configure(self, tls="yes", connections=1):
        (self.folder / "offlineimaprc").write_text(CONFIG.format(
            folder=self.folder, address=self.server.address, password=harness.PASSWORD,
            port=self.server.imaps_port if tls == "yes" else self.server.imap_port,
            certificate=self.certificate, patience=harness.PATIENCE, tls=tls,
            connections=connections))
        (self.folder / "openssl.cnf").write_text(TLS_1_2_AT_MOST)

    def sync(self):
        done = subprocess.run(
            ["offlineimap", "-c", str(self.folder / "offlineimaprc"), "-o"], text=True,
            env=os.environ | {"HOME": str(self.folder),
                              "OPENSSL_CONF": str(self.folder / "openssl.cnf")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=2 * harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("ERROR", done.stdout)
        return done.stdout

    def both_sides_have(self, count):
        for number in range(count):
            self.server.deliver("ann", subject=f"number {number}")
        self.sync()
        return self.near.by_subject()

    def test_all_folders_and_the_same_octets_come_down(self):
        octets = harness.message(subject="down", body="text\r\n" * 500)
        self.peer.append("INBOX", "(\\Flagged)", None, octets)
        self.peer.append("Archive", "(\\Seen)", None, harness.message(subject="kept"))
        self.sync()
        path, = self.near.files()
        self.assertEqual(path.read_bytes().replace(b"\n", b"\r\n"), octets)
        self.assertEqual(self.near.flags(), {"down": "F"})
        self.assertEqual(self.near.flags("Archive"), {"kept": "S"})
        self.assertLessEqual({"INBOX", "Archive", "Drafts", "Sent", "Junk", "Trash"},
                             set(self.near.mailboxes()))

    def test_new_mail_flags_and_deletions_go_both_ways(self):
        paths = self.both_sides_have(6)
        self.near.mark(paths["number 0"], "FS")
        paths["number 1"].unlink()
        self.near.add("1.local", harness.message(subject="from here"))
        self.peer.select()
        self.peer.store("3", "+FLAGS", "(\\Answered)")
        self.peer.store("4", "+FLAGS.SILENT", "(\\Deleted)")
        self.peer.expunge()
        first = min(harness.state(self.peer)[1])
        self.peer.select()
        self.assertEqual(self.peer.uid("MOVE", str(first), "Archive")[0], "OK")
        self.server.deliver("ann", subject="late")
        self.sync()
        self.sync()
        left = ["number 2", "number 4", "number 5", "late", "from here"]
        self.assertEqual(sorted(harness.subjects(self.peer)), sorted(left))
        self.assertEqual(sorted(self.near.by_subject()), sorted(left))
        self.assertEqual(self.near.flags()["number 2"], "R")
        self.assertEqual(list(self.near.by_subject("Archive")), ["number 0"])

    def test_flags_are_taken_away_on_both_sides(self):
        paths = self.both_sides_have(2)
        self.near.mark(paths["number 0"], "FS")
        self.near.mark(paths["number 1"], "S")
        self.sync()
        self.assertEqual(list(harness.state(self.peer)[1].values()),
                         [["\\Flagged", "\\Seen"], ["\\Seen"]])
        self.near.mark(self.near.by_subject()["number 0"], "S")
        self.peer.select()
        self.peer.store("2", "-FLAGS", "(\\Seen)")
        self.sync()
        self.assertEqual(list(harness.state(self.peer)[1].values()), [["\\Seen"], []])
        self.assertEqual(self.near.flags(), {"number 0": "S", "number 1": ""})

    def test_a_second_run_is_quiet(self):
        paths = self.both_sides_have(3)
        self.near.mark(paths["number 1"], "FS")
        self.near.add("1.local", harness.message(subject="from here"))
        self.sync()
        self.sync()  # offlineimap writes the UID it learnt into the local name
        there, here = harness.state(self.peer), self.near.times()
        said = self.sync()
        self.assertEqual(harness.state(self.peer), there)
        self.assertEqual(self.near.times(), here)
        for word in ("Copy message", "Deleting", "Adding flag", "Removing flag"):
            self.assertNotIn(word, said)

    def test_folders_made_on_either_side_appear_on_the_other(self):
        self.peer.create("Work/2026")
        self.peer.append("Work/2026", "", None, harness.message(subject="far"))
        self.sync()
        self.assertEqual(list(self.near.by_subject("Work.2026")), ["far"])
        self.near.create("Made here")
        self.near.add("1.local", harness.message(subject="near"), "Made here")
        self.sync()
        self.assertEqual(harness.subjects(self.peer, '"Made here"'), ["near"])

    def test_starttls_and_three_connections_at_once(self):
        self.configure(tls="no", connections=3)
        for number in range(60):
            self.server.deliver("ann", subject=f"number {number}")
        self.sync()
        self.assertEqual(len(self.near.files()), 60)


if __name__ == "__main__":
    unittest.main()
