"""mbsync keeps a Maildir and the server the same, both ways."""

import pathlib
import re
import subprocess
import unittest

from e2e import harness

CONFIG = """\
IMAPAccount house
Host {address}
Port {port}
User ann@example.test
Pass {password}
SSLType IMAPS
CertificateFile {certificate}

IMAPStore far
Account house

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
        self.empty()
        self.maildir = self.server.folder / self.id().rsplit(".", 1)[1]
        self.maildir.mkdir()
        self.config = self.maildir / "mbsyncrc"
        self.config.write_text(CONFIG.format(
            address=self.server.address, port=self.server.imaps_port, password=harness.PASSWORD,
            certificate=self.certificate, maildir=self.maildir))

    def sync(self):
        done = subprocess.run(["mbsync", "-c", str(self.config), "-a"], capture_output=True,
                              text=True, timeout=2 * harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def local(self, mailbox="INBOX"):
        return sorted(path for part in ("cur", "new")
                      for path in (self.maildir / mailbox / part).glob("*"))

    def mark(self, path, flag):
        """Sets a Maildir flag, as a mail program would."""
        name = path.name if ":2," in path.name else path.name + ":2,"
        begin, _, flags = name.partition(":2,")
        target = path.parent.parent / "cur" / f"{begin}:2,{''.join(sorted({*flags, flag}))}"
        path.rename(target)
        return target

    def test_new_mail_comes_down_with_the_same_octets_and_all_folders(self):
        octets = harness.message(subject="down")
        self.server.imap().append("INBOX", "(\\Flagged)", None, octets)
        self.sync()
        path, = self.local()
        # Maildir has LF line ends, and mbsync puts a header line of its own in.
        local = re.sub(rb"(?m)^X-TUID: .*\n", b"", path.read_bytes())
        self.assertEqual(local.replace(b"\n", b"\r\n"), octets)
        self.assertIn("F", path.name.partition(":2,")[2])
        self.assertTrue((self.maildir / "Archive/cur").is_dir())

    def test_local_mail_flags_and_deletions_go_up(self):
        for number in range(5):
            self.server.deliver("ann", subject=f"number {number}")
        self.sync()
        by_subject = {next(line for line in path.read_text().splitlines()
                           if line.startswith("Subject: "))[9:]: path for path in self.local()}
        self.mark(by_subject["number 1"], "F")
        self.mark(by_subject["number 2"], "T")
        by_subject["number 3"].unlink()
        (self.maildir / "INBOX/new/1.local").write_text("Subject: from here\n\nlocal\n")
        (self.maildir / "Made here").mkdir()
        for part in ("cur", "new", "tmp"):
            (self.maildir / "Made here" / part).mkdir()
        (self.maildir / "Made here/new/2.local").write_text("Subject: in new folder\n\nlocal\n")
        self.sync()
        peer = self.server.imap()
        self.assertEqual(harness.subjects(peer), ["number 0", "number 1", "number 4", "from here"])
        peer.select()
        self.assertEqual(peer.search(None, "FLAGGED")[1], [b"2"])
        self.assertEqual(harness.subjects(peer, '"Made here"'), ["in new folder"])

    def test_changes_on_the_server_come_down(self):
        for number in range(4):
            self.server.deliver("ann", subject=f"number {number}")
        self.sync()
        peer = self.server.imap()
        peer.select()
        peer.store("1", "+FLAGS", "(\\Seen)")
        peer.store("2", "+FLAGS.SILENT", "(\\Deleted)")
        peer.expunge()
        peer.uid("MOVE", "1:*", "Archive")
        self.sync()
        self.assertEqual(self.local(), [])
        archived = self.local("Archive")
        self.assertEqual(len(archived), 3)
        self.assertEqual(sum("S" in path.name.partition(":2,")[2] for path in archived), 1)

    def test_a_second_run_with_no_changes_does_nothing(self):
        self.server.deliver("ann", subject="once")
        self.sync()
        before = [pathlib.Path(path).stat().st_mtime_ns for path in self.local()]
        self.sync()
        self.assertEqual([path.stat().st_mtime_ns for path in self.local()], before)
        self.assertEqual(harness.subjects(self.server.imap()), ["once"])


if __name__ == "__main__":
    unittest.main()
