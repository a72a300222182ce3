"""What known clients do that a reading of the standards does not foresee, one test each."""

import base64
import re
import socket
import unittest

from e2e import harness


class SmtpQuirks(harness.ServerCase):
    accounts = ("ann",)

    def test_outlook_365_sends_a_space_before_the_path_of_mail_and_rcpt(self):
        self.empty()
        with self.server.raw(self.server.smtp_port) as peer:
            peer.reply()
            peer.ask("EHLO outlook.test")
            self.assertEqual(peer.ask("MAIL FROM: <sender@elsewhere.test> SIZE=1000"), 250)
            self.assertEqual(peer.ask("RCPT TO: <ann@example.test>"), 250)
            self.assertEqual(peer.ask("DATA"), 354)
            self.assertEqual(peer.ask("Subject: spaced\r\n\r\ntext\r\n."), 250)
        self.assertEqual(harness.subjects(self.server.imap()), ["spaced"])

    def test_outlook_for_macos_names_the_host_with_a_dot_at_its_end_in_sni(self):
        for name in ("mail.example.test.", "mail.example.test", "unknown.test", None):
            for port in (self.server.imaps_port, self.server.smtp_port):
                smtp = port == self.server.smtp_port
                with self.subTest(name=name, port=port), \
                        socket.create_connection((self.server.address, port), timeout=30) as plain:
                    if smtp:
                        plain.makefile("rb").readline()
                        plain.sendall(b"STARTTLS\r\n")
                        self.assertTrue(plain.recv(100).startswith(b"220"))
                    peer = harness.tls_context().wrap_socket(plain, server_hostname=name)
                    peer.sendall(b"NOOP\r\n" if smtp else b"a NOOP\r\n")
                    said = peer.makefile("rb").readline()
                    self.assertTrue(said.startswith(b"250" if smtp else b"* OK"), said)
                    peer.close()


