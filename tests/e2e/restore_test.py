"""Deleted mail and accounts come back, by the owner's page and by the command line."""

import json
import subprocess
import unittest

from e2e import harness
from e2e.owner_page_api import Page, become_owner, page_server

ANN = f"ann@{harness.DOMAIN}"
BEN = f"ben@{harness.DOMAIN}"


class Restore(unittest.TestCase):
    def setUp(self):
        self.server = page_server()
        self.addCleanup(self.server.remove)
        self.server.start()
        self.page = become_owner(self.server)
        self.page.ask("domain/add", name=harness.DOMAIN)
        for address in (ANN, BEN):
            self.page.ask("account/add", address=address, password=harness.PASSWORD)

    def fill(self, mailbox, subjects, flags="(\\Seen)"):
        peer = self.server.imap("ann")
        peer.create(mailbox)
        for subject in subjects:
            octets = harness.message(subject=subject, sender="Jürgen Groß <j.gross@holzbau.example>")
            self.assertEqual(peer.append(mailbox, flags, None, octets)[0], "OK")
        return peer

    def expunge(self, peer, mailbox):
        peer.select(mailbox)
        peer.store("1:*", "+FLAGS", "\\Deleted")
        self.assertEqual(peer.expunge()[0], "OK")
        peer.logout()

    def subjects(self, mailbox, user="ann"):
        with self.server.imap(user) as peer:
            return sorted(harness.subjects(peer, mailbox))

    def listed(self, *arguments):
        return json.loads(self.server.command("deleted", "mail", ANN, "--json", *arguments))

    def test_what_curl_expunges_the_owner_brings_back_and_takes_back(self):
        self.fill("Offers", ["Offer 1", "Offer 2", "Bill"]).logout()
        url = f"imaps://{self.server.address}:{self.server.imaps_port}/Offers"
        for request in ("STORE 1:2 +FLAGS \\Deleted", "EXPUNGE"):
            subprocess.run(["curl", "-sS", "-k", "-u", f"{ANN}:{harness.PASSWORD}", url, "-X", request],
                           check=True, stdout=subprocess.DEVNULL, timeout=harness.PATIENCE)
        self.assertEqual(self.subjects("Offers"), ["Bill"])
        found = self.page.ask("deleted/mail", address=ANN, text="offer")
        self.assertEqual(sorted(one["subject"] for one in found["entries"]), ["Offer 1", "Offer 2"])
        first = next(one for one in found["entries"] if one["subject"] == "Offer 1")
        self.assertEqual((first["mailbox"], first["from_name"], first["from"], first["by"], first["door"]),
                         ("Offers", "Jürgen Groß", "j.gross@holzbau.example", ANN, "imap"))
        self.assertIn("Offers", found["mailboxes"])
        back = self.page.ask("restore-mail", address=ANN, ids=[first["id"]])
        self.assertEqual((back["messages"], back["mailboxes"][0]["name"]), (1, "Offers"))
        self.assertEqual(self.subjects("Offers"), ["Bill", "Offer 1"])
        with self.server.imap("ann") as peer:
            peer.select("Offers")
            self.assertEqual(peer.search(None, "SEEN", "SUBJECT", "Offer")[1], [b"2"])
        self.assertEqual(self.page.ask("undo-restore", address=ANN, undo=back["undo"])["messages"], 1)
        self.assertEqual(self.subjects("Offers"), ["Bill"])
        gone = self.page.ask("restore-mail", expect=409, address=ANN, ids=[first["id"]])
        self.assertEqual(gone["code"], "nothing_to_restore")
        log = self.page.ask("audit/list", subject=ANN)["entries"]
        self.assertEqual([one["command"] for one in log[:2]], ["undo-restore", "restore-mail"])

    def test_a_mailbox_that_is_gone_comes_back_by_the_command_line(self):
        self.expunge(self.fill("Work/Old", ["one", "two"]), "Work/Old")
        with self.server.imap("ann") as peer:
            peer.delete("Work/Old")
        self.assertTrue(all(one["mailbox"] == "Work/Old" for one in self.listed()["entries"]))
        said = self.server.command("restore-mail", ANN, "--mailbox", "Work/Old", "--from", "holzbau",
                                   "--subject", "ONE", "--within", "2h")
        self.assertIn("messages: 1\n  Work/Old: 1 (a new mailbox)", said)
        self.assertEqual(self.subjects("Work/Old"), ["one"])
        said = self.server.command("restore-mail", ANN, "--to", "Restored today", "--json")
        self.assertEqual(json.loads(said)["mailboxes"],
                         [{"name": "Restored today", "messages": 1, "made": True}])
        self.assertEqual(self.subjects('"Restored today"'), ["two"])
        self.assertEqual(self.listed()["entries"], [])

    def test_a_mass_deletion_is_an_alarm_and_one_row_and_comes_back_as_one(self):
        peer = self.fill("INBOX", [f"letter {n}" for n in range(120)])
        self.expunge(peer, "INBOX")
        alarm = next(one for one in self.page.ask("overview/show", since=0)["alarms"]
                     if one["id"] == "mass.delete")
        self.assertEqual((alarm["subject"], alarm["number"], alarm["level"]), (ANN, 120, "warn"))
        rows = self.page.ask("deleted/mail", address=ANN, together=True)["entries"]
        self.assertEqual([one["messages"] for one in rows], [120])
        back = self.page.ask("restore-mail", address=ANN, box=rows[0]["box"],
                             first_at=rows[0]["since"], last_at=rows[0]["deleted_at"])
        self.assertEqual(back["messages"], 120)
        self.assertEqual(self.page.ask("undo-restore", address=ANN, undo=back["undo"])["messages"], 120)
        rows = self.listed("--together")["entries"]
        said = self.server.command("restore-mail", ANN, "--deletion", rows[0]["id"])
        self.assertIn("messages: 120\n  INBOX: 120", said)
        with self.server.imap("ann") as again:
            self.assertEqual(harness.subjects(again), [f"letter {n}" for n in range(120)])

    def test_what_the_quota_has_no_room_for_stays_and_is_said(self):
        self.expunge(self.fill("INBOX", ["a", "b", "c"]), "INBOX")
        octets = self.listed()["entries"][0]["octets"]
        self.page.ask("account/set", address=ANN, quota_octets=octets * 2)
        said = self.server.command("restore-mail", ANN)
        self.assertIn("messages: 2", said)
        self.assertIn("kept back, since the quota has no room for them: 1", said)
        back = self.page.ask("restore-mail", address=ANN)
        self.assertEqual((back["messages"], back["left_over_quota"]), (0, 1))
        self.assertGreater(back["missing_octets"], 0)

    def test_a_removed_account_comes_back_with_its_mail(self):
        self.fill("Work", ["kept"]).logout()
        self.page.ask("account/set", address=ANN, note="room 7")
        self.page.ask("account/remove", address=ANN)
        harness.wait_until(lambda: self.page.ask("deleted/accounts")["accounts"][0]["messages"] == 1
                           and not self.page.ask("deleted/accounts")["accounts"][0]["is_going"],
                           "the mail is taken out")
        self.assertIn(ANN, self.server.command("deleted", "accounts"))
        lost = self.page.ask("restore-mail", expect=404, address=ANN)
        self.assertEqual(lost["code"], "nobody_to_restore_to")
        self.assertEqual(self.page.ask("restore-mail", address=ANN, into=BEN)["address"], BEN)
        self.assertEqual(self.subjects("Work", "ben"), ["kept"])
        self.page.ask("account/remove", address=BEN)
        harness.wait_until(lambda: not self.page.ask("deleted/accounts")["accounts"][0]["is_going"],
                           "the mail is taken out")
        said = self.server.command("account", "undelete", BEN, stdin=harness.PASSWORD + "\n")
        self.assertIn("messages: 1", said)
        self.assertEqual(self.subjects("Work", "ben"), ["kept"])
        self.assertIn("No removed account", self.server.command("account", "undelete", BEN, expect=1))

    def test_the_trace_leads_to_what_was_deleted(self):
        self.server.deliver("ann", subject="to be found")
        with self.server.imap("ann") as peer:
            peer.select("INBOX")
            peer.store("1", "+FLAGS", "\\Deleted")
            peer.expunge()
        message = self.page.ask("trace", about=ANN)["messages"][-1]
        step = next(one for one in message["steps"] if one["step"] == "expunged")
        back = self.page.ask("restore-traced", id=message["id"], deleted_at=step["at"])
        self.assertEqual((back["address"], back["messages"]), (ANN, 1))
        self.assertEqual(self.subjects("INBOX"), ["to be found"])

    def test_nobody_else_gets_at_deleted_mail(self):
        stranger = Page(self.server)
        for call in ("deleted/mail", "deleted/accounts", "restore-mail", "restore-traced", "undo-restore",
                     "account/undelete"):
            with self.subTest(call=call):
                self.assertEqual(stranger.code_of(call, 401), "not_signed_in")


if __name__ == "__main__":
    unittest.main()
