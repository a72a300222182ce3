"""Starts the real binary for a test: literal configuration, own folder, own loopback address.

    class Greeting(harness.ServerCase):
        def test_it_greets(self):
            with self.server.smtp() as peer:
                self.assertEqual(peer.noop()[0], 250)

A ServerCase starts one server for its tests, with the domain example.test and the accounts of
`accounts`. At the end the server must stop by SIGTERM with exit code 0, `check` must find the
store clean, and the log must hold no report of a sanitizer.

HAUSPOST_BINARY names the binary; HAUSPOST_KEEP=1 leaves the temporary folders.
"""

import base64
import contextlib
import email.message
import email.policy
import imaplib
import itertools
import os
import pathlib
import poplib
import re
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("HAUSPOST_BINARY", str(ROOT / "build/dev/hauspost"))
DOMAIN = "example.test"
PASSWORD = "plum-Kettle-42-orbit"
PATIENCE = 120  # seconds; how long anything may take before a test gives up, on a busy machine too
SANITIZER = re.compile(r"(Address|Thread|Leak|UndefinedBehavior)Sanitizer|: runtime error: ")

# All clients of a test come from one address, and none wants to wait.
TEST_BED = {
    "limits.connections_per_address": 0,
    "imap.sessions_per_account": 0,
    "limits.new_connections_per_minute": 0,
    "smtp.max_messages": 1_000_000,
    "smtp.max_session_octets": 1 << 40,
    "accounts.wrong_passwords_per_network": 0,
    "imap.wrong_password_delay": 0,
    "pop3.wrong_password_delay": 0,
    "submission.wrong_password_delay": 0,
    "submission.sessions_per_account": 0,
}

imaplib._MAXLINE = 10_000_000  # a SEARCH over a big mailbox is one line


def own_address():
    """A loopback address of this process, so that a log names the test. Others may share it."""
    pid = os.getpid()
    return f"127.{100 + (pid >> 16) % 100}.{pid >> 8 & 255}.{pid % 254 + 1}"


_held_ports = []
_marks = itertools.count()


def free_port(address):
    """A port that is ours until this process ends: a socket stays bound to it.

    SO_REUSEADDR, set after the bind, lets a server that sets it too listen there (Linux: while no
    other socket listens), again after a restart; nobody is given the port as a free one.
    """
    held = socket.socket()
    held.bind((address, 0))
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _held_ports.append(held)
    return held.getsockname()[1]


def tls_context():
    """For clients that do not verify: the server's first certificate is self-signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def make_certificate(folder, name, address=None):
    """A self-signed certificate for `name` (and an address); (certificate, key) as paths."""
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    # Also as a name: mbsync 1.4 compares an address with names only.
    names = f"DNS:{name}" + (f",IP:{address},DNS:{address}" if address else "")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName={names}",
         "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def wait_until(condition, what, seconds=PATIENCE):
    """Calls `condition` until it returns something true, and returns that. what: was waited for; a
    function, where that is to say how things are then."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"gave up after {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.02)


def to_toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(to_toml(one) for one in value) + "]"
    if isinstance(value, (str, pathlib.Path)):
        return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def message(subject="hello", body="hello\r\n", sender="sender@elsewhere.test", to="ann@example.test",
            **headers):
    """A small message as octets with CRLF line ends."""
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    return mail.as_bytes()


