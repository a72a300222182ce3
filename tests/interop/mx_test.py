"""Two servers that find one another by MX records, which NSD serves."""

import json
import pathlib
import poplib
import re
import shutil
import socket
import tempfile
import unittest

from e2e import harness
from interop import nsd_test

ZONE = """\
$ORIGIN {name}.
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
@ MX 10 mail
ns A 127.0.0.1
mail A {address}
"""
NULL = """\
$ORIGIN null.example.
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
@ MX 0 .
ns A 127.0.0.1
"""


def port_of_both(one, other):
    """A port that is ours at two addresses."""
    for _ in range(100):
        port = harness.free_port(one)
        held = socket.socket()
        try:
            held.bind((other, port))
        except OSError:
            held.close()
            continue
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        harness._held_ports.append(held)
        return port
    raise AssertionError("no port is free at both addresses")


@unittest.skipUnless(shutil.which("nsd", path="/usr/sbin"), "needs nsd")
class ByMx(unittest.TestCase):
    def setUp(self):
        folder = self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-mx-"))
        self.addCleanup(shutil.rmtree, folder)
        first = harness.own_address()
        _, second, third, fourth = first.split(".")
        other = f"127.{int(second) - 99}.{third}.{fourth}"
        places = {"one.example": first, "two.example": other}
        for name, address in places.items():
            (folder / f"{name}.zone").write_text(ZONE.format(name=name, address=address),
                                                 encoding="utf-8")
        (folder / "null.example.zone").write_text(NULL, encoding="utf-8")
        self.nsd = nsd_test.Nsd(folder, first, [*places, "null.example"])
        self.addCleanup(self.nsd.stop)
        port = port_of_both(first, other)
        self.servers = {}
        for name, address in places.items():
            server = harness.Server(address=address, settings={
                "hostname": f"mail.{name}",
                "delivery.resolver": f"{self.nsd.address}@{self.nsd.port}",
                "delivery.private_networks": True,
                "delivery.remote_port": port,
                "delivery.report_language": "de",
                "delivery.retry_first": "1s",
                "delivery.retry_longest": "1s",
                "listen.smtp": [f"{address}:{port}"],
            })
            server.smtp_port = port
            self.addCleanup(server.remove)
            server.add_domain(name)
            server.add_account("ann", domain=name)
            self.servers[name] = server.start()

    def send(self, name, to, **fields):
        server = self.servers[name]
        with harness.smtplib.SMTP_SSL(server.address, server.submissions_port, "client.example",
                                      timeout=harness.PATIENCE,
                                      context=harness.tls_context()) as peer:
            peer.login(f"ann@{name}", harness.PASSWORD)
            harness.send_one(peer, f"ann@{name}", [to],
                             harness.message(sender=f"ann@{name}", to=to, **fields))

    def inbox(self, name):
        server = self.servers[name]
        peer = poplib.POP3_SSL(server.address, server.pop3s_port, context=harness.tls_context(),
                               timeout=harness.PATIENCE)
        peer.user(f"ann@{name}")
        peer.pass_(harness.PASSWORD)
        found = [b"\r\n".join(peer.retr(n + 1)[1]) for n in range(peer.stat()[0])]
        peer.quit()
        return found

    def arrived(self, name):
        return harness.wait_until(lambda: self.inbox(name), lambda: f"mail\n{self.servers[name].log()}")

    def test_mail_goes_both_ways_under_tls(self):
        self.send("one.example", "ann@two.example", subject="to two")
        [there] = self.arrived("two.example")
        self.assertIn(b"Subject: to two", there)
        self.assertIn(b"with ESMTPS", there)
        self.send("two.example", "ann@one.example", subject="to one")
        [back] = self.arrived("one.example")
        self.assertIn(b"Subject: to one", back)

    def test_what_cannot_arrive_comes_back_at_once(self):
        for to, words in (("x@none.one.example", b"5.1.2"), ("x@null.example", b"5.1.10"),
                          ("nobody@two.example", b"5.1.1")):
            with self.subTest(to):
                before = len(self.inbox("one.example"))
                self.send("one.example", to, subject="lost")
                harness.wait_until(lambda: len(self.inbox("one.example")) > before,
                                   lambda: f"a report\n{self.servers['one.example'].log()}")
                report = self.inbox("one.example")[-1]
                self.assertIn(words, report)
                self.assertIn(b"Action: failed", report)

    def test_a21_two_forwards_that_lead_to_one_another_end(self):
        for here, there in (("one.example", "two.example"), ("two.example", "one.example")):
            self.servers[here].command("alias", "add", f"loop@{here}", f"loop@{there}")
        self.send("one.example", "loop@one.example", subject="round and round")
        [report] = self.arrived("one.example")
        self.assertIn(b"5.4.6", report)
        self.assertIn(b"Action: failed", report)
        for server in self.servers.values():
            self.assertEqual(json.loads(server.command("queue", "list", "--json"))["queue"], [])
            taken = [line for line in server.log().splitlines() if " queue id=" in line]
            self.assertEqual(len([line for line in taken if "loop@" in line]), 1, server.log())

    def waits(self):
        """Until an attempt has failed for a reason that goes by."""
        server = self.servers["one.example"]
        harness.wait_until(lambda: re.search('result=again .*"4.4.3 MX two.example', server.log()),
                           "an attempt to fail")
        self.assertNotIn("result=failed", server.log())
        self.assertEqual(self.inbox("one.example"), [])

    def test_f05_an_outage_of_the_dns_is_no_refusal_and_mail_leaves_when_it_is_over(self):
        self.nsd.stop()
        for number in range(5):
            self.send("one.example", "ann@two.example", subject=f"waits {number}")
        self.waits()
        self.nsd.start()
        harness.wait_until(lambda: len(self.inbox("two.example")) == 5, "mail to leave")
        self.assertEqual(self.inbox("one.example"), [])

    def test_f05_a_server_that_only_says_servfail_is_no_refusal(self):
        zone = self.folder / "two.example.zone"
        whole = zone.read_text(encoding="utf-8")
        zone.write_text("this is no zone\n", encoding="utf-8")
        self.nsd.stop()
        self.nsd.start()
        self.send("one.example", "ann@two.example", subject="waits")
        self.waits()
        zone.write_text(whole, encoding="utf-8")
        self.nsd.stop()
        self.nsd.start()
        self.arrived("two.example")
        self.assertEqual(self.inbox("one.example"), [])


if __name__ == "__main__":
    unittest.main()
