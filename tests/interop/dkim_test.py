"""What we sign, dkimpy and Perl's Mail::DKIM verify; what dkimpy signs, we verify."""

import base64
import itertools
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from e2e import harness

HERE = pathlib.Path(__file__).parent
SIGNER = pathlib.Path(harness.BINARY).parent / "tests/sign_message"
VERIFIER = pathlib.Path(harness.BINARY).parent / "tests/verify_message"
DEBIAN_PYTHON = "/usr/bin/python3"  # the one that python3-dkim belongs to

PASS, POLICY = 0, 2  # of dkim::verdict

HEADER = (b"Received: from a.test by b.test; Mon, 23 Nov 2026 10:26:50 +0100\r\n"
          b"From: Ann <ann@example.test>\r\n"
          b"To: Bob <bob@elsewhere.test>\r\n"
          b"Subject: odd mail\r\n"
          b"Date: Mon, 23 Nov 2026 10:26:50 +0100\r\n"
          b"Message-ID: <1@example.test>\r\n")
ODD_MESSAGES = {
    "plain": HEADER + b"\r\nHello\r\n",
    "empty body": HEADER + b"\r\n",
    "no body and no empty line": HEADER,
    "no line end at the end": HEADER + b"\r\nHello",
    "trailing empty lines": HEADER + b"\r\nHello\r\n\r\n\r\n",
    "only empty lines": HEADER + b"\r\n\r\n\r\n\r\n",
    "only white space": HEADER + b"\r\n \t \r\n  \r\n",
    "leading empty lines": HEADER + b"\r\n\r\n\r\nHello\r\n",
    "white space everywhere": HEADER + b"\r\n  a \t b\t\r\n \r\n\tc  \r\n",
    "a line of a megabyte": HEADER + b"\r\n" + b"long " * 200_000 + b"\r\n",
    "dots": HEADER + b"\r\n.\r\n..\r\n.a\r\n",
    "folded fields": HEADER.replace(b"odd mail", b"odd\r\n\t mail \r\n  in\r\n lines")
                     + b"\r\nHello\r\n",
    "fields with odd white space": HEADER.replace(b"Subject: ", b"SUBJECT:\t  ") + b"\r\nHello\r\n",
    "an empty field": HEADER + b"Cc:\r\nReply-To: \r\n\r\nHello\r\n",
    "repeated fields": HEADER + b"To: Carl <carl@elsewhere.test>\r\nSubject: twice\r\n"
                       b"References: <a@b>\r\nReferences: <c@d>\r\n\r\nHello\r\n",
    "all that is chosen": HEADER + b"MIME-Version: 1.0\r\nContent-Type: text/plain;\r\n"
                          b" charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nSender: x@y.test\r\n"
                          b"List-Unsubscribe: <mailto:x@y.test>\r\n"
                          b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello\r\n",
    "eight bits": HEADER.replace(b"odd mail", "grüße".encode()) + "\r\nÄÖÜ ß\r\n".encode()
                  + b"\xff\xfe\r\n",
    "signed before": b"DKIM-Signature: v=1; a=rsa-sha256; d=old.test; s=x; h=from; bh=eA==; b=eA==\r\n"
                     + HEADER + b"\r\nHello\r\n",
}
# dkimpy does not read it: RFC 5322 4.5, a blank before the colon.
OBSOLETE = {"a blank before the colon": HEADER.replace(b"Subject:", b"Subject :") + b"\r\nHello\r\n"}