class Server:
    """One data folder, and the process that serves it while it runs."""

    def __init__(self, address=None, settings=None, data_dir=None, wrapper=(), binary=None, stderr=None):
        """settings: {"limits.name": value} over the defaults; wrapper: a command in front; stderr: not the log."""
        self.binary = str(binary or BINARY)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-test-"))
        self.address = address or own_address()
        (self.smtp_port, self.submission_port, self.submissions_port, self.imap_port,
         self.imaps_port, self.pop3_port, self.pop3s_port) = (
            free_port(self.address) for _ in range(7))
        self.data_dir = pathlib.Path(data_dir or self.folder / "data")
        self.log_path = self.folder / "log"
        self.config = self.folder / "hauspost.toml"
        self.wrapper = list(wrapper)
        self.stderr = stderr
        self.serve_options = ()
        self.process = None
        self.clients = []
        self.settings = {
            "hostname": "mail.example.test",
            "data_dir": self.data_dir,
            "listen.smtp": [f"{self.address}:{self.smtp_port}"],
            "listen.submission": [f"{self.address}:{self.submission_port}"],
            "listen.submissions": [f"{self.address}:{self.submissions_port}"],
            "listen.imap": [f"{self.address}:{self.imap_port}"],
            "listen.imaps": [f"{self.address}:{self.imaps_port}"],
            "listen.pop3": [f"{self.address}:{self.pop3_port}"],
            "listen.pop3s": [f"{self.address}:{self.pop3s_port}"],
            "listen.http": [],
            "listen.https": [],
            "listen.admin": [],
        } | TEST_BED | (settings or {})
        self.write_config()

    def write_config(self, settings=None):
        """Writes self.settings, or others; a running server reads them at SIGHUP."""
        sections = {}
        for name, value in (settings or self.settings).items():
            section, _, key = name.rpartition(".")
            sections.setdefault(section, []).append(f"{key} = {to_toml(value)}\n")
        text = "".join(sections.pop("", []))
        for section, lines in sections.items():
            text += f"\n[{section}]\n" + "".join(lines)
        self.config.write_text(text, encoding="utf-8")

    # --- life ----------------------------------------------------------------------------------

    def start(self):
        log = open(self.log_path, "ab")
        with log:
            self.process = subprocess.Popen(
                [*self.wrapper, self.binary, "--config", str(self.config), "serve",
                 *self.serve_options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=self.stderr or log)
        for port in (self.smtp_port, self.submission_port, self.submissions_port, self.imap_port,
                     self.imaps_port, self.pop3_port, self.pop3s_port):
            wait_until(lambda: self._answers(port), lambda: f"port {port} to answer\n{self.log()}")
        return self

    def _answers(self, port):
        if self.process.poll() is not None:
            raise AssertionError(f"server ended with {self.process.returncode}:\n{self.log()}")
        try:
            socket.create_connection((self.address, port), timeout=1).close()
            return True
        except OSError:
            return False

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """SIGTERM, and its exit code."""
        if self.process is None:
            return 0
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"did not stop after SIGTERM:\n{self.log()[-5000:]}") from None
        finally:
            self.process = None

    def kill(self):
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def remove(self):
        for client in self.clients:
            with contextlib.suppress(OSError):
                client.shutdown()
        self.kill()
        if not os.environ.get("HAUSPOST_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def settled_log(self):
        """log() with all that was said before this call: a thread of its own writes it."""
        mark = f"mark-{next(_marks)}@relay.invalid"
        with self.smtp() as peer:
            peer.ehlo()
            peer.mail("")
            peer.rcpt(mark)
        wait_until(lambda: mark in self.log(), f"{mark} in the log")
        return self.log()

    def memory_kb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

    # --- command line --------------------------------------------------------------------------

    def command(self, *arguments, stdin="", expect=0):
        """Runs `hauspost --config F arguments...`; its standard output."""
        done = subprocess.run(
            [*self.wrapper, self.binary, "--config", str(self.config), *arguments],
            input=stdin, capture_output=True, text=True, timeout=4 * PATIENCE)
        if expect is not None and done.returncode != expect:
            raise AssertionError(f"{arguments}: exit code {done.returncode}\n"
                                 f"{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def add_domain(self, name=DOMAIN):
        self.command("domain", "add", name)

    def add_account(self, local, password=PASSWORD, domain=DOMAIN):
        self.command("account", "add", f"{local}@{domain}", stdin=password + "\n")

    def check(self):
        """`hauspost check`: raises with its findings when the store is not clean."""
        return self.command("check")

    # --- clients -------------------------------------------------------------------------------

    def smtp(self):
        return smtplib.SMTP(self.address, self.smtp_port, "client.test", timeout=PATIENCE)

    def submission(self, user="ann", password=PASSWORD, tls=True):
        """A logged-in smtplib client; tls: from the first octet, else by STARTTLS."""
        if tls:
            peer = smtplib.SMTP_SSL(self.address, self.submissions_port, "client.test",
                                    timeout=PATIENCE, context=tls_context())
        else:
            peer = smtplib.SMTP(self.address, self.submission_port, "client.test", timeout=PATIENCE)
            peer.starttls(context=tls_context())
        peer.login(f"{user}@{DOMAIN}", password)
        return peer

    def imap(self, user="ann", password=PASSWORD, tls=True):
        """A logged-in imaplib client."""
        if tls:
            peer = imaplib.IMAP4_SSL(self.address, self.imaps_port, ssl_context=tls_context(),
                                     timeout=PATIENCE)
        else:
            peer = imaplib.IMAP4(self.address, self.imap_port, timeout=PATIENCE)
        self.clients.append(peer)
        peer.login(f"{user}@{DOMAIN}", password)
        return peer

    def pop3(self, user="ann", password=PASSWORD, tls=True):
        """A logged-in poplib client."""
        if tls:
            peer = poplib.POP3_SSL(self.address, self.pop3s_port, context=tls_context(),
                                   timeout=PATIENCE)
        else:
            peer = poplib.POP3(self.address, self.pop3_port, timeout=PATIENCE)
        peer.user(f"{user}@{DOMAIN}")
        peer.pass_(password)
        return peer

    def raw(self, port, tls=False):
        return RawPeer(self.address, port, tls)

    def deliver(self, to="ann", octets=None, sender="sender@elsewhere.test", **fields):
        """Sends one message and returns the reply to the end of data; raises when refused."""
        with self.smtp() as peer:
            peer.ehlo()
            return send_one(peer, sender, [f"{one}@{DOMAIN}" for one in to.split()],
                            octets or message(**fields))


def send_one(peer, sender, recipients, octets):
    """MAIL, RCPT, DATA over an open smtplib connection; (code, text) of the end of data."""
    code, text = peer.mail(sender)
    for recipient in recipients:
        if code != 250:
            break
        code, text = peer.rcpt(recipient)
    if code == 250:
        code, text = peer.data(octets)
    if code != 250:
        raise smtplib.SMTPResponseException(code, text)
    return code, text


class RawPeer:
    """A socket that speaks lines: for what the standard clients would never send."""

    def __init__(self, address, port, tls=False):
        self.socket = socket.create_connection((address, port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.socket = tls_context().wrap_socket(self.socket)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def start_tls(self):
        self.file.close()
        self.socket = tls_context().wrap_socket(self.socket)
        self.file = self.socket.makefile("rb")

    def send(self, text):
        self.socket.sendall(text if isinstance(text, bytes) else text.encode())

    def line(self):
        """The next line without CRLF; raises EOFError when the peer has closed."""
        line = self.file.readline()
        if not line:
            raise EOFError
        return line.rstrip(b"\r\n").decode("utf-8", "replace")

    def reply(self):
        """A whole SMTP reply: (code, [text, ...])."""
        lines = []
        while True:
            line = self.line()
            lines.append(line[4:])
            if line[3:4] != "-":
                return int(line[:3]), lines

    def until(self, begin):
        """IMAP: lines up to and with the one that begins so."""
        lines = []
        while not lines or not lines[-1].startswith(begin):
            lines.append(self.line())
        return lines

    def ask(self, text, begin=None):
        """SMTP: sends a line, returns the reply's code. IMAP (begin): the lines of the answer."""
        self.send(text + "\r\n")
        return self.until(begin) if begin else self.reply()[0]

    def rest(self):
        """All that comes until the peer closes."""
        with contextlib.suppress(ConnectionError):
            return self.file.read()
        return b""


def imap_login(peer, user="ann"):
    """Greeting and LOGIN on a RawPeer."""
    peer.line()
    return peer.ask(f"a LOGIN {user}@{DOMAIN} {PASSWORD}", "a ")


def plain_initial_response(user, password=PASSWORD):
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()


def subjects(peer, mailbox="INBOX"):
    """Subjects of all messages of a mailbox, in order, through an imaplib client."""
    peer.select(mailbox, readonly=True)
    _, data = peer.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    found = [part[1] for part in data if isinstance(part, tuple)]
    return [re.search(rb"(?im)^subject: *(.*?)\r?$", one).group(1).decode() for one in found]


def state(peer, mailbox="INBOX"):
    """UIDNEXT and {UID: flags} of a mailbox: what a client that changes nothing leaves equal."""
    peer.select(mailbox, readonly=True)
    uid_next = int(peer.response("UIDNEXT")[1][0])
    _, data = peer.uid("FETCH", "1:*", "(FLAGS)")
    return uid_next, {
        int(re.search(rb"UID (\d+)", one).group(1)):
            sorted(set(re.search(rb"FLAGS \((.*?)\)", one).group(1).decode().split()) - {"\\Recent"})
        for one in data if one}


class ServerCase(unittest.TestCase):
    settings = {}
    accounts = ("ann", "bob")
    own_certificate = False  # True: self.certificate, which clients can verify

    @classmethod
    def setUpClass(cls):
        cls.server = Server(settings=cls.settings)
        cls.addClassCleanup(cls.server.remove)
        if cls.own_certificate:
            cls.certificate, key = make_certificate(cls.server.folder, "mail.example.test",
                                                    cls.server.address)
            cls.server.settings |= {"tls.certificate": cls.certificate, "tls.private_key": key}
            cls.server.write_config()
        cls.server.add_domain()
        for account in cls.accounts:
            cls.server.add_account(account)
        cls.prepare()
        cls.server.start()

    @classmethod
    def prepare(cls):
        """More commands before the server starts."""

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        log = cls.server.log()
        if code != 0 or SANITIZER.search(log):
            raise AssertionError(f"exit code {code}, log:\n{log[-20000:]}")
        cls.server.check()

    def empty(self, user="ann", mailbox="INBOX"):
        """Takes all messages out of a mailbox, so that a test begins with none."""
        peer = self.server.imap(user)
        peer.select(mailbox)
        # By UID: sequence number * is an error in an empty mailbox.
        peer.uid("STORE", "1:*", "+FLAGS.SILENT", "(\\Deleted)")
        peer.close()
        peer.logout()
