"""Mail read by IMAP, through imaplib and raw sockets."""

import imaplib
import re
import unittest

from e2e import harness


def text(data):
    """What imaplib returns as one string."""
    return b" ".join(b"".join(one) if isinstance(one, tuple) else one or b"" for one in data).decode()


class Imap(harness.ServerCase):
    def setUp(self):
        self.peer = self.server.imap()
        self.addCleanup(self.peer.shutdown)
        self.empty()
        self.empty(mailbox="Archive")

    def add(self, count=1, mailbox="INBOX", flags=""):
        for number in range(1, count + 1):
            octets = harness.message(subject=f"number {number}", body=f"text {number}\r\n")
            status, _ = self.peer.append(mailbox, flags, None, octets)
            self.assertEqual(status, "OK")

    def test_login_with_a_wrong_password_or_unknown_user_gets_the_same_answer(self):
        said = []
        for user, password in (("ann@example.test", "wrong-Wrong-77"),
                               ("nobody@example.test", "wrong-Wrong-77")):
            peer = imaplib.IMAP4_SSL(self.server.address, self.server.imaps_port,
                                     ssl_context=harness.tls_context(), timeout=harness.PATIENCE)
            with self.assertRaises(imaplib.IMAP4.error) as refused:
                peer.login(user, password)
            said.append(str(refused.exception))
            peer.shutdown()
        self.assertEqual(said[0], said[1])
        self.assertIn("AUTHENTICATIONFAILED", said[0])

    def test_starttls_and_authenticate_plain_with_initial_response(self):
        with self.server.raw(self.server.imap_port) as peer:
            peer.line()
            self.assertTrue(peer.ask("a STARTTLS", "a ")[-1].startswith("a OK"))
            peer.start_tls()
            capabilities = peer.ask("b CAPABILITY", "b ")[0].split()
            for word in ("IMAP4rev1", "LITERAL+", "SASL-IR", "AUTH=PLAIN"):
                self.assertIn(word, capabilities)
            self.assertNotIn("STARTTLS", capabilities)
            proof = harness.plain_initial_response("ann@example.test")
            self.assertTrue(peer.ask(f"c AUTHENTICATE PLAIN {proof}", "c ")[-1].startswith("c OK"))
            capabilities = peer.ask("d CAPABILITY", "d ")[0].split()
            for word in ("IDLE", "UIDPLUS", "MOVE", "SPECIAL-USE", "NAMESPACE", "UNSELECT", "ID",
                         "ENABLE", "CHILDREN"):
                self.assertIn(word, capabilities)

    def test_mail_to_a_name_in_utf8_comes_and_is_read(self):
        self.server.add_account("jürgen")
        name = "jürgen@example.test"
        octets = f"Subject: grüße\r\nFrom: jörg@elsewhere.test\r\nTo: {name}\r\n\r\nhallo\r\n"
        with self.server.smtp() as peer:
            peer.ehlo()
            peer.command_encoding = "utf-8"
            self.assertEqual(peer.docmd("MAIL FROM:<jörg@elsewhere.test> SMTPUTF8")[0], 250)
            self.assertEqual(peer.docmd(f"RCPT TO:<{name}>")[0], 250)
            self.assertEqual(peer.data(octets.encode())[0], 250)
        reader = imaplib.IMAP4_SSL(self.server.address, self.server.imaps_port,
                                   ssl_context=harness.tls_context(), timeout=harness.PATIENCE)
        self.addCleanup(reader.shutdown)
        reader.authenticate("PLAIN", lambda _: f"\0{name}\0{harness.PASSWORD}".encode())
        reader.enable("UTF8=ACCEPT")
        self.assertEqual(reader.create('"Entwürfe"')[0], "OK")
        self.assertIn('"Entwürfe"', text(reader.list('""', '"Ent*"')[1]))
        reader.select("INBOX")
        envelope = text(reader.fetch("1", "(ENVELOPE)")[1])
        self.assertIn('"jörg" "elsewhere.test"', envelope)
        self.assertIn('"jürgen" "example.test"', envelope)
        self.assertTrue(reader.fetch("1", "(BODY[])")[1][0][1].endswith(octets.encode()))

    def test_a04_what_was_sent_with_starttls_in_one_segment_is_not_run(self):
        with self.server.raw(self.server.imap_port) as peer:
            peer.line()
            peer.send(f"a STARTTLS\r\nb LOGIN ann@example.test {harness.PASSWORD}\r\n")
            self.assertTrue(peer.until("a ")[-1].startswith("a OK"))
            try:
                peer.start_tls()
                answer = peer.ask("c SELECT INBOX", "c ")
            except (OSError, EOFError):
                return  # closed instead: as good
            self.assertFalse(answer[-1].startswith("c OK"), answer)

    def test_the_special_folders_are_there_with_their_use(self):
        listed = text(self.peer.list()[1])
        for use in ("Drafts", "Sent", "Junk", "Trash", "Archive"):
            self.assertRegex(listed, rf"\\{use}\b")

    def test_a_mailbox_is_shared_read_and_taken_back(self):
        self.peer.create("Team")
        self.addCleanup(self.peer.delete, "Team")
        self.add(mailbox="Team")
        shared = "Shared/ann@example.test/Team"
        guest = self.server.imap(user="bob")
        self.addCleanup(guest.shutdown)
        self.assertEqual(guest.select(shared)[0], "NO")
        self.assertEqual(self.peer.setacl("Team", "bob@example.test", "lrs")[0], "OK")
        self.assertIn("bob@example.test lrs", text(self.peer.getacl("Team")[1]))
        self.assertIn(shared, text(guest.list()[1]))
        self.assertIn("lrs", text(guest.myrights(shared)[1]))
        self.assertEqual(guest.select(shared), ("OK", [b"1"]))
        self.assertIn("Seen", text(guest.fetch("1", "(BODY[] FLAGS)")[1]))
        self.assertEqual(guest.store("1", "+FLAGS", "(\\Deleted)")[0], "NO")
        guest.unselect()
        self.assertEqual(self.peer.deleteacl("Team", "bob@example.test")[0], "OK")
        self.assertEqual(guest.select(shared)[0], "NO")
        self.assertEqual(self.peer.getquotaroot("INBOX")[0], "OK")

    def test_fetch_gives_back_the_appended_octets_and_their_structure(self):
        octets = harness.message(subject="structure", body="first\r\nsecond\r\n")
        self.peer.append("INBOX", "(\\Flagged)", None, octets)
        self.assertEqual(self.peer.select()[1], [b"1"])
        _, data = self.peer.fetch("1", "(UID FLAGS RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[])")
        answer = text(data)
        self.assertIn(f"RFC822.SIZE {len(octets)}", answer)
        self.assertIn("\\Flagged", answer)
        self.assertIn('"structure"', answer)
        self.assertRegex(answer, r'(?i)BODYSTRUCTURE \("text" "plain" \("charset" "utf-8"\)')
        self.assertIn(octets, [part[1] for part in data if isinstance(part, tuple)])
        _, part = self.peer.fetch("1", "(BODY.PEEK[TEXT]<7.6>)")
        self.assertEqual(part[0][1], b"second")

    def test_reading_a_body_sets_seen_and_peek_does_not(self):
        self.add()
        self.peer.select()
        self.peer.fetch("1", "(BODY.PEEK[])")
        self.assertNotIn("\\Seen", text(self.peer.fetch("1", "(FLAGS)")[1]))
        self.peer.fetch("1", "(BODY[])")
        self.assertIn("\\Seen", text(self.peer.fetch("1", "(FLAGS)")[1]))

    def test_search_by_header_text_flag_and_uid(self):
        self.add(3)
        self.peer.select()
        self.peer.store("2", "+FLAGS", "(\\Answered)")
        for query, expected in (("ALL", b"1 2 3"), ('SUBJECT "number 2"', b"2"),
                                ('BODY "TEXT 3"', b"3"), ("ANSWERED", b"2"),
                                ("NOT ANSWERED", b"1 3"), ('OR SUBJECT "number 1" ANSWERED', b"1 2"),
                                ('FROM "nobody"', b""), ("SINCE 1-Jan-2020 LARGER 10", b"1 2 3")):
            with self.subTest(query):
                self.assertEqual(self.peer.search(None, query)[1][0], expected)

    def test_flags_and_keywords_are_added_removed_and_set(self):
        self.add()
        self.peer.select()
        for command, given, expected in (
                ("+FLAGS", "(\\Seen $Forwarded)", {"\\Seen", "$Forwarded"}),
                ("-FLAGS", "(\\Seen)", {"$Forwarded"}),
                ("FLAGS", "(\\Draft)", {"\\Draft"})):
            answer = text(self.peer.store("1", command, given)[1])
            flags = set(re.search(r"FLAGS \((.*?)\)", answer).group(1).split()) - {"\\Recent"}
            self.assertEqual(flags, expected)

    def test_copy_and_move_tell_the_new_uids(self):
        self.add(2)
        self.peer.select()
        self.assertEqual(self.peer.copy("1", "Archive")[0], "OK")
        self.assertRegex(text(self.peer.response("COPYUID")[1]), r"^\d+ \d+ \d+$")
        self.assertEqual(self.peer.uid("MOVE", "1:*", "Archive")[0], "OK")
        self.assertEqual(harness.subjects(self.peer, "Archive"), ["number 1", "number 1", "number 2"])
        self.assertEqual(self.peer.select()[1], [b"0"])

    def test_expunge_takes_only_what_is_marked_and_uids_are_not_used_again(self):
        self.add(3)
        self.peer.select()
        before = int(re.search(r"UID (\d+)", text(self.peer.fetch("3", "(UID)")[1])).group(1))
        self.peer.store("1,3", "+FLAGS.SILENT", "(\\Deleted)")
        # From the last to the first, or from the first on with the numbers closed up.
        self.assertIn(self.peer.expunge()[1], ([b"3", b"1"], [b"1", b"2"]))
        self.assertEqual(harness.subjects(self.peer), ["number 2"])
        self.add(1)
        self.peer.select()
        after = int(re.search(r"UID (\d+)", text(self.peer.fetch("2", "(UID)")[1])).group(1))
        self.assertGreater(after, before)

    def test_a_mailbox_is_created_renamed_and_deleted(self):
        self.assertEqual(self.peer.create("Projekte/2026")[0], "OK")
        self.assertEqual(self.peer.rename("Projekte/2026", "Projekte/2027")[0], "OK")
        self.assertIn("Projekte/2027", text(self.peer.list()[1]))
        self.assertEqual(self.peer.delete("Projekte/2027")[0], "OK")
        self.assertEqual(self.peer.select("Projekte/2027")[0], "NO")
        self.assertEqual(self.peer.delete("Projekte")[0], "OK")

    def test_idle_tells_of_new_mail_and_of_what_another_session_does(self):
        with self.server.raw(self.server.imaps_port, tls=True) as peer:
            harness.imap_login(peer)
            peer.ask("b SELECT INBOX", "b ")
            self.assertTrue(peer.ask("c IDLE", "+"))
            self.server.deliver("ann", subject="pushed")
            self.assertEqual(peer.until("* 1 EXISTS")[-1], "* 1 EXISTS")
            self.peer.select()
            self.peer.store("1", "+FLAGS", "(\\Flagged \\Deleted)")
            self.assertIn("\\Flagged", peer.until("* 1 FETCH")[-1])
            self.peer.expunge()
            peer.until("* 1 EXPUNGE")
            self.assertTrue(peer.ask("DONE", "c ")[-1].startswith("c OK"))

    def test_sequence_numbers_do_not_change_under_a_session_that_fetches(self):
        self.add(3)
        with self.server.raw(self.server.imaps_port, tls=True) as peer:
            harness.imap_login(peer)
            peer.ask("b SELECT INBOX", "b ")
            self.peer.select()
            self.peer.store("1", "+FLAGS.SILENT", "(\\Deleted)")
            self.peer.expunge()
            # RFC 9051 7.5.1: no EXPUNGE during FETCH; the old numbers still hold.
            fetched = peer.ask("c FETCH 2 (BODY.PEEK[HEADER.FIELDS (SUBJECT)])", "c ")
            self.assertIn("number 2", "\n".join(fetched))
            self.assertFalse([line for line in fetched if line.endswith("EXPUNGE")])
            self.assertIn("* 1 EXPUNGE", peer.ask("d NOOP", "d "))

    def test_a_non_synchronising_literal_needs_no_continuation(self):
        octets = harness.message(subject="literal").decode()
        with self.server.raw(self.server.imaps_port, tls=True) as peer:
            harness.imap_login(peer)
            answer = peer.ask(f"b APPEND INBOX {{{len(octets)}+}}\r\n{octets}", "b ")
            self.assertRegex(answer[-1], r"^b OK \[APPENDUID \d+ \d+\]")

    def test_commands_sent_in_one_segment_are_answered_in_order(self):
        with self.server.raw(self.server.imap_port) as peer:
            harness.imap_login(peer)
            peer.send("b SELECT INBOX\r\nc NOOP\r\nd FETCH 1:* (UID)\r\ne LOGOUT\r\n")
            lines = peer.rest().decode().splitlines()
        self.assertEqual([line[0] for line in lines if line[:1] in "abcde"], list("bcde"))


if __name__ == "__main__":
    unittest.main()
