"""Mail in by SMTP, through smtplib and raw sockets, read back by IMAP."""

import smtplib
import unittest

from e2e import harness

MAX_MESSAGE_OCTETS = 100_000


def fetch_all(server, user):
    """Whole messages of an account's INBOX, in order."""
    peer = server.imap(user)
    peer.select(readonly=True)
    _, data = peer.uid("FETCH", "1:*", "(BODY.PEEK[])")
    peer.logout()
    return [part[1] for part in data if isinstance(part, tuple)]


def begin(peer, recipient="ann@example.test"):
    """Greeting to the 354 on a raw connection."""
    peer.reply()
    for line in ("EHLO client.test", "MAIL FROM:<a@elsewhere.test>", f"RCPT TO:<{recipient}>"):
        peer.ask(line)
    return peer.ask("DATA")


class Smtp(harness.ServerCase):
    settings = {"limits.message_size": MAX_MESSAGE_OCTETS}

    @classmethod
    def prepare(cls):
        cls.server.command("alias", "add", "office@example.test", "ann@example.test",
                           "bob@example.test")
        cls.server.add_account("rest")
        cls.server.add_domain("caught.test")
        cls.server.command("catchall", "set", "caught.test", "rest@example.test")

    def setUp(self):
        for user in ("ann", "bob", "rest"):
            self.empty(user)

    def test_a_message_to_an_account_is_in_its_inbox_when_250_comes(self):
        octets = harness.message(subject="plain")
        self.server.deliver("ann", octets)
        stored, = fetch_all(self.server, "ann")
        self.assertTrue(stored.endswith(octets), stored)
        for header in (b"Return-Path: <sender@elsewhere.test>\r\n", b"Delivered-To: ann@example.test"):
            self.assertIn(header, stored)
        self.assertRegex(stored, rb"(?s)Received: from client\.test \(.*?by mail\.example\.test")

    def test_an_alias_reaches_each_of_its_targets_once(self):
        self.server.deliver("office ann", subject="alias")
        self.assertEqual(harness.subjects(self.server.imap("ann")), ["alias"])
        self.assertEqual(harness.subjects(self.server.imap("bob")), ["alias"])

    def test_a_catch_all_takes_unknown_local_parts_and_keeps_the_envelope_recipient(self):
        with self.server.smtp() as peer:
            peer.ehlo()
            harness.send_one(peer, "a@elsewhere.test", ["nobody.knows@caught.test"],
                             harness.message(subject="caught"))
        stored, = fetch_all(self.server, "rest")
        self.assertIn(b"X-Original-To: nobody.knows@caught.test\r\n", stored)

    def test_addresses_are_matched_without_case(self):
        with self.server.smtp() as peer:
            peer.ehlo()
            harness.send_one(peer, "", ["ANN@Example.TEST"], harness.message(subject="case"))
        self.assertEqual(harness.subjects(self.server.imap("ann")), ["case"])

    def test_an_unknown_recipient_is_refused_at_rcpt(self):
        with self.server.smtp() as peer:
            peer.ehlo()
            peer.mail("a@elsewhere.test")
            code, text = peer.rcpt("nobody@example.test")
            self.assertEqual((code, text[:5]), (550, b"5.1.1"))
            self.assertEqual(peer.rcpt("ann@example.test")[0], 250)

    def test_a19_mail_for_other_domains_is_not_relayed(self):
        with self.server.smtp() as peer:
            peer.ehlo()
            peer.mail("a@elsewhere.test")
            for recipient in ("x@elsewhere.test", "x%elsewhere.test@outside.test",
                              '"x@elsewhere.test"@outside.test', "@example.test:x@elsewhere.test"):
                code, text = peer.docmd(f"RCPT TO:<{recipient}>")
                self.assertEqual((code, text[:5]), (550, b"5.7.1"), recipient)

    def test_a_message_at_the_size_limit_is_taken_and_one_octet_more_is_refused(self):
        head = b"Subject: size\r\n\r\n"
        filler = b"x" * 98 + b"\r\n"
        lines = (MAX_MESSAGE_OCTETS - len(head)) // len(filler)
        body = head + filler * lines
        body += b"y" * (MAX_MESSAGE_OCTETS - len(body) - 2) + b"\r\n"
        self.assertEqual(len(body), MAX_MESSAGE_OCTETS)
        with self.server.smtp() as peer:
            peer.ehlo()
            self.assertEqual(peer.esmtp_features["size"], str(MAX_MESSAGE_OCTETS))
            self.assertEqual(harness.send_one(peer, "", ["ann@example.test"], body)[0], 250)
            with self.assertRaises(smtplib.SMTPResponseException) as refused:
                harness.send_one(peer, "", ["ann@example.test"], body[:-2] + b"z\r\n")
            self.assertEqual(refused.exception.smtp_code, 552)
            self.assertEqual(peer.rset()[0], 250)

    def test_a_declared_size_over_the_limit_is_refused_at_mail(self):
        with self.server.smtp() as peer:
            peer.ehlo()
            self.assertEqual(peer.docmd(f"MAIL FROM:<> SIZE={MAX_MESSAGE_OCTETS}")[0], 250)
            peer.rset()
            self.assertEqual(peer.docmd(f"MAIL FROM:<> SIZE={MAX_MESSAGE_OCTETS + 1}")[0], 552)

    def test_starttls_then_a_message(self):
        with self.server.smtp() as peer:
            peer.starttls(context=harness.tls_context())
            peer.ehlo()
            self.assertNotIn("starttls", peer.esmtp_features)
            harness.send_one(peer, "", ["ann@example.test"], harness.message(subject="tls"))
        stored, = fetch_all(self.server, "ann")
        self.assertIn(b"with ESMTPS", stored)

    def test_a04_what_was_sent_with_starttls_in_one_segment_is_not_run_after_it(self):
        with self.server.raw(self.server.smtp_port) as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            peer.send("STARTTLS\r\nMAIL FROM:<injected@elsewhere.test>\r\n")
            code = peer.reply()[0]
            if code == 220:
                try:
                    peer.start_tls()
                except OSError:
                    return  # closed instead: as good
                # A state that begins afresh: no EHLO yet and no MAIL from before.
                self.assertEqual(peer.ask("RCPT TO:<ann@example.test>"), 503)

    def test_pipelined_commands_are_answered_in_order_in_few_segments(self):
        with self.server.raw(self.server.smtp_port) as peer:
            peer.reply()
            peer.send("EHLO client.test\r\n")
            self.assertIn("PIPELINING", peer.reply()[1])
            peer.send("MAIL FROM:<a@elsewhere.test>\r\nRCPT TO:<nobody@example.test>\r\n"
                      "RCPT TO:<ann@example.test>\r\nDATA\r\n")
            self.assertEqual([peer.reply()[0] for _ in range(4)], [250, 550, 250, 354])
            peer.send("Subject: piped\r\n\r\nhello\r\n.\r\nNOOP\r\nQUIT\r\n")
            self.assertEqual([peer.reply()[0] for _ in range(3)], [250, 250, 221])
        self.assertEqual(harness.subjects(self.server.imap("ann")), ["piped"])

    def test_a01_no_other_ending_than_crlf_dot_crlf_ends_the_data(self):
        for ending in (b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n",
                       b"\r\r\n.\r\r\n", b"\n\r.\n\r", b"\r\n\0.\r\n"):
            with self.subTest(ending), self.server.raw(self.server.smtp_port) as peer:
                self.assertEqual(begin(peer), 354)
                peer.send(b"Subject: smuggle\r\n\r\nhello" + ending +
                          b"MAIL FROM:<x@evil.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n"
                          b"Subject: second\r\n\r\nx\r\n.\r\nNOOP\r\n")
                first = peer.reply()[0]
                self.assertIn(first, (250, 550, 554))
                self.assertEqual(peer.reply()[0], 250)  # NOOP: one message, then in step again
        self.assertEqual(fetch_all(self.server, "bob"), [])

    def test_lines_that_begin_with_a_dot_come_through_unchanged(self):
        octets = b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n"
        self.server.deliver("ann", octets)
        self.assertTrue(fetch_all(self.server, "ann")[0].endswith(octets))

    def test_bdat_chunks_make_one_message(self):
        octets = b"Subject: chunks\r\n\r\n.\r\nbody\r\n"
        with self.server.raw(self.server.smtp_port) as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            peer.ask("MAIL FROM:<a@elsewhere.test>")
            peer.ask("RCPT TO:<ann@example.test>")
            peer.send(b"BDAT 10\r\n" + octets[:10])
            self.assertEqual(peer.reply()[0], 250)
            peer.send(b"BDAT %d\r\n" % (len(octets) - 10) + octets[10:] + b"BDAT 0 LAST\r\n")
            self.assertEqual([peer.reply()[0] for _ in range(2)], [250, 250])
        self.assertTrue(fetch_all(self.server, "ann")[0].endswith(octets))

    def test_smtputf8_addresses_and_headers_are_taken(self):
        octets = "Subject: grüße\r\nFrom: jörg@elsewhere.test\r\n\r\nhallo\r\n".encode()
        with self.server.smtp() as peer:
            peer.ehlo()
            peer.command_encoding = "utf-8"
            mail = "MAIL FROM:<jörg@elsewhere.test> SMTPUTF8 BODY=8BITMIME"
            self.assertEqual(peer.docmd(mail)[0], 250)
            self.assertEqual(peer.rcpt("ann@example.test")[0], 250)
            self.assertEqual(peer.data(octets)[0], 250)
        self.assertTrue(fetch_all(self.server, "ann")[0].endswith(octets))

    def test_a21_a_message_that_has_been_here_is_refused_as_a_loop(self):
        loop = b"Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n" * 101
        with self.assertRaises(smtplib.SMTPResponseException) as refused:
            self.server.deliver("ann", loop + b"Subject: loop\r\n\r\nx\r\n")
        self.assertEqual(refused.exception.smtp_code, 550)
        self.assertIn(b"5.4.6", refused.exception.smtp_error)

    def test_a18_http_on_the_smtp_port_is_hung_up_on(self):
        with self.server.raw(self.server.smtp_port) as peer:
            peer.reply()
            peer.send("POST / HTTP/1.1\r\nHost: x\r\n\r\nMAIL FROM:<>\r\n")
            self.assertNotIn(b"250", peer.rest())

    def test_one_client_that_says_nothing_does_not_keep_others_waiting(self):
        with self.server.raw(self.server.smtp_port):
            self.server.deliver("ann", subject="meanwhile")