class ImapQuirks(harness.ServerCase):
    accounts = ("ann",)

    def setUp(self):
        self.empty()
        self.empty(mailbox="Archive")
        self.other = self.server.imap()
        self.addCleanup(self.other.logout)

    def login(self, select="INBOX"):
        """A raw connection; `select` is opened."""
        peer = self.server.raw(self.server.imaps_port, tls=True)
        self.addCleanup(peer.close)
        harness.imap_login(peer)
        if select:
            self.assertTrue(peer.ask(f"s SELECT {select}", "s ")[-1].startswith("s OK"))
        return peer

    def add(self, count=1, octets=None, mailbox="INBOX"):
        for number in range(1, count + 1):
            self.other.append(mailbox, "", None,
                              octets or harness.message(subject=f"number {number}"))

    def ok(self, answer):
        self.assertRegex(answer[-1], r"^\w+ OK")
        return answer

    # --- order and pipelining ------------------------------------------------------------------

    def test_ios_18_sends_done_and_the_next_commands_in_one_segment(self):
        peer = self.login()
        peer.ask("a IDLE", "+")
        self.add()
        peer.until("* 1 EXISTS")
        peer.send("DONE\r\nb UID FETCH 1:* (FLAGS)\r\nc STATUS Archive (MESSAGES)\r\nd IDLE\r\n")
        lines = peer.until("+ ")
        tagged = [line for line in lines if line[:1] in "abcd"]
        self.assertEqual([line[:4] for line in tagged], ["a OK", "b OK", "c OK"])
        self.assertTrue([line for line in lines if line.startswith("* 1 FETCH")], lines)
        peer.send("DONE\r\ne NOOP\r\n")
        self.assertEqual([line[:4] for line in peer.until("e ") if line[:1] in "de"],
                         ["d OK", "e OK"])

    def test_ios_18_sends_select_idle_done_and_more_before_it_reads_anything(self):
        self.add(2)
        peer = self.login(select=None)
        peer.send("a SELECT INBOX\r\nb IDLE\r\nDONE\r\nc SEARCH ALL\r\n"
                  "d IDLE\r\nDONE\r\ne LOGOUT\r\n")
        lines = peer.rest().decode().splitlines()
        self.assertEqual([line[:4] for line in lines if line[:1] in "abcde"],
                         ["a OK", "b OK", "c OK", "d OK", "e OK"])
        self.assertIn("* SEARCH 1 2", lines)

    def test_outlook_idles_before_it_has_selected_a_mailbox(self):
        peer = self.login(select=None)
        self.assertTrue(peer.ask("a IDLE", "+"))
        self.add()
        self.ok(peer.ask("DONE", "a "))
        self.assertIn("* 1 EXISTS", self.ok(peer.ask("b SELECT INBOX", "b ")))

    def test_apple_mail_gets_tagged_replies_in_the_order_of_its_commands(self):
        self.add(30, harness.message(body="needle in hay\r\n" * 2000))
        peer = self.login()
        commands = ["SEARCH BODY needle", "NOOP", "FETCH 1:* (BODY.PEEK[TEXT])", "CHECK",
                    "STORE 1:* +FLAGS (\\Seen)", "STATUS Archive (MESSAGES)", "COPY 1:* Archive",
                    "SEARCH TEXT absent", "CAPABILITY", "FETCH 1 (FLAGS)", "NOOP"] * 4
        peer.send("".join(f"T{number:03} {command}\r\n" for number, command in enumerate(commands)))
        lines = peer.until(f"T{len(commands) - 1:03} ")
        tagged = [line for line in lines if re.match(r"T\d{3} ", line)]
        self.assertEqual([line[:7] for line in tagged],
                         [f"T{number:03} OK" for number in range(len(commands))])

    # --- what clients send ---------------------------------------------------------------------

    def test_empty_lines_between_commands_do_not_end_the_connection(self):
        peer = self.login(select=None)
        peer.send("\r\n\r\na NOOP\r\n")
        lines = peer.until("a ")
        self.assertTrue(lines[-1].startswith("a OK"), lines)
        self.assertFalse([line for line in lines if line.startswith("* BYE")])

    def test_a_command_line_of_64_kilobytes_with_a_long_set_of_uids_is_taken(self):
        self.add(3)
        peer = self.login()
        sets = ",".join(str(uid) for uid in range(1, 40_000, 3))
        command = f"a UID FETCH {sets[:65_000].rpartition(',')[0]} (UID)"
        self.assertGreater(len(command), 64_900)
        self.ok(peer.ask(command, "a "))

    def test_a_select_with_64_kilobytes_of_known_uids_is_resynchronised(self):
        self.add(3)
        peer = self.login(select=None)
        self.ok(peer.ask("a ENABLE QRESYNC", "a "))
        opened = "\n".join(self.ok(peer.ask("b SELECT INBOX", "b ")))
        validity = re.search(r"UIDVALIDITY (\d+)", opened).group(1)
        modseq = int(re.search(r"HIGHESTMODSEQ (\d+)", opened).group(1))
        uids = sorted(harness.state(self.other)[1])
        self.other.select()
        self.other.uid("STORE", str(uids[1]), "+FLAGS", "(\\Deleted)")
        self.other.expunge()
        # Known are the three of INBOX, and thousands that are not there any more.
        known = f"{uids[0]}:{uids[2]}," + ",".join(str(uid) for uid in range(1000, 40_000, 3))
        known = known[:65_000].rpartition(",")[0]
        self.ok(peer.ask("c UNSELECT", "c "))
        lines = self.ok(peer.ask(
            f"d SELECT INBOX (QRESYNC ({validity} {modseq} {known}))", "d "))
        self.assertIn(f"* VANISHED (EARLIER) {uids[1]}", lines)

    def test_inbox_is_found_in_any_case_and_under_no_other_name(self):
        self.add()
        peer = self.login(select=None)
        for name in ("inbox", "InBoX", '"iNBOX"', "{5+}\r\ninbox"):
            with self.subTest(name):
                self.assertIn("* 1 EXISTS", self.ok(peer.ask(f"a SELECT {name}", "a ")))
                self.ok(peer.ask(f"b STATUS {name} (MESSAGES)", "b "))
        listed = self.ok(peer.ask('c LIST "" inbox', "c "))
        self.assertRegex(listed[0], r'^\* LIST \(.*\) "/" "?INBOX"?$')
        self.assertEqual(len(listed), 2)
        self.assertRegex(peer.ask("d CREATE Inbox", "d ")[-1], "^d NO")

    def test_names_with_ampersand_and_emoji_keep_their_form(self):
        peer = self.login(select=None)
        for name in ("R&-D", "&2D3eAA-", "Gr&APwA3w-e", "&ZeVnLIqe-/&U,BTFw-"):
            with self.subTest(name):
                self.ok(peer.ask(f'a CREATE "{name}"', "a "))
                listed = self.ok(peer.ask(f'b LIST "" "{name}"', "b "))
                self.assertRegex(listed[0], f'"?{re.escape(name)}"?$')
                self.ok(peer.ask(f'c SELECT "{name}"', "c "))
                self.ok(peer.ask("d CLOSE", "d "))
                self.ok(peer.ask(f'e DELETE "{name}"', "e "))

    def test_names_that_are_no_modified_utf_7_are_refused_and_the_connection_stays(self):
        peer = self.login(select=None)
        # A bare &, ASCII in base64, no end, half a surrogate pair.
        for name in ("R&D", "&", "&AGE-", "a&ZeVnLIqe", "&2D0-"):
            with self.subTest(name):
                self.assertRegex(peer.ask(f'a CREATE "{name}"', "a ")[-1], "^a (NO|BAD)")
        self.ok(peer.ask("b NOOP", "b "))

    def test_thunderbird_sends_raw_octets_above_127_in_quoted_strings(self):
        subject = "Grüße".encode()
        self.add(octets=b"Subject: " + subject + b"\r\n\r\ntext\r\n")
        peer = self.login()
        found = self.ok(peer.ask('a UID SEARCH CHARSET UTF-8 SUBJECT "GRÜße"', "a "))
        self.assertTrue([line for line in found if re.match(r"\* SEARCH \d", line)], found)
        # Without a charset, and not UTF-8 at all: an answer, and the connection goes on.
        for octets in ('b UID SEARCH SUBJECT "grüße"\r\n'.encode(),
                       b'b UID SEARCH SUBJECT "gr\xfc\xdfe"\r\n', b'b SELECT "Gr\xfc\xdfe"\r\n',
                       'b STATUS "Größe" (MESSAGES)\r\n'.encode()):
            with self.subTest(octets):
                peer.send(octets)
                self.assertRegex(peer.until("b ")[-1], "^b (OK|NO|BAD)")
        self.ok(peer.ask("c NOOP", "c "))

    def test_outlook_asks_for_authenticate_login_with_and_without_initial_response(self):
        user, password = (base64.b64encode(text.encode()).decode()
                          for text in ("ann@example.test", harness.PASSWORD))
        for initial in (False, True):
            with self.subTest(initial=initial), \
                    self.server.raw(self.server.imaps_port, tls=True) as peer:
                self.assertIn("AUTH=LOGIN", peer.line())
                line = peer.ask("a AUTHENTICATE LOGIN" + (f" {user}" if initial else ""), "+")[-1]
                if not initial:
                    # Outlook takes no empty challenge.
                    self.assertEqual(base64.b64decode(line[2:]), b"Username:")
                    line = peer.ask(user, "+")[-1]
                self.assertEqual(base64.b64decode(line[2:]), b"Password:")
                self.ok(peer.ask(password, "a "))

    def test_outlook_2013_finds_the_use_of_folders_in_lsub(self):
        listed = self.ok(self.login(select=None).ask('a LSUB "" "*"', "a "))
        for use in ("Archive", "Drafts", "Junk", "Sent", "Trash"):
            self.assertRegex("\n".join(listed), rf'(?m)^\* LSUB \(.*\\{use}.*\) "/" {use}$')

    # --- what clients must get -----------------------------------------------------------------

    def test_envelope_and_bodystructure_are_ascii_whatever_the_message_holds(self):
        raw = ("Subject: Grüße\r\nFrom: Jörg <joerg@bücher.test>\r\nTo: ann@example.test\r\n"
               "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
               "Content-Type: text/plain; name=\"Größe.txt\"\r\nContent-Description: Maß\r\n"
               "Content-Disposition: attachment; filename=\"日本.txt\"\r\n\r\ntext\r\n--b--\r\n")
        for octets in (raw.encode(), raw.replace("日本", "Maß").encode("latin-1")):
            self.empty()
            self.add(octets=octets)
            peer = self.login()
            peer.send("a FETCH 1 (ENVELOPE BODYSTRUCTURE BODY)\r\n")
            lines = []
            while not lines or not lines[-1].startswith(b"a "):
                lines.append(peer.file.readline())
            self.assertRegex(lines[-1], b"^a OK")
            self.assertEqual([octet for line in lines for octet in line if octet > 127], [])

    def test_new_outlook_reads_an_esearch_only_with_its_tag_in_quotes(self):
        self.add(2)
        peer = self.login()
        for command in ("SEARCH RETURN (ALL)", "UID SEARCH RETURN (MIN MAX COUNT ALL)"):
            answer = self.ok(peer.ask(f"fx2z {command} ALL", "fx2z "))
            self.assertRegex(answer[0], r'^\* ESEARCH \(TAG "fx2z"\) ')

    def test_copying_and_moving_a_mail_that_is_there_already_is_no_error(self):
        self.add()
        peer = self.login()
        told = [self.ok(peer.ask("a COPY 1 Archive", "a "))[-1] for _ in range(2)]
        uids = [re.search(r"\[COPYUID \d+ \d+ (\d+)\]", one).group(1) for one in told]
        self.assertNotEqual(*uids)
        moved = self.ok(peer.ask("b MOVE 1 Archive", "b "))
        self.assertTrue([line for line in moved if "COPYUID" in line], moved)
        self.assertEqual(harness.subjects(self.other, "Archive"), ["number 1"] * 3)
        # Into the mailbox that it is in: a new UID, and the old one goes.
        self.add()
        self.ok(peer.ask("c NOOP", "c "))
        moved = self.ok(peer.ask("d MOVE 1 INBOX", "d "))
        self.assertTrue([line for line in moved if "COPYUID" in line], moved)
        self.assertEqual(harness.subjects(self.other), ["number 1"])

    def test_fetch_from_the_next_uid_on_sees_what_another_session_just_moved_in(self):
        self.add(1, mailbox="Archive")
        peer = self.login(select=None)
        opened = self.ok(peer.ask("a SELECT INBOX", "a "))
        uid_next = re.search(r"UIDNEXT (\d+)", "\n".join(opened)).group(1)
        self.other.select("Archive")
        self.other.uid("MOVE", "1:*", "INBOX")
        # RFC 9051 5.2: new messages may be told of with any command; at the latest with the next.
        lines = self.ok(peer.ask(f"b UID FETCH {uid_next}:* (FLAGS)", "b "))
        self.assertIn("* 1 EXISTS", lines)
        lines += self.ok(peer.ask(f"c UID FETCH {uid_next}:* (FLAGS)", "c "))
        self.assertTrue([line for line in lines
                         if re.match(rf"\* 1 FETCH \(.*UID {uid_next}\b", line)], lines)

    def test_fetch_from_the_next_uid_on_gives_the_last_message_when_nothing_is_new(self):
        # RFC 9051 9: "*" is the highest number in use, also where the other end is above it.
        self.add(2)
        peer = self.login()
        lines = self.ok(peer.ask("a UID FETCH 99999:* (FLAGS)", "a "))
        self.assertEqual(len([line for line in lines if line.startswith("* 2 FETCH")]), 1)


if __name__ == "__main__":
    unittest.main()
