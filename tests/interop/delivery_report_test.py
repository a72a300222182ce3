"""Python's email package reads the reports that we write."""

import email
import email.policy
import pathlib
import subprocess
import unittest

from e2e import harness

WRITER = pathlib.Path(harness.BINARY).parent / "tests/write_report"
MESSAGE = ("From: Ann <ann@example.test>\r\nTo: x@elsewhere.test\r\n"
           "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= an alle\r\nMessage-ID: <1@example.test>\r\n"
           "Date: Mon, 23 Nov 2026 10:25:00 +0100\r\n\r\nHello\r\n").encode()


def report_of(message, *arguments):
    done = subprocess.run([WRITER, *arguments], input=message, capture_output=True,
                          timeout=harness.PATIENCE)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout, email.message_from_bytes(done.stdout, policy=email.policy.SMTP)


class PythonReads(unittest.TestCase):
    def test_the_message_and_its_three_parts(self):
        octets, report = report_of(MESSAGE, "german")
        self.assertEqual(report.defects, [])
        self.assertTrue(octets.isascii())
        self.assertEqual(report.get_content_type(), "multipart/report")
        self.assertEqual(report["Content-Type"].params["report-type"], "delivery-status")
        self.assertEqual(report["Subject"], "Nicht zugestellt: Grüße an alle")
        self.assertEqual(report["To"].addresses[0].addr_spec, "ann@example.test")
        self.assertEqual(report["Auto-Submitted"], "auto-replied")
        self.assertEqual(report["In-Reply-To"], "<1@example.test>")
        self.assertIsNone(report["Bcc"])
        self.assertEqual(report["Date"].datetime.isoformat(), "2026-11-23T10:26:40+01:00")
        parts = list(report.iter_parts())
        self.assertEqual([part.get_content_type() for part in parts],
                         ["text/plain", "message/delivery-status", "text/rfc822-headers"])
        for part in report.walk():
            self.assertEqual(part.defects, [])

    def test_the_text_for_people(self):
        text = next(report_of(MESSAGE, "german")[1].iter_parts()).get_content()
        self.assertIn("es geht um Ihre Nachricht „Grüße an alle“ vom 23.11.2026, 10:25", text)
        self.assertIn("Diese Adresse gibt es beim Empfänger nicht.", text)
        self.assertIn("  björn@elsewhere.test", text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\nBcc", text)
        english = next(report_of(MESSAGE, "english")[1].iter_parts()).get_content()
        self.assertIn("The recipient's address does not exist.", english)

    def test_the_fields_for_programs(self):
        _, status, _ = report_of(MESSAGE, "english")[1].iter_parts()
        blocks = status.get_payload()
        self.assertEqual(len(blocks), 3)
        about, refused, waiting = blocks
        self.assertEqual(about["Reporting-MTA"], "dns; mail.example.test")
        self.assertEqual(about["Original-Envelope-Id"], "A=B")
        self.assertEqual(refused["Action"], "failed")
        self.assertEqual(refused["Status"], "5.1.1")
        self.assertEqual(refused["Original-Recipient"], "utf-8; bj\\x{F6}rn@elsewhere.test")
        self.assertTrue(refused["Diagnostic-Code"].startswith("smtp; 550 5.1.1 User unknown"))
        self.assertLess(len(refused["Diagnostic-Code"]), 1000)
        self.assertIsNone(refused["Bcc"])
        self.assertEqual(waiting["Action"], "delayed")
        self.assertEqual(waiting["Original-Recipient"], "rfc822; Carl+news@far.test")
        self.assertEqual(waiting["Will-Retry-Until"], "Wed, 25 Nov 2026 10:26:40 +0100")

    def test_what_comes_back(self):
        header = MESSAGE[:MESSAGE.index(b"\r\n\r\n") + 2]
        *_, returned = report_of(MESSAGE, "english")[1].iter_parts()
        self.assertEqual(returned.get_payload(decode=True).rstrip(b"\r\n"), header.rstrip(b"\r\n"))
        *_, returned = report_of(MESSAGE, "english", "full")[1].iter_parts()
        self.assertEqual(returned.get_content_type(), "message/rfc822")
        self.assertEqual(returned.get_content()["Subject"], "Grüße an alle")
        umlaut = "Subject: Grüße\r\nFrom: x\r\n\r\nHello\r\n".encode()
        *_, returned = report_of(umlaut, "english", "full")[1].iter_parts()
        self.assertEqual(returned.get_content_type(), "text/rfc822-headers")
        self.assertIn("Subject: Grüße", returned.get_payload(decode=True).decode())


if __name__ == "__main__":
    unittest.main()
