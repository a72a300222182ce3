"""POP3 over real sockets: poplib, TLS, STLS, one session at a time, restart."""

import poplib
import shutil
import socket
import ssl
import time
import unittest

from e2e import harness


def fetched(peer, number):
    """A message as octets with CRLF line ends, without the lines that delivery put in front."""
    octets = b"".join(line + b"\r\n" for line in peer.retr(number)[1])
    return octets[octets.index(b"From: "):]


def unique_ids(peer):
    return [line.split()[1] for line in peer.uidl()[1]]


class Pop3(harness.ServerCase):
    def setUp(self):
        self.empty()

    def test_a_delivered_message_is_listed_fetched_and_deleted(self):
        octets = harness.message(subject="by POP3", body="text\r\n.\r\n..dots\r\n" * 50)
        self.server.deliver("ann", octets)
        peer = self.server.pop3()
        count, size = peer.stat()
        self.assertEqual(count, 1)
        self.assertEqual(fetched(peer, 1), octets)
        self.assertEqual(sum(len(line) + 2 for line in peer.retr(1)[1]), size)
        self.assertEqual(peer.list()[1], [b"1 %d" % size])
        self.assertIn(b"Subject: by POP3", peer.top(1, 0)[1])
        peer.dele(1)
        peer.quit()
        self.assertEqual(harness.subjects(self.server.imap()), [])

    def test_without_quit_nothing_is_deleted(self):
        self.server.deliver("ann", subject="stays")
        peer = self.server.pop3()
        peer.retr(1)
        peer.dele(1)
        peer.close()
        imap = self.server.imap()
        self.assertEqual(harness.subjects(imap), ["stays"])
        harness.wait_until(lambda: imap.search(None, "SEEN")[1] == [b"1"], "\\Seen")

    def test_sizes_are_those_of_what_is_sent_whatever_was_appended(self):
        imap = self.server.imap()
        for octets in (b"A: b\r\n\r\nno end", b"A: b\n\nbare\n.\nnewlines", b"A: b",
                       b"A: b\r\n\r\n" + b"\n" * 200_000):
            imap.append("INBOX", "", None, octets)
        peer = self.server.pop3()
        for line in peer.list()[1]:
            number, size = map(int, line.split())
            self.assertEqual(sum(len(one) + 2 for one in peer.retr(number)[1]), size)

    def test_stls_and_its_certificate(self):
        peer = poplib.POP3(self.server.address, self.server.pop3_port, timeout=harness.PATIENCE)
        self.assertIn("STLS", peer.capa())
        peer.stls(harness.tls_context())
        self.assertNotIn("STLS", peer.capa())
        peer.user("ann@example.test")
        peer.pass_(harness.PASSWORD)
        self.assertEqual(peer.stat(), (0, 0))

    def test_c03_what_is_pipelined_behind_stls_in_the_clear_is_never_run(self):
        with self.server.raw(self.server.pop3_port) as peer:
            peer.line()
            peer.send("STLS\r\nCAPA\r\n")
            self.assertTrue(peer.line().startswith("+OK"))
            try:
                peer.start_tls()
                peer.send("NOOP\r\n")
                said = peer.line()
            except (ssl.SSLError, OSError, EOFError):
                return  # CAPA came later than STLS, and it is no ClientHello
            self.assertEqual(said, "-ERR not in this state")  # of NOOP

    def test_alpn_must_be_pop3(self):
        for names, works in ((["pop3"], True), (["imap"], False), (["http/1.1"], False)):
            context = harness.tls_context()
            context.set_alpn_protocols(names)
            with socket.create_connection((self.server.address, self.server.pop3s_port)) as plain:
                try:
                    with context.wrap_socket(plain) as peer:
                        self.assertTrue(works)
                        self.assertTrue(peer.recv(100).startswith(b"+OK"))
                except ssl.SSLError:
                    self.assertFalse(works)

    def test_one_session_at_a_time_and_it_gives_way_when_its_peer_is_gone(self):
        first = self.server.pop3()
        for tls in (True, False):  # whichever port he comes to
            with self.assertRaisesRegex(poplib.error_proto, "IN-USE"):
                self.server.pop3(tls=tls)
        first.noop()
        first.close()
        self.server.pop3().quit()
        for _ in range(50):  # free once QUIT is answered
            self.server.pop3().quit()

    def test_sasl_and_a_wrong_password(self):
        with self.server.raw(self.server.pop3s_port, tls=True) as peer:
            peer.line()
            peer.send(f"AUTH PLAIN {harness.plain_initial_response('ann@example.test')}\r\n")
            self.assertTrue(peer.line().startswith("+OK"))
        with self.assertRaisesRegex(poplib.error_proto, "AUTH"):
            self.server.pop3(password="wrong-Wrong-77")

    def test_a_pipeline_of_all_commands_is_answered_in_order(self):
        for number in range(100):
            self.server.deliver("ann", subject=f"number {number}")
        with self.server.raw(self.server.pop3s_port, tls=True) as peer:
            peer.line()
            peer.send(f"USER ann@example.test\r\nPASS {harness.PASSWORD}\r\n" +
                      "".join(f"RETR {n}\r\nDELE {n}\r\n" for n in range(1, 101)) + "QUIT\r\n")
            said = peer.rest()
        self.assertEqual(said.count(b"\r\n.\r\n"), 100)
        self.assertEqual([line for line in said.splitlines() if line.startswith(b"Subject: ")],
                         [b"Subject: number %d" % n for n in range(100)])
        self.assertTrue(said.endswith(b"+OK until next time\r\n"))
        self.assertEqual(harness.subjects(self.server.imap()), [])


