"""Postfix as a sending MTA in front of us, and its smtp-source as load."""

import smtplib
import subprocess
import tempfile
import unittest

from e2e import harness
from interop import private_postfix


class SmtpSource(harness.ServerCase):
    accounts = ("ann",)

    def test_smtp_source_delivers_all_of_its_load(self):
        for extra in (("-d",), ()):  # with -d: many messages over one connection
            self.empty()
            subprocess.run(
                ["/usr/sbin/smtp-source", *extra, "-s", "8", "-m", "200", "-l", "8000",
                 "-f", "load@elsewhere.test", "-t", "ann@example.test",
                 f"{self.server.address}:{self.server.smtp_port}"],
                check=True, capture_output=True, timeout=4 * harness.PATIENCE)
            self.assertEqual(self.server.imap().select()[1], [b"200"])


@unittest.skipUnless(private_postfix.may_start(), "Postfix's master needs root")
class Relay(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def setUp(self):
        self.empty()
        # Next to ours, so that Postfix does not take our address for its own.
        _, second, third, fourth = self.server.address.split(".")
        address = f"127.{int(second) - 99}.{third}.{fourth}"
        self.postfix = private_postfix.Postfix(
            tempfile.mkdtemp(prefix="hauspost-postfix-"), address, harness.free_port(address),
            {
                "relay_domains": "example.test",
                "relay_transport": f"smtp:[{self.server.address}]:{self.server.smtp_port}",
                "relay_recipient_maps": "",
                "smtp_tls_security_level": "verify",
                "smtp_tls_CAfile": self.certificate,
                "smtp_tls_verify_cert_match": "mail.example.test",
                "minimal_backoff_time": "1s",
                "maximal_backoff_time": "1s",
                "queue_run_delay": "1s",
            })
        self.addCleanup(self.postfix.remove)
        self.postfix.start()

    def send(self, octets, recipients=("ann@example.test",)):
        with smtplib.SMTP(self.postfix.address, self.postfix.port, timeout=harness.PATIENCE) as peer:
            peer.sendmail("sender@elsewhere.test", list(recipients), octets)

    def emptied(self):
        harness.wait_until(lambda: self.postfix.queued() == 0,
                           lambda: f"Postfix's queue to empty\n{self.postfix.log()}")

    def test_postfix_relays_over_verified_tls_what_it_was_given(self):
        for number in range(20):
            self.send(harness.message(subject=f"relayed {number}", body="..dot\r\n.\r\n" * 50))
        self.emptied()
        peer = self.server.imap()
        self.assertEqual(sorted(harness.subjects(peer)),
                         sorted(f"relayed {number}" for number in range(20)))
        self.assertIn(b"with ESMTPS", peer.fetch("1", "(BODY.PEEK[HEADER])")[1][0][1])

    def test_an_unknown_recipient_is_refused_to_postfix_and_the_other_delivered(self):
        self.send(harness.message(subject="one of two"),
                  ["ann@example.test", "nobody@example.test"])
        harness.wait_until(lambda: "550 5.1.1" in self.postfix.log(), "the refusal in Postfix's log")
        harness.wait_until(lambda: harness.subjects(self.server.imap()) == ["one of two"],
                           "the delivery")

    def test_mail_waits_in_postfix_while_we_are_down_and_comes_after_the_restart(self):
        self.assertEqual(self.server.stop(), 0)
        self.send(harness.message(subject="waited"))
        harness.wait_until(lambda: "status=deferred" in self.postfix.log(), "the deferral")
        self.server.start()
        self.emptied()
        self.assertEqual(harness.subjects(self.server.imap()), ["waited"])


if __name__ == "__main__":
    unittest.main()
