#!/usr/bin/env python3
"""How long others wait while one account does its worst: prints p50, p99 and the longest wait.

    bench/others_wait.py [--binary build/release/hauspost] [--scene WORD] [--seconds 10] [--scale 1.0]

Each scene runs for some seconds in a process of its own against a private server in a temporary
folder, while four connections of another account go round with SELECT, NOOP, FETCH and STORE. What
counts is p99 of a release build: below 20 ms. Server, scene and measure share the cores; the scene
has a low priority, so that what is measured is the server and not the clients.
"""

import argparse
import multiprocessing
import os
import pathlib
import sys
import threading
import time

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from e2e import harness  # noqa: E402

LIMIT_MS = 20
MAIL = b"Subject: x\r\n\r\nhi\r\n"


class Imap(harness.RawPeer):
    """One logged-in session."""

    def __init__(self, server, user):
        super().__init__(server.address, server.imap_port)
        self.tag = 0
        harness.imap_login(self, user)

    def begin(self, command):
        self.tag += 1
        self.send(f"t{self.tag} {command}\r\n")
        return f"t{self.tag} "

    def run(self, command):
        lines = self.until(self.begin(command))
        if " OK" not in lines[-1][:12]:
            raise RuntimeError(f"{command[:80]}: {lines[-1]}")
        return lines

    def pipeline(self, commands, window=100):
        """Runs them without waiting for each; refusals are passed over."""
        for low in range(0, len(commands), window):
            tags = []
            for command in commands[low:low + window]:
                tags.append(self.begin(command))
            for tag in tags:
                self.until(tag)

    def append(self, mailbox="INBOX"):
        self.send(b"a APPEND %s {%d+}\r\n%s\r\n" % (mailbox.encode(), len(MAIL), MAIL))
        self.until("a ")

    def fill(self, messages):
        """So many in INBOX: some by APPEND, the others as copies of these."""
        for _ in range(min(messages, 500)):
            self.append()
        have = min(messages, 500)
        self.run("SELECT INBOX")
        while have < messages:
            more = min(have, messages - have)
            self.run(f"COPY 1:{more} INBOX")
            self.run("NOOP")
            have += more


def name(n):
    return "m" * 200 + f"{n:06d}"


class Scene:
    """prepare() once, before the measure; play() again and again while it runs."""

    accounts = ("u",)

    def __init__(self, server, scale):
        self.server, self.scale = server, scale

    def number(self, full):
        return max(10, int(full * self.scale))

    def prepare(self):
        pass

    def play(self):
        time.sleep(0.1)


class nobody(Scene):
    """Nothing happens besides."""


class list_bomb(Scene):
    """40 sessions ask for 64 dear patterns over 2,000 mailboxes and close."""

    def prepare(self):
        with Imap(self.server, "u") as peer:
            peer.pipeline([f"CREATE {'a' * 240}{n:06d}" for n in range(self.number(2000))])

    def play(self):
        patterns = " ".join(["*a" * 245 + f"*b{n}" for n in range(64)])
        peers = [Imap(self.server, "u") for _ in range(40)]
        for peer in peers:
            peer.begin(f'LIST "" ({patterns})')
        time.sleep(1)
        for peer in peers:
            peer.close()


class notify_storm(Scene):
    """48 sessions watch 950 mailboxes while another changes a flag as fast as it can."""

    def prepare(self):
        self.count = self.number(950)
        with Imap(self.server, "u") as peer:
            peer.pipeline([f"CREATE {name(n)}" for n in range(self.count)])
            peer.append()
        self.peers = []

    def watch(self):
        names = " ".join(name(n) for n in range(min(245, self.count)))
        for _ in range(48):
            peer = Imap(self.server, "u")
            peer.run(f"NOTIFY SET (mailboxes ({names}) (MessageNew MessageExpunge FlagChange "
                     "MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange)) "
                     "(personal (MessageNew MessageExpunge))")
            self.peers.append(peer)

            def drain(connection=peer.socket):
                while connection.recv(65536):
                    pass
            threading.Thread(target=drain, daemon=True).start()
        self.busy = Imap(self.server, "u")
        self.busy.run("SELECT INBOX")

    def play(self):
        if not self.peers:
            self.watch()
        for n in range(100):
            self.busy.run(f"STORE 1 {'+-'[n % 2]}FLAGS.SILENT (\\Flagged)")


class walks(Scene):
    """48 sessions read all flags, headers and deleted octets of 50,000 messages."""

    def prepare(self):
        with Imap(self.server, "u") as peer:
            peer.fill(self.number(50_000))
            peer.run("STORE 1:* +FLAGS.SILENT (\\Deleted)")

    def play(self):
        peers = [Imap(self.server, "u") for _ in range(48)]
        for peer in peers:
            peer.run("SELECT INBOX")
        for n, peer in enumerate(peers):
            peer.begin(("STATUS INBOX (DELETED-STORAGE)", "FETCH 1:* (FLAGS)", "FETCH 1:* (ENVELOPE)",
                        "SEARCH SUBJECT nothing")[n % 4])
        end = time.monotonic() + 2
        for peer in peers:
            peer.socket.settimeout(0.01)
        while time.monotonic() < end:
            for peer in peers:
                try:
                    peer.socket.recv(1 << 20)
                except OSError:
                    pass
        for peer in peers:
            peer.close()


class rename_inbox(Scene):
    """RENAME of INBOX with 50,000 messages, and MOVE of all back."""

    def prepare(self):
        with Imap(self.server, "u") as peer:
            peer.fill(self.number(50_000))
        self.round = 0

    def play(self):
        self.round += 1
        with Imap(self.server, "u") as peer:
            peer.run(f"RENAME INBOX old{self.round}")
            peer.run(f"SELECT old{self.round}")
            peer.run("MOVE 1:* INBOX")