class Restart(harness.ServerCase):
    def test_c02_unique_ids_stay_over_a_restart_and_a_move_and_marks_are_lost(self):
        for number in range(5):
            self.server.deliver("ann", subject=f"number {number}")
        peer = self.server.pop3()
        before = unique_ids(peer)
        self.assertEqual(len(set(before)), 5)
        peer.dele(1)
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.assertEqual(unique_ids(self.server.pop3()), before)
        self.server.kill()
        self.server.start()
        imap = self.server.imap()
        imap.select()
        imap.uid("MOVE", "1:5", "Archive")
        imap.select("Archive")
        imap.uid("MOVE", "1:*", "INBOX")
        self.assertEqual(unique_ids(self.server.pop3()), before)

    def test_a_reload_changes_limits_of_new_sessions(self):
        self.server.settings["pop3.max_bad_commands_before_login"] = 1
        self.server.write_config()
        before = self.server.log().count("reload result=done")
        self.server.signal(harness.signal.SIGHUP)
        harness.wait_until(lambda: self.server.log().count("reload result=done") > before, "reload")
        with self.server.raw(self.server.pop3_port) as peer:
            peer.line()
            peer.send("X\r\nX\r\nX\r\n")
            self.assertEqual(peer.rest().count(b"-ERR"), 2)

    def test_sessions_leave_lines_in_the_log(self):
        self.server.deliver("bob", subject="logged")
        peer = self.server.pop3("bob")
        peer.retr(1)
        peer.dele(1)
        peer.quit()
        harness.wait_until(
            lambda: "proto=pop3 reason=quit retr=1 dele=1" in self.server.log(), "the end line")
        self.assertRegex(self.server.log(),
                         'login cid=\\d+ proto=pop3 user="bob@example.test" tls=true messages=1')
        self.assertNotIn(harness.PASSWORD, self.server.log())


class Restore(harness.ServerCase):
    def test_c02_a_store_put_back_from_a_copy_gives_no_unique_id_again(self):
        copy = self.server.folder / "copy"
        self.assertEqual(self.server.stop(), 0)
        shutil.copytree(self.server.data_dir, copy, ignore=shutil.ignore_patterns("index"))
        self.server.start()
        started = int(time.time())
        for number in range(3):
            self.server.deliver("ann", subject=f"after the copy {number}")
        peer = self.server.pop3()
        lost = unique_ids(peer)
        peer.quit()
        self.assertEqual(self.server.stop(), 0)
        shutil.rmtree(self.server.data_dir)
        copy.rename(self.server.data_dir)
        # Ids grow with the clock's seconds.
        harness.wait_until(lambda: int(time.time()) > started, "the next second")
        self.server.start()
        for number in range(3):
            self.server.deliver("ann", subject=f"after the restore {number}")
        peer = self.server.pop3()
        self.assertEqual(len(set(unique_ids(peer)[-3:]) | set(lost[-3:])), 6)
        self.assertEqual(set(unique_ids(peer)[-3:]) & set(lost), set())
        peer.quit()


class Takeover(harness.ServerCase):
    settings = {"pop3.takeover_silence": "1s"}

    def next_login(self, user):
        def log_in():
            try:
                return self.server.pop3(user)
            except poplib.error_proto as refusal:
                self.assertIn("IN-USE", str(refusal))
                return None
        return harness.wait_until(log_in, "the maildrop")

    def begin(self, user):
        peer = self.server.raw(self.server.pop3_port)
        self.addCleanup(peer.close)
        peer.line()
        for line in (f"USER {user}@example.test", f"PASS {harness.PASSWORD}", "NOOP"):
            peer.send(line + "\r\n")
            self.assertTrue(peer.line().startswith("+OK"))
        return peer

    def test_a_session_that_is_silent_gives_way_and_nothing_is_deleted(self):
        self.server.deliver("ann", subject="stays")
        first = self.begin("ann")
        first.send("DELE 1\r\n")
        first.line()
        self.assertEqual(self.next_login("ann").stat()[0], 1)
        self.assertEqual(first.rest(), b"")

    def test_b11_a_session_that_does_not_read_its_mail_gives_way(self):
        self.server.deliver("bob", body="text\r\n" * 1_000_000)
        first = self.begin("bob")
        first.send("RETR 1\r\n" * 20)
        self.next_login("bob").quit()
        harness.wait_until(lambda: "reason=taken_over retr=" in self.server.log(), "its end")


if __name__ == "__main__":
    unittest.main()
