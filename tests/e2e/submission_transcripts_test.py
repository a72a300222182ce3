"""Whole conversations of mail programs that send, as they stand on the wire (e2e/transcript.py tells
the form).

Written from what is known of the programs, not from captures.
"""

import base64
import unittest

from e2e import harness
from e2e import transcript

ANN = f"ann@{harness.DOMAIN}"
BOB = f"bob@{harness.DOMAIN}"


def in_base64(text):
    return base64.b64encode(text.encode()).decode()


# Lines with a dot in front are stuffed, as they go.
OUTLOOKS_MESSAGE = r"""
            C: From: =?iso-8859-1?Q?Anna_M=FCller?= <ann@example.test>
            C: To: <bob@example.test>
            C: Subject: =?iso-8859-1?Q?Gr=FC=DFe_aus_K=F6ln?=
            C: Date: Mon, 2 Mar 2026 10:11:12 +0100
            C: Message-ID: <000001dcaa2f$5f0c2a10$1d247e30$@example.test>
            C: MIME-Version: 1.0
            C: Content-Type: multipart/mixed;
            C: 	boundary="----=_NextPart_000_0001_01DCAA37.C0D09210"
            C: X-Mailer: Microsoft Outlook 16.0
            C: Thread-Index: AdyqL1iPlTKp9fVvQ0uL3m4J6m1c3A==
            C: Content-Language: de
            C:
            C: This is a multipart message in MIME format.
            C:
            C: ------=_NextPart_000_0001_01DCAA37.C0D09210
            C: Content-Type: text/plain;
            C: 	charset="iso-8859-1"
            C: Content-Transfer-Encoding: quoted-printable
            C:
            C: Gr=FC=DFe
            C: ..
            C:
            C: ------=_NextPart_000_0001_01DCAA37.C0D09210
            C: Content-Type: application/pdf;
            C: 	name="Angebot.pdf"
            C: Content-Transfer-Encoding: base64
            C: Content-Disposition: attachment;
            C: 	filename="Angebot.pdf"
            C:
            C: JVBERi0xLjcKJeLjz9MK
            C:
            C: ------=_NextPart_000_0001_01DCAA37.C0D09210--
            C:
            C: .
"""


class SubmissionTranscripts(harness.ServerCase):
    def setUp(self):
        self.empty("bob")

    def play(self, script, secure):
        port = self.server.submissions_port if secure else self.server.submission_port
        with self.server.raw(port, tls=secure) as peer:
            transcript.Player(
                peer, user=in_base64(ANN), password=in_base64(harness.PASSWORD),
                plain=harness.plain_initial_response(ANN)).play(script)

    def check_arrived(self):
        peer = self.server.imap("bob")
        peer.select("INBOX", readonly=True)
        _, data = peer.uid("FETCH", "1:*", "(BODY.PEEK[])")
        [octets] = [part[1] for part in data if isinstance(part, tuple)]
        for line in (b"Subject: =?iso-8859-1?Q?Gr=FC=DFe_aus_K=F6ln?=",
                     b"Message-ID: <000001dcaa2f$5f0c2a10$1d247e30$@example.test>",
                     b"Gr=FC=DFe\r\n.\r\n\r\n------=_NextPart", b"JVBERi0xLjcKJeLjz9MK",
                     b"------=_NextPart_000_0001_01DCAA37.C0D09210--\r\n"):
            self.assertIn(b"\r\n" + line, octets)
        self.assertEqual(octets.count(b"\r\nDate: "), 1)
        # The name of somebody's machine is nobody's business.
        self.assertNotIn(b"DESKTOP-4F7K2LM", octets)

    def test_outlook_on_587(self):
        self.play(r"""
            S: 220 mail.example.test ESMTP…
            C: EHLO DESKTOP-4F7K2LM
            S…
            S: 250…STARTTLS
            S…
            S: 250 …
            C: STARTTLS
            S: 220 …
            !
            C: EHLO DESKTOP-4F7K2LM
            S…
            S: 250…AUTH PLAIN LOGIN
            S…
            S: 250 …
            C: AUTH LOGIN «user»
            S: 334 UGFzc3dvcmQ6
            C: «password»
            S: 235 …
            # With a blank, which RFC 5321 3.3 does not know.
            C: MAIL FROM: <ann@example.test>
            S: 250 …
            C: RCPT TO: <bob@example.test>
            S: 250 …
            C: DATA
            S: 354 …
""" + OUTLOOKS_MESSAGE + r"""
            S: 250 …
            C: QUIT
            S: 221 …
        """, secure=False)
        self.check_arrived()

    def test_outlook_on_465_with_its_test_message_first(self):
        self.play(r"""
            S: 220 mail.example.test ESMTP…
            C: EHLO DESKTOP-4F7K2LM
            S…
            S: 250 …
            C: AUTH LOGIN
            S: 334 VXNlcm5hbWU6
            C: «user»
            S: 334 UGFzc3dvcmQ6
            C: «password»
            S: 235 …
            # "Test account settings" writes to the account itself.
            C: MAIL FROM: <ann@example.test>
            S: 250 …
            C: RCPT TO: <ann@example.test>
            S: 250 …
            C: DATA
            S: 354 …
            C: From: Microsoft Outlook <ann@example.test>
            C: To: =?utf-8?B?QW5uYSBNw7xsbGVy?= <ann@example.test>
            C: Subject: =?utf-8?B?TWljcm9zb2Z0IE91dGxvb2stVGVzdG5hY2hyaWNodA==?=
            C: MIME-Version: 1.0
            C: Content-Type: text/html;
            C: 	charset="utf-8"
            C: Content-Transfer-Encoding: 8bit
            C:
            C: Diese E-Mail-Nachricht wurde von Microsoft Outlook automatisch gesendet, während die Kontoeinstellungen geprüft wurden.
            C: .
            S: 250 …
            C: RSET
            S: 250 …
            C: MAIL FROM: <ann@example.test>
            S: 250 …
            C: RCPT TO: <bob@example.test>
            S: 250 …
            C: DATA
            S: 354 …
""" + OUTLOOKS_MESSAGE + r"""
            S: 250 …
            C: QUIT
            S: 221 …
        """, secure=True)
        self.check_arrived()
        peer = self.server.imap("ann")
        peer.select("INBOX", readonly=True)
        octets = peer.uid("FETCH", "*", "(BODY.PEEK[])")[1][0][1]
        self.assertIn(b"gepr\xc3\xbcft wurden.\r\n", octets)


if __name__ == "__main__":
    unittest.main()
