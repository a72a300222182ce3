"""A server that takes all mail and keeps it as it came: what stands in for the rest of the world."""

import socket
import threading

from e2e import harness


class Collector:
    """Keeps (reverse-path, recipients, octets) of each message in `mail`. A recipient whose address
    begins with "refused" is told 550. Without TLS."""

    def __init__(self):
        self.mail = []
        self.faults = []
        self._sessions = []
        self._listener = socket.create_server((harness.own_address(), 0))
        self._listener.settimeout(0.2)
        self.address, self.port = self._listener.getsockname()[:2]
        self._is_open = True
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def close(self):
        self._is_open = False
        self._thread.join()
        self._listener.close()
        for session in self._sessions:
            session.join()
        if self.faults:
            raise AssertionError(f"the collector failed: {self.faults}")

    def wait_for(self, count):
        harness.wait_until(lambda: len(self.mail) >= count,
                           lambda: f"{count} messages to arrive, there are {self.mail}")
        return self.mail

    def _accept(self):
        while self._is_open:
            try:
                peer, _ = self._listener.accept()
            except TimeoutError:
                continue
            session = threading.Thread(target=self._serve, args=(peer,))
            session.start()
            self._sessions.append(session)

    def _serve(self, peer):
        peer.settimeout(harness.PATIENCE)
        try:
            with peer, peer.makefile("rwb") as stream:
                self._talk(stream)
        except OSError as error:
            self.faults.append(error)

    def _say(self, stream, step, text):
        """step: the verb that is answered; "220" of the greeting, "." of the end of a message."""
        stream.write(text.encode() + b"\r\n")
        stream.flush()

    def _talk(self, stream):
        step = "220"

        def say(text):
            self._say(stream, step, text)

        say("220 collector.test ESMTP")
        sender, recipients = "", []
        while line := stream.readline():
            verb = line[:4].upper()
            step = verb.decode("latin-1")
            if verb == b"EHLO":
                say("250-collector.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 DSN")
            elif verb == b"MAIL":
                sender, recipients = self._path(line), []
                say("250 2.1.0 ok")
            elif verb == b"RCPT" and self._path(line).startswith("refused"):
                say("550 5.1.1 nobody of that name")
            elif verb == b"RCPT":
                recipients.append(self._path(line))
                say("250 2.1.5 ok")
            elif verb == b"DATA" and not recipients:
                say("554 5.5.1 no recipients")
            elif verb == b"DATA":
                say("354 go on")
                octets = b""
                while (text := stream.readline()) != b".\r\n":
                    if not text:
                        return
                    octets += text[1:] if text.startswith(b".") else text
                self.mail.append((sender, recipients, octets))
                step = "."
                say("250 2.0.0 taken")
            elif verb == b"QUIT":
                say("221 2.0.0 bye")
                return
            else:
                say("250 2.0.0 ok")

    @staticmethod
    def _path(line):
        return line.decode().partition("<")[2].partition(">")[0]
