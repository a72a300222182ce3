"""COMPRESS=DEFLATE (RFC 4978) over real TLS: both layers, and what is pushed through them."""

import time
import unittest
import zlib

from e2e import harness


class Deflated:
    """A RawPeer from COMPRESS on: raw deflate above its socket."""

    def __init__(self, peer):
        self.socket = peer.socket
        self.deflate = zlib.compressobj(wbits=-15)
        self.inflate = zlib.decompressobj(wbits=-15)
        self.buffer = b""

    def send(self, text):
        octets = text if isinstance(text, bytes) else text.encode()
        self.socket.sendall(self.deflate.compress(octets) + self.deflate.flush(zlib.Z_SYNC_FLUSH))

    def line(self):
        while b"\r\n" not in self.buffer:
            octets = self.socket.recv(65536)
            if not octets:
                raise EOFError
            self.buffer += self.inflate.decompress(octets)
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line.decode()

    def until(self, begin):
        lines = []
        while not lines or not lines[-1].startswith(begin):
            lines.append(self.line())
        return lines

    def ask(self, text, begin):
        self.send(text + "\r\n")
        return self.until(begin)


class Compress(harness.ServerCase):
    def compressed(self, peer):
        """STARTTLS, LOGIN, COMPRESS."""
        peer.line()
        self.assertTrue(peer.ask("a STARTTLS", "a ")[-1].startswith("a OK"))
        peer.start_tls()
        said = peer.ask(f"b LOGIN ann@{harness.DOMAIN} {harness.PASSWORD}", "b ")[-1]
        self.assertIn(" COMPRESS=DEFLATE", said)
        self.assertTrue(peer.ask("c COMPRESS DEFLATE", "c ")[-1].startswith("c OK"))
        return Deflated(peer)

    def setUp(self):
        self.empty()

    def test_append_fetch_and_idle_go_through_both_layers(self):
        octets = harness.message(subject="large", body="".join(
            f"line {number}\r\n" for number in range(50_000)))
        with self.server.raw(self.server.imap_port) as raw:
            peer = self.compressed(raw)
            self.assertTrue(peer.ask(f"d APPEND INBOX {{{len(octets)}}}", "+"))
            peer.send(octets[:100_000])
            peer.send(octets[100_000:] + b"\r\n")
            self.assertRegex(peer.until("d ")[-1], r"^d OK \[APPENDUID \d+ \d+\]")
            peer.ask("e SELECT INBOX", "e ")
            fetched = peer.ask("f UID FETCH 1:* (BODY.PEEK[])", "f ")
            self.assertIn(octets.decode(), "\r\n".join(fetched[1:-2]) + "\r\n")
            peer.ask("g IDLE", "+")
            began = time.monotonic()
            self.server.deliver("ann", subject="pushed")
            peer.until("* 2 EXISTS")
            self.assertLess(time.monotonic() - began, 5)
            self.assertTrue(peer.ask("DONE", "g ")[-1].startswith("g OK"))
            lines = peer.ask("h LOGOUT", "h ")
            self.assertTrue(lines[0].startswith("* BYE"))
            with self.assertRaises(EOFError):
                peer.line()

    def test_b13_a_second_compress_is_refused_and_the_first_goes_on(self):
        with self.server.raw(self.server.imap_port) as raw:
            peer = self.compressed(raw)
            self.assertTrue(peer.ask("d COMPRESS DEFLATE", "d ")[-1].startswith(
                "d NO [COMPRESSIONACTIVE]"))
            self.assertNotIn("COMPRESS", peer.ask("e CAPABILITY", "e ")[0])

    def test_b13_a_flood_of_empty_blocks_ends_the_session(self):
        with self.server.raw(self.server.imap_port) as raw:
            peer = self.compressed(raw)
            peer.ask("d APPEND INBOX {1000}", "+")
            # Closed with the rest unread, the server may answer by a reset instead of an end.
            with self.assertRaises((EOFError, OSError)) as ended:
                for _ in range(100):
                    raw.socket.sendall(b"\0\0\0\xff\xff" * 1000)
                peer.line()
            self.assertNotIsInstance(ended.exception, TimeoutError)

    def test_b13_a_stop_ends_an_append_of_empty_blocks(self):
        own = harness.Server()
        self.addCleanup(own.remove)
        own.add_domain()
        own.add_account("ann")
        own.start()
        with own.raw(own.imap_port) as raw:
            peer = self.compressed(raw)
            peer.ask("d APPEND INBOX {1000}", "+")
            raw.socket.sendall(b"\0\0\0\xff\xff" * 10)
            began = time.monotonic()
            self.assertEqual(own.stop(), 0)
            self.assertLess(time.monotonic() - began, 10)
            self.assertTrue(peer.line().startswith("* BYE"))


if __name__ == "__main__":
    unittest.main()
