"""A server that fails on real sockets, in another way and at another step each time it is called: each
message arrives in the end, and twice at most what it had already taken (R9)."""

import json
import socket
import struct
import threading
import unittest

from e2e import harness
from interop import smtp_collector

ANN = f"ann@{harness.DOMAIN}"
MESSAGES = 12


class Gone(Exception):
    """The server has ended a connection."""


def resets(peer):
    """RST in place of FIN: what was on its way is lost."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closes(_):
    pass


def says(octets):
    def act(peer):
        peer.sendall(octets)
        peer.shutdown(socket.SHUT_WR)
        peer.recv(1)  # until it is understood
    return act


FAULTS = [
    ("220", closes), ("220", resets), ("220", says(b"421 4.3.2 busy\r\n")),
    ("220", says(b"220-" + b"x" * 1_000_000)), ("EHLO", resets), ("EHLO", says(b"\0\xff" * 5000)),
    ("MAIL", says(b"451 4.3.0 later\r\n")), ("RCPT", closes), ("DATA", resets),
    ("DATA", says(b"250-go\r\n" * 5000)), (".", resets), (".", closes), (".", says(b"HTTP/1.1 200\r\n")),
    (".", says(b"25")),
]


class FaultyRemote(smtp_collector.Collector):
    """Each connection has the next of the faults, then none. `twice`: what was taken without a word."""

    def __init__(self, faults):
        self.left = list(faults)
        self.twice = 0
        self._own = threading.local()
        super().__init__()

    def _serve(self, peer):
        self._own.peer = peer
        self._own.fault = self.left.pop(0) if self.left else (None, None)
        try:
            super()._serve(peer)
        except Gone:
            pass

    def _say(self, stream, step, text):
        at, act = self._own.fault
        if step != at:
            return super()._say(stream, step, text)
        if step == ".":
            self.twice += 1
        try:
            act(self._own.peer)
        except OSError:
            pass  # it was quicker to go
        raise Gone


class Faulty(unittest.TestCase):
    def test_r9_each_message_arrives_in_the_end(self):
        world = FaultyRemote(FAULTS)
        self.addCleanup(world.close)
        near = harness.Server(settings={
            "delivery.relay": f"{world.address}:{world.port}", "delivery.relay_verify": False,
            "delivery.retry_first": "1s", "delivery.retry_longest": "1s",
            "delivery.recipients_per_connection": 3,
        })
        self.addCleanup(near.remove)
        near.add_domain()
        near.add_account("ann")
        near.start()
        sent = [f"message {number}" for number in range(MESSAGES)]
        with near.submission() as peer:
            for name in sent:
                harness.send_one(peer, ANN, ["bob@far.example"], harness.message(name, sender=ANN))
        harness.wait_until(
            lambda: not json.loads(near.command("queue", "list", "--json"))["queue"],
            "the queue to empty")
        self.assertEqual(world.left, [])
        arrived = [octets.partition(b"\r\nSubject: ")[2].partition(b"\r\n")[0].decode()
                   for _, _, octets in world.mail]
        self.assertEqual(sorted(set(arrived)), sorted(sent))
        self.assertLessEqual(len(arrived), len(sent) + world.twice)
        # Nobody is told that anything failed.
        self.assertEqual(harness.subjects(near.imap("ann")), [])
        self.assertEqual(near.stop(), 0)
        self.assertNotRegex(near.log(), harness.SANITIZER)
        near.check()


if __name__ == "__main__":
    unittest.main()
