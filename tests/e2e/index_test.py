"""I03, I04: the full-text index of the real server: killed while it is built, damaged, built anew by command."""

import json
import unittest

from e2e import harness

MESSAGES = 80


class Index(harness.ServerCase):
    settings = {"search.commit_interval": "1s"}

    def setUp(self):
        if self.server.process is None:
            self.server.start()

    def append(self, first, count):
        peer = self.server.imap()
        for n in range(first, first + count):
            octets = harness.message(subject=f"letter {n}", body=f"the number is figure{1000 + n}x\r\n")
            self.assertEqual(peer.append("INBOX", None, None, octets)[0], "OK")
        peer.logout()

    def status(self):
        return json.loads(self.server.command("index", "status", "--json"))

    def found(self, word):
        peer = self.server.imap()
        peer.select()
        answer, data = peer.uid("SEARCH", "BODY", word)
        self.assertEqual(answer, "OK")
        peer.logout()
        return data[0].split()

    def expect_all_found(self, count):
        for n in (0, 1, count // 2, count - 1):
            self.assertEqual(len(self.found(f"figure{1000 + n}x")), 1, n)
        self.assertEqual(self.found("figure-of-none"), [])

    def wait_until_indexed(self, count):
        harness.wait_until(lambda: self.status()["messages"] == count, f"{count} messages in the index")

    def test_killed_damaged_and_built_anew_it_finds_what_is_there(self):
        self.append(0, MESSAGES)
        self.wait_until_indexed(MESSAGES)
        self.expect_all_found(MESSAGES)
        self.assertGreater(self.status()["octets"], 1000)

        for _ in range(3):
            self.server.command("index", "rebuild", "ann@example.test")
            self.server.kill()
            self.server.start()
            self.expect_all_found(MESSAGES)
        self.wait_until_indexed(MESSAGES)

        self.server.stop()
        folder = next((self.server.data_dir / "index").iterdir())
        for file in folder.iterdir():
            with file.open("r+b") as octets:
                octets.truncate(file.stat().st_size // 2)
        self.server.start()
        self.expect_all_found(MESSAGES)
        self.wait_until_indexed(MESSAGES)
        self.expect_all_found(MESSAGES)

        self.server.command("index", "rebuild")
        self.expect_all_found(MESSAGES)
        self.wait_until_indexed(MESSAGES)
        self.assertIn("There is no account nobody@example.test",
                      self.server.command("index", "rebuild", "nobody@example.test", expect=1))

        self.server.stop()
        self.assertIn("The server does not run", self.server.command("index", "status", expect=1))


if __name__ == "__main__":
    unittest.main()
