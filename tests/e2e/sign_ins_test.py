"""Who signed in last to an account, by each protocol, with the program's name."""

import json
import poplib
import unittest

from e2e import harness

ACCOUNT = f"ann@{harness.DOMAIN}"


class SignIns(harness.ServerCase):
    accounts = ["ann", "ben"]

    def show(self, address=ACCOUNT):
        return json.loads(self.server.command("account", "show", address, "--json"))

    def by_protocol(self, address=ACCOUNT):
        # What is noted goes along with the next change.
        self.server.command("account", "set", address, "--note", "looked at")
        return {one["protocol"]: one for one in self.show(address)["sign_ins"]}

    def test_each_protocol_has_the_last_one_with_its_program(self):
        self.assertEqual(self.show()["sign_ins"], [])
        self.assertEqual(self.show()["last_sign_in_at"], 0)
        imap = self.server.imap()
        imap.xatom("ID", '("name" "Thunder\\"bird" "version" "140.3")')
        self.server.pop3().quit()
        self.server.submission(tls=False).quit()
        seen = self.by_protocol()
        self.assertEqual({name: one["program"] for name, one in seen.items()},
                         {"imap": 'Thunder"bird 140.3', "pop3": "", "submission": "client.test"})
        for one in seen.values():
            self.assertEqual(one["address"], "127.0.0.1")
            self.assertTrue(one["encrypted"])
        shown = self.show()
        self.assertEqual(shown["last_sign_in_at"], shown["sign_ins"][0]["at"])
        text = self.server.command("account", "show", ACCOUNT)
        self.assertRegex(text, r"imap \d{4}-\d\d-\d\d [0-9:]+ from [0-9.]+ by Thunder")
        self.assertIn("last_sign_in_at", self.server.command("account", "list"))

    def test_it_is_there_after_a_restart_and_tells_of_tls(self):
        self.server.imap("ben", tls=False).logout()
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        (one,) = self.show(f"ben@{harness.DOMAIN}")["sign_ins"]
        self.assertEqual((one["protocol"], one["encrypted"]), ("imap", False))

    def test_what_a_program_says_of_itself_is_one_short_line(self):
        peer = self.server.raw(self.server.imap_port)
        peer.line()
        peer.ask('a ID ("name" "x\xe2\x80\xaemoc.live ' + "y" * 900 + '")', "a ")
        peer.ask(f"b LOGIN ben@{harness.DOMAIN} {harness.PASSWORD}", "b ")
        program = self.by_protocol(f"ben@{harness.DOMAIN}")["imap"]["program"]
        self.assertLessEqual(len(program.encode()), 100)
        self.assertNotIn("\u202e", program)
        self.assertTrue(program.startswith("x"))

    def test_a_wrong_password_is_no_sign_in(self):
        with self.assertRaises(poplib.error_proto):
            self.server.pop3("ben", password="wrong-Wrong-77")
        self.assertNotIn("pop3", self.by_protocol(f"ben@{harness.DOMAIN}"))


if __name__ == "__main__":
    unittest.main()
