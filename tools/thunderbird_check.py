#!/usr/bin/env python3
"""Thunderbird against the real binary (docs/develop.md, "Thunderbird").

    tools/thunderbird_check.py FOLDER

Starts Hauspost with its default limits on loopback, makes a Thunderbird profile with one account,
and drives Thunderbird by keys on a screen of its own (Xvfb): it lists, reads, stars, archives and
deletes mail, sees new mail by IDLE, and sends a message. Then a second Thunderbird, which is told
what to do by remote control (thunderbird_folders.py): folders, moves, subscriptions, search on the
server, 5,000 messages for offline use. A third takes mail by POP3 and leaves it on the server
(thunderbird_pop3.py). After each step the server is asked over IMAP whether it
holds what was done. Into FOLDER go the screenshots, which somebody has to look at, Thunderbird's
transcripts of the IMAP connections, and the servers' logs.

HAUSPOST_BINARY names the binary (else build/dev/hauspost). Ends with 1 when a step failed.
"""

import email.header
import email.utils
import pathlib
import re
import shutil
import subprocess
import sys
import time

import thunderbird_folders
import thunderbird_pop3
from thunderbird_desktop import ACCOUNT, HOST, Desktop, find_complaints, harness, write_profile

TOOLS = ("thunderbird", "Xvfb", "xdotool", "import", "swaks")

class Check:
    """The steps, in their order; each waits until the server holds what Thunderbird did."""

    def __init__(self, server, desktop):
        self.server, self.desktop = server, desktop
        self.date = time.time() - 600
        self.peer = server.imap("anna")

    def swaks(self, subject, *more):
        subprocess.run(
            ["swaks", "--server", f"{HOST}:{self.server.smtp_port}", "--tls", "--silent", "2",
             "--from", "ben@elsewhere.test", "--to", ACCOUNT,
             "--h-From", "Ben Adler <ben@elsewhere.test>",
             "--h-Subject", email.header.Header(subject).encode(),
             "--h-Date", email.utils.formatdate(self.date), *more], check=True)
        self.date += 60  # Thunderbird sorts by it; equal ones have no order of their own

    def flags(self, subject, mailbox="INBOX"):
        """The flags of the message with this subject, or None when the mailbox has none such."""
        self.peer.select(mailbox, readonly=True)
        _, data = self.peer.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        for part in data:
            if not isinstance(part, tuple):
                continue
            line = part[1].decode().strip().removeprefix("Subject: ")
            if str(email.header.make_header(email.header.decode_header(line))) == subject:
                return re.search(r"FLAGS \((.*?)\)", part[0].decode()).group(1).split()
        return None

    def has(self, flag, subject, mailbox="INBOX"):
        return flag in (self.flags(subject, mailbox) or ())

    def expect(self, what, condition):
        self.desktop.expect(what, condition)

    def deliver_first(self):
        self.swaks("Read me", "--body", "A plain message.")
        self.swaks("Grüße aus Köln ☀", "--body", "Star me.")
        self.swaks("For the archive", "--body", "Archive me.")
        self.swaks("For the bin", "--body", "Delete me.")
        self.swaks("Offer 2026-14, with its sheet",
                   "--attach-type", "text/html", "--attach-body",
                   "<h2>Offer 2026-14</h2><p>Our prices, <b>valid until May</b>:</p>"
                   "<table border=1><tr><td>Plums<td>3.20<tr><td>Kettles<td>42.00</table>",
                   "--attach-type", "text/csv", "--attach-name", "prices.csv",
                   "--attach", "Plums;3.20\nKettles;42.00\n")

    def list_and_read(self):
        self.desktop.window("Mozilla Thunderbird")
        self.expect("it lists INBOX and goes idle",
                    lambda: re.search(r"S-INBOX:SendData: \d+ IDLE", self.desktop.transcript()))
        self.desktop.screenshot("1-listed")
        self.desktop.keys("n")  # the next unread message
        self.expect("opening sets \\Seen", lambda: self.has("\\Seen", "Read me"))
        self.desktop.screenshot("2-opened")

    def change(self):
        self.desktop.keys("n")
        self.expect("the next is open", lambda: self.has("\\Seen", "Grüße aus Köln ☀"))
        self.desktop.keys("s")
        self.expect("s sets \\Flagged", lambda: self.has("\\Flagged", "Grüße aus Köln ☀"))
        self.desktop.screenshot("3-starred")
        self.desktop.keys("n")
        self.expect("the third is open", lambda: self.has("\\Seen", "For the archive"))
        self.desktop.keys("a")
        self.expect("a moves to Archive, with its flags", lambda: (
            self.has("\\Seen", "For the archive", "Archive") and not self.flags("For the archive")))
        # Thunderbird opens the message after one that goes.
        self.expect("the fourth is open", lambda: self.has("\\Seen", "For the bin"))
        self.desktop.screenshot("4-archived")
        self.desktop.keys("Delete")
        self.expect("Del moves to Trash, with its flags", lambda: (
            self.has("\\Seen", "For the bin", "Trash") and not self.flags("For the bin")))
        self.expect("HTML with an attachment is open",
                    lambda: self.has("\\Seen", "Offer 2026-14, with its sheet"))
        self.desktop.screenshot("5-deleted")

    def see_changes_of_others(self):
        subject = "Came while you were looking"
        self.swaks(subject, "--body", "No click was needed.")
        self.expect("IDLE tells of new mail, Thunderbird fetches it",
                    lambda: f"Subject: {subject}" in self.desktop.transcript())
        self.desktop.screenshot("6-new-mail")
        before = len(self.desktop.transcript())
        self.peer.select("INBOX")
        _, found = self.peer.search(None, "SUBJECT", f'"{subject}"')
        self.peer.store(found[0].decode(), "+FLAGS", "\\Flagged")
        self.expect("IDLE tells of a star that another client set", lambda: re.search(
            r"\* \d+ FETCH .*\\Flagged", self.desktop.transcript()[before:]))
        self.desktop.screenshot("7-starred-elsewhere")

    def send(self, subject="Sent by Thunderbird", protected="STARTTLS",
             shots=("8-written", "9-sent")):
        self.desktop.keys("ctrl+n")
        self.desktop.window("Write")
        self.desktop.wait_until_steady()
        self.desktop.type(ACCOUNT)
        self.desktop.keys("Return", "Tab")
        self.desktop.type(subject)
        self.desktop.keys("Tab")
        self.desktop.type("Hello Anna")
        self.desktop.screenshot(shots[0])
        self.desktop.keys("ctrl+Return")
        self.expect(f"it logs in and sends by {protected}",
                    lambda: self.flags(subject) is not None)
        self.expect("and keeps a copy in Sent", lambda: self.has("\\Seen", subject, "Sent"))
        self.desktop.window("Mozilla Thunderbird")
        self.desktop.screenshot(shots[1])


