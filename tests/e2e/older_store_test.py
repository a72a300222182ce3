"""I11: a data folder that an older program wrote is brought to this format, with all that is in it.

tests/data/store/format_10.tar.xz was written by the last program of that format: accounts ann and bob
(a forward elsewhere), an alias, a catch-all, three messages, one in the queue.
"""

import json
import pathlib
import tarfile
import unittest

from e2e import harness

OLD = pathlib.Path(__file__).parents[1] / "data/store/format_10.tar.xz"


class OlderStore(unittest.TestCase):
    def setUp(self):
        self.server = harness.Server()
        self.addCleanup(self.server.remove)
        with tarfile.open(OLD) as old:
            old.extractall(self.server.folder)  # ours, made by us: nothing in it leads elsewhere

    def ask(self, *arguments):
        return json.loads(self.server.command(*arguments, "--json").splitlines()[-1])

    def test_i11_format_10_with_its_mail_and_an_owner_from_now_on(self):
        self.server.start()
        self.assertIn("migrate from=10 to=11", self.server.settled_log())
        self.server.check()
        ann = self.ask("account", "show", "ann@example.test")
        self.assertEqual((ann["note"], ann["quota_octets"], ann["messages"]),
                         ("of format 10", 1 << 30, 2))
        self.assertEqual(self.ask("alias", "list")["aliases"][0]["targets"],
                         ["ann@example.test", "bob@example.test"])
        self.assertEqual(self.ask("domain", "list")["domains"][0]["catch_all"], "ann@example.test")
        self.assertEqual(len(self.ask("queue", "list")["queue"]), 1)
        peer = self.server.imap("ann")
        self.assertEqual(harness.subjects(peer), ["one", "two"])
        peer.logout()
        self.assertFalse(self.ask("owner", "show")["has_password"])
        self.assertEqual(self.ask("audit", "list")["entries"], [])
        self.server.command("owner", "password", stdin="velvet-Anchor-31-moss\n")
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.assertTrue(self.ask("owner", "show")["has_password"])
        self.assertEqual(len(self.ask("audit", "list")["entries"]), 1)
        self.server.check()
        self.assertEqual(self.server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
