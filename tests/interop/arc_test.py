"""The chains of ARC that we begin and go on with, dkimpy verifies; what Perl's Mail::DKIM goes on with, we
verify."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from e2e import harness
from interop import dkim_test

HERE = pathlib.Path(__file__).parent
SEALER = pathlib.Path(harness.BINARY).parent / "tests/seal_message"
PASS, FAIL = 1, 2  # of arc::validation


class Chains(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.key = pathlib.Path(folder.name) / "key"
        cls.key.write_text(cls.call(dkim_test.SIGNER, "key", "rsa").decode(), encoding="ascii")
        text = cls.call(dkim_test.SIGNER, "record", cls.key).decode()
        cls.records = {f"s._domainkey.{domain}": text for domain in ("one.test", "two.test")}

    @staticmethod
    def call(*words, octets=b""):
        done = subprocess.run([str(word) for word in words], input=octets, capture_output=True,
                              timeout=harness.PATIENCE, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr.decode())
        return done.stdout

    def seal(self, octets, domain="one.test"):
        return self.call(SEALER, "seal", domain, f"s={self.key}", octets=octets)

    def check(self, octets):
        named = [f"{name}={text}" for name, text in self.records.items()]
        return int(self.call(SEALER, "check", *named, octets=octets))

    def verdict(self, octets):
        """dkimpy's."""
        line = json.dumps(self.records).encode() + b"\n"
        said = self.call(dkim_test.DEBIAN_PYTHON, HERE / "dkimpy_arc.py", octets=line + octets)
        return said.decode().split()[0]

    def test_dkimpy_verifies_a_chain_of_ours(self):
        for name, octets in dkim_test.ODD_MESSAGES.items():
            with self.subTest(message=name):
                one = self.seal(octets)
                self.assertEqual(self.verdict(one), "pass")
                two = self.seal(b"Received: from one by two; Mon, 23 Nov 2026 10:26:50 +0100\r\n" + one,
                                "two.test")
                self.assertEqual(self.verdict(two), "pass")
                self.assertEqual(self.check(two), PASS)

    def test_dkimpy_sees_what_was_changed(self):
        two = self.seal(self.seal(dkim_test.ODD_MESSAGES["plain"]), "two.test")
        for was, becomes in ((b"Hello", b"Hallo"), (b"odd mail", b"old mail"),
                             (b"i=1; mail.one.test; dkim=none", b"i=1; mail.one.test; dkim=pass")):
            with self.subTest(was=was):
                changed = two.replace(was, becomes)
                self.assertNotEqual(changed, two)
                self.assertEqual(self.verdict(changed), "fail")
                self.assertEqual(self.check(changed), FAIL)

    def test_we_verify_what_perl_went_on_with(self):
        one = self.seal(dkim_test.ODD_MESSAGES["plain"])
        two = self.call("perl", HERE / "perl/arc_signer.pl", "two.test", "s", self.key, octets=one)
        self.assertIn(b"i=2", two)
        self.assertEqual(self.verdict(two), "pass")
        self.assertEqual(self.check(two), PASS)
        self.assertEqual(self.check(two.replace(b"Hello", b"Hallo")), FAIL)
        three = self.seal(two)
        self.assertEqual(self.verdict(three), "pass")


if __name__ == "__main__":
    unittest.main()
