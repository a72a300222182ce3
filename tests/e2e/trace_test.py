"""`hauspost trace` tells what became of mail, as somebody reads it who runs a company."""

import json
import re
import smtplib
import unittest

from e2e import harness

ANN = f"ann@{harness.DOMAIN}"


class Trace(unittest.TestCase):
    def setUp(self):
        # A relay that nobody listens at: what leaves fails for now.
        self.server = harness.Server(settings={
            "delivery.relay": f"127.0.0.1:{harness.free_port('127.0.0.1')}",
            "delivery.relay_verify": False,
        })
        self.addCleanup(self.server.remove)
        self.server.add_domain()
        self.server.add_account("ann")
        self.server.add_account("ben")
        self.server.command("alias", "add", f"sales@{harness.DOMAIN}", ANN)
        self.server.command("forward", "set", f"ben@{harness.DOMAIN}", "ben@far.example")
        self.server.start()

    def tearDown(self):
        self.assertEqual(self.server.stop(), 0, self.server.log())
        self.assertNotRegex(self.server.log(), harness.SANITIZER)
        self.server.check()

    def trace(self, *arguments):
        return json.loads(self.server.command("trace", *arguments, "--json"))["messages"]

    def life(self, message_id):
        return self.server.command("trace", message_id)

    def test_a_mail_in_has_the_id_that_its_sender_and_its_reader_see(self):
        _, reply = self.server.deliver("sales", subject="secret business",
                                       Message_ID="<made.by.hand@elsewhere.test>")
        said = re.search(rb"stored as ([0-9A-Z]{13})", reply).group(1).decode()
        [message] = self.trace(f"sales@{harness.DOMAIN}")
        self.assertEqual(message["id"], said)
        self.assertEqual(message["state"], "in mailbox")
        peer = self.server.imap()
        peer.select("INBOX")
        header = peer.fetch("1", "(BODY[HEADER])")[1][0][1].decode()
        self.assertIn(f"id {said}", header)
        life = self.life(said.lower())
        self.assertIn("Received from client.test [127.0.0.1]", life)
        self.assertIn(f"Put into the mailbox of {ANN}, through the alias sales@{harness.DOMAIN}", life)
        self.assertNotIn("secret business", life)
        [message] = self.trace("--message-id", "<made.by.hand@elsewhere.test>")
        self.assertEqual(message["id"], said)

    def test_a_refused_mail_is_found_by_the_address_that_was_mistyped(self):
        with self.assertRaises(smtplib.SMTPResponseException):
            self.server.deliver("amm")
        [message] = self.trace(f"amm@{harness.DOMAIN}")
        self.assertEqual(message["state"], "refused")
        self.assertIn("550", message["steps"][0]["reply"])
        shown = self.server.command("trace", f"@{harness.DOMAIN}")
        self.assertRegex(shown, rf"sender@elsewhere\.test +amm@{harness.DOMAIN} +refused")

    def test_a_forward_that_cannot_leave_says_why_and_when_again(self):
        _, reply = self.server.deliver("ben")
        said = re.search(rb"stored as (\w+)", reply).group(1).decode()
        harness.wait_until(lambda: "did not succeed" in self.life(said), "an attempt to fail")
        life = self.life(said)
        self.assertIn(f"Waits to be sent to ben@far.example, to where ben@{harness.DOMAIN} forwards", life)
        self.assertRegex(life, r"Attempt 1 to send to ben@far\.example did not succeed.*next attempt 20")
        [message] = self.trace("ben@far.example")
        self.assertIn("waiting", message["state"])

    def test_who_deleted_it_is_told_with_the_program(self):
        _, reply = self.server.deliver("ann")
        said = re.search(rb"stored as (\w+)", reply).group(1).decode()
        peer = self.server.imap()
        peer.xatom("ID", '("name" "Thunderbird" "version" "115\x1b[2J")')
        peer.select("INBOX")
        peer.store("1", "+FLAGS", r"(\Deleted)")
        peer.expunge()
        life = self.life(said)
        self.assertIn(f"Deleted from the mailbox INBOX by {ANN} with Thunderbird 115", life)
        self.assertNotIn("\x1b", life)
        self.assertEqual(self.trace("--account", ANN)[0]["steps"][0]["step"], "expunged")
        self.server.deliver("ann")
        with_pop3 = self.server.pop3()
        with_pop3.dele(1)
        with_pop3.quit()
        self.assertIn("(POP3)", self.server.command("trace", "--account", ANN))

    def test_a_submitted_mail_is_its_senders(self):
        with self.server.submission() as peer:
            harness.send_one(peer, ANN, ["bob@far.example"],
                             harness.message(sender=ANN, to="bob@far.example"))
        [message] = self.trace("--account", ANN)
        self.assertEqual(message["recipients"], ["bob@far.example"])
        self.assertIn(f"Sent by {ANN}", message["steps"][0]["text"])

    def test_lists_go_on_where_they_stopped_and_nothing_is_lost_at_the_end_of_a_run(self):
        for number in range(5):
            self.server.deliver("ann", subject=str(number))
        shown = self.server.command("trace", ANN, "--limit", "2")
        place = re.search(r"--after (\S+)", shown).group(1)
        rest = self.trace(ANN, "--after", place)
        self.assertEqual(len(rest), 3)
        with self.assertRaises(smtplib.SMTPResponseException):
            self.server.deliver("nobody")
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(len(self.trace(f"nobody@{harness.DOMAIN}")), 1)  # without a server
        self.assertEqual(len(self.trace()), 6)
        self.server.start()

    def test_switched_off_it_says_so(self):
        self.server.stop()
        self.server.settings["trace.keep_days"] = 0
        self.server.write_config()
        self.server.start()
        self.server.deliver("ann")
        self.assertIn("keep_days", self.server.command("trace", ANN, expect=None))

    def test_subjects_only_where_the_owner_wants_them(self):
        self.server.stop()
        self.server.settings["trace.subjects"] = True
        self.server.write_config()
        self.server.start()
        self.server.deliver("ann", subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=")
        self.assertEqual(self.trace(ANN)[0]["subject"], "Grüße")
