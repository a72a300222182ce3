"""Who the server runs as: root opens the ports, and is left for ever."""

import os
import pathlib
import pwd
import re
import subprocess
import tempfile
import unittest

from e2e import harness

USER = "nobody"


@unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
class User(unittest.TestCase):
    def setUp(self):
        # A folder that the other user may look through; a data folder that nobody has made yet.
        self.outside = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-test-"))
        self.outside.chmod(0o755)
        self.addCleanup(subprocess.run, ["rm", "-rf", self.outside], check=True)
        self.data_dir = self.outside / "srv" / "data"
        self.server = harness.Server(data_dir=self.data_dir, settings={"server.user": USER})
        self.server.folder.chmod(0o755)
        self.server.config.chmod(0o644)
        self.addCleanup(self.server.remove)
        self.uid = pwd.getpwnam(USER).pw_uid

    def owners(self):
        return {path.stat().st_uid for path in [self.data_dir, *self.data_dir.rglob("*")]}

    def status(self, key):
        text = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text()
        return re.search(rf"^{key}:\s*(.*)$", text, re.M).group(1).split()

    def test_root_is_left_for_ever_by_all_threads_with_all_capabilities(self):
        self.server.add_domain()
        self.server.add_account("ann")
        self.server.start()
        self.assertEqual(self.status("Uid"), [str(self.uid)] * 4)
        self.assertEqual(self.status("Gid"), [str(pwd.getpwnam(USER).pw_gid)] * 4)
        self.assertNotIn("0", self.status("Groups"))
        self.assertEqual(self.status("NoNewPrivs"), ["1"])
        for task in pathlib.Path(f"/proc/{self.server.process.pid}/task").iterdir():
            text = (task / "status").read_text()
            for kind in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                self.assertRegex(text, rf"(?m)^{kind}:\s*0+$")
        self.server.deliver("ann", subject="as another user")
        self.assertEqual(harness.subjects(self.server.imap()), ["as another user"])
        self.assertEqual(self.owners(), {self.uid})
        self.assertEqual(self.server.stop(), 0)
        self.server.check()

    def test_a_data_folder_that_a_command_of_root_makes_belongs_to_the_user(self):
        self.server.add_domain()
        self.server.add_account("ann")
        self.assertEqual(self.owners(), {self.uid})
        self.assertEqual(self.data_dir.stat().st_mode & 0o777, 0o700)

    def test_a_data_folder_of_somebody_else_is_refused_with_the_command_that_mends_it(self):
        self.data_dir.mkdir(parents=True)
        said = self.server.command("domain", "add", "example.test", expect=1)
        self.assertIn(f"belongs to root, not to server.user: chown -R {USER}:", said)
        self.assertEqual(list(self.data_dir.iterdir()), [])

    def test_a_key_that_only_root_can_read_is_refused_before_it_is_needed(self):
        certificate, key = harness.make_certificate(self.server.folder, "mail.example.test")
        certificate.chmod(0o644)
        key.chmod(0o600)
        self.server.settings |= {"tls.certificate": certificate, "tls.private_key": key}
        self.server.write_config()
        self.assertRegex(self.server.command("check-config", expect=2),
                         r"tls.private_key .*cannot be read \(Permission denied\)")
        self.assertIn("Permission denied", self.server.command("serve", expect=2))

    def test_root_without_a_user_serves_loopback_alone(self):
        self.server.settings |= {"server.user": "", "listen.smtp": ["0.0.0.0:0"]}
        self.server.write_config()
        said = self.server.command("serve", expect=1)
        self.assertIn("does not run as root", said)
        self.assertFalse(self.data_dir.exists())

    def test_root_without_a_user_serves_others_when_a_test_bed_asks_for_it(self):
        self.server.settings |= {"server.user": "",
                                 "listen.smtp": [f"0.0.0.0:{self.server.smtp_port}"]}
        self.server.write_config()
        self.assertIn("a start as root is refused", self.server.command("check-config"))
        self.server.add_domain()
        self.server.add_account("ann")
        self.server.serve_options = ("--allow-root",)
        self.server.start()
        self.assertEqual(self.status("Uid"), ["0"] * 4)
        self.server.deliver("ann", subject="as root")
        self.assertEqual(harness.subjects(self.server.imap()), ["as root"])
        self.assertEqual(self.server.stop(), 0)

    def test_an_unknown_user_and_root_itself_are_refused(self):
        for user, words in (("no-such-user-here", "does not exist"), ("root", "not be root")):
            self.server.settings |= {"server.user": user}
            self.server.write_config()
            self.assertIn(words, self.server.command("serve", expect=1))
            said = self.server.command("check-config", expect=2)
            self.assertRegex(said, r"hauspost\.toml:\d+:\d+: server\.user .*(does not exist|is root)")


if __name__ == "__main__":
    unittest.main()
