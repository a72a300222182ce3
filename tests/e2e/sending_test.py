"""Mail for other servers on its way: two servers, the second one as the relay of the first."""

import json
import poplib
import signal
import smtplib
import socket
import time
import unittest

from e2e import harness

ANN = f"ann@{harness.DOMAIN}"


class Sending(unittest.TestCase):
    """`far` knows the domain far.example and the account bob; `near` sends all mail to it."""

    def setUp(self):
        self.far = harness.Server(settings={"hostname": "mail.far.example"})
        self.addCleanup(self.far.remove)
        self.far.add_domain("far.example")
        self.far.add_account("bob", domain="far.example")
        self.near = harness.Server(settings={
            "delivery.relay": f"{self.far.address}:{self.far.smtp_port}",
            "delivery.relay_verify": False,
            "delivery.retry_first": "1s",
            "delivery.retry_longest": "1s",
        })
        self.addCleanup(self.near.remove)
        self.near.add_domain()
        self.near.add_account("ann")

    def tearDown(self):
        for server in (self.near, self.far):
            self.assertEqual(server.stop(), 0, server.log())
            self.assertNotRegex(server.log(), harness.SANITIZER)
            server.check()

    def submit(self, to, **fields):
        with self.near.submission() as peer:
            harness.send_one(peer, ANN, to, harness.message(sender=ANN, to=to[0], **fields))

    def queue(self):
        return json.loads(self.near.command("queue", "list", "--json"))["queue"]

    def emptied(self):
        harness.wait_until(lambda: not self.queue(), lambda: f"the queue to empty\n{self.near.log()}")

    @staticmethod
    def texts(server, user, domain):
        """The octets of the messages in INBOX."""
        peer = poplib.POP3_SSL(server.address, server.pop3s_port, context=harness.tls_context(),
                               timeout=harness.PATIENCE)
        peer.user(f"{user}@{domain}")
        peer.pass_(harness.PASSWORD)
        found = [b"\r\n".join(peer.retr(n + 1)[1]) for n in range(peer.stat()[0])]
        peer.quit()
        return found

    def test_mail_arrives_at_the_other_server_under_tls(self):
        self.far.start()
        self.near.start()
        self.submit(["bob@far.example"], subject="hello there", body=".\r\n..\r\nend\r\n")
        self.emptied()
        [text] = self.texts(self.far, "bob", "far.example")
        self.assertIn(b"Subject: hello there", text)
        self.assertTrue(text.endswith(b"\r\n\r\n.\r\n..\r\nend"), text)
        self.assertIn(b"with ESMTPS", text)
        self.assertIn(b"Return-Path: <ann@example.test>", text)
        self.assertRegex(self.near.settled_log(),
                         r'send queue=1 from="ann@example.test" to="bob@far.example" '
                         r'result=delivered attempts=1 .*tls="TLSv1.3"')

    def test_a_refusal_comes_back_in_words_and_good_recipients_get_their_mail(self):
        self.far.start()
        self.near.start()
        self.submit(["nobody@far.example", "bob@far.example"], subject="two of them")
        self.emptied()
        self.assertEqual(len(self.texts(self.far, "bob", "far.example")), 1)
        [report] = self.texts(self.near, "ann", harness.DOMAIN)
        for part in (b"multipart/report", b"Auto-Submitted: auto-replied", b"nobody@far.example",
                     b"Action: failed", b"Status: 5.1.1", b"Subject: two of them",
                     b"Return-Path: <>"):
            self.assertIn(part, report)
        self.assertNotIn(b"bob@far.example", report.partition(b"rfc822")[0])
        self.assertRegex(self.near.settled_log(), r'report queue=\d+ to="ann@example.test" result=told')

    def test_mail_for_a_server_that_is_away_waits_and_says_why(self):
        self.near.settings["delivery.retry_first"] = self.near.settings["delivery.retry_longest"] = "1h"
        self.near.write_config()
        self.near.start()
        self.submit(["bob@far.example"], subject="later")
        harness.wait_until(lambda: self.queue()[0].get("last_reply"), "an attempt to fail")
        [waiting] = self.queue()
        self.assertIn("no connection", waiting["last_reply"])
        self.assertEqual(waiting["state"], "waiting")
        shown = self.near.command("queue", "show", str(waiting["id"]))
        self.assertIn("Connection refused", shown)
        self.far.start()
        self.near.command("queue", "retry", str(waiting["id"]))
        self.emptied()
        self.assertEqual(len(self.texts(self.far, "bob", "far.example")), 1)

    def test_what_is_held_stays_until_it_is_released(self):
        self.near.start()
        self.submit(["bob@far.example"])
        [waiting] = self.queue()
        number = str(waiting["id"])
        self.near.command("queue", "hold", number)
        harness.wait_until(lambda: self.queue()[0]["state"] == "held", "it to be held")
        self.far.start()
        self.near.command("queue", "release", number)
        self.emptied()
        self.submit(["bob@far.example"])
        self.emptied()
        self.assertEqual(len(self.texts(self.far, "bob", "far.example")), 2)

    def test_mail_for_later_waits_through_a_restart_and_can_be_cancelled(self):
        self.far.start()
        self.near.start()
        with self.near.submission() as peer:
            self.assertRegex(peer.esmtp_features["futurerelease"], r"^2592000 \d{4}-\d\d-\d\dT")
            self.assertIn("requiretls", peer.esmtp_features)
            for subject in ("cancelled", "later"):
                peer.mail(ANN, ["HOLDFOR=86400"])
                for to in (ANN, "bob@far.example"):
                    peer.rcpt(to)
                peer.data(harness.message(subject, sender=ANN, to=ANN))
        self.assertEqual(self.near.stop(), 0)
        self.near.start()
        waiting = self.queue()
        self.assertEqual([one["state"] for one in waiting], ["for later"] * 2)
        self.assertEqual(waiting[0]["held_until"], waiting[0]["created_at"] + 86400)
        self.assertEqual(self.texts(self.near, "ann", harness.DOMAIN), [])
        self.near.command("queue", "drop", str(waiting[0]["id"]))
        self.near.command("queue", "retry", str(waiting[1]["id"]))
        self.emptied()
        [here] = self.texts(self.near, "ann", harness.DOMAIN)
        [there] = self.texts(self.far, "bob", "far.example")
        for text in (here, there):
            self.assertIn(b"Subject: later", text)

    def test_a_frozen_account_sends_nothing_until_that_is_lifted(self):
        self.near.start()
        self.submit(["bob@far.example"])
        self.near.command("account", "freeze", ANN)
        self.assertEqual(self.queue()[0]["state"], "frozen")
        with self.assertRaises(smtplib.SMTPResponseException) as refused:
            self.submit(["bob@far.example"])
        self.assertEqual(refused.exception.smtp_code, 550)
        self.assertIn(b"sending is frozen for " + ANN.encode(), refused.exception.smtp_error)
        self.far.start()
        self.near.command("queue", "retry", str(self.queue()[0]["id"]))
        self.assertEqual(self.texts(self.near, "ann", harness.DOMAIN), [])  # it reads its mail
        self.assertEqual(len(self.queue()), 1)
        shown = json.loads(self.near.command("account", "show", ANN, "--json"))
        self.assertEqual((shown["sending"], shown["sent_messages"]), ("frozen", 1))
        self.near.command("account", "unfreeze", ANN)
        self.emptied()
        self.assertEqual(len(self.texts(self.far, "bob", "far.example")), 1)

    def test_limits_change_with_a_reload(self):
        self.far.start()
        self.near.start()
        self.submit(["bob@far.example"])
        self.near.settings["sending.messages_per_day"] = 1
        self.near.write_config()
        self.near.signal(signal.SIGHUP)
        harness.wait_until(lambda: "reload result=done" in self.near.log(), "the reload")
        with self.assertRaises(smtplib.SMTPResponseException) as refused:
            self.submit(["bob@far.example"])
        self.assertEqual(refused.exception.smtp_code, 450)
        self.assertIn(b"sending.messages_per_day", refused.exception.smtp_error)

    def test_after_kill_9_nothing_is_lost(self):
        self.far.start()
        for round_number in range(3):
            self.near.start()
            for number in range(10):
                self.submit(["bob@far.example"], subject=f"round {round_number} mail {number}")
            self.near.kill()
        # Leases of the dead end.
        self.near.start()
        for waiting in self.queue():
            self.near.command("queue", "retry", str(waiting["id"]), expect=None)
        harness.wait_until(lambda: all(one["state"] == "in delivery" for one in self.queue()),
                           "all that is nobody's to leave")
        found = b"\n".join(self.texts(self.far, "bob", "far.example"))
        left = [one["id"] for one in self.queue()]
        there = sum(f"Subject: round {r} mail {n}\r\n".encode() in found + b"\r\n"
                    for r in range(3) for n in range(10))
        self.assertGreaterEqual(there + len(left), 30)

    def test_a_stop_does_not_wait_for_a_resolver_that_is_silent(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind((self.near.address, 0))
            silent.settimeout(harness.PATIENCE)
            del self.near.settings["delivery.relay"]
            self.near.settings["delivery.resolver"] = f"{self.near.address}@{silent.getsockname()[1]}"
            self.near.write_config()
            self.near.start()
            self.submit(["bob@far.example"])
            silent.recv(4096)  # the question that gets no answer
            begun = time.monotonic()
            self.assertEqual(self.near.stop(), 0, self.near.log())
            self.assertLess(time.monotonic() - begun, 10)  # a question has 20 s
        [waiting] = self.queue()
        self.assertEqual(waiting["recipients"][0]["attempts"], 0)
        self.far.start()

    def test_a_domain_of_senders_has_a_relay_of_its_own_and_delivery_test_knows_it(self):
        own = harness.Server(settings={"hostname": "own.far.example"})
        self.addCleanup(own.remove)
        own.add_domain("far.example")
        own.add_account("bob", domain="far.example")
        own.start()
        self.far.start()
        self.near.settings["delivery.relay_of"] = f"second.test {own.address}:{own.smtp_port}"
        self.near.write_config()
        self.near.add_domain("second.test")
        self.near.command("alias", "add", "ann@second.test", ANN)
        self.near.start()
        for sender in (ANN, "ann@second.test"):
            with self.near.submission() as peer:
                harness.send_one(peer, sender, ["bob@far.example"],
                                 harness.message(f"of {sender}", sender=sender))
        self.emptied()
        for server, sender in ((self.far, ANN), (own, "ann@second.test")):
            [text] = self.texts(server, "bob", "far.example")
            self.assertIn(f"Subject: of {sender}".encode(), text)
        for sender, relay in ((ANN, self.far), ("ann@second.test", own)):
            said = json.loads(self.near.command("delivery", "test", "bob@far.example", "--from", sender,
                                                "--json"))
            self.assertTrue(said["good"], said)
            self.assertIn(f"[{relay.address}] port {relay.smtp_port}", str(said["steps"]))
        self.assertEqual(own.stop(), 0)

    def test_a_message_is_sent_to_another_address_too(self):
        self.far.start()
        self.near.start()
        self.near.deliver("ann", subject="for both")
        [found] = json.loads(self.near.command("trace", ANN, "--json"))["messages"]
        said = self.near.command("resend", found["id"].lower(), "Bob@far.example")
        self.emptied()
        [text] = self.texts(self.far, "bob", "far.example")
        for part in (b"Subject: for both", b"Resent-To: <bob@far.example>",
                     f"Resent-From: <postmaster@{harness.DOMAIN}>".encode(),
                     f"Return-Path: <postmaster@{harness.DOMAIN}>".encode()):
            self.assertIn(part, text)
        self.assertEqual(len(self.texts(self.near, "ann", harness.DOMAIN)), 1)
        life = self.near.command("trace", said.split()[-1])
        self.assertIn("Sent once more by an administrator", life)
        log = json.loads(self.near.command("audit", "list", "--json"))["entries"]
        entry = next(one for one in log if one["command"] == "resend")
        self.assertEqual(entry["after"], {"to": "Bob@far.example"})

    def test_a_message_that_waits_is_sent_to_another_address_too(self):
        self.near.start()
        self.submit(["bob@far.example"], subject="waits")
        [waiting] = self.queue()
        self.near.command("resend", str(waiting["id"]), ANN)
        [text] = [one for one in self.texts(self.near, "ann", harness.DOMAIN)]
        self.assertIn(b"Subject: waits", text)
        self.assertEqual(len(self.queue()), 1)
        refused = self.near.command("resend", str(waiting["id"]), f"nobody@{harness.DOMAIN}", expect=1)
        self.assertEqual(len(self.queue()), 1, refused)

    def test_without_resolver_and_relay_it_waits_and_the_log_says_so(self):
        del self.near.settings["delivery.relay"]
        self.near.write_config()
        self.near.start()
        self.submit(["bob@far.example"])
        self.assertEqual(len(self.queue()), 1)
        self.assertIn("send_off", self.near.settled_log())
        self.far.start()
