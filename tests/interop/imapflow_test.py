"""imapflow, the IMAP client of Node.js; the steps are in node/imapflow.js."""

import unittest

from e2e import harness
from interop import node_clients


class Imapflow(harness.ServerCase):
    accounts = ("ann",)
    settings = {"accounts.default_quota": "64MiB"}
    own_certificate = True

    def run_scenario(self, name):
        node_clients.run_scenario(self, "imapflow.js", self.server.imaps_port, name)

    def test_folders_with_any_names_are_created_listed_renamed_and_deleted(self):
        self.run_scenario("folders")

    def test_messages_are_fetched_flagged_searched_copied_moved_and_deleted(self):
        self.run_scenario("messages")

    def test_a_big_attachment_is_downloaded_in_pieces_and_decoded(self):
        self.run_scenario("downloads")

    def test_ids_of_messages_and_mailboxes_stay_and_the_append_limit_is_told(self):
        self.run_scenario("object_ids_and_append_limit")

    def test_condstore_tells_what_changed_and_overwrites_no_change_of_others(self):
        self.run_scenario("condstore")

    def test_qresync_tells_at_select_what_changed_and_what_vanished(self):
        self.run_scenario("qresync")

    def test_the_quota_is_shown(self):
        self.run_scenario("quota")

    def test_idle_tells_of_new_mail_flags_and_expunges(self):
        self.run_scenario("idle")

    def test_locks_on_several_mailboxes_queue(self):
        self.run_scenario("locks")


if __name__ == "__main__":
    unittest.main()
