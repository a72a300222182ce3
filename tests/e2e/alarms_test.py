"""What the overview warns of, from the real server."""

import unittest

from e2e import harness
from e2e.owner_page_api import become_owner, page_server

ANN = f"ann@{harness.DOMAIN}"
MIB = 1024 * 1024


class Alarms(unittest.TestCase):
    def setUp(self):
        self.server = page_server()
        self.addCleanup(self.server.remove)
        self.server.start()
        self.page = become_owner(self.server)
        self.page.ask("domain/add", name=harness.DOMAIN)
        self.page.ask("account/add", address=ANN, password=harness.PASSWORD, quota_octets=MIB)

    def alarms(self):
        """By id, without what a fresh server says anyway."""
        found = self.page.ask("overview/show", since=0)["alarms"]
        return {one["id"]: one for one in found if one["id"] not in ("owner.totp", "disk")}

    def test_an_account_without_room_is_told_until_it_has_some(self):
        line = b"x" * 70 + b"\r\n"
        with self.server.smtp() as peer:
            peer.sendmail("you@elsewhere.test", [ANN], b"Subject: large\r\n\r\n" + line * (950 * 1024 // len(line)))
        told = self.alarms()["account.full"]
        self.assertEqual((told["subject"], told["level"]), (ANN, "warn"))
        self.assertIn(told["number"], range(90, 99))
        self.page.ask("account/set", address=ANN, quota_octets=2 * MIB)
        self.assertEqual(self.alarms(), {})

    def test_who_is_frozen_by_the_owner_himself_is_no_alarm(self):
        self.page.ask("account/freeze", address=ANN)
        self.assertEqual(self.alarms(), {})


if __name__ == "__main__":
    unittest.main()
