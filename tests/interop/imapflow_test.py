"""imapflow, the IMAP client of Node.js; the steps are in node/imapflow.js."""

import json
import os
import pathlib
import subprocess
import unittest

from e2e import harness

SCRIPT = pathlib.Path(__file__).parent / "node/imapflow.js"
MODULES = harness.ROOT / "build/node/node_modules"  # tools/install_node_clients.sh


class Imapflow(harness.ServerCase):
    accounts = ("ann",)
    settings = {"accounts.default_quota": "64MiB"}
    own_certificate = True

    def run_scenario(self, name):
        settings = {"host": self.server.address, "port": self.server.imaps_port,
                    "ca": str(self.certificate), "user": "ann@example.test",
                    "password": harness.PASSWORD}
        done = subprocess.run(
            ["node", SCRIPT, json.dumps(settings), name], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=2 * harness.PATIENCE,
            env=os.environ | {"NODE_PATH": str(MODULES)})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")

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