def by_keys(server, folder):
    """The steps of Check; raises when one fails."""
    write_profile(server.folder / "profile", server)
    desktop = Desktop(folder, server.folder / "profile")
    try:
        check = Check(server, desktop)
        check.deliver_first()
        for step in (check.list_and_read, check.change, check.see_changes_of_others, check.send):
            step()
        find_complaints(desktop, server)
    finally:
        desktop.close()


def by_465(server, folder):
    """Sends once more, by TLS from the first octet."""
    write_profile(server.folder / "profile", server, {
        "mail.smtpserver.smtp1.port": server.submissions_port, "mail.smtpserver.smtp1.try_ssl": 3})
    desktop = Desktop(folder, server.folder / "profile", "imap-465")
    try:
        desktop.window("Mozilla Thunderbird")
        desktop.wait_until_steady()
        Check(server, desktop).send("Sent by TLS", "TLS from the first octet",
                                    ("14-written", "15-sent"))
        find_complaints(desktop, server)
    finally:
        desktop.close()


def with_server(name, steps, folder):
    """Runs steps(server, folder) with a server of their own."""
    server = harness.Server(address=HOST, settings={"log.level": "debug"})
    for setting in harness.TEST_BED:  # the defaults are what a real client meets
        del server.settings[setting]
    server.write_config()
    try:
        server.add_domain()
        server.add_account("anna")
        server.start()
        steps(server, folder)
        code = server.stop()
        if code != 0:
            raise AssertionError(f"the server ended with {code}")
        server.check()
    finally:
        shutil.copy(server.log_path, folder / f"{name}.log")
        server.remove()


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        sys.exit("missing: " + " ".join(missing))
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "thunderbird.log").unlink(missing_ok=True)
    with_server("server", by_keys, folder)
    with_server("server-465", by_465, folder)
    with_server("server-folders", thunderbird_folders.run, folder)
    with_server("server-pop3", thunderbird_pop3.run, folder)


if __name__ == "__main__":
    main()
