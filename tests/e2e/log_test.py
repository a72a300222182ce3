"""The log: valid JSON whatever peers say, bounded, opened anew at SIGHUP, never in the way."""

import fcntl
import imaplib
import json
import os
import signal
import smtplib
import unittest

from e2e import harness


class Log(harness.ServerCase):
    def read(self, path):
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def log_to(self, path, **more):
        """Lets the running server log to that file; a line of its own tells that it does."""
        self.server.settings |= {"log.target": path} | {f"log.{k}": v for k, v in more.items()}
        self.server.write_config()
        self.server.signal(signal.SIGHUP)
        harness.wait_until(lambda: "reload" in self.read(path), "the reload to be logged")

    def test_each_line_of_a_session_is_one_json_object_whatever_the_peer_says(self):
        path = self.server.folder / "json.log"
        self.log_to(path, format="json", level="debug")
        with smtplib.SMTP(self.server.address, self.server.smtp_port) as peer:
            peer.ehlo('[x"y\\z]')
            for line in ('MAIL FROM:<"odd \\"quoted\\\\ one"@client.test>', 'RCPT TO:<"no body"@example.test>',
                         "RCPT TO:<ann@example.test>", "BOGUS \"\\\x01"):
                peer.docmd(line)
            peer.data(b"Subject: x\r\n\r\nx\r\n")
        with self.assertRaises(imaplib.IMAP4.error):
            self.server.imap(user='no "such\\', password="wrong")
        peer = self.server.raw(self.server.imaps_port, tls=True)
        harness.imap_login(peer)
        peer.send('a ID ("name" "x\\"},{\\"y")\r\n')
        peer.until("a ")
        peer.send(b'b SELECT "a\\"b\xc3\xbc"\r\n'.decode())
        peer.until("b ")
        peer.send("c LOGOUT\r\n")
        peer.rest()
        peer.close()
        self.log_to(self.server.folder / "last.log")
        lines = [json.loads(line) for line in self.read(path).splitlines()]
        for line in lines:
            self.assertTrue(line["time"] and line["level"], line)
        self.assertIn("start", [line.get("event") for line in lines])
        said = [line for line in lines if line.get("event") == "client"]
        self.assertEqual([type(line["cid"]) for line in said], [int])
        self.assertIn('x"},{"y', said[0]["id"])

    def test_a_file_moved_away_is_opened_anew_and_the_old_one_is_let_go(self):
        path = self.server.folder / "rotated.log"
        self.log_to(path, format="text", level="info")
        path.rename(path.with_suffix(".1"))
        self.server.signal(signal.SIGHUP)
        harness.wait_until(lambda: "reload" in self.read(path), "the new file")
        opened = [os.readlink(one) for one in self.open_files()]
        self.assertNotIn(str(path.with_suffix(".1")), opened)

    def open_files(self):
        folder = f"/proc/{self.server.process.pid}/fd"
        return [one for one in (f"{folder}/{name}" for name in os.listdir(folder)) if os.path.islink(one)]

    def test_a_session_that_is_refused_without_end_fills_no_disk(self):
        path = self.server.folder / "flood.log"
        self.log_to(path, format="text", level="info")
        peer = self.server.raw(self.server.imaps_port, tls=True)
        harness.imap_login(peer)
        for _ in range(20):
            peer.send("x SELECT nothing\r\n" * 100)
            for _ in range(100):
                peer.until("x ")
        peer.send("y LOGOUT\r\n")
        peer.rest()
        peer.close()
        log = harness.wait_until(
            lambda: " end cid=" in self.read(path) and self.read(path), "the session's end")
        refused = log.count(" refuse ")
        left_out = sum(int(part.split()[0]) for part in log.split(" lines=")[1:])
        self.assertLess(refused, 1000)
        self.assertEqual(refused + left_out, 2000)


class StoppedReader(unittest.TestCase):
    def test_a_reader_of_standard_error_that_stops_holds_nobody_up(self):
        ours, theirs = os.pipe()
        fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, 4096)
        server = harness.Server(settings={"log.level": "trace"}, stderr=theirs)
        try:
            server.add_domain()
            server.add_account("ann")
            server.start()
            os.close(theirs)
            for _ in range(30):  # some ten lines each; a page holds fewer
                server.imap().logout()
            self.assertEqual(server.stop(), 0)
        finally:
            os.close(ours)
            server.kill()
            server.remove()


if __name__ == "__main__":
    unittest.main()
