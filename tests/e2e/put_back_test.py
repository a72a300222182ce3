"""An older copy of data_dir is put back, and deleted mail is brought back: what clients see of it."""

import re
import shutil
import unittest

from e2e import harness


class PutBack(harness.ServerCase):
    def setUp(self):
        if self.server.process is None:
            self.server.start()
        self.empty()
        self.server.command("account", "purge", "ann@example.test")

    def copy_of_now(self):
        """Stops the server, copies its data_dir, starts it again."""
        self.assertEqual(self.server.stop(), 0)
        kept = self.server.folder / "copy"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.server.data_dir, kept)
        self.server.start()
        return kept

    def put_back(self, kept):
        self.assertEqual(self.server.stop(), 0)
        shutil.rmtree(self.server.data_dir)
        shutil.copytree(kept, self.server.data_dir)
        self.server.start()

    def view(self, known=""):
        """The lines of SELECT with QRESYNC and of the UIDs with their subjects."""
        peer = self.server.raw(self.server.imaps_port, tls=True)
        with peer:
            harness.imap_login(peer)
            peer.ask("b ENABLE QRESYNC", "b ")
            lines = peer.ask(f"c SELECT INBOX{known}", "c ")
            lines += peer.ask("d UID FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])", "d ")
            return "\n".join(lines)

    def number(self, what, lines):
        return int(re.search(rf"\[{what} (\d+)\]", lines).group(1))

    def unique_ids(self):
        peer = self.server.pop3()
        ids = [line.split()[1] for line in peer.uidl()[1]]
        peer.quit()
        return ids

    def test_new_mail_is_not_taken_for_the_lost_one(self):
        self.server.deliver("ann", subject="in the copy")
        kept = self.copy_of_now()
        self.server.deliver("ann", subject="lost")
        lost_view, lost_ids = self.view(), self.unique_ids()
        lost_uid = max(int(uid) for uid in re.findall(r"FETCH \(UID (\d+)", lost_view))
        self.put_back(kept)
        self.server.deliver("ann", subject="fresh")
        validity = self.number("UIDVALIDITY", lost_view)
        known = f" (QRESYNC ({validity} {self.number('HIGHESTMODSEQ', lost_view)}))"
        now = self.view(known)
        self.assertEqual(self.number("UIDVALIDITY", now), validity)
        gone = [range(int(low), int(high or low) + 1) for low, high in re.findall(
            r"(\d+)(?::(\d+))?", re.search(r"VANISHED \(EARLIER\) ([\d:,]+)", now).group(1))]
        self.assertTrue(any(lost_uid in one for one in gone), now)
        fresh = int(re.search(r"FETCH \(UID (\d+)[^\n]*\n[^\n]*fresh", now).group(1))
        self.assertGreater(fresh, lost_uid)
        self.assertGreater(self.number("HIGHESTMODSEQ", now),
                           self.number("HIGHESTMODSEQ", lost_view))
        ids = self.unique_ids()
        self.assertEqual(ids[0], lost_ids[0])
        self.assertNotIn(ids[1], lost_ids)
        self.assertIn("store_put_back", self.server.log())

    def test_what_was_undone_is_told_to_a_client_that_was_in_step(self):
        self.server.deliver("ann", subject="in the copy")
        kept = self.copy_of_now()
        peer = self.server.imap()
        peer.select()
        peer.store("1", "+FLAGS", "(\\Flagged)")
        peer.logout()
        before = self.view()
        self.put_back(kept)
        known = (f" (QRESYNC ({self.number('UIDVALIDITY', before)} "
                 f"{self.number('HIGHESTMODSEQ', before)}))")
        self.assertRegex(self.view(known), r"\* 1 FETCH \(UID \d+ FLAGS \((?:\\Recent)?\) MODSEQ")

    def test_the_operator_can_say_it_to_a_running_server(self):
        self.server.deliver("ann", subject="before")
        before = self.number("UIDNEXT", self.view())
        self.assertIn("restart the server", self.server.command("put-back"))
        self.assertEqual(self.number("UIDNEXT", self.view()), before)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.assertGreater(self.number("UIDNEXT", self.view()), before + 1_000_000)

    def test_deleted_mail_comes_back_by_command_and_is_purged(self):
        for subject in ("one", "two"):
            self.server.deliver("ann", subject=subject)
        self.empty("ann")
        self.assertIn("messages: 2",
                      self.server.command("account", "restore", "ann@example.test",
                                          "--within", "1h"))
        self.assertEqual(sorted(harness.subjects(self.server.imap())), ["one", "two"])
        self.empty("ann")
        self.assertIn("messages: 2", self.server.command("account", "purge", "ann@example.test"))
        self.assertIn("messages: 0", self.server.command("account", "restore", "ann@example.test"))
        self.assertIn("There is no account",
                      self.server.command("account", "purge", "typo@example.test", expect=1))


if __name__ == "__main__":
    unittest.main()
