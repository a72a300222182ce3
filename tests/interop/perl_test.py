"""Perl's Mail::IMAPClient; the steps are in perl/imapclient.pl."""

import pathlib
import subprocess
import unittest

from e2e import harness

SCRIPT = pathlib.Path(__file__).parent / "perl/imapclient.pl"


class MailImapClient(harness.ServerCase):
    accounts = ("ann", "bob")
    own_certificate = True

    def run_scenario(self, name, port=None):
        done = subprocess.run(
            ["/usr/bin/perl", SCRIPT, self.server.address, str(port or self.server.imaps_port),
             self.certificate, "ann@example.test", harness.PASSWORD, name],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")

    def test_folders_are_created_subscribed_renamed_and_deleted(self):
        self.run_scenario("folders")

    def test_messages_are_appended_searched_flagged_copied_and_moved(self):
        self.run_scenario("messages")

    def test_sort_and_thread(self):
        self.run_scenario("sort_and_thread")

    def test_idle(self):
        self.run_scenario("idle")

    def test_starttls_and_authenticate_plain(self):
        self.run_scenario("starttls_and_authenticate_plain", self.server.imap_port)

    def test_compress(self):
        self.run_scenario("compression")

    def test_a_mailbox_is_shared_with_another_account_and_taken_back(self):
        self.run_scenario("rights")

    def test_annotations(self):
        self.run_scenario("annotations")

    def test_a_wrong_password_is_told(self):
        self.run_scenario("wrong_password")


if __name__ == "__main__":
    unittest.main()
