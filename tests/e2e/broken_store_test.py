"""I05: a server whose store is broken says so, takes nothing more, and ends, so that a supervisor starts it anew."""

import os
import pathlib
import smtplib
import tempfile
import unittest

from e2e import harness

LIBRARY = pathlib.Path(harness.BINARY).parent / "tests" / "libcrash_sync.so"


class BrokenStore(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hauspost-sync-")
        self.addCleanup(folder.cleanup)
        self.order = pathlib.Path(folder.name) / "fail"
        self.server = harness.Server(
            wrapper=("env", f"LD_PRELOAD={LIBRARY}", "ASAN_OPTIONS=verify_asan_link_order=0",
                     f"HAUSPOST_FAIL_SYNC={self.order}"))
        self.addCleanup(self.server.remove)
        self.server.add_domain()
        self.server.add_account("ann")
        self.server.start()

    @unittest.skipUnless(LIBRARY.exists(), "no library that fails a sync here")
    def test_after_a_failed_sync_it_refuses_for_the_moment_and_ends_for_a_new_start(self):
        self.server.deliver("ann", subject="before")
        reader = self.server.imap()
        writer = self.server.imap()
        self.order.touch()
        with self.assertRaises(smtplib.SMTPResponseException) as refused:
            self.server.deliver("ann", subject="lost")
        self.assertIn(refused.exception.smtp_code, (451, 421))  # as the server ends already
        for peer in (reader, writer):  # NO, or BYE before it
            with self.assertRaises(Exception):
                answer = peer.append("INBOX", "", None, harness.message(subject="late"))
                self.assertEqual(answer[0], "OK")
        self.assertEqual(self.server.process.wait(30), 3)
        log = self.server.log()
        self.assertEqual(log.count("store_broken what="), 1)
        self.assertIn(" critical store_broken ", log)
        # What a supervisor does.
        self.server.start()
        self.server.deliver("ann", subject="after")
        self.assertEqual(harness.subjects(self.server.imap()), ["before", "after"])
        self.assertEqual(self.server.stop(), 0)
        self.server.check()


if __name__ == "__main__":
    unittest.main()
