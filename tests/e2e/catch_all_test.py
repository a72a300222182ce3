"""The steps by which an owner catches mail to mistyped addresses, as a manual tells them: an account
sammler@ that somebody reads, an account catchall@, and a forward from one to the other, or elsewhere."""

import json
import smtplib
import unittest

from e2e import harness
from interop import smtp_collector

ANN = f"ann@{harness.DOMAIN}"
CATCHALL = f"catchall@{harness.DOMAIN}"
SAMMLER = f"sammler@{harness.DOMAIN}"
OUTSIDE = "owner@far.test"
EVE = "eve@elsewhere.test"
MISTYPED = ("an", "anm", "info2", "Ann.Maier", "a+b")


class CatchAll(unittest.TestCase):
    def setUp(self):
        self.world = smtp_collector.Collector()
        self.addCleanup(self.world.close)
        self.server = harness.Server(settings={
            "delivery.relay": f"{self.world.address}:{self.world.port}",
            "delivery.relay_verify": False,
        })
        self.addCleanup(self.server.remove)
        self.server.add_domain()
        for account in ("ann", "bob"):
            self.server.add_account(account)
        self.server.start()
        # What is the case before the first step.
        with self.assertRaises(smtplib.SMTPResponseException) as refused:
            self.server.deliver("anm", sender=EVE)
        self.assertEqual(refused.exception.smtp_code, 550)
        for account in ("sammler", "catchall"):
            self.server.add_account(account)

    def tearDown(self):
        self.assertEqual(self.server.stop(), 0, self.server.log())
        self.assertNotRegex(self.server.log(), harness.SANITIZER)
        self.server.check()

    def in_inbox(self, user):
        """The octets of an account's messages with their headers, in order."""
        peer = self.server.imap(user)
        peer.select("INBOX", readonly=True)
        _, data = peer.uid("FETCH", "1:*", "(BODY.PEEK[])")
        peer.logout()
        return [part[1] for part in data if isinstance(part, tuple)]

    def deliver_mistyped(self):
        for name in MISTYPED:
            code, _ = self.server.deliver(name, sender=EVE, subject=f"to {name}")
            self.assertEqual(code, 250)

    def emptied(self):
        harness.wait_until(
            lambda: not json.loads(self.server.command("queue", "list", "--json"))["queue"],
            lambda: f"the queue to empty\n{self.server.log()}")

    def check_accounts_keep_their_mail(self):
        """Also under an alias, a detail and another case."""
        self.server.command("alias", "add", f"info@{harness.DOMAIN}", ANN)
        for name in ("ann", "ANN", "ann+shop", "info"):
            self.server.deliver(name, sender=EVE, subject=f"hers {name}")
        self.assertEqual(harness.subjects(self.server.imap("ann")),
                         ["hers ann", "hers ANN", "hers ann+shop", "hers info"])

    def test_what_is_mistyped_arrives_in_the_account_that_collects_it(self):
        self.server.command("forward", "set", CATCHALL, SAMMLER, "--no-copy")
        self.deliver_mistyped()
        self.check_accounts_keep_their_mail()
        caught = self.in_inbox("sammler")
        self.assertEqual(harness.subjects(self.server.imap("sammler")),
                         [f"to {name}" for name in MISTYPED])
        # To whom it was written is not lost.
        for name, octets in zip(MISTYPED, caught):
            self.assertIn(f"\r\nX-Original-To: {name.lower()}@example.test\r\n".encode().lower(),
                          octets.lower())
            self.assertIn(b"Return-Path: <eve@elsewhere.test>", octets)
        self.assertEqual(self.in_inbox("catchall"), [])
        # Nobody is told anything.
        self.emptied()
        self.assertEqual(self.world.mail, [])
        self.assertNotIn("report queue", self.server.settled_log())

    def test_what_is_mistyped_goes_on_to_an_address_elsewhere(self):
        self.server.command("forward", "set", CATCHALL, OUTSIDE)
        self.deliver_mistyped()
        self.check_accounts_keep_their_mail()
        self.emptied()
        self.assertEqual(len(self.world.mail), len(MISTYPED))
        for path, recipients, octets in self.world.mail:
            self.assertEqual(recipients, [OUTSIDE])
            # From an address of ours, so that the next server takes it.
            self.assertRegex(path, r"\ASRS0=.*=elsewhere\.test=eve@example\.test\Z")
            self.assertIn(b"From: sender@elsewhere.test\r\n", octets)
        self.assertEqual({octets.partition(b"Subject: to ")[2].partition(b"\r\n")[0].decode()
                          for _, _, octets in self.world.mail}, set(MISTYPED))
        # Without --no-copy a copy stays.
        self.assertEqual(len(self.in_inbox("catchall")), len(MISTYPED))
        self.assertEqual(self.in_inbox("sammler"), [])

    def test_a_colleague_who_mistypes_gets_no_report_either(self):
        self.server.command("forward", "set", CATCHALL, SAMMLER, "--no-copy")
        with self.server.submission() as peer:
            harness.send_one(peer, ANN, [f"bbo@{harness.DOMAIN}"],
                             harness.message("to bob", sender=ANN))
        self.emptied()
        self.assertEqual(harness.subjects(self.server.imap("sammler")), ["to bob"])
        self.assertEqual(self.in_inbox("ann"), [])

    def test_the_steps_are_undone_by_one(self):
        self.server.command("forward", "set", CATCHALL, SAMMLER, "--no-copy")
        self.server.deliver("anm", sender=EVE)
        self.server.command("account", "remove", CATCHALL, "--yes")
        with self.assertRaises(smtplib.SMTPResponseException) as refused:
            self.server.deliver("anm", sender=EVE)
        self.assertEqual(refused.exception.smtp_code, 550)
        self.assertEqual(len(self.in_inbox("sammler")), 1)


if __name__ == "__main__":
    unittest.main()
