"""The command line as an operator meets it: at a terminal, in scripts, with mistakes."""

import json
import os
import pty
import select
import subprocess
import time
import unittest

from e2e import harness

OTHER = "lamp-Basket-77-river"


class Terminal:
    """A command that believes a person sits before it."""

    def __init__(self, server, *arguments):
        self.process_id, self.terminal = pty.fork()
        if self.process_id == 0:
            os.execv(harness.BINARY, [harness.BINARY, "--config", str(server.config), *arguments])
        self.shown = ""

    def wait_for(self, words):
        """Reads until the words have been shown."""
        end = time.monotonic() + harness.PATIENCE
        while words not in self.shown:
            ready, _, _ = select.select([self.terminal], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"{words!r} is not shown: {self.shown!r}")
            self.shown += os.read(self.terminal, 4096).decode()

    def answer(self, question, line):
        self.wait_for(question)
        os.write(self.terminal, line.encode() + b"\n")

    def end(self):
        """The rest of what is shown, and the exit code."""
        while True:
            try:
                octets = os.read(self.terminal, 4096)
            except OSError:
                break
            if not octets:
                break
            self.shown += octets.decode()
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.process_id, 0)[1])


class Commands(harness.ServerCase):
    def test_a_password_is_asked_for_twice_and_never_shown(self):
        at = Terminal(self.server, "account", "add", "carl@example.test")
        at.answer("New password", harness.PASSWORD)
        at.answer("Repeat the password", harness.PASSWORD)
        self.assertEqual(at.end(), 0)
        self.assertNotIn(harness.PASSWORD, at.shown)
        self.server.imap("carl").logout()
        at = Terminal(self.server, "account", "password", "carl@example.test")
        at.answer("New password", OTHER)
        at.answer("Repeat the password", OTHER + "x")
        self.assertEqual(at.end(), 1)
        self.assertIn("two passwords differ", at.shown)
        self.assertNotIn(OTHER, at.shown)
        self.server.imap("carl").logout()

    def test_a_removal_is_asked_for_at_a_terminal_alone(self):
        self.server.add_account("dora")
        self.server.command("alias", "add", "office@example.test", "dora@example.test")
        self.server.deliver("dora", subject="one")
        at = Terminal(self.server, "account", "remove", "dora@example.test")
        at.answer("[y/N]", "")
        self.assertEqual(at.end(), 1)
        self.assertIn("with 1 messages", at.shown)
        self.assertIn("alias office@example.test", at.shown)
        self.assertIn("nothing was changed", at.shown)
        self.assertIn("dora@example.test", self.server.command("account", "list"))
        at = Terminal(self.server, "account", "remove", "dora@example.test")
        at.answer("[y/N]", "y")
        self.assertEqual(at.end(), 0)
        self.assertNotIn("dora@example.test", self.server.command("account", "list"))
        self.server.add_account("dora")
        at = Terminal(self.server, "account", "remove", "--yes", "dora@example.test")
        self.assertEqual(at.end(), 0)
        self.assertNotIn("[y/N]", at.shown)
        self.server.add_account("dora")
        self.server.command("account", "remove", "dora@example.test")

    def test_a_mistyped_command_is_told_with_the_near_one(self):
        for words, near in ((("acount", "list"), '"account"'), (("account", "lst"), '"list"'),
                            (("serv",), '"serve"')):
            self.assertIn(f"did you mean {near}?", self.server.command(*words, expect=2))
        self.assertIn("--help", self.server.command("zebra", expect=2))

    def test_an_argument_that_is_not_utf_8_is_named_as_such(self):
        said = self.server.command("account", "show", b"j\xfcrgen@example.test", expect=2)
        self.assertIn("is not valid UTF-8", said)

    def test_a_store_that_is_not_there_is_not_made(self):
        config = self.server.folder / "typo.toml"
        config.write_text('data_dir = "/var/lib/hausposd-no-such"\n')
        for words in (("account", "list"), ("check",)):
            done = subprocess.run([harness.BINARY, "--config", config, *words], capture_output=True,
                                  text=True, timeout=harness.PATIENCE)
            self.assertEqual(done.returncode, 1)
            self.assertIn("There is no store in /var/lib/hausposd-no-such", done.stderr)
        self.assertFalse(os.path.exists("/var/lib/hausposd-no-such"))

    def test_quota_and_name_are_changed_and_shown(self):
        self.server.add_account("emil")
        self.addCleanup(self.server.command, "account", "remove", "emil@example.test")
        self.server.command("account", "set", "emil@example.test", "--quota", "1 KiB")
        peer = self.server.imap("emil")
        octets = harness.message(body="x" * 500 + "\r\n" * 1000)
        self.assertEqual(peer.append("INBOX", None, None, octets)[0], "NO")
        self.server.command("account", "set", "emil@example.test", "--quota", "1 MiB", "--name",
                            "Émile", "--note", "")
        self.assertEqual(peer.append("INBOX", None, None, octets)[0], "OK")
        peer.logout()
        shown = json.loads(self.server.command("account", "show", "emil@example.test", "--json"))
        self.assertEqual((shown["quota_octets"], shown["display_name"]), (1 << 20, "Émile"))
        self.assertIn("Émile", self.server.command("account", "list", "émile"))
        self.assertNotIn("ann@", self.server.command("account", "list", "émile"))

    def test_a_renamed_account_keeps_its_mail_and_is_reached_by_both_names(self):
        run = self.server.command
        self.server.add_account("hanna.berg")
        run("alias", "add", "staff@example.test", "hanna.berg@example.test")
        self.server.deliver("hanna.berg", subject="before")
        peer = self.server.imap("hanna.berg")
        told = run("account", "rename", "hanna.berg@example.test", "Hanna.Tal@example.test")
        self.assertIn("hanna.berg@example.test is hanna.tal@example.test now", told)
        self.assertIn("that were changed: 1", told)
        with self.assertRaises(harness.imaplib.IMAP4.abort):
            while True:  # BYE, and then nothing
                peer.noop()
        with self.assertRaises(harness.imaplib.IMAP4.error):
            self.server.imap("hanna.berg")
        self.assertIn("hanna.tal@example.test", run("alias", "list", "staff"))
        for to in ("hanna.berg", "hanna.tal", "staff", "hanna.berg+x"):
            self.server.deliver(to, subject=to)
        peer = self.server.imap("hanna.tal")
        self.assertEqual(harness.subjects(peer), ["before", "hanna.berg", "hanna.tal", "staff",
                                                  "hanna.berg+x"])
        self.assertIn('admin command="account rename" address="hanna.berg@example.test" '
                      'new_address="Hanna.Tal@example.test" keep_alias="true" result=done',
                      self.server.settled_log())
        self.assertIn("already taken", run("account", "rename", "hanna.tal@example.test",
                                           "ann@example.test", expect=1))
        run("account", "rename", "hanna.tal@example.test", "hanna.berg@example.test", "--no-alias")
        with self.assertRaises(harness.smtplib.SMTPResponseException):
            self.server.deliver("hanna.tal")
        self.server.deliver("hanna.berg")

    def test_a_switched_off_alias_takes_no_mail(self):
        self.server.command("alias", "add", "info@example.test", "ann@example.test,bob@example.test")
        self.server.command("alias", "disable", "info@example.test")
        with self.assertRaises(harness.smtplib.SMTPResponseException):
            self.server.deliver("info")
        self.server.command("alias", "enable", "info@example.test")
        self.server.deliver("info")

    def test_mail_that_waits_is_listed_shown_and_given_up(self):
        self.server.command("forward", "set", "bob@example.test", "far@elsewhere.test")
        self.addCleanup(self.server.command, "forward", "clear", "bob@example.test")
        self.server.deliver("bob")
        queue = json.loads(self.server.command("queue", "list", "--json"))["queue"]
        number = str(queue[0]["id"])
        self.assertIn("far@elsewhere.test", self.server.command("queue", "show", number))
        self.server.command("queue", "drop", number)
        self.assertIn("queue list", self.server.command("queue", "show", number, expect=1))

    def test_each_change_leaves_a_line_in_the_log_and_no_password(self):
        seen = len(self.server.settled_log())
        self.server.add_account("gerd", password=OTHER)
        self.server.command("account", "disable", "gerd@example.test")
        self.server.command("account", "disable", "nobody@example.test", expect=1)
        self.server.command("account", "remove", "gerd@example.test")
        self.server.command("account", "list")
        lines = [line for line in self.server.settled_log()[seen:].splitlines() if " admin " in line]
        self.assertEqual(len(lines), 4, lines)
        self.assertIn('admin command="account add" address="gerd@example.test" result=done', lines[0])
        self.assertIn('command="account disable"', lines[1])
        self.assertIn("result=refused", lines[2])
        self.assertIn('command="account remove"', lines[3])
        self.assertNotIn(OTHER, self.server.log())


class WithoutServer(unittest.TestCase):
    def test_a_change_without_a_server_goes_to_its_log_file_or_is_told(self):
        server = harness.Server()
        self.addCleanup(server.remove)
        self.assertIn('admin command="domain add" name="example.test" result=done',
                      server.command("domain", "add", "example.test"))
        target = server.folder / "own.log"
        server.settings["log.target"] = target
        server.write_config()
        self.assertNotIn("result=done", server.command("domain", "add", "other.test"))
        self.assertIn('admin command="domain add" name="other.test" result=done',
                      target.read_text())


if __name__ == "__main__":
    unittest.main()
