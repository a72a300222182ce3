"""C01: kill -9 while POP3 sessions delete; what QUIT has answered is gone, and nothing else is lost.

Each round fills some maildrops, lets a session in each mark most of it and say QUIT while new mail
comes, kills the server at a random moment of that, and looks at what is there after the restart.
"""

import re
import time
import unittest

from e2e import harness, kill_test

MAILDROPS = ("pop0", "pop1", "pop2")
MESSAGES = 3_000  # in each, at least
SLICE = 1_000     # so many go in one commit


class Maildrop:
    """One account's part of a round."""

    def __init__(self, server, user):
        self.server, self.user = server, user
        self.before = []      # UIDs, as the session sees them
        self.marked = []      # of these, ascending
        self.is_done = False  # QUIT was answered with +OK

    def fill(self, random_source):
        peer = self.server.imap(self.user)
        peer.append("INBOX", "", None, harness.message(subject="first"))
        peer.select()
        while len(uids := self.uids(peer)) < MESSAGES:
            peer.copy(f"1:{min(len(uids), MESSAGES - len(uids))}", "INBOX")
        peer.logout()
        self.before = uids
        count = random_source.choice((len(uids), len(uids) - 100, 1_500))
        self.marked = sorted(random_source.sample(uids, count))
        self.is_done = False

    @staticmethod
    def uids(peer):
        peer.noop()
        return [int(uid) for uid in peer.uid("SEARCH", "ALL")[1][0].split()]

    def use(self, _):
        """A whole session, sent at once."""
        numbers = {uid: number for number, uid in enumerate(self.before, 1)}
        with self.server.raw(self.server.pop3_port) as peer:
            peer.line()
            peer.send(f"USER {self.user}@{harness.DOMAIN}\r\nPASS {harness.PASSWORD}\r\n" +
                      "".join(f"DELE {numbers[uid]}\r\n" for uid in self.marked) + "QUIT\r\n")
            for _ in range(2 + len(self.marked)):
                if not (line := peer.line()).startswith("+OK"):
                    raise AssertionError(line)
            if not (line := peer.line()).startswith("+OK"):
                raise AssertionError(line)
            self.is_done = True


class Pop3Load(kill_test.Load):
    def __init__(self, server, journal, number, maildrops):
        self.maildrops = maildrops
        super().__init__(server, journal, number)

    def workers(self):
        return ([(self.send_mail, 0)] + [(one.use, 0) for one in self.maildrops])

    def recipient(self):
        return f"{MAILDROPS[0]}@{harness.DOMAIN}"


class KillPop3(harness.ServerCase):
    accounts = MAILDROPS
    settings = {"accounts.retention": 0}

    def verify(self, maildrop):
        """How many of the marked messages are gone."""
        peer = self.server.imap(maildrop.user)
        peer.select(readonly=True)
        there = set(Maildrop.uids(peer))
        peer.logout()
        gone = [uid for uid in maildrop.before if uid not in there]
        if maildrop.is_done:
            self.assertEqual(gone, maildrop.marked, "of a session whose QUIT was answered")
        else:
            self.assertEqual(gone, maildrop.marked[:len(gone)], "lost without being marked")
            self.assertTrue(gone == maildrop.marked or len(gone) % SLICE == 0,
                            f"{len(gone)} are gone")
        return len(gone)

    def verify_new_mail(self, journal, maildrop):
        peer = self.server.imap(maildrop.user)
        peer.select(readonly=True)
        _, data = peer.uid("FETCH", f"{maildrop.before[-1] + 1}:*",
                           "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        peer.logout()
        there = [re.search(rb"Subject: *(\S+)", one[1]).group(1).decode()
                 for one in data if isinstance(one, tuple)]
        self.assertEqual(len(there), len(set(there)), "a message is there twice")
        self.assertEqual(journal.subjects - set(there), set(), "acknowledged mail is lost")

    def test_c01_kill_9_at_quit_leaves_whole_slices_and_loses_nothing_else(self):
        random_source = kill_test.seeded()
        maildrops = [Maildrop(self.server, user) for user in MAILDROPS]
        outcomes = {"answered": 0, "untouched": 0, "in part": 0, "whole, not answered": 0}
        span = 0
        for number in range(1 + kill_test.ROUNDS):
            journal = kill_test.Journal()
            for one in maildrops:
                one.fill(random_source)
            load = Pop3Load(self.server, journal, number, maildrops)
            begin = time.monotonic()
            load.start()
            if number == 0:  # shows how long it takes
                harness.wait_until(lambda: load.errors or all(one.is_done for one in maildrops),
                                   "the answers to QUIT")
                span = time.monotonic() - begin
            else:
                time.sleep(random_source.uniform(0, 1.5 * span))
            load.kill()
            self.server.check()
            self.server.start()
            for one in maildrops:
                gone = self.verify(one)
                outcomes["answered" if one.is_done else
                         "untouched" if gone == 0 else
                         "in part" if gone < len(one.marked) else "whole, not answered"] += 1
            self.verify_new_mail(journal, maildrops[0])
        print(f"{kill_test.ROUNDS} rounds of {span:.2f} s, sessions: {outcomes}")
        self.assertLess(outcomes["answered"], sum(outcomes.values()), "the kill came too late")
        self.assertLess(outcomes["untouched"], kill_test.ROUNDS * len(maildrops), "and too early")


if __name__ == "__main__":
    unittest.main()
