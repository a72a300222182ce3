"""R1, I01: kill -9 under SMTP and IMAP load; nothing that was acknowledged is lost.

Each round loads the server with senders and IMAP clients, kills it at a random moment, starts it
again and compares what was acknowledged with what is there. HAUSPOST_QUICK=1: 5 rounds of 25.
"""

import os
import random
import re
import threading
import time
import unittest

from e2e import harness

ROUNDS = 5 if os.environ.get("HAUSPOST_QUICK") else 25
SENDERS = 4
APPENDERS = 3
MAX_LOAD_SECONDS = 1.5


def seeded():
    """The random choices of a test; HAUSPOST_SEED repeats them."""
    seed = int(os.environ.get("HAUSPOST_SEED", time.time()))
    print(f"seed {seed}")
    return random.Random(seed)


class Journal:
    """What the server has acknowledged. One lock; a worker writes only after the reply."""

    def __init__(self):
        self.lock = threading.Lock()
        self.subjects = set()      # acknowledged messages
        self.sent = set()          # all that were tried: what is there must be among these
        self.uids = {}             # subject -> UID of an acknowledged APPEND
        self.flagged = set()       # UIDs with an acknowledged STORE +FLAGS \Flagged
        self.expunged = set()      # UIDs whose EXPUNGE was acknowledged
        self.expunge_asked = {}    # UID -> subject
        self.highest_uid = 0

    def note(self, action):
        with self.lock:
            action()


class Load:
    """The workers of one round; they end when the server does."""

    def __init__(self, server, journal, number):
        self.server, self.journal, self.number = server, journal, number
        self.threads = [threading.Thread(target=self.run, args=one) for one in self.workers()]
        self.errors = []
        self.killed = False

    def workers(self):
        """(work, its number), ..."""
        return ([(self.send_mail, n) for n in range(SENDERS)] +
                [(self.use_imap, n) for n in range(APPENDERS)])

    def start(self):
        for thread in self.threads:
            thread.start()

    def kill(self):
        """kill -9 of the server; returns when all workers have ended."""
        self.killed = True
        self.server.kill()
        self.join()

    def join(self):
        for thread in self.threads:
            thread.join(harness.PATIENCE)
        if self.errors:
            raise AssertionError(self.errors)

    def run(self, work, number):
        try:
            work(number)
        except (OSError, EOFError, ValueError):
            pass  # the server was killed
        except Exception as fault:  # imaplib and smtplib have their own words for it
            if not self.killed:
                self.errors.append(fault)

    def recipient(self):
        return "ann@example.test"

    def send_mail(self, number):
        with self.server.smtp() as peer:
            peer.ehlo()
            for count in range(1_000_000):
                subject = f"s-{self.number}-{number}-{count}"
                octets = harness.message(subject=subject, body="x" * random.randint(1, 30_000))
                self.journal.note(lambda: self.journal.sent.add(subject))
                harness.send_one(peer, "a@elsewhere.test", [self.recipient()], octets)
                self.journal.note(lambda: self.journal.subjects.add(subject))

    def use_imap(self, number):
        peer = self.server.imap()
        peer.select()
        for count in range(1_000_000):
            subject = f"i-{self.number}-{number}-{count}"
            self.journal.note(lambda: self.journal.sent.add(subject))
            _, data = peer.append("INBOX", "", None, harness.message(subject=subject))
            uid = int(re.search(rb"APPENDUID \d+ (\d+)", data[0]).group(1))
            self.journal.note(lambda: self.journal.subjects.add(subject))
            self.journal.note(lambda: self.journal.uids.__setitem__(subject, uid))
            if peer.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Flagged)")[0] == "OK":
                self.journal.note(lambda: self.journal.flagged.add(uid))
            if count % 3 == 2:
                self.journal.note(
                    lambda: self.journal.expunge_asked.__setitem__(uid, subject))
                peer.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)")
                if peer.uid("EXPUNGE", str(uid))[0] == "OK":
                    self.journal.note(lambda: self.journal.expunged.add(uid))


class Kill(harness.ServerCase):
    accounts = ("ann",)

    def load_and_kill(self, journal, number, random_source):
        load = Load(self.server, journal, number)
        load.start()
        # Let some of it be acknowledged first, then any moment will do.
        enough = len(journal.subjects) + 3
        harness.wait_until(lambda: len(journal.subjects) >= enough or load.errors,
                           lambda: f"acknowledged mail in round {number}: {load.errors}")
        time.sleep(random_source.uniform(0, MAX_LOAD_SECONDS))
        load.kill()

    def inbox(self):
        """UIDVALIDITY, UIDNEXT and {uid: (subject, flags)}."""
        peer = self.server.imap()
        peer.select(readonly=True)
        validity = int(peer.response("UIDVALIDITY")[1][0])
        uid_next = int(peer.response("UIDNEXT")[1][0])
        _, data = peer.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        found = {}
        for one in data:
            if isinstance(one, tuple):
                uid = int(re.search(rb"UID (\d+)", one[0]).group(1))
                subject = re.search(rb"Subject: *(\S+)", one[1]).group(1).decode()
                found[uid] = (subject, one[0])
        peer.logout()
        return validity, uid_next, found

    def verify(self, journal):
        validity, uid_next, found = self.inbox()
        there = [subject for subject, _ in found.values()]
        self.assertEqual(len(there), len(set(there)), "a message is there twice")
        expunged = {journal.expunge_asked[uid] for uid in journal.expunged}
        maybe = set(journal.expunge_asked.values())
        lost = journal.subjects - maybe - set(there)
        self.assertEqual(lost, set(), "acknowledged mail is lost")
        self.assertEqual(expunged & set(there), set(), "expunged mail is back")
        self.assertEqual(set(there) - journal.sent, set(), "mail that nobody sent")
        for subject, uid in journal.uids.items():
            if uid in found:
                self.assertEqual(found[uid][0], subject, "a UID names another message")
        for uid in journal.flagged & set(found):
            self.assertIn(b"\\Flagged", found[uid][1], "an acknowledged flag is lost")
        # No UID that anybody was told may be given again.
        highest = max([journal.highest_uid, *journal.uids.values(), *found])
        self.assertGreater(uid_next, highest, "a UID would be used again")
        journal.highest_uid = highest
        return validity

    def test_r1_kill_9_under_load_loses_nothing_that_was_acknowledged(self):
        random_source = seeded()
        journal = Journal()
        validity = self.inbox()[0]
        for number in range(ROUNDS):
            self.load_and_kill(journal, number, random_source)
            self.server.check()
            self.server.start()
            self.assertEqual(self.verify(journal), validity)
        self.assertGreater(len(journal.subjects), ROUNDS * 3)
        self.assertGreater(len(journal.expunged), 0)
        print(f"{ROUNDS} rounds, {len(journal.subjects)} messages acknowledged, "
              f"{len(journal.expunged)} expunged")


if __name__ == "__main__":
    unittest.main()
