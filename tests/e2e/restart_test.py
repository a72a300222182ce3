"""I12, E06: signals, restart, and the command line beside a running server."""

import imaplib
import os
import re
import signal
import smtplib
import socket
import ssl
import stat
import subprocess
import unittest

from e2e import harness


class Restart(harness.ServerCase):
    def setUp(self):
        if self.server.process is None:
            self.server.start()
        self.empty()

    def restart(self):
        self.assertEqual(self.server.stop(), 0)
        self.server.start()

    def test_mail_flags_and_uid_validity_are_the_same_after_a_restart(self):
        self.server.deliver("ann", subject="kept")

        def view():
            peer = self.server.imap()
            peer.select()
            answer = peer.fetch("1", "(UID FLAGS)")[1] + peer.response("UIDVALIDITY")[1]
            peer.logout()
            return answer
        peer = self.server.imap()
        peer.select()
        peer.store("1", "+FLAGS", "(\\Flagged kept-keyword)")
        peer.logout()
        before = view()
        self.restart()
        self.assertEqual(view(), before)
        self.assertEqual(harness.subjects(self.server.imap()), ["kept"])

    def test_sigterm_says_goodbye_to_idle_sessions_and_lets_data_finish(self):
        idle = self.server.raw(self.server.imaps_port, tls=True)
        harness.imap_login(idle)
        sender = self.server.raw(self.server.smtp_port)
        sender.reply()
        for line in ("EHLO client.test", "MAIL FROM:<>", "RCPT TO:<ann@example.test>", "DATA"):
            sender.ask(line)
        sender.send("Subject: in flight\r\n\r\nhalf")
        self.server.signal(signal.SIGTERM)
        self.assertIn(b"* BYE", idle.rest())
        sender.send(" whole\r\n.\r\n")
        self.assertEqual(sender.reply()[0], 250)
        with self.assertRaises((EOFError, ConnectionError, AssertionError)):
            self.assertNotEqual(sender.ask("NOOP"), 421)
        idle.close()
        sender.close()
        self.assertEqual(self.server.process.wait(harness.PATIENCE), 0)
        self.server.process = None
        self.server.start()
        self.assertEqual(harness.subjects(self.server.imap()), ["in flight"])

    def test_sighup_brings_a_new_certificate_and_keeps_sessions(self):
        certificate, key = harness.make_certificate(self.server.folder, "new.example.test")
        before = self.server.imap()
        self.server.settings |= {"tls.certificate": certificate, "tls.private_key": key}
        self.server.write_config()
        self.server.signal(signal.SIGHUP)
        context = ssl.create_default_context(cafile=certificate)

        def verified():
            try:
                with socket.create_connection((self.server.address, self.server.imaps_port)) as plain:
                    with context.wrap_socket(plain, server_hostname="new.example.test"):
                        return True
            except ssl.SSLError:
                return False
        harness.wait_until(verified, "the new certificate")
        self.assertEqual(before.noop()[0], "OK")

    def test_sighup_brings_a_new_size_limit(self):
        self.server.settings["limits.message_size"] = 12345
        self.server.write_config()
        self.server.signal(signal.SIGHUP)

        def told():
            with self.server.smtp() as peer:
                peer.ehlo()
                return peer.esmtp_features["size"] == "12345"
        harness.wait_until(told, "SIZE 12345")

    def reload(self):
        """SIGHUP; the log's lines from then on, the one with the result last."""
        seen = len(self.server.log())
        self.server.signal(signal.SIGHUP)

        def told():
            text = self.server.log()[seen:]
            return text if re.search(r" reload result=\S+.*\n", text) else None
        return harness.wait_until(told, "the result of the reload")

    def size_limit(self):
        with self.server.smtp() as peer:
            peer.ehlo()
            return peer.esmtp_features["size"]

    def shown_certificate(self):
        with socket.create_connection((self.server.address, self.server.imaps_port)) as plain:
            with harness.tls_context().wrap_socket(plain) as peer:
                return peer.getpeercert(True)

    def test_sighup_with_a_broken_file_changes_nothing(self):
        self.addCleanup(self.server.write_config)
        before = self.size_limit()
        good = self.server.settings | {"limits.message_size": 23456}
        for wrong in ({"limits.no_such_item": 1}, {"smtp.max_command_octets": 1}, {"listen.smtp": "x"}):
            self.server.write_config(good | wrong)
            self.assertIn("result=refused", self.reload())
            self.assertEqual(self.size_limit(), before)
        self.server.write_config(good)
        with open(self.server.config, "a", encoding="utf-8") as file:
            file.write("no such [[ item\n")
        self.assertIn("result=refused", self.reload())
        self.assertEqual(self.size_limit(), before)
        self.server.config.write_bytes(os.urandom(100_000))
        self.assertIn("result=refused", self.reload())
        if os.geteuid() != 0:  # root reads all
            self.server.config.chmod(0)
            self.assertIn("result=refused", self.reload())
        self.server.config.unlink()
        self.assertIn("result=refused", self.reload())
        self.server.config.mkdir()
        self.assertIn("result=refused", self.reload())
        self.server.config.rmdir()
        os.mkfifo(self.server.config)
        self.assertIn("result=refused", self.reload())
        self.server.config.unlink()
        self.assertEqual(self.size_limit(), before)
        self.server.deliver("ann", subject="still there")

    def open_files(self):
        return len(os.listdir(f"/proc/{self.server.process.pid}/fd"))

    def test_a_storm_of_sighups_harms_nobody_and_the_last_file_counts(self):
        self.addCleanup(self.reload)
        self.addCleanup(self.server.write_config)
        target = self.server.folder / "storm.log"
        self.server.write_config(self.server.settings | {"log.target": target})
        self.server.signal(signal.SIGHUP)
        harness.wait_until(lambda: target.exists() and "result=done" in target.read_text(), "a log")
        session = self.server.imap()
        before = self.open_files()
        broken = b"no such [[ item\n"
        for number in range(300):
            if number % 3 == 0:
                self.server.config.write_bytes(broken)
            else:
                self.server.write_config(self.server.settings | {
                    "log.target": target, "limits.message_size": 50_000 + number})
            self.server.signal(signal.SIGHUP)
            if number % 30 == 0:
                self.server.deliver("ann", subject=f"storm {number}")
        harness.wait_until(lambda: self.size_limit() == "50299", "the last file")
        self.assertEqual(session.noop()[0], "OK")
        self.assertEqual(len(harness.subjects(session)), 10)
        harness.wait_until(lambda: self.open_files() == before, "as many open files as before")
        session.logout()

    def test_a_second_sigterm_ends_at_once_and_what_was_answered_is_there(self):
        self.server.deliver("ann", subject="answered")
        sender = self.server.raw(self.server.smtp_port)
        self.addCleanup(sender.close)
        sender.reply()
        for line in ("EHLO client.test", "MAIL FROM:<>", "RCPT TO:<ann@example.test>", "DATA"):
            sender.ask(line)
        sender.send("Subject: in flight\r\n\r\n" + "half\r\n" * 50_000)
        seen = len(self.server.log())
        self.server.signal(signal.SIGTERM)
        harness.wait_until(lambda: " drain sessions=" in self.server.log()[seen:], "the drain")
        # A reload does not end the wait for who is in the middle of a message.
        self.assertIn("result=done", self.reload())
        self.assertIsNone(self.server.process.poll())
        self.server.signal(signal.SIGTERM)
        self.assertEqual(self.server.process.wait(harness.PATIENCE), 1)
        self.server.process = None
        self.assertIn("stop_at_once reason=second_signal", self.server.log()[seen:])
        self.assertIn("the store is sound", self.server.check())
        self.server.start()
        self.assertEqual(harness.subjects(self.server.imap()), ["answered"])

    def test_sighup_names_what_changed_and_what_waits_for_a_restart(self):
        self.addCleanup(self.server.write_config)
        self.server.write_config()
        self.reload()
        self.server.write_config(self.server.settings | {
            "limits.message_size": 34567, "hostname": "other.example.test",
            "accounts.ban": "1h", "limits.connections": 77})
        log = self.reload()
        self.assertRegex(log, r'reload result=done changed="limits\.message_size"')
        self.assertRegex(log, r'reload_waits items="hostname accounts\.ban limits\.connections"')
        self.assertEqual(self.size_limit(), "34567")
        with self.server.raw(self.server.smtp_port) as peer:
            self.assertIn("mail.example.test", peer.line())

    def test_a_name_from_before_counts_and_the_new_one_is_told(self):
        self.addCleanup(self.reload)
        self.addCleanup(self.server.write_config)
        self.server.write_config(self.server.settings | {"limits.recipients_per_message": 321})
        log = self.reload()
        self.assertRegex(log, r'config_note line=\d+ what="limits\.recipients_per_message is now '
                              r'smtp\.max_recipients" remedy="write max_recipients in \[smtp\];')
        self.assertRegex(log, r'reload result=done changed=".*smtp\.max_recipients')
        with self.server.smtp() as peer:
            peer.ehlo()
            self.assertIn("RCPTMAX=321", peer.esmtp_features["limits"])
        told = self.server.command("check-config")
        self.assertRegex(told, r"hauspost\.toml:\d+:\d+: note: limits\.recipients_per_message is now ")
        self.assertIn(": no faults", told)

    def test_both_ports_of_imap_count_the_sessions_of_an_account_together(self):
        self.addCleanup(self.reload)
        self.addCleanup(self.server.write_config)
        self.server.write_config(self.server.settings | {"imap.sessions_per_account": 2})
        self.assertIn("result=done", self.reload())
        held = [self.server.imap("bob"), self.server.imap("bob", tls=False)]
        for tls in (True, False):
            with self.assertRaisesRegex(imaplib.IMAP4.error, "INUSE|UNAVAILABLE|LIMIT"):
                self.server.imap("bob", tls=tls)
        held.pop().logout()

        def has_room():
            try:
                return self.server.imap("bob").logout()
            except imaplib.IMAP4.error:
                return None
        harness.wait_until(has_room, "the end of a session")

    def test_sighup_keeps_a_good_certificate_until_the_new_files_are_right(self):
        folder = self.server.folder
        self.addCleanup(self.server.write_config)
        before = self.shown_certificate()
        key, expired, request = folder / "n.key", folder / "n.crt", folder / "n.csr"
        for command in (
                ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-subj", "/CN=mail.example.test", "-keyout", key, "-out", request],
                ["x509", "-req", "-in", request, "-signkey", key, "-days", "-1", "-out", expired]):
            subprocess.run(["openssl", *command], check=True, capture_output=True)
        self.server.write_config(self.server.settings | {
            "tls.certificate": expired, "tls.private_key": key, "limits.message_size": 45678})
        for _ in range(2):
            log = self.reload()
            self.assertIn("n.crt: has expired on", log)
            self.assertRegex(log, r'reload result=incomplete failed="certificate"')
            self.assertNotIn("result=done", log)
            self.assertEqual(self.shown_certificate(), before)
            self.assertEqual(self.size_limit(), "45678")
        # The same paths, and now the files are right: the configuration has not changed.
        good, good_key = harness.make_certificate(folder, "mail.example.test")
        expired.write_bytes(good.read_bytes())
        key.write_bytes(good_key.read_bytes())
        log = self.reload()
        self.assertIn("result=done", log)
        self.assertRegex(log, r'certificate subject="CN=mail.example.test" ends=\d{4}-\d\d-\d\d')
        self.assertNotEqual(self.shown_certificate(), before)

    def test_sighup_opens_the_log_file_anew(self):
        self.addCleanup(self.reload)
        self.addCleanup(self.server.write_config)
        target = self.server.folder / "own.log"
        self.server.write_config(self.server.settings | {"log.target": target})
        self.server.signal(signal.SIGHUP)
        harness.wait_until(lambda: target.exists() and "result=done" in target.read_text(), "a log")
        target.rename(self.server.folder / "own.log.1")
        self.server.signal(signal.SIGHUP)
        harness.wait_until(lambda: target.exists() and "result=done" in target.read_text(), "a log")

    def test_the_command_line_works_beside_a_running_server(self):
        self.server.add_account("carl")
        self.assertIn("carl@example.test", self.server.command("account", "list"))
        self.server.deliver("carl", subject="first mail")
        self.assertEqual(harness.subjects(self.server.imap("carl")), ["first mail"])
        self.server.command("account", "remove", "carl@example.test")
        with self.assertRaises(smtplib.SMTPResponseException) as refused:
            self.server.deliver("carl", subject="gone")
        self.assertEqual(refused.exception.smtp_code, 550)

    def test_a_new_password_counts_at_once_and_the_old_one_no_more(self):
        self.server.add_account("dora")
        imap, pop3, submission = (self.server.imap("dora"), self.server.pop3("dora"),
                                  self.server.submission("dora"))
        other = "lamp-Basket-77-river"
        self.server.command("account", "password", "dora@example.test", stdin=other + "\n")
        # Whoever is logged in is not any more: each session says so, and ends.
        for said in (lambda: imap.readline(), lambda: pop3.file.readline(),
                     lambda: submission.getreply()[1]):
            self.assertIn(b"account has changed", said().lower())
        self.server.imap("dora", other).logout()
        with self.assertRaises(imaplib.IMAP4.error):
            self.server.imap("dora")

    def test_keys_and_the_control_socket_are_for_the_owner_alone(self):
        for folder, _, files in os.walk(self.server.data_dir):
            for name in files:
                mode = os.lstat(os.path.join(folder, name)).st_mode
                self.assertEqual(stat.S_IMODE(mode) & 0o077, 0, f"{folder}/{name}")
        self.assertEqual(stat.S_IMODE(os.stat(self.server.data_dir).st_mode) & 0o077, 0)

    def test_a_second_server_on_the_same_data_does_not_start(self):
        self.assertNotEqual(
            subprocess.run([harness.BINARY, "--config", self.server.config, "serve"],
                           capture_output=True, timeout=harness.PATIENCE).returncode, 0)
        self.server.deliver("ann", subject="first is unharmed")

    def test_no_password_and_no_message_text_is_in_the_log(self):
        self.server.deliver("ann", subject="secret-subject", body="secret-text\r\n")
        self.server.imap().logout()
        log = self.server.settled_log()
        for word in (harness.PASSWORD, "secret-subject", "secret-text"):
            self.assertNotIn(word, log)


if __name__ == "__main__":
    unittest.main()
