"""Addresses in all their spellings, and where mail goes behind aliases, through the real binary."""

import json
import unittest

from e2e import harness

U_LABEL = "m\u00fcller.test"
A_LABEL = "xn--mller-kva.test"


class Addresses(harness.ServerCase):
    def ask(self, *lines):
        """The last code of a raw session that says these lines."""
        with self.server.raw(self.server.smtp_port) as peer:
            peer.reply()
            return [peer.ask(line) for line in ("EHLO client.test", *lines)][-1]

    def rcpt(self, address, parameters=""):
        return self.ask("MAIL FROM:<sender@elsewhere.test>" + parameters, f"RCPT TO:<{address}>")

    def test_a_domain_typed_in_either_spelling_is_one(self):
        run = self.server.command
        run("domain", "add", U_LABEL)
        self.assertIn("already", run("domain", "add", A_LABEL, expect=1))
        self.server.add_account("ann", domain=A_LABEL)
        self.assertIn("already", run("account", "add", "Ann@" + U_LABEL.upper(),
                                     stdin=harness.PASSWORD + "\n", expect=1))
        run("alias", "add", "info@" + U_LABEL, "ann@" + U_LABEL)
        run("alias", "add", "far@example.test", "ann@" + U_LABEL)
        run("catchall", "set", U_LABEL, "ann@" + A_LABEL)
        for name in ("ann", "info", "nobody"):
            self.assertEqual(self.rcpt(f"{name}@{A_LABEL}"), 250)
            self.assertEqual(self.rcpt(f"{name}@{U_LABEL}", " SMTPUTF8"), 250)
        self.assertEqual(self.rcpt("far@example.test"), 250)
        for user in (f"ann@{U_LABEL}", f"Ann@{A_LABEL.upper()}", "ann@mu\u0308ller.test"):
            with self.server.raw(self.server.pop3s_port, tls=True) as peer:
                peer.line()
                for line in ("USER " + user, "PASS " + harness.PASSWORD):
                    peer.send(line + "\r\n")
                    answer = peer.line()
                self.assertTrue(answer.startswith("+OK"), (user, answer))

    def test_a_domain_is_shown_as_people_write_it_and_found_by_either_spelling(self):
        run = self.server.command
        u_label, a_label = "b\u00fccher.test", "xn--bcher-kva.test"
        run("domain", "add", a_label)
        self.server.add_account("eva", domain=u_label)
        run("alias", "add", "info@" + u_label, "eva@" + u_label)
        for filter_text in (u_label, a_label, "@B\u00dcCH"):
            self.assertIn("eva@" + u_label, run("account", "list", filter_text))
            self.assertIn("info@" + u_label, run("alias", "list", filter_text))
            self.assertNotIn(a_label, run("account", "list", filter_text))
        shown = json.loads(run("account", "show", "eva@" + u_label, "--json"))
        self.assertEqual((shown["address"], shown["display"]), ("eva@" + a_label, "eva@" + u_label))
        self.assertEqual(self.rcpt("j\u00fcrgen@" + u_label, " SMTPUTF8"), 550)
        harness.wait_until(lambda: 'rcpt="j\u00fcrgen@' in self.server.log(), "a readable name")

    def test_what_is_removed_says_what_leads_there_and_mail_by_those_ways_is_refused(self):
        run = self.server.command
        self.server.add_account("gone")
        run("alias", "add", "sales@example.test", "gone@example.test")
        self.assertIn("alias sales@example.test", run("account", "remove", "gone@example.test"))
        self.assertEqual(self.rcpt("sales@example.test"), 550)
        run("alias", "remove", "sales@example.test")

    def test_the_log_names_who_got_a_message_and_who_was_refused(self):
        self.server.deliver("ann+news", sender="customer@elsewhere.test")
        self.assertEqual(self.rcpt("tipfeler@example.test"), 550)
        harness.wait_until(lambda: "tipfeler@example.test" in self.server.log(), "the refusal")
        log = self.server.log()
        self.assertIn('from="customer@elsewhere.test"', log)
        self.assertIn('rcpt="ann+news@example.test" to="ann@example.test"', log)

    def test_mail_to_another_server_is_said_to_wait_and_stands_in_the_queue(self):
        told = self.server.command("forward", "set", "bob@example.test", "bob@elsewhere.test",
                                   "--no-copy")
        self.assertIn("Mail to other servers waits", told)
        self.server.deliver("bob")
        self.assertIn("bob@elsewhere.test", self.server.command("queue", "list"))
        self.server.command("forward", "clear", "bob@example.test")

    def test_a_thousand_sub_addresses_of_a_large_list_stop_nobody(self):
        targets = [f"nobody{n}@elsewhere.test" for n in range(999)] + ["ann@example.test"]
        self.server.command("alias", "add", "list@example.test", *targets)
        with self.server.raw(self.server.smtp_port) as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            peer.ask("MAIL FROM:<a@elsewhere.test>")
            for low in range(0, 1000, 50):
                for n in range(low, low + 50):
                    peer.send(f"RCPT TO:<list+{n}@example.test>\r\n")
                for n in range(low, low + 50):
                    self.assertEqual(peer.reply()[0], 250)
            peer.ask("DATA")
            self.assertEqual(peer.ask("Subject: many\r\n\r\nx\r\n."), 250)
        # One copy for each target, whatever the number of ways to it.
        log = self.server.settled_log()
        self.assertEqual(log.count('with="list@example.test"'), 999)
        self.assertEqual(harness.subjects(self.server.imap("ann")).count("many"), 1)


if __name__ == "__main__":
    unittest.main()
