"""Our SMTP client, as bench/smtp_out drives it, to Postfix, its smtp-sink and our own server."""

import json
import pathlib
import socket
import subprocess
import tempfile
import unittest

from e2e import harness
from interop import private_postfix

PROGRAM = pathlib.Path(harness.BINARY).parent / "bench/bench_smtp_out"


def accepts(address, port):
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def send(address, port, *options, may_fail=False):
    """The figures that the program prints, and what it said of the first refusal."""
    done = subprocess.run(
        [PROGRAM, "--smtp", f"{address}:{port}", "--messages", "100", "--connections", "3", *options],
        capture_output=True, text=True, timeout=4 * harness.PATIENCE)
    if done.returncode != 0 and not may_fail:
        raise AssertionError(f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    return json.loads(done.stdout), done.stderr


@unittest.skipUnless(PROGRAM.exists(), "bench_smtp_out is not built")
class OurServer(harness.ServerCase):
    accounts = ("ann",)

    def test_all_messages_arrive_by_bdat_and_by_data_with_and_without_tls(self):
        for tls in ("0", "1"):
            for chunks in ("0", "1"):
                self.empty()
                with self.subTest(tls=tls, chunks=chunks):
                    figures, _ = send(self.server.address, self.server.smtp_port, "--tls", tls,
                                      "--chunks", chunks, "--user", "ann@example.test")
                    self.assertEqual(figures["refused"], 0)
                    self.assertEqual(self.server.imap().select()[1], [b"100"])

    def test_a_recipient_who_is_not_there_is_refused_by_name(self):
        figures, said = send(self.server.address, self.server.smtp_port, "--messages", "1",
                             "--connections", "1", "--user", "nobody@example.test", may_fail=True)
        self.assertEqual(figures["refused"], 1)
        self.assertIn("replied at rcpt: 550 5.1.1", said)


@unittest.skipUnless(PROGRAM.exists(), "bench_smtp_out is not built")
@unittest.skipUnless(private_postfix.may_start(), "Postfix's master needs root")
class ToPostfix(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-postfix-"))
        certificate, key = harness.make_certificate(folder, "relay.test")
        address = harness.own_address()
        self.postfix = private_postfix.Postfix(
            folder, address, harness.free_port(address),
            {
                "relay_domains": "example.test",
                "relay_transport": "discard:",
                "relay_recipient_maps": "",
                "smtpd_tls_security_level": "may",
                "smtpd_tls_cert_file": certificate,
                "smtpd_tls_key_file": key,
                "message_size_limit": "20000000",
            })
        self.addCleanup(self.postfix.remove)
        self.postfix.start()

    def test_postfix_takes_all_by_bdat_and_by_data_with_and_without_tls(self):
        for tls in ("0", "1"):
            for chunks in ("0", "1"):
                with self.subTest(tls=tls, chunks=chunks):
                    figures, _ = send(self.postfix.address, self.postfix.port, "--tls", tls,
                                      "--chunks", chunks)
                    self.assertEqual(figures["refused"], 0, self.postfix.log())
        self.assertEqual(self.postfix.log().count("status=sent"), 400)
        self.assertNotIn("improper command pipelining", self.postfix.log())


@unittest.skipUnless(PROGRAM.exists(), "bench_smtp_out is not built")
class ToSink(unittest.TestCase):
    def sink(self, *options):
        address = harness.own_address()
        port = harness.free_port(address)
        user = ("-u", "nobody") if private_postfix.as_root("x") == ["x"] else ()
        sink = subprocess.Popen(["/usr/sbin/smtp-sink", *user, *options, f"{address}:{port}", "100"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(sink.wait)
        self.addCleanup(sink.kill)
        harness.wait_until(lambda: accepts(address, port), "smtp-sink to listen")
        return address, port

    def test_with_pipelining_without_it_and_without_ehlo(self):
        for options in ((), ("-p",), ("-e",)):
            with self.subTest(options=options):
                figures, _ = send(*self.sink(*options), "--lite", "1")
                self.assertEqual(figures["refused"], 0)

    def test_a_sink_that_goes_behind_the_dot_leaves_it_unsure(self):
        figures, said = send(*self.sink("-q", "."), "--messages", "1", "--connections", "1",
                             may_fail=True)
        self.assertEqual(figures["refused"], 1)
        self.assertIn("unsure at end_of_data", said)

    def test_refusals_are_told_with_their_step(self):
        for command, step in (("mail", "mail"), ("rcpt", "rcpt"), ("data", "data"),
                              (".", "end_of_data")):
            with self.subTest(command=command):
                figures, said = send(*self.sink("-r", command), "--messages", "2",
                                     "--connections", "1", may_fail=True)
                self.assertEqual(figures["refused"], 2)
                self.assertIn(f"replied at {step}: 450 4.3.0", said)
