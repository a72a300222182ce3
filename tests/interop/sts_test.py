"""MTA-STS and TLSA records behind a CNAME: a server of ours sends to another, NSD serves the zones, a small
HTTPS server the policy."""

import http.server
import json
import pathlib
import shutil
import ssl
import tempfile
import threading
import unittest

from e2e import harness
from interop import nsd_test

ZONE = """\
$ORIGIN two.example.
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
@ MX 10 mail
ns A 127.0.0.1
mail A {address}
mta-sts A {address}
_mta-sts TXT "v=STSv1; id=1;"
"""
POLICY = "version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 86400\n"


class PolicyHost:
    """Says what `answer` does with the request's handler."""

    def __init__(self, address, port, certificate):
        host = self
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                host.asked.append((self.headers["Host"], self.path))
                try:
                    host.answer(self)
                except OSError:
                    pass  # who asked has gone

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer((address, port), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True,
                                                  do_handshake_on_connect=False)
        self._server.daemon_threads = False
        self._server.handle_error = lambda *_: None  # who asked did not like the certificate
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def answer(self, handler):
        self.give(handler, 200, "text/plain", POLICY.format(mode="enforce", mx="mail.two.example"))

    @staticmethod
    def give(handler, status, kind, text, **fields):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(text)))
        for name, value in fields.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(text.encode())

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@unittest.skipUnless(shutil.which("nsd", path="/usr/sbin"), "needs nsd")
class Sts(unittest.TestCase):
    def begin(self, trusted=True, policy_name="mta-sts.two.example", settings=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-sts-"))
        self.addCleanup(shutil.rmtree, self.folder)
        first = harness.own_address()
        _, second, third, fourth = first.split(".")
        other = f"127.{int(second) - 99}.{third}.{fourth}"
        (self.folder / "two.example.zone").write_text(ZONE.format(address=other), encoding="utf-8")
        nsd = nsd_test.Nsd(self.folder, first, ["two.example"])
        self.addCleanup(nsd.stop)
        mail = harness.make_certificate(self.folder, "mail.two.example")
        policy = harness.make_certificate(self.folder, policy_name)
        roots = self.folder / "roots"
        roots.write_text(mail[0].read_text() * trusted + policy[0].read_text(), encoding="utf-8")
        self.host = PolicyHost(other, harness.free_port(other), policy)
        self.addCleanup(self.host.close)
        port = harness.free_port(other)
        self.to = harness.Server(address=other, settings={
            "hostname": "mail.two.example", "listen.smtp": [f"{other}:{port}"],
            "tls.certificate": mail[0], "tls.private_key": mail[1]})
        self.to.smtp_port = port
        self.of = harness.Server(address=first, settings={
            "delivery.resolver": f"{nsd.address}@{nsd.port}", "delivery.private_networks": True,
            "delivery.remote_port": port, "delivery.trusted_roots": roots,
            "delivery.mta_sts_port": self.host._server.server_address[1]} | (settings or {}))
        for server, domain in ((self.to, "two.example"), (self.of, harness.DOMAIN)):
            self.addCleanup(server.remove)
            server.add_domain(domain)
            server.add_account("ann", domain=domain)
            server.start()

    def send(self):
        with self.of.submission() as peer:
            harness.send_one(peer, f"ann@{harness.DOMAIN}", ["ann@two.example"],
                             harness.message(sender=f"ann@{harness.DOMAIN}"))

    def result(self):
        """The log's line of the attempt."""
        return harness.wait_until(
            lambda: next((line for line in self.of.log().splitlines()
                          if "send queue=" in line and "result=" in line), None),
            lambda: f"an attempt\n{self.of.log()}")

    def test_enforced_mail_goes_to_a_host_that_proves_itself(self):
        self.begin()
        self.send()
        line = self.result()
        self.assertIn("result=delivered", line)
        self.assertIn("TLSv1.3 sts", line)
        host = f"mta-sts.two.example:{self.host._server.server_address[1]}"  # RFC 9110 7.2
        self.assertEqual(self.host.asked, [(host, "/.well-known/mta-sts.txt")])
        self.of.check()

    def test_enforced_mail_waits_where_the_certificate_is_not_trusted(self):
        self.begin(trusted=False)
        self.send()
        line = self.result()
        self.assertIn("result=again", line)
        self.assertIn("MTA-STS policy demands", line)

    def test_a_policy_outlives_its_host_and_a_restart(self):
        self.begin()
        self.send()
        self.assertIn("TLSv1.3 sts", self.result())
        self.host.answer = lambda handler: self.host.give(handler, 404, "text/plain", "")
        self.of.stop()
        self.of.start()
        self.send()
        harness.wait_until(lambda: self.of.log().count("TLSv1.3 sts") == 2,
                           lambda: f"another delivery\n{self.of.log()}")
        self.assertEqual(len(self.host.asked), 1)

    def test_testing_holds_nothing_back(self):
        self.begin(trusted=False)
        self.host.answer = lambda handler: self.host.give(
            handler, 200, "text/plain", POLICY.format(mode="testing", mx="mail.two.example"))
        self.send()
        line = self.result()
        self.assertIn("result=delivered", line)
        self.assertIn("TLSv1.3", line)
        self.assertNotIn("sts", line)

    def steps(self, address):
        said = json.loads(self.of.command("delivery", "test", address, "--json"))
        return said["good"], {one["step"]: (one["result"], one["text"]) for one in said["steps"]}

    def test_delivery_test_says_what_would_happen_and_sends_nothing(self):
        self.begin()
        good, steps = self.steps("ann@two.example")
        self.assertTrue(good, steps)
        self.assertIn("mode: enforce", steps["policy"][1])
        self.assertIn("TLSv1.3 sts", steps["tls"][1])
        self.assertEqual(steps["recipient"][0], "good")
        good, steps = self.steps("nobody@two.example")
        self.assertFalse(good)
        self.assertIn("550 5.1.1", steps["recipient"][1])
        self.assertEqual(self.steps("x@none.two.example")[1]["hosts"][0], "bad")
        self.assertIn("ok    recipient:", self.of.command("delivery", "test", "ann@two.example"))
        self.assertNotIn("result=delivered", self.of.log())
        self.assertNotIn("deliver ", self.to.log())

    def test_delivery_test_shows_a_certificate_that_is_not_trusted(self):
        self.begin(trusted=False)
        good, steps = self.steps("ann@two.example")
        self.assertFalse(good)
        self.assertEqual(steps["start_tls"][0], "bad")

    def test_domain_dns_is_compared_with_what_the_dns_says(self):
        self.begin()
        self.of.command("domain", "add", "two.example")
        said = json.loads(self.of.command("domain", "dns", "two.example", "--check", "--json"))
        states = {(one["type"], one["name"]): one["state"] for one in said["records"]}
        self.assertEqual(states["MX", "two.example."], "other")
        self.assertEqual(states["TXT", "_dmarc.two.example."], "missing")
        self.assertEqual(states["TXT", "_mta-sts.two.example."], "right")
        self.assertFalse(said["good"])
        self.assertIn("    there is: 10 mail.two.example.\n",
                      self.of.command("domain", "dns", "two.example", "--check"))

    def test_e11_a_policy_host_with_another_certificate_has_no_say(self):
        self.begin(trusted=False, policy_name="other.two.example")
        self.send()
        self.assertIn("result=delivered", self.result())
        self.assertIn("sts-webpki-invalid", self.of.log())
        self.assertEqual(self.host.asked, [])

    def test_e11_a_policy_host_that_answers_something_else_has_no_say(self):
        def endless(handler):
            handler.send_response(200)
            handler.send_header("Content-Type", "text/plain")
            handler.end_headers()
            for _ in range(100_000):
                handler.wfile.write(b"mx: a.example\n" * 100)

        strange = {
            "not found": lambda handler: self.host.give(handler, 404, "text/plain", ""),
            "redirect": lambda handler: self.host.give(
                handler, 302, "text/plain", "", Location="https://mta-sts.two.example/other"),
            "a page": lambda handler: self.host.give(
                handler, 200, "text/html", POLICY.format(mode="enforce", mx="x.example")),
            "endless": endless,
        }
        for name, answer in strange.items():
            with self.subTest(name):
                self.begin(trusted=False)
                self.host.answer = answer
                self.send()
                self.assertIn("result=delivered", self.result())
                self.assertIn("sts-policy-fetch-error", self.of.log())
                self.assertEqual(len(self.host.asked), 1)
                self.doCleanups()

    def test_a23_a_policy_host_that_hangs_holds_nobody_up_for_ever(self):
        self.begin(trusted=False)
        end = threading.Event()
        self.addCleanup(end.set)
        self.host.answer = lambda handler: end.wait(120)
        self.send()
        line = harness.wait_until(
            lambda: next((one for one in self.of.log().splitlines() if "send queue=" in one), None),
            lambda: f"an attempt\n{self.of.log()}", seconds=90)
        self.assertIn("result=delivered", line)
        end.set()


if __name__ == "__main__":
    unittest.main()
