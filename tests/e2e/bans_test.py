"""Who has guessed too often is shut out, over a restart, until somebody lets him in. H08"""

import imaplib
import json
import unittest

from e2e import harness
from e2e.owner_page_api import Page, become_owner, page_server

GUESSES = 3
ACCOUNT = f"ann@{harness.DOMAIN}"
PEER = "127.0.0.1"  # from where the clients of the tests come


class Bans(unittest.TestCase):
    def setUp(self):
        self.server = page_server({"accounts.wrong_passwords_per_network": GUESSES, "accounts.ban": "1h"})
        self.addCleanup(self.server.remove)
        self.server.start()
        self.server.add_domain()
        self.server.add_account("ann")

    def guess(self, user=ACCOUNT):
        peer = self.server.raw(self.server.imap_port)
        peer.line()
        for n in range(GUESSES):
            self.assertIn("AUTHENTICATIONFAILED", peer.ask(f"a LOGIN {user} wrong-{n}", "a ")[-1])
        peer.close()

    def assert_shut_out(self):
        with self.assertRaises(imaplib.IMAP4.error):
            self.server.imap()

    def bans(self):
        return json.loads(self.server.command("ban", "list", "--json"))["bans"]

    def restart(self):
        self.assertEqual(self.server.stop(), 0)
        self.server.start()

    def test_a_ban_outlives_a_restart_and_a_lifted_one_lets_in_at_once(self):
        self.guess()
        self.assert_shut_out()
        (ban,) = self.bans()
        self.assertEqual(ban["network"], PEER)
        self.assertEqual((ban["kind"], ban["passwords"], ban["times"]), ("network", GUESSES, 1))
        self.assertEqual(ban["tried"], [ACCOUNT])
        self.assertEqual(ban["ends_at"] - ban["begun_at"], 3600)
        self.restart()
        self.assert_shut_out()
        self.assertEqual(self.bans(), [ban])
        self.server.command("ban", "lift", PEER)
        self.server.imap().logout()
        self.assertEqual(self.bans(), [])
        self.restart()
        self.server.imap().logout()
        self.assertIn('"bans":1', json.dumps(json.loads(self.server.command("audit", "list", "--json"))
                                             ["entries"][0]["before"], separators=(",", ":")))

    def test_from_a_network_that_is_always_allowed_nobody_is_shut_out(self):
        self.guess()
        self.assert_shut_out()
        self.server.command("setting", "set", "accounts.never_banned", "127.0.0.0/8")
        self.server.imap().logout()  # at once, though the ban is still listed
        self.server.command("ban", "lift", PEER)
        self.guess()
        self.server.imap().logout()
        self.restart()
        self.guess()
        self.server.imap().logout()
        self.assertEqual(self.bans(), [])
        self.server.command("setting", "reset", "accounts.never_banned")
        self.guess()
        self.assert_shut_out()

    def test_it_outlives_a_kill_soon_after_it_was_made(self):
        self.guess("nobody@elsewhere.test")
        self.server.command("account", "set", ACCOUNT, "--note", "a commit")
        self.server.kill()
        self.server.start()
        self.assert_shut_out()

    def test_the_owner_lifts_it_at_his_page(self):
        page = become_owner(self.server)
        self.guess()
        (ban,) = page.ask("ban/list")["bans"]
        self.assertTrue(ban["own"])
        self.assertEqual(page.ask("ban/lift", name=ban["network"])["bans"], 1)
        self.server.imap().logout()
        self.assertEqual(page.code_of("ban/lift", 404, name=ban["network"]), "nothing_banned")
        self.assertEqual(page.code_of("ban/add", 422, name="127.0.0.1"), "own_machine")
        self.assertEqual(page.ask("ban/add", name="192.0.2.7", for_seconds=60)["name"], "192.0.2.7")
        self.assertIn("192.0.2.7", self.server.command("ban", "list"))

    def test_the_pause_at_the_owners_page_outlives_a_restart(self):
        become_owner(self.server)
        stranger = Page(self.server)
        for _ in range(5):
            stranger.ask("session/open", expect=403, password="wrong words")
        self.restart()
        refused = Page(self.server).ask("session/open", expect=429, password="wrong words")
        self.assertEqual(refused["code"], "owner_wait")
        self.server.command("ban", "lift", PEER)
        Page(self.server).ask("session/open", password="plum-lantern-gravel-92")


if __name__ == "__main__":
    unittest.main()
