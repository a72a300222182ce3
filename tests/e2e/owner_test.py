"""The owner and the audit log by the command line: with a server and without, and across kill -9."""

import base64
import hashlib
import hmac
import json
import re
import struct
import subprocess
import threading
import time
import unittest

from e2e import harness

LINK = re.compile(r"https://127\.0\.0\.1:8443/setup#([0-9a-f]{64})\n")
WORDS = "velvet-Anchor-31-moss"
OTHER = "copper-Lantern-58-fern"


def code_of(key, step):
    """RFC 6238, by the book."""
    mac = hmac.new(base64.b32decode(key), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


class Owner(harness.ServerCase):
    def shown(self):
        return json.loads(self.server.command("owner", "show", "--json"))

    def entries(self, *arguments):
        return json.loads(self.server.command("audit", "list", "--json", *arguments))["entries"]

    def reset(self):
        return LINK.search(self.server.command("owner", "reset", "--yes")).group(1)

    def test_a_link_is_printed_until_there_is_an_owner(self):
        self.reset()
        one = LINK.search(self.server.command("owner", "setup-link")).group(1)
        other = LINK.search(self.server.command("owner", "setup-link")).group(1)
        self.assertNotEqual(one, other)
        self.assertGreater(self.shown()["link_expires_at"], time.time() + 86000)
        self.server.command("owner", "password", stdin=WORDS + "\n")
        said = self.server.command("owner", "setup-link", expect=1)
        self.assertIn("`hauspost owner reset` takes it away", said)
        self.assertEqual(self.shown()["link_expires_at"], 0)
        self.assertNotIn(one, self.server.settled_log())
        self.assertNotIn(WORDS, self.server.settled_log())

    def test_a_weak_password_is_refused_with_its_rule(self):
        self.reset()
        for password, why in (("short", "at least 12 characters"),
                              ("password1234", "well-known passwords"),
                              ("the-owner-of-mail-7", "the name before the @")):
            said = self.server.command("owner", "password", stdin=password + "\n", expect=1)
            self.assertIn(why, said)
        self.assertFalse(self.shown()["has_password"])
        self.server.command("owner", "password", stdin=WORDS + "\n")
        said = self.server.command("owner", "password", stdin=WORDS + "\n", expect=1)
        self.assertIn("the present password", said)
        made = self.server.command("owner", "password", "--generate")
        self.assertRegex(made, r"password: \S{16}\n")

    def test_a_second_factor_by_another_program_s_codes(self):
        self.reset()
        self.server.command("owner", "password", stdin=WORDS + "\n")
        begun = json.loads(self.server.command("owner", "totp-begin", "--json"))
        self.assertIn("secret=" + begun["key"], begun["uri"])
        now = int(time.time()) // 30
        self.server.command("owner", "totp-enable", code_of(begun["key"], now + 50), expect=1)
        shown = self.server.command("owner", "totp-enable",
                                    code_of(begun["key"], int(time.time()) // 30))
        self.assertEqual(len(re.findall(r"^  [a-z2-7-]{19}$", shown, re.M)), 8)
        self.assertTrue(self.shown()["second_factor"])
        self.assertEqual(self.shown()["recovery_codes"], 8)
        self.server.command("owner", "totp-disable")
        self.assertFalse(self.shown()["second_factor"])

    def test_what_is_done_is_told_with_who_and_what(self):
        self.server.add_account("gina")
        self.server.command("account", "set", "gina@example.test", "--quota", "1 GiB")
        told = self.entries("--subject", "gina@example.test")
        self.assertEqual([one["command"] for one in told], ["account set", "account add"])
        self.assertEqual(told[0]["before"], {"quota_octets": 0})
        self.assertEqual(told[0]["after"], {"quota_octets": 1 << 30})
        self.assertRegex(told[0]["from"], r"^uid \d+$")
        self.assertEqual(told[0]["who"], "command line")
        table = self.server.command("audit", "list", "gina", "--limit", "1")
        self.assertIn("account set", table)
        self.assertNotIn(harness.PASSWORD, json.dumps(self.entries()))

    def test_commands_without_a_server_are_told_as_well(self):
        self.server.stop()
        try:
            self.reset()
            self.server.command("owner", "password", stdin=OTHER + "\n")
            self.assertTrue(self.shown()["has_password"])
            self.assertEqual(self.entries("--limit", "1")[0]["command"], "owner password")
        finally:
            self.server.start()
        self.assertTrue(self.shown()["has_password"])

    def test_kill_between_the_steps_leaves_nothing_untold(self):
        """The server is killed while it does commands: what was answered is so, and is told."""
        answered = []

        def load(number, is_over):
            for n in range(500):
                if is_over.is_set():
                    return
                made = subprocess.run(
                    [harness.BINARY, "--config", str(self.server.config), "account", "set",
                     "ann@example.test", "--note", f"{number} {n}"],
                    capture_output=True, text=True, timeout=harness.PATIENCE, check=False)
                if made.returncode != 0:
                    return
                answered.append(f"{number} {n}")

        for number in range(3):
            is_over = threading.Event()
            worker = threading.Thread(target=load, args=(number, is_over))
            before = len(answered)
            worker.start()
            harness.wait_until(lambda: len(answered) > before + 2, "some are done")
            is_over.set()
            self.server.kill()
            worker.join(harness.PATIENCE)
            self.assertFalse(worker.is_alive())
            self.server.start()
        entries = [one for one in self.entries("--subject", "ann@example.test", "--limit", "1000")
                   if one["command"] == "account set"]
        done = {one["after"].get("note") for one in entries if one["end"] == "done"}
        self.assertEqual([note for note in answered if note not in done], [])
        # What was not answered may have been done as well; then it was begun at least.
        shown = json.loads(self.server.command("account", "show", "ann@example.test", "--json"))
        self.assertTrue(shown["note"] in done or any(one["end"] == "unknown" for one in entries))
        self.server.check()


if __name__ == "__main__":
    unittest.main()
