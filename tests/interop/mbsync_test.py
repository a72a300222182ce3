"""mbsync keeps a Maildir and the server the same, both ways."""

import re
import subprocess
import unittest

from e2e import harness
from interop import maildir

CONFIG = """\
IMAPAccount hauspost
Host {address}
Port {port}
User ann@example.test
Pass {password}
SSLType IMAPS
CertificateFile {certificate}

IMAPStore far
Account hauspost

MaildirStore near
Path {maildir}/
Inbox {maildir}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
Sync All
SyncState *
"""


class Mbsync(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        for mailbox in ("INBOX", "Archive"):
            self.empty(mailbox=mailbox)
        folder = self.server.folder / self.id().rsplit(".", 1)[1]
        folder.mkdir()
        self.near = maildir.Maildir(folder)
        self.config = folder / "mbsyncrc"
        self.config.write_text(CONFIG.format(
            address=self.server.address, port=self.server.imaps_port, password=harness.PASSWORD,
            certificate=self.certificate, maildir=folder))
        self.peer = self.server.imap()
        self.addCleanup(self.peer.logout)

    def sync(self, *options):
        done = subprocess.run(["mbsync", "-c", str(self.config), *options, "-a"],
                              capture_output=True, text=True, timeout=2 * harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def both_sides_have(self, count):
        """`count` messages on the server and here, as "number 0" and so on."""
        for number in range(count):
            self.server.deliver("ann", subject=f"number {number}")
        self.sync()
        return self.near.by_subject()

    def test_new_mail_comes_down_with_the_same_octets_and_all_folders(self):
        octets = harness.message(subject="down")
        self.peer.append("INBOX", "(\\Flagged)", None, octets)
        self.sync()
        path, = self.near.files()
        # Maildir has LF line ends, and mbsync puts a header line of its own in.
        local = re.sub(rb"(?m)^X-TUID: .*\n", b"", path.read_bytes())
        self.assertEqual(local.replace(b"\n", b"\r\n"), octets)
        self.assertIn("F", self.near.flags()["down"])
        self.assertIn("Archive", self.near.mailboxes())

    def test_local_mail_flags_and_deletions_go_up(self):
        paths = self.both_sides_have(5)
        self.near.mark(paths["number 1"], "F")
        self.near.mark(paths["number 2"], "T")
        paths["number 3"].unlink()
        self.near.add("1.local", harness.message(subject="from here"))
        self.near.create("Made here")
        self.near.add("2.local", harness.message(subject="in new folder"), "Made here")
        self.sync()
        self.assertEqual(harness.subjects(self.peer),
                         ["number 0", "number 1", "number 4", "from here"])
        self.peer.select()
        self.assertEqual(self.peer.search(None, "FLAGGED")[1], [b"2"])
        self.assertEqual(harness.subjects(self.peer, '"Made here"'), ["in new folder"])

    def test_changes_on_the_server_come_down(self):
        self.both_sides_have(4)
        self.peer.select()
        self.peer.store("1", "+FLAGS", "(\\Seen)")
        self.peer.store("2", "+FLAGS.SILENT", "(\\Deleted)")
        self.peer.expunge()
        self.peer.uid("MOVE", "1:*", "Archive")
        self.sync()
        self.assertEqual(self.near.files(), [])
        archived = self.near.flags("Archive")
        self.assertEqual(sorted(archived), ["number 0", "number 2", "number 3"])
        self.assertEqual([subject for subject, flags in archived.items() if "S" in flags],
                         ["number 0"])

    def test_flags_set_and_taken_away_on_both_sides_meet(self):
        paths = self.both_sides_have(4)
        paths["number 0"] = self.near.mark(paths["number 0"], "FS")
        self.near.mark(paths["number 1"], "RS")
        self.peer.select()
        self.peer.store("1", "+FLAGS", "(\\Answered)")  # the same message, other flags
        self.peer.store("4", "+FLAGS", "(\\Flagged \\Draft)")
        self.sync()
        self.assertEqual(self.near.flags(), {
            "number 0": "FRS", "number 1": "RS", "number 2": "", "number 3": "DF"})
        expected = [["\\Answered", "\\Flagged", "\\Seen"], ["\\Answered", "\\Seen"], [],
                    ["\\Draft", "\\Flagged"]]
        self.assertEqual(list(harness.state(self.peer)[1].values()), expected)
        # And away again, one flag from each side.
        self.near.mark(self.near.by_subject()["number 0"], "RS")
        self.peer.select()
        self.peer.store("1", "-FLAGS", "(\\Answered)")
        self.sync()
        self.assertEqual(self.near.flags()["number 0"], "S")
        self.assertEqual(list(harness.state(self.peer)[1].values())[0], ["\\Seen"])

    def test_deletions_on_both_sides_meet_and_the_rest_stays(self):
        paths = self.both_sides_have(6)
        self.near.mark(paths["number 0"], "T")
        paths["number 1"].unlink()
        self.peer.select()
        self.peer.store("3", "+FLAGS.SILENT", "(\\Deleted)")  # expunged by mbsync
        self.peer.store("4", "+FLAGS.SILENT", "(\\Deleted)")
        self.peer.uid("EXPUNGE", self.peer.fetch("4", "(UID)")[1][0].split()[2].rstrip(b")").decode())
        self.near.mark(self.near.by_subject()["number 3"], "T")  # gone on the server meanwhile
        self.sync()
        self.sync()
        self.assertEqual(harness.subjects(self.peer), ["number 4", "number 5"])
        self.assertEqual(sorted(self.near.by_subject()), ["number 4", "number 5"])

    def test_a_second_run_with_no_changes_does_nothing(self):
        self.both_sides_have(3)
        self.near.mark(self.near.by_subject()["number 1"], "F")
        self.near.add("1.local", harness.message(subject="from here"))
        self.sync()
        there, here = harness.state(self.peer), self.near.times()
        self.sync()
        self.assertEqual(harness.state(self.peer), there)
        self.assertEqual(self.near.times(), here)
        self.assertEqual(len(here), 4)

    def test_folders_with_names_outside_ascii_go_both_ways(self):
        self.peer.create('"R&AOk-sum&AOk-s &- Co"')
        self.peer.append('"R&AOk-sum&AOk-s &- Co"', "", None, harness.message(subject="far"))
        self.sync()
        self.near.create("&2D3cjA- here")  # mbsync keeps the wire's names (modified UTF-7)
        self.near.add("1.local", harness.message(subject="near"), "&2D3cjA- here")
        self.sync()
        self.assertEqual(list(self.near.by_subject("R&AOk-sum&AOk-s &- Co")), ["far"])
        self.assertEqual(harness.subjects(self.peer, '"&2D3cjA- here"'), ["near"])
        self.assertEqual(self.peer.delete('"R&AOk-sum&AOk-s &- Co"')[0], "OK")


if __name__ == "__main__":
    unittest.main()
