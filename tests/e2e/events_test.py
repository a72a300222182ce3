"""What open pages hear of changes, from the real server."""

import http.client
import json
import unittest

from e2e import harness
from e2e.owner_page_api import OWNER_PASSWORD, Page, become_owner, page_server

ALL = {"overview", "queue", "trace", "ban", "audit"}


class Stream:
    """One open page: its connection stands until the server ends it."""

    def __init__(self, page, fields=None):
        self.link = http.client.HTTPSConnection(page.server.address, page.port, timeout=harness.PATIENCE,
                                                context=harness.tls_context())
        sent = {"Host": page.host, "X-Hauspost": "1", "Cookie": page.cookie or "", "Sec-Fetch-Site": "same-origin"}
        sent.update(fields or {})
        self.link.request("GET", "/api/events", headers={name: one for name, one in sent.items() if one is not None})
        self.reply = self.link.getresponse()
        self.status = self.reply.status

    def close(self):
        self.link.close()

    def next(self):
        """(name, topics) of the next event; None: the stream has ended in good order."""
        name, topics = None, set()
        for line in self.reply:
            line = line.decode().rstrip("\n")
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                topics = set(line.removeprefix("data: ").split())
            elif not line and name:
                return name, topics
        return None

    def hears(self, *wanted):
        """Until all of these have been told."""
        left = set(wanted)
        while left:
            heard = self.next()
            if heard is None:
                raise AssertionError(f"the stream ended before {left}")
            left -= heard[1]


class Events(unittest.TestCase):
    def setUp(self):
        self.server = page_server()
        self.addCleanup(self.server.remove)
        self.server.start()
        self.page = become_owner(self.server)

    def open(self, page=None, **fields):
        stream = Stream(page or self.page, fields or None)
        self.addCleanup(stream.close)
        return stream

    def other_page(self):
        other = Page(self.server)
        other.ask("session/open", password=OWNER_PASSWORD)
        return other

    def test_a_page_hears_what_changes_and_not_with_what(self):
        stream = self.open()
        self.assertEqual(stream.status, 200)
        self.assertEqual(stream.reply.getheader("Content-Type"), "text/event-stream")
        self.assertEqual(stream.reply.getheader("Cache-Control"), "no-store")
        self.assertEqual(stream.next(), ("changed", ALL))
        self.server.command("domain", "add", harness.DOMAIN)
        stream.hears("audit", "overview")
        self.server.command("account", "add", f"ann@{harness.DOMAIN}", stdin=harness.PASSWORD + "\n")
        stream.hears("audit")
        with self.server.smtp() as peer:
            peer.sendmail("you@elsewhere.test", [f"ann@{harness.DOMAIN}"], b"Subject: first\r\n\r\nhello\r\n")
        stream.hears("overview", "trace")
        self.server.command("ban", "add", "192.0.2.1")
        stream.hears("ban")

    def test_g09_nobody_hears_anything_without_signing_in(self):
        stream = self.open(Page(self.server))
        self.assertEqual(stream.status, 401)
        self.assertEqual(json.loads(stream.reply.read())["code"], "not_signed_in")

    def test_g05_another_sites_page_hears_nothing(self):
        for fields, code in (({"X-Hauspost": None}, "no_own_field"),
                             ({"Sec-Fetch-Site": "cross-site"}, "not_own_page"),
                             ({"Sec-Fetch-Site": None, "Origin": "https://evil.example"}, "not_own_page")):
            with self.subTest(fields=fields):
                stream = Stream(self.page, fields)
                self.addCleanup(stream.close)
                self.assertEqual(stream.status, 403)
                self.assertEqual(json.loads(stream.reply.read())["code"], code)

    def test_g11_a_stream_ends_with_its_session_and_the_password(self):
        other, third = self.other_page(), self.other_page()
        own, of_other, of_third = self.open(), self.open(other), self.open(third)
        for stream in (own, of_other, of_third):
            self.assertEqual(stream.next(), ("changed", ALL))
        other.ask("session/close")
        while of_other.next():
            pass
        third.ask("owner/password", password="walnut-orbit-thicket-7", present_password=OWNER_PASSWORD)
        while own.next():
            pass
        # Who has changed it has a new session, and the stream of the old one is over as well.
        while of_third.next():
            pass
        self.assertEqual(self.open(third).status, 200)
        self.assertEqual(self.open().status, 401)

    def test_h01_a_browser_has_four_streams_and_the_oldest_gives_way(self):
        first, *others = [self.open() for _ in range(5)]
        heard = first.next()
        while heard and heard[0] == "changed":
            heard = first.next()
        self.assertEqual(heard, ("full", set()))
        self.assertIsNone(first.next())
        for stream in others:
            self.assertEqual(stream.next(), ("changed", ALL))

    def test_streams_end_in_good_order_when_the_server_stops(self):
        streams = [self.open(self.other_page()) for _ in range(3)]
        for stream in streams:
            self.assertEqual(stream.next(), ("changed", ALL))
        self.assertEqual(self.server.stop(), 0)
        for stream in streams:
            # http.client tells a stream that is cut off by an exception.
            self.assertIsNone(stream.next())


if __name__ == "__main__":
    unittest.main()