class rename_tree(Scene):
    """RENAME of a tree of 4,900 mailboxes, there and back."""

    def prepare(self):
        with Imap(self.server, "u") as peer:
            peer.pipeline([f"CREATE tree/{'m' * 200}{n:06d}" for n in range(self.number(4900))])

    def play(self):
        with Imap(self.server, "u") as peer:
            peer.run("RENAME tree wood")
            peer.run("RENAME wood tree")


class remove_account(Scene):
    """Removal of an account with 50,000 messages."""

    def prepare(self):
        with Imap(self.server, "u") as peer:
            peer.fill(self.number(50_000))
        self.is_done = False

    def play(self):
        if self.is_done:
            return super().play()
        self.is_done = True
        return self.server.command("account", "remove", "--yes", f"u@{harness.DOMAIN}")


class grants(Scene):
    """Three accounts share 900 mailboxes each with one, who lists and watches them, and change it."""

    accounts = ("u", "g1", "g2", "g3")

    def prepare(self):
        self.count = self.number(900)
        for owner in ("g1", "g2", "g3"):
            with Imap(self.server, owner) as peer:
                peer.run("CREATE top")
                peer.run(f"SETACL top u@{harness.DOMAIN} lr")
                peer.pipeline([f"CREATE top/{name(n)}" for n in range(self.count - 1)])
        self.peers = []

    def play(self):
        if not self.peers:
            for _ in range(10):
                self.peers.append(Imap(self.server, "u"))
        for peer in self.peers:
            peer.begin('LIST "" "Shared/*"')
        with Imap(self.server, "g1") as peer:
            peer.pipeline([f"{verb} top/{name(n)} u@{harness.DOMAIN}{rights}" for n in range(100)
                           for verb, rights in (("DELETEACL", ""), ("SETACL", " lr"))])
        for peer in self.peers:
            peer.until(f"t{peer.tag} ")


class large_alias(Scene):
    """SMTP to 1,000 sub-addresses of an alias with 1,000 targets, four at a time."""

    accounts = ("u",)

    def prepare(self):
        targets = [f"nobody{n}@elsewhere.test" for n in range(self.number(999))]
        self.server.command("alias", "add", f"list@{harness.DOMAIN}", *targets,
                            f"u@{harness.DOMAIN}")

    def send(self):
        with self.server.raw(self.server.smtp_port) as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            peer.ask("MAIL FROM:<a@elsewhere.test>")
            for low in range(0, 1000, 50):
                for n in range(low, low + 50):
                    peer.send(f"RCPT TO:<list+{n}@{harness.DOMAIN}>\r\n")
                for _ in range(50):
                    peer.reply()
            peer.ask("DATA")
            peer.ask("Subject: many\r\n\r\nx\r\n.")

    def play(self):
        all_four = [threading.Thread(target=self.send) for _ in range(4)]
        for one in all_four:
            one.start()
        for one in all_four:
            one.join()


SCENES = [nobody, list_bomb, notify_storm, walks, rename_inbox, rename_tree, remove_account, grants,
          large_alias]


def play(scene, ready, stop):
    os.nice(10)
    try:
        while not stop.is_set():
            scene.play()
            ready.set()
    except (OSError, EOFError):
        if not stop.is_set():
            raise


def measure(server, seconds):
    """Milliseconds of each round trip."""
    peers = [Imap(server, "other") for _ in range(4)]
    for peer in peers:
        peer.run("SELECT INBOX")
    waits = []
    end = time.monotonic() + seconds
    n = 0
    while time.monotonic() < end:
        command = ("SELECT INBOX", "NOOP", "FETCH 1 (FLAGS)",
                   f"STORE 1 {'+-'[n // 16 % 2]}FLAGS.SILENT (\\Seen)")[n // 4 % 4]
        began = time.perf_counter()
        peers[n % 4].run(command)
        waits.append(1000 * (time.perf_counter() - began))
        n += 1
        time.sleep(0.001)
    for peer in peers:
        peer.close()
    return sorted(waits)


def run(make, binary, seconds, scale):
    server = harness.Server(settings={"log.level": "warn"}, binary=binary)
    try:
        server.add_domain()
        for account in (*make.accounts, "other"):
            server.add_account(account)
        server.start()
        scene = make(server, scale)
        with Imap(server, "other") as peer:
            peer.append()
        scene.prepare()
        context = multiprocessing.get_context("fork")
        ready, stop = context.Event(), context.Event()
        playing = context.Process(target=play, args=(scene, ready, stop), daemon=True)
        playing.start()
        time.sleep(0.3)
        waits = measure(server, seconds)
        stop.set()
        played = ready.is_set()
        playing.terminate()
        playing.join()
        server.stop()
        server.check()
    finally:
        server.remove()
    p99 = waits[len(waits) * 99 // 100]
    print(f"{make.__name__:16} {len(waits):6} round trips  p50 {waits[len(waits) // 2]:7.2f}  "
          f"p99 {p99:7.2f}  max {waits[-1]:7.2f} ms{'' if played else '  (not done once)'}", flush=True)
    return p99


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--binary", default=str(ROOT / "build/release/hauspost"))
    words.add_argument("--scene", default="")
    words.add_argument("--seconds", type=float, default=10)
    words.add_argument("--scale", type=float, default=1.0)
    wanted = words.parse_args()
    worst = [run(make, wanted.binary, wanted.seconds, wanted.scale)
             for make in SCENES if wanted.scene in make.__name__]
    return 0 if all(p99 < LIMIT_MS for p99 in worst) else 1


if __name__ == "__main__":
    sys.exit(main())
