"""What leaves the real server, as the next one gets it: signatures that dkimpy verifies, and reverse-
paths by which reports come back."""

import json
import os
import pathlib
import re
import subprocess
import unittest

from e2e import harness
from interop import smtp_collector

HERE = pathlib.Path(__file__).parent
DEBIAN_PYTHON = "/usr/bin/python3"  # the one that python3-dkim belongs to
ANN = f"ann@{harness.DOMAIN}"
EVE = "Eve.Sends@elsewhere.test"


class Leaving(unittest.TestCase):
    def setUp(self):
        self.world = smtp_collector.Collector()
        self.addCleanup(self.world.close)
        self.server = harness.Server(settings={
            "delivery.relay": f"{self.world.address}:{self.world.port}",
            "delivery.relay_verify": False,
        })
        self.addCleanup(self.server.remove)
        self.server.add_domain()
        self.server.add_account("ann")
        self.server.command("alias", "add", f"list@{harness.DOMAIN}", "out@far.test")
        self.server.command("alias", "add", f"dead@{harness.DOMAIN}", "refused@far.test")
        self.server.start()

    def tearDown(self):
        self.assertEqual(self.server.stop(), 0, self.server.log())
        self.assertNotRegex(self.server.log(), harness.SANITIZER)
        self.server.check()

    def records(self):
        """What `domain dns` says is to be published: TXT records by name."""
        # Behind the answer stands what there is to know of SPF with a relay.
        said, _, warning = self.server.command("domain", "dns", harness.DOMAIN,
                                               "--json").partition("\n")
        self.assertIn("SPF", warning)
        said = json.loads(said)
        return {one["name"].rstrip("."): "".join(re.findall(r'"([^"]*)"', one["value"]))
                for one in said["records"] if one["type"] == "TXT"}

    def verdicts(self, octets):
        # Nothing of the Python that runs this test is to reach Debian's.
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("PYTHON")}
        done = subprocess.run([DEBIAN_PYTHON, HERE / "dkimpy_verifier.py"], env=environment,
                              input=json.dumps(self.records()).encode() + b"\n" + octets,
                              capture_output=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def submit(self, to, octets):
        with self.server.submission() as peer:
            harness.send_one(peer, ANN, to, octets)

    def report_to(self, recipient, sender="<>"):
        """Mail of another server; its reply to RCPT or, when that was good, to the end of data."""
        with self.server.smtp() as peer:
            peer.ehlo()
            self.assertEqual(peer.docmd(f"MAIL FROM:{sender}")[0], 250)
            code, text = peer.rcpt(recipient)
            if code != 250:
                return code, text
            return peer.data(harness.message(subject="cannot be delivered", to=recipient))

    def forward(self):
        """The reverse-path with which a message of Eve's was sent on, and its octets."""
        sent = harness.message(sender=EVE, to=f"list@{harness.DOMAIN}", body="..\r\nüber\r\n")
        self.server.deliver(to="list", octets=sent, sender=EVE)
        [(path, recipients, octets)] = self.world.wait_for(1)
        self.assertEqual(recipients, ["out@far.test"])
        return path, sent, octets

    def test_what_is_submitted_arrives_with_both_signatures_right(self):
        bodies = ["hello\r\n", ".\r\n..\r\n\r\n  two  blanks \r\n\r\n\r\n", "ä" * 300 + "\r\n",
                  "a longer line than usual, again and again\r\n" * 8000]
        for body in bodies:
            self.submit(["bob@far.test"], harness.message(sender=ANN, to="bob@far.test", body=body))
        mail = self.world.wait_for(len(bodies))
        for path, _, octets in mail:
            self.assertEqual(path, ANN)
            self.assertEqual(self.verdicts(octets), [True, True])
        header = mail[0][2].partition(b"\r\n\r\n")[0]
        self.assertRegex(header, rb"\ADKIM-Signature: v=1; a=rsa-sha256;")
        self.assertIn(b"a=ed25519-sha256;", header)
        self.assertIn(b" d=example.test;", header)
        changed = mail[0][2].replace(b"hello", b"hullo", 2)
        self.assertNotIn(True, self.verdicts(changed))

    def test_new_keys_wait_and_the_old_ones_verify_meanwhile(self):
        before = self.records()
        self.server.command("domain", "rotate-keys", harness.DOMAIN)
        after = self.records()
        self.assertEqual(len(after), len(before) + 2)
        self.assertEqual(after | before, after)
        self.submit(["bob@far.test"], harness.message(sender=ANN, to="bob@far.test"))
        [(_, _, octets)] = self.world.wait_for(1)
        self.assertEqual(self.verdicts(octets), [True, True])

    def test_domain_dns_prints_lines_of_a_zone_file(self):
        said = self.server.command("domain", "dns", harness.DOMAIN)
        self.assertIn("example.test. IN MX 10 mail.example.test.\n", said)
        self.assertIn('example.test. IN TXT "v=spf1 mx -all"\n', said)
        self.assertIn("_imaps._tcp.example.test. IN SRV 0 1 "
                      f"{self.server.imaps_port} mail.example.test.\n", said)
        self.assertRegex(said, r'(?m)^h\d{4}e\._domainkey\.example\.test\. IN TXT "v=DKIM1; k=ed25519')
        self.assertRegex(said, r'(?m)^h\d{4}r\._domainkey\.example\.test\. IN TXT "v=DKIM1; k=rsa; '
                               r'[^"]*" "[^"]*"$')

    def test_a_forward_leaves_unchanged_with_a_path_of_ours(self):
        path, sent, octets = self.forward()
        self.assertRegex(path, r"\ASRS0=\w{8}=\w\w=elsewhere\.test=Eve\.Sends@example\.test\Z")
        self.assertTrue(octets.endswith(sent), octets)
        added = octets[:-len(sent)]
        self.assertTrue(added.startswith(b"Delivered-To: list@example.test\r\nReceived: "), added)
        self.assertNotIn(b"DKIM-Signature", added)

    def test_a_report_to_a_forward_goes_on_to_who_sent_it(self):
        path, _, _ = self.forward()
        self.assertEqual(self.report_to(path)[0], 250)
        sender, recipients, octets = self.world.wait_for(2)[1]
        self.assertEqual((sender, recipients), ("", [EVE]))
        self.assertIn(b"Subject: cannot be delivered", octets)

    def test_a31_other_mail_to_such_a_path_is_refused(self):
        path, _, _ = self.forward()
        self.assertEqual(self.report_to(path, sender="<spam@elsewhere.test>")[0], 550)
        self.assertEqual(self.report_to(path.replace("Eve", "Ivy"))[0], 550)
        self.assertEqual(len(self.world.mail), 1)

    def test_what_the_next_server_refuses_is_reported_to_the_sender_and_signed(self):
        self.server.deliver(to="dead", sender=EVE)
        sender, recipients, octets = self.world.wait_for(1)[0]
        self.assertEqual((sender, recipients), ("", [EVE]))
        self.assertIn(b"Status: 5.1.1", octets)
        self.assertIn(b"From: ", octets)
        self.assertEqual(self.verdicts(octets), [True, True])

    def test_a30_nobody_elsewhere_gets_our_signature(self):
        self.server.deliver(to="list", octets=harness.message(sender=ANN), sender=ANN)
        [(_, _, octets)] = self.world.wait_for(1)
        self.assertNotIn(b"DKIM-Signature", octets)


if __name__ == "__main__":
    unittest.main()
