"""What the real server sends on, with the policies of NSD's zones: judged as the next server would, by
dkimpy and by what RFC 9989 asks of a pass."""

import email
import email.policy
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from e2e import harness
from interop import nsd_test, smtp_collector

HERE = pathlib.Path(__file__).parent
SIGNER = pathlib.Path(harness.BINARY).parent / "tests/sign_message"
DEBIAN_PYTHON = "/usr/bin/python3"  # the one that python3-dkim belongs to
ZONE = """\
$ORIGIN {name}.
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
@ MX 10 mail
ns A 127.0.0.1
mail A {address}
"""
LIST = f"list@{harness.DOMAIN}"


def domain_of(address):
    return address.rpartition("@")[2].strip("<> ")


@unittest.skipUnless(shutil.which("nsd", path="/usr/sbin"), "needs nsd")
class SentOn(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-forward-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.world = smtp_collector.Collector()
        self.addCleanup(self.world.close)
        key = self.call(SIGNER, "key", "ed25519")
        (self.folder / "key").write_text(key, encoding="utf-8")
        self.record = self.call(SIGNER, "record", self.folder / "key").strip()
        rows = {"far.example": "",
                "strict.example": '_dmarc TXT "v=DMARC1; p=reject"\n'
                                  f's._domainkey TXT "{self.record}"\n',
                "mild.example": '_dmarc TXT "v=DMARC1; p=none"\n'}
        for name, more in rows.items():
            zone = ZONE.format(name=name, address=self.world.address) + more
            (self.folder / f"{name}.zone").write_text(zone, encoding="utf-8")
        self.nsd = nsd_test.Nsd(self.folder, harness.own_address(), rows)
        self.addCleanup(self.nsd.stop)

    def start(self, **settings):
        # Mail to an address of its own would be a loop.
        _, second, third, fourth = self.world.address.split(".")
        address = f"127.{int(second) - 99}.{third}.{fourth}"
        self.server = harness.Server(address=address, settings={
            "delivery.resolver": f"{self.nsd.address}@{self.nsd.port}",
            "delivery.private_networks": True,
            "delivery.remote_port": self.world.port,
            **settings,
        })
        self.addCleanup(self.server.remove)
        self.server.add_domain()
        self.server.add_account("ann")
        self.server.command("alias", "add", LIST, "out@far.example")
        self.server.start()

    def tearDown(self):
        self.assertEqual(self.server.stop(), 0, self.server.log())
        self.assertNotRegex(self.server.log(), harness.SANITIZER)
        self.server.check()

    @staticmethod
    def call(*words, **more):
        return subprocess.run(words, check=True, capture_output=True, text=True,
                              timeout=harness.PATIENCE, **more).stdout

    def signed(self, octets):
        return subprocess.run([SIGNER, "sign", "strict.example", f"s={self.folder / 'key'}"],
                              input=octets, check=True, capture_output=True,
                              timeout=harness.PATIENCE).stdout

    def passes_dmarc(self, octets):
        """An aligned signature fits. SPF would be aligned only with a From of ours."""
        said = self.server.command("domain", "dns", harness.DOMAIN, "--json").partition("\n")[0]
        records = {one["name"].rstrip("."): "".join(re.findall(r'"([^"]*)"', one["value"]))
                   for one in json.loads(said)["records"] if one["type"] == "TXT"}
        records["s._domainkey.strict.example"] = self.record
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("PYTHON")}
        done = subprocess.run([DEBIAN_PYTHON, HERE / "dkimpy_verifier.py"], env=environment,
                              input=json.dumps(records).encode() + b"\n" + octets,
                              capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        message = email.message_from_bytes(octets, policy=email.policy.default)
        author = domain_of(message["From"].addresses[0].addr_spec)
        domains = [re.search(r"\bd=([^; ]+)", re.sub(r"\s+", " ", field))[1]
                   for field in message.get_all("DKIM-Signature", [])]
        return any(verdict is True and domain == author
                   for verdict, domain in zip(json.loads(done.stdout), domains))

    def sent_on(self, octets, sender):
        before = len(self.world.mail)
        self.server.deliver(to="list", octets=octets, sender=sender)
        return self.world.wait_for(before + 1)[-1]

    def test_both_ways_pass_dmarc_at_the_next_server(self):
        self.start()
        plain = harness.message(sender="Eve Ohm <eve@strict.example>", to=LIST, body="..\r\nüber\r\n")
        path, recipients, octets = self.sent_on(plain, "eve@strict.example")
        self.assertEqual(recipients, ["out@far.example"])
        self.assertEqual(domain_of(path), harness.DOMAIN)
        message = email.message_from_bytes(octets, policy=email.policy.default)
        self.assertEqual(message["From"], f'"Eve Ohm via {harness.DOMAIN}" <{LIST}>')
        self.assertEqual(message["Reply-To"], "Eve Ohm <eve@strict.example>")
        self.assertEqual(message["X-Original-From"], "Eve Ohm <eve@strict.example>")
        self.assertTrue(octets.endswith(plain[plain.index(b"\r\n\r\n"):]))
        self.assertTrue(self.passes_dmarc(octets))
        self.assertIn("result=rewritten", self.server.log())

        proven = self.signed(plain)
        _, _, octets = self.sent_on(proven, "eve@strict.example")
        self.assertTrue(octets.endswith(b"\r\n" + proven), octets)
        self.assertTrue(self.passes_dmarc(octets))

        broken = proven.replace(b"\r\n\r\n..", b"\r\n\r\n--")
        _, _, octets = self.sent_on(broken, "eve@strict.example")
        self.assertIn(f"<{LIST}>\r\n".encode(), octets)
        self.assertTrue(self.passes_dmarc(octets))

    def test_a_mild_domain_leaves_unchanged(self):
        self.start()
        plain = harness.message(sender="eve@mild.example", to=LIST)
        _, _, octets = self.sent_on(plain, "eve@mild.example")
        self.assertTrue(octets.endswith(b"\r\n" + plain), octets)

    def test_nothing_is_rewritten_when_that_is_switched_off(self):
        self.start(**{"delivery.rewrite_from": "never"})
        plain = harness.message(sender="eve@strict.example", to=LIST)
        _, _, octets = self.sent_on(plain, "eve@strict.example")
        self.assertTrue(octets.endswith(b"\r\n" + plain), octets)
        self.assertFalse(self.passes_dmarc(octets))

    def test_a21_what_comes_back_from_there_does_not_leave_again(self):
        self.start()
        plain = harness.message(sender="eve@mild.example", to=LIST)
        _, _, octets = self.sent_on(plain, "eve@mild.example")
        with self.server.smtp() as peer:
            peer.ehlo()
            peer.mail("bounce@far.example")
            self.assertEqual(peer.rcpt(LIST)[0], 250)
            code, text = peer.data(b"Received: from here by far.example\r\n" + octets)
        self.assertEqual((code, text[:5]), (550, b"5.4.6"))
        self.assertEqual(len(self.world.mail), 1)


if __name__ == "__main__":
    unittest.main()
