"""Mail of people's programs on the real ports: who may send, from where, and what becomes of it."""

import re
import smtplib

from e2e import harness

ANN = f"ann@{harness.DOMAIN}"
BOB = f"bob@{harness.DOMAIN}"


class Submission(harness.ServerCase):
    @classmethod
    def prepare(cls):
        cls.server.command("alias", "add", f"info@{harness.DOMAIN}", ANN)
        cls.server.add_account("carl")
        cls.server.add_account("dora")

    def setUp(self):
        self.empty("bob")

    def in_bobs_inbox(self):
        """The octets of his messages, by an imaplib client."""
        peer = self.server.imap("bob")
        peer.select("INBOX", readonly=True)
        _, data = peer.uid("FETCH", "1:*", "(BODY.PEEK[])")
        peer.logout()
        return [part[1] for part in data if isinstance(part, tuple)]

    def test_both_ports_take_mail_after_a_login(self):
        for tls in (True, False):
            with self.server.submission(tls=tls) as peer:
                harness.send_one(peer, ANN, [BOB], harness.message(f"tls {tls}", sender=ANN))
        self.assertEqual(harness.subjects(self.server.imap("bob")), ["tls True", "tls False"])

    def in_sent(self, user="dora"):
        peer = self.server.imap(user)
        peer.select("Sent", readonly=True)
        _, data = peer.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")
        peer.logout()
        return [part for part in data if isinstance(part, tuple)]

    def test_one_copy_stands_in_sent_whoever_files_it(self):
        dora = f"dora@{harness.DOMAIN}"
        self.empty("dora", "Sent")
        octets = harness.message("twice?", sender=dora, Message_ID="<twice@client.test>")
        with self.server.submission("dora") as peer:
            harness.send_one(peer, dora, [BOB], octets)
        [(head, _)] = self.in_sent()
        self.assertIn(rb"\Seen", head)
        program = self.server.imap("dora")
        program.select("Sent")
        own = octets.replace(b"\r\n\r\n", b"\r\nBcc: eve@elsewhere.test\r\n\r\n", 1)
        kind, _ = program.append("Sent", r"(\Flagged)", None, own)
        self.assertEqual(kind, "OK")
        [(head, text)] = self.in_sent()
        self.assertRegex(head, rb"\\Flagged.*\\Seen|\\Seen.*\\Flagged")
        self.assertIn(b"Bcc: eve@", text)
        # The program's session hears of both.
        program.noop()
        self.assertEqual(program.response("EXPUNGE")[1], [b"1"])
        program.logout()

    def test_a_copy_in_sent_gives_way_to_nobody_elses_append(self):
        dora = f"dora@{harness.DOMAIN}"
        self.empty("dora", "Sent")
        octets = harness.message("mine", sender=dora, Message_ID="<mine@client.test>")
        with self.server.submission("dora") as peer:
            harness.send_one(peer, dora, [BOB], octets)
        owner = self.server.imap("dora")
        self.assertEqual(owner.setacl("Sent", BOB, "lrsi")[0], "OK")
        other = self.server.imap("bob")
        self.assertEqual(other.append(f"Shared/{dora}/Sent", None, None, octets)[0], "OK")
        self.assertEqual(len(self.in_sent()), 2)
        other.logout()
        owner.deleteacl("Sent", BOB)
        owner.logout()

    def test_an_account_that_files_nothing_has_nothing_in_sent(self):
        dora = f"dora@{harness.DOMAIN}"
        self.empty("dora", "Sent")
        self.server.command("account", "set", dora, "--file-sent", "off")
        try:
            with self.server.submission("dora") as peer:
                harness.send_one(peer, dora, [BOB], harness.message(sender=dora))
        finally:
            self.server.command("account", "set", dora, "--file-sent", "on")
        self.assertEqual(self.in_sent(), [])

    def test_what_is_for_here_arrives_and_what_is_for_elsewhere_waits(self):
        octets = harness.message("both", sender=ANN, Bcc="hidden@elsewhere.test")
        with self.server.submission() as peer:
            _, text = harness.send_one(
                peer, ANN, [BOB, "eve@elsewhere.test", "hidden@elsewhere.test"], octets)
        [here] = self.in_bobs_inbox()
        self.assertNotIn(b"hidden@", here)
        log = self.server.settled_log()
        stored = text.decode().split()[-1]
        self.assertRegex(log, rf'queue id={stored} rcpt="eve@elsewhere.test"')
        self.assertRegex(log, rf'queue id={stored} rcpt="hidden@elsewhere.test"')
        self.assertRegex(log, rf'message cid=\d+ proto=submission id={stored} user="{ANN}" ')

    def test_the_header_gets_what_it_lacks_and_no_trace_of_the_client(self):
        with self.server.submission() as peer:
            harness.send_one(peer, ANN, [BOB], b"Subject: bare\r\n\r\nbody\r\n")
        [here] = self.in_bobs_inbox()
        self.assertIn(f"\r\nFrom: {ANN}\r\n".encode(), here)
        self.assertRegex(here, rb"\r\nDate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000\r\n")
        self.assertRegex(here, rb"\r\nMessage-ID: <[^<>@]+@mail\.example\.test>\r\n")
        self.assertIn(b"Received: by mail.example.test with ESMTPSA (TLSv1.3", here)
        self.assertNotIn(self.server.address.encode(), here)
        self.assertNotIn(b"client.test", here)

    def test_nobody_sends_in_the_name_of_another(self):
        with self.server.submission() as peer:
            code, text = peer.mail(BOB)
            self.assertEqual(code, 553)
            self.assertIn(f"5.7.1 <{BOB}> is not an address of {ANN}; allowed are".encode(), text)
            with self.assertRaises(smtplib.SMTPResponseException) as refused:
                harness.send_one(peer, ANN, [BOB], harness.message(sender=f"Boss <{BOB}>"))
            self.assertEqual(refused.exception.smtp_code, 550)
            self.assertIn(f"<{BOB}> is not an address of {ANN}".encode(),
                          refused.exception.smtp_error)
            harness.send_one(peer, f"info@{harness.DOMAIN}", [BOB],
                             harness.message("alias", sender=f"info@{harness.DOMAIN}"))
        self.assertEqual(harness.subjects(self.server.imap("bob")), ["alias"])

    def test_without_a_login_nothing_goes_anywhere(self):
        with self.server.raw(self.server.submissions_port, tls=True) as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            self.assertEqual(peer.ask(f"MAIL FROM:<{ANN}>"), 530)
            self.assertEqual(peer.ask(f"RCPT TO:<{BOB}>"), 503)
            self.assertEqual(peer.ask("DATA"), 503)

    def test_outlooks_blank_before_the_sender_is_taken(self):
        with self.server.raw(self.server.submissions_port, tls=True) as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            self.assertEqual(peer.ask("AUTH PLAIN " + harness.plain_initial_response(ANN)), 235)
            self.assertEqual(peer.ask(f"MAIL FROM: <{ANN}>"), 250)
            self.assertEqual(peer.ask(f"RCPT TO: <{BOB}>"), 250)

    def test_a_wrong_password_is_in_the_log_and_ends_the_fifth_time(self):
        with self.server.raw(self.server.submissions_port, tls=True) as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            wrong = harness.plain_initial_response(ANN, "wrong-Wrong-77")
            for _ in range(5):
                self.assertEqual(peer.ask(f"AUTH PLAIN {wrong}"), 535)
            self.assertEqual(peer.rest(), b"")
        log = self.server.settled_log()
        self.assertRegex(log, rf'login_failed cid=\d+ proto=submission peer=[\d.]+ user="{ANN}" '
                              "reason=wrong_password")
        self.assertNotIn("wrong-Wrong-77", log)

    def test_an_account_that_is_locked_or_gets_another_password_loses_its_session(self):
        carl = f"carl@{harness.DOMAIN}"
        for change in (("account", "password", carl), ("account", "disable", carl)):
            with self.server.raw(self.server.submissions_port, tls=True) as peer:
                peer.reply()
                peer.ask("EHLO client.test")
                self.assertEqual(peer.ask("AUTH PLAIN " + harness.plain_initial_response(carl)), 235)
                peer.ask(f"MAIL FROM:<{carl}>")
                self.server.command(*change, stdin=harness.PASSWORD + "\n")
                self.assertEqual(peer.line(), "421 4.7.0 account has changed, log in again")
                self.assertEqual(peer.rest(), b"")

    def test_both_ports_say_what_they_can_do(self):
        with self.server.raw(self.server.submission_port) as peer:
            peer.reply()
            peer.send("EHLO client.test\r\n")
            _, plain = peer.reply()
            # Loopback may log in without TLS, as accounts.plain_login_on_loopback says.
            self.assertIn("AUTH PLAIN LOGIN", plain)
            self.assertIn("STARTTLS", plain)
            self.assertNotIn("BINARYMIME", plain)
            self.assertEqual(peer.ask("STARTTLS"), 220)
            peer.start_tls()
            peer.send("EHLO client.test\r\n")
            _, secure = peer.reply()
            self.assertIn("AUTH PLAIN LOGIN", secure)
            self.assertNotIn("STARTTLS", secure)
        with self.server.raw(self.server.smtp_port) as peer:
            peer.reply()
            peer.send("EHLO client.test\r\n")
            _, inbound = peer.reply()
            self.assertFalse([line for line in inbound if re.match("AUTH", line)])


class NoPlainLogin(harness.ServerCase):
    settings = {"accounts.plain_login_on_loopback": False}
    accounts = ("ann",)

    def test_a_password_comes_by_tls_alone(self):
        with self.server.raw(self.server.submission_port) as peer:
            peer.reply()
            peer.send("EHLO client.test\r\n")
            self.assertNotIn("AUTH PLAIN LOGIN", peer.reply()[1])
            self.assertEqual(peer.ask("AUTH PLAIN " + harness.plain_initial_response(ANN)), 538)
            self.assertEqual(peer.ask(f"MAIL FROM:<{ANN}>"), 530)
