"""Programs that send, on 587 by STARTTLS and on 465 by TLS: a message with umlauts and an attachment
arrives whole, here and elsewhere."""

import base64
import email
import email.message
import email.policy
import json
import os
import smtplib
import ssl
import subprocess
import unittest

from e2e import harness
from interop import node_clients, smtp_collector

ANN = f"ann@{harness.DOMAIN}"
BOB = f"bob@{harness.DOMAIN}"
OUTSIDE = "eve@far.test"
TEXT = "Grüße aus Köln, 5 € für Straßenkatzen.\n.\n..zwei Punkte\n\nEnde\n"
# All octets, and what a careless program takes for the end of a line or of a message.
ATTACHED = bytes(range(256)) * 16 + b"\r\n.\r\n\n.\n\r\r\n" + os.urandom(3000)
FILE = "Übersicht.bin"


class SendingClients(harness.ServerCase):
    own_certificate = True

    @classmethod
    def setUpClass(cls):
        cls.world = smtp_collector.Collector()
        cls.addClassCleanup(cls.world.close)
        cls.settings = {"delivery.relay": f"{cls.world.address}:{cls.world.port}",
                        "delivery.relay_verify": False}
        super().setUpClass()
        cls.folder = cls.server.folder
        cls.attached = cls.folder / FILE
        cls.attached.write_bytes(ATTACHED)

    def ports(self):
        """Each port, whether it speaks TLS from the first octet, and a subject for it."""
        name = self.id().rpartition("test_")[2].partition("_")[0]
        for secure, port in ((False, self.server.submission_port),
                             (True, self.server.submissions_port)):
            yield port, secure, f"Größe von {name} über {465 if secure else 587}"

    def run_client(self, *words, octets=b"", **environment):
        done = subprocess.run(
            list(map(str, words)), input=octets, capture_output=True, timeout=harness.PATIENCE,
            env=os.environ | {"HOME": str(self.folder), "LC_ALL": "C.UTF-8"} | environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def composed(self, subject):
        """For programs that are given a whole message."""
        mail = email.message.EmailMessage(policy=email.policy.SMTP)
        mail["From"], mail["To"], mail["Subject"] = f"Änne Müller <{ANN}>", f"{BOB}, {OUTSIDE}", subject
        mail.set_content(TEXT)
        mail.add_attachment(ATTACHED, maintype="application", subtype="octet-stream", filename=FILE)
        return mail.as_bytes()

    def find(self, subject, messages):
        parsed = [email.message_from_bytes(one, policy=email.policy.default) for one in messages]
        return [one for one in parsed if one["Subject"] == subject]

    def in_bobs_inbox(self):
        peer = self.server.imap("bob")
        peer.select("INBOX", readonly=True)
        _, data = peer.uid("FETCH", "1:*", "(BODY.PEEK[])")
        peer.logout()
        return [part[1] for part in data if isinstance(part, tuple)]

    def check_arrived(self, subject, names_file=True):
        def outside():
            return [octets for path, to, octets in list(self.world.mail)
                    if (path, to) == (ANN, [OUTSIDE])]
        harness.wait_until(lambda: self.find(subject, outside()),
                           lambda: f"'{subject}' to leave\n{self.server.log()}")
        for messages in (self.in_bobs_inbox(), outside()):
            [mail] = self.find(subject, messages)
            self.assertEqual([one.addr_spec for one in mail["From"].addresses], [ANN])
            text = mail.get_body(("plain",)).get_content()
            self.assertEqual(text.replace("\r\n", "\n").rstrip("\n"), TEXT.rstrip("\n"))
            [attachment] = mail.iter_attachments()
            self.assertEqual(attachment.get_payload(decode=True), ATTACHED)
            if names_file:
                self.assertEqual(attachment.get_filename(), FILE)
            self.assertIsNotNone(mail["Date"])
            self.assertRegex(mail["Message-ID"], r"\A<[^<>@\s]+@[^<>@\s]+>\Z")

    def test_smtplib(self):
        for port, secure, subject in self.ports():
            with self.subTest(port=port):
                context = ssl.create_default_context(cafile=str(self.certificate))
                if secure:
                    peer = smtplib.SMTP_SSL(self.server.address, port, context=context,
                                            timeout=harness.PATIENCE)
                else:
                    peer = smtplib.SMTP(self.server.address, port, timeout=harness.PATIENCE)
                    peer.starttls(context=context)
                with peer:
                    peer.login(ANN, harness.PASSWORD)
                    peer.send_message(email.message_from_bytes(self.composed(subject)), ANN,
                                      [BOB, OUTSIDE])
                self.check_arrived(subject)

    def test_msmtp(self):
        for port, secure, subject in self.ports():
            with self.subTest(port=port):
                self.run_client(
                    "msmtp", "--file=/dev/null", f"--host={self.server.address}", f"--port={port}",
                    "--tls=on", f"--tls-starttls={'off' if secure else 'on'}",
                    f"--tls-trust-file={self.certificate}", "--tls-host-override=mail.example.test",
                    "--auth=on", f"--user={ANN}", f"--passwordeval=echo {harness.PASSWORD}",
                    f"--from={ANN}", "--", BOB, OUTSIDE,
                    octets=self.composed(subject).replace(b"\r\n", b"\n"))
                self.check_arrived(subject)

    def test_curl(self):
        for port, secure, subject in self.ports():
            with self.subTest(port=port):
                path = self.folder / "upload.eml"
                path.write_bytes(self.composed(subject))
                self.run_client(
                    "curl", "-sS", "--ssl-reqd", "--cacert", self.certificate,
                    f"smtp{'s' if secure else ''}://{self.server.address}:{port}",
                    "-u", f"{ANN}:{harness.PASSWORD}", "--mail-from", ANN, "--mail-rcpt", BOB,
                    "--mail-rcpt", OUTSIDE, "-T", path)
                self.check_arrived(subject)

    def test_swaks(self):
        for port, secure, subject in self.ports():
            with self.subTest(port=port):
                self.run_client(
                    "swaks", "--server", self.server.address, "--port", port,
                    "--tls-on-connect" if secure else "--tls", "--tls-verify",
                    "--tls-ca-path", self.certificate, "--auth-user", ANN,
                    "--auth-password", harness.PASSWORD, "--from", ANN, "--to", f"{BOB},{OUTSIDE}",
                    "--header", "Subject: =?utf-8?b?" + base64.b64encode(subject.encode()).decode() +
                    "?=", "--attach-type", "text/plain; charset=utf-8", "--attach-body", TEXT,
                    "--attach-type", "application/octet-stream", "--attach-name", "a.bin",
                    "--attach", f"@{self.attached}")
                self.check_arrived(subject, names_file=False)

    def test_mutt(self):
        for port, secure, subject in self.ports():
            with self.subTest(port=port):
                rc = self.folder / "muttrc"
                rc.write_text(
                    f"set smtp_url=\"smtp{'s' if secure else ''}://{ANN.replace('@', '%40')}@"
                    f"{self.server.address}:{port}/\"\n"
                    f"set smtp_pass=\"{harness.PASSWORD}\"\nset ssl_force_tls=yes\n"
                    f"set certificate_file={self.certificate}\nset ssl_verify_host=no\n"
                    f"set from=\"{ANN}\"\nset use_from=yes\nset realname=\"Änne Müller\"\n"
                    "set send_charset=utf-8\nset copy=no\nset hostname=desktop.example\n")
                self.run_client("mutt", "-n", "-F", rc, "-s", subject, "-a", self.attached, "--",
                                BOB, OUTSIDE, octets=TEXT.encode())
                self.check_arrived(subject)

    def test_nodemailer(self):
        for port, secure, subject in self.ports():
            with self.subTest(port=port):
                node_clients.run_scenario(self, "nodemailer.js", port, json.dumps({
                    "secure": secure, "to": [BOB, OUTSIDE], "subject": subject, "text": TEXT,
                    "file": str(self.attached)}))
                self.check_arrived(subject)


if __name__ == "__main__":
    unittest.main()
