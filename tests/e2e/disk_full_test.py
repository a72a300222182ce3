"""R6, I04: a full disk is answered with 452 and NO; reading and expunging go on; delivery resumes.

Runs this file again inside a user namespace of its own with a small tmpfs as data folder, which
needs no root. Where the kernel allows no such namespace the test is skipped with that reason.
"""

import contextlib
import os
import pathlib
import shutil
import smtplib
import subprocess
import sys
import tempfile
import unittest

from e2e import harness

DISK = os.environ.get("HAUSPOST_SMALL_DISK")
DISK_MIB = 48
PIECE = 1_000_000
# Room of expunged mail comes back with the store's next round of cleaning up, after readers had
# time to finish.
CLEANED_UP = 30


def namespace_command(folder):
    """Starts a shell with a tmpfs on `folder`, then this file's tests, as root of a namespace."""
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec",
            'mount -t tmpfs -o size="$1"m,mode=700 tmpfs "$2"; shift 2; exec "$@"', "sh",
            str(DISK_MIB), folder]


class Outer(unittest.TestCase):
    def test_r6_in_a_namespace_with_a_small_disk(self):
        with tempfile.TemporaryDirectory(prefix="hauspost-disk-") as folder:
            trial = subprocess.run([*namespace_command(folder), "true"], capture_output=True)
            if trial.returncode != 0:
                self.skipTest(f"no user namespace here: {trial.stderr.decode().strip()}")
            inner = subprocess.run(
                [*namespace_command(folder), sys.executable, "-m", "unittest", "-v",
                 "e2e.disk_full_test"],
                env=os.environ | {"HAUSPOST_SMALL_DISK": folder}, capture_output=True, text=True)
            self.assertEqual(inner.returncode, 0, inner.stdout + inner.stderr)
            inside = unittest.defaultTestLoader.getTestCaseNames(DiskFull)
            self.assertIn(f"Ran {len(inside)} tests", inner.stderr)


class DiskFull(unittest.TestCase):
    def begin(self, min_free_disk):
        data_dir = pathlib.Path(DISK) / "data"
        shutil.rmtree(data_dir, ignore_errors=True)
        self.server = harness.Server(data_dir=data_dir, settings={
            "accounts.retention": 0, "limits.min_free_disk": min_free_disk})
        self.addCleanup(self.server.remove)
        self.server.add_domain()
        self.server.add_account("ann")
        self.server.start()

    def deliver_until_refused(self):
        """Sends mail until the disk is full; (how many were taken, the refusal's code)."""
        body = ("x" * 76 + "\r\n") * (PIECE // 78)
        taken = []
        with self.server.smtp() as peer:
            peer.ehlo()
            for number in range(2 * DISK_MIB):
                octets = harness.message(subject=f"n{number}", body=body)
                try:
                    harness.send_one(peer, "", ["ann@example.test"], octets)
                except smtplib.SMTPResponseException as refused:
                    return taken, refused.smtp_code
                taken.append(f"n{number}")
        raise AssertionError("the disk never became full")

    def test_mail_is_refused_with_452_reading_and_expunging_go_on_and_delivery_resumes(self):
        self.begin("8 MiB")
        taken, code = self.deliver_until_refused()
        self.assertEqual(code, 452)
        self.assertGreater(len(taken), 3)
        peer = self.server.imap()
        # All that was acknowledged is there, and can be read.
        self.assertEqual(harness.subjects(peer), taken)
        peer.select()
        self.assertEqual(peer.fetch("1", "(BODY.PEEK[])")[0], "OK")
        self.assertEqual(peer.append("INBOX", "", None, b"x" * 2 * PIECE + b"\r\n")[0], "NO")
        # Room comes back by expunging, and delivery with it, without a restart.
        peer.store("1:*", "+FLAGS.SILENT", "(\\Deleted)")
        self.assertEqual(peer.expunge()[0], "OK")

        def delivered():
            try:
                self.server.deliver("ann", subject="again")
                return True
            except smtplib.SMTPResponseException:
                return False
        harness.wait_until(delivered, "delivery to resume", CLEANED_UP)
        self.assertEqual(harness.subjects(peer), ["again"])
        self.assertEqual(self.server.stop(), 0)
        self.server.check()

    def test_a_disk_filled_to_the_last_octet_by_somebody_else(self):
        self.begin(0)
        filler = pathlib.Path(DISK) / "filler"
        self.addCleanup(filler.unlink, missing_ok=True)
        with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4096)):
                pass
        with self.assertRaises(smtplib.SMTPResponseException) as refused:
            self.server.deliver("ann", body="y" * PIECE)
        self.assertEqual(refused.exception.smtp_code, 452)
        self.server.imap().logout()
        filler.unlink()
        harness.wait_until(self.takes_mail_again, "mail to be taken again")
        self.assertEqual(self.server.stop(), 0)
        self.server.check()

    def takes_mail_again(self):
        try:
            return self.server.deliver("ann", subject="free again")
        except smtplib.SMTPResponseException as refused:
            self.assertEqual(refused.smtp_code, 452)
            return None


class MapFull(harness.ServerCase):
    """The index has no room left, though the disk has."""

    accounts = ("ann",)
    settings = {"accounts.retention": 0, "limits.metadata_size": "16 MiB"}

    def test_mail_is_refused_reading_and_expunging_go_on_and_delivery_resumes(self):
        # The envelope with all its addresses goes into the index, so that few messages fill it.
        octets = harness.message(subject="many", to=", ".join(
            f"somebody.with.a.long.name.{n}@elsewhere.test" for n in range(800)))
        taken = 0
        with self.server.smtp() as peer, self.assertRaises(smtplib.SMTPResponseException) as refused:
            peer.ehlo()
            for taken in range(20_000):
                harness.send_one(peer, "", ["ann@example.test"], octets)
        self.assertEqual(refused.exception.smtp_code, 452)
        self.assertGreater(taken, 10)
        peer = self.server.imap()
        self.assertEqual(len(harness.subjects(peer)), taken)
        self.assertEqual(peer.append("INBOX", "", None, octets)[0], "NO")
        peer.select()
        peer.uid("STORE", "1:*", "+FLAGS.SILENT", "(\\Deleted)")
        self.assertEqual(peer.expunge()[0], "OK")

        def delivered():
            try:
                return self.server.deliver("ann", subject="again")
            except smtplib.SMTPResponseException:
                return False
        harness.wait_until(delivered, "delivery to resume", CLEANED_UP)
        self.assertEqual(harness.subjects(peer), ["again"])


def load_tests(loader, _tests, _pattern):
    """DiskFull runs inside the namespace of Outer, the others outside."""
    cases = (DiskFull,) if DISK else (Outer, MapFull)
    return unittest.TestSuite(map(loader.loadTestsFromTestCase, cases))


if __name__ == "__main__":
    unittest.main()
