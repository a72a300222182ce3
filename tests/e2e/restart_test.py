"""Signals, restart, and the command line beside a running server."""

import imaplib
import os
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

    def test_sighup_with_a_broken_file_keeps_the_old_settings(self):
        good = self.server.config.read_text()
        self.server.config.write_text(good + "\nno such [[ item\n")
        seen = len(self.server.log())
        self.server.signal(signal.SIGHUP)
        harness.wait_until(lambda: len(self.server.log()) > seen, "a line about the broken file")
        self.server.deliver("ann", subject="still there")
        self.server.config.write_text(good)

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
        self.server.imap("dora").logout()
        other = "lamp-Basket-77-river"
        self.server.command("account", "password", "dora@example.test", stdin=other + "\n")
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
        log = self.server.log()
        for word in (harness.PASSWORD, "secret-subject", "secret-text"):
            self.assertNotIn(word, log)


if __name__ == "__main__":
    unittest.main()