class OtherVerifiers(unittest.TestCase):
    domain = "example.test"

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.keys = {}
        cls.records = {}
        for kind in ("rsa", "ed25519"):
            cls.add_key(kind, pathlib.Path(folder.name) / kind,
                        cls.call("key", kind).encode())
        # As operators have it from other servers.
        old = pathlib.Path(folder.name) / "pkcs1"
        made = subprocess.run(["openssl", "genrsa", "-traditional", "2048"], capture_output=True,
                              check=True, timeout=harness.PATIENCE)
        cls.add_key("pkcs1", old, made.stdout)

    @classmethod
    def add_key(cls, selector, path, pem):
        path.write_bytes(pem)
        cls.keys[selector] = path
        cls.records[f"{selector}._domainkey.{cls.domain}"] = cls.call("record", str(path))

    @staticmethod
    def call(*arguments):
        return subprocess.run([SIGNER, *arguments], capture_output=True, check=True, text=True,
                              timeout=harness.PATIENCE).stdout

    def sign(self, message, *selectors):
        done = subprocess.run(
            [SIGNER, "sign", self.domain, *(f"{name}={self.keys[name]}" for name in selectors)],
            input=message, capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.endswith(message))
        return done.stdout

    def dkimpy(self, message):
        # Nothing of the Python that runs this test is to reach Debian's.
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("PYTHON")}
        done = subprocess.run([DEBIAN_PYTHON, HERE / "dkimpy_verifier.py"], env=environment,
                              input=json.dumps(self.records).encode() + b"\n" + message,
                              capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def signed_by_dkimpy(self, message, kind, forms, length=False):
        how = {"domain": self.domain, "selector": kind, "forms": forms, "length": length,
               "algorithm": f"{kind}-sha256", "key": self.keys[kind].read_text()}
        if kind == "ed25519":
            octets = base64.b64decode("".join(how["key"].splitlines()[1:-1]))
            how["key"] = base64.b64encode(octets[-32:]).decode()  # RFC 8410 7
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("PYTHON")}
        done = subprocess.run([DEBIAN_PYTHON, HERE / "dkimpy_signer.py"], env=environment,
                              input=json.dumps(how).encode() + b"\n" + message,
                              capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def verdicts(self, message):
        """Ours: the numbers of dkim::verdict."""
        done = subprocess.run([VERIFIER, *(f"{name}={text}" for name, text in self.records.items())],
                              input=message, capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [int(line.split()[0]) for line in done.stdout.decode().splitlines()]

    def mail_dkim(self, message, selector):
        name = f"{selector}._domainkey.{self.domain}"
        done = subprocess.run(
            ["/usr/bin/perl", HERE / "perl/dkim_verifier.pl", name, self.records[name]],
            input=message, capture_output=True, text=False, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode().strip()

    def test_dkimpy_verifies_both_signatures_of_odd_messages(self):
        for name, message in ODD_MESSAGES.items():
            with self.subTest(name):
                found = self.dkimpy(self.sign(message, "ed25519", "rsa"))
                self.assertEqual(found[:2], [True, True])

    def test_mail_dkim_verifies_rsa_signatures_of_odd_messages(self):
        for name, message in (ODD_MESSAGES | OBSOLETE).items():
            with self.subTest(name):
                self.assertEqual(self.mail_dkim(self.sign(message, "rsa"), "rsa"), "pass")

    def test_a_key_that_openssl_made_signs_as_well(self):
        signed = self.sign(ODD_MESSAGES["plain"], "pkcs1")
        self.assertEqual(self.dkimpy(signed), [True])

    def test_we_verify_what_dkimpy_signs_in_all_forms(self):
        forms = list(itertools.product(("simple", "relaxed"), repeat=2))
        ways = itertools.cycle(itertools.product(("rsa", "ed25519"), forms))
        for (name, message), (kind, form) in zip(ODD_MESSAGES.items(), ways):
            if name == "no body and no empty line":
                continue  # dkimpy takes it for a message with an empty line
            with self.subTest(name, kind=kind, form=form):
                signed = self.signed_by_dkimpy(message, kind, form)
                self.assertEqual(self.verdicts(signed)[0], PASS)
                self.assertNotIn(PASS, self.verdicts(signed.replace(b"Ann", b"Eve")))

    def test_a_length_counts_when_it_is_the_whole(self):
        signed = self.signed_by_dkimpy(ODD_MESSAGES["plain"], "rsa", ("relaxed", "relaxed"), True)
        self.assertIn(b"l=", signed)
        self.assertEqual(self.verdicts(signed), [PASS])
        self.assertEqual(self.verdicts(signed + b"Click here\r\n"), [POLICY])

    def test_what_we_sign_we_verify(self):
        for name, message in (ODD_MESSAGES | OBSOLETE).items():
            with self.subTest(name):
                verdicts = self.verdicts(self.sign(message, "ed25519", "rsa", "pkcs1"))
                self.assertEqual(verdicts[:3], [PASS] * 3)

    def test_what_was_changed_does_not_verify(self):
        signed = self.sign(ODD_MESSAGES["plain"], "ed25519", "rsa")
        for changed in (signed.replace(b"\r\n\r\nHello", b"\r\n\r\nHullo"),
                        signed.replace(b"Ann", b"Eve"),
                        signed.replace(b"Subject:", b"Subject: other\r\nSubject:"),
                        b"From: Eve <eve@example.test>\r\n" + signed,
                        b"Reply-To: eve@elsewhere.test\r\n" + signed):
            self.assertNotIn(True, self.dkimpy(changed))
            self.assertNotEqual(self.mail_dkim(changed, "rsa"), "pass")
            self.assertNotIn(PASS, self.verdicts(changed))

    def test_lines_are_short(self):
        signed = self.sign(ODD_MESSAGES["all that is chosen"], "ed25519", "rsa")
        fields = signed[:signed.index(b"Received:")]
        self.assertLessEqual(max(map(len, fields.split(b"\r\n"))), 78)


if __name__ == "__main__":
    unittest.main()
