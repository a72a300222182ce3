"""Python's HTTPS server takes the reports about TLS that we hand over."""

import gzip
import http.server
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import unittest

from e2e import harness

PROGRAM = pathlib.Path(harness.BINARY).parent / "tests/post_report"
NAME = "reports.two.example"


class Place:
    """Keeps what is posted, and answers as `status` says."""

    def __init__(self, address, certificate):
        place = self
        self.got = []
        self.status = 201
        self.fields = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                place.got.append((self.path, dict(self.headers), body))
                self.send_response(place.status)
                for name, value in place.fields.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer((address, 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True,
                                                  do_handshake_on_connect=False)
        self._server.handle_error = lambda *_: None  # who came did not like the certificate
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def port(self):
        return self._server.server_address[1]

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class HandsOver(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-report-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.address = harness.own_address()

    def begin(self, name=NAME):
        self.certificate = harness.make_certificate(self.folder, name)
        self.place = Place(self.address, self.certificate)
        self.addCleanup(self.place.close)

    def post(self, port, roots):
        record = f"v=TLSRPTv1; rua=https://{NAME}:{port}/v1/tls?of=two"
        done = subprocess.run([PROGRAM, record, self.address, roots], capture_output=True, text=True,
                              timeout=harness.PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def test_a_report_comes_as_rfc_8460_has_it(self):
        self.begin()
        self.assertEqual(self.post(self.place.port, self.certificate[0]), "taken")
        [(path, fields, body)] = self.place.got
        self.assertEqual(path, "/v1/tls?of=two")
        self.assertEqual(fields["Host"], f"{NAME}:{self.place.port}")
        self.assertEqual(fields["Content-Type"], "application/tlsrpt+gzip")
        report = json.loads(gzip.decompress(body))
        self.assertEqual(report["report-id"], "the-id")
        self.assertEqual(report["policies"][0]["summary"]["total-successful-session-count"], 3)

    def test_what_is_refused_or_sent_elsewhere_is_not_taken(self):
        self.begin()
        for status in (302, 404, 503):
            self.place.status = status
            self.place.fields = {"Location": f"https://{NAME}:{self.place.port}/other"}
            self.assertEqual(self.post(self.place.port, self.certificate[0]),
                             f"HTTP status {status}")
        self.assertEqual(len(self.place.got), 3)

    def test_a_place_that_proves_nothing_gets_nothing(self):
        self.begin("elsewhere.example")
        self.assertIn("TLS: ", self.post(self.place.port, self.certificate[0]))
        self.assertEqual(self.place.got, [])

    def test_a_place_that_says_nothing_holds_nobody_up_for_ever(self):
        certificate = harness.make_certificate(self.folder, NAME)
        with socket.create_server((self.address, 0)) as silent:
            said = self.post(silent.getsockname()[1], certificate[0])
        self.assertIn("TLS: ", said)


if __name__ == "__main__":
    unittest.main()