class Room(harness.ServerCase):
    """Messages that are laid down before their commit, being large."""

    settings = {"limits.message_size": 1_000_000}

    def laid_down(self):
        """Octets on the disk for messages, whether something names them or not."""
        blobs = self.server.data_dir / "blobs"
        return sum(path.stat().st_blocks * 512 for path in blobs.rglob("*") if path.is_file())

    def test_what_is_refused_at_its_end_or_broken_off_leaves_no_octets(self):
        self.server.command("account", "add", "full@example.test", "--quota", "50 KiB",
                            stdin=harness.PASSWORD + "\n")
        large = "Subject: large\r\n\r\n" + "x\r\n" * 200_000 + ".\r\n"
        at_first = self.laid_down()
        # All are on their way when the first fills the account.
        peers = [self.server.raw(self.server.smtp_port) for _ in range(6)]
        for peer in peers:
            self.addCleanup(peer.close)
            self.assertEqual(begin(peer, "full@example.test"), 354)
        peers[0].send(large)
        self.assertEqual(peers[0].reply()[0], 250)
        before = self.laid_down()
        self.assertGreater(before, at_first)
        for peer in peers[1:]:
            peer.send(large)
            self.assertEqual(peer.reply()[0], 452)
        loop = "Received: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\r\n" * 101
        for headers, code in ((loop, 550), ("x\r\n" * 200_000, 552)):
            with self.server.raw(self.server.smtp_port) as peer:
                self.assertEqual(begin(peer), 354)
                peer.send(headers + large)
                self.assertEqual(peer.reply()[0], code)
        lost = self.server.log().count("proto=smtp reason=eof")
        for _ in range(5):
            with self.server.raw(self.server.smtp_port) as peer:
                self.assertEqual(begin(peer), 354)
                peer.send(large[:-3])
        harness.wait_until(lambda: self.server.log().count("proto=smtp reason=eof") >= lost + 5,
                           "the end of the sessions")
        harness.wait_until(lambda: self.laid_down() == before, "the room to come back")
        self.assertIn("the store is sound", self.server.check())
        self.assertEqual(fetch_all(self.server, "ann"), [])


if __name__ == "__main__":
    unittest.main()
