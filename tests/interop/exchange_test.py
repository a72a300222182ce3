"""Two servers of ours and a Postfix send one another mail: hosts by MX records, TLS, signatures.

one.example is a signed zone whose host has a TLSA record, two.example and post.example are not
signed. Both of ours publish what `domain dns` prints. Behind Postfix stands a collector.
"""

import base64
import hashlib
import itertools
import json
import os
import pathlib
import poplib
import re
import shutil
import smtplib
import socket
import subprocess
import tempfile
import unittest

from e2e import harness
from interop import nsd_test, private_postfix, smtp_collector

HERE = pathlib.Path(__file__).parent
DEBIAN_PYTHON = "/usr/bin/python3"  # the one that python3-dkim belongs to
HEAD = """\
$ORIGIN {name}.
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
ns A 127.0.0.1
mail A {address}
"""
OURS = ("one.example", "two.example")
# Domains of the first one's, too: its host, or the record of its key, by a CNAME. RFC 7672 2.2.2, 2.2.3
ALIASED = ("host.example", "record.example")
SIGNED = ("one.example", "false.example", *ALIASED)


def command(*words, octets=b""):
    """What it prints. Nothing of the Python that runs this test reaches Debian's."""
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("PYTHON")}
    return subprocess.run(list(map(str, words)), env=environment, input=octets, check=True,
                          capture_output=True, timeout=harness.PATIENCE).stdout


def addresses(count):
    """Of loopback, all of this process."""
    first = harness.own_address()
    _, second, third, fourth = first.split(".")
    return [first, *(f"127.{int(second) - 99 + n}.{third}.{fourth}" for n in range(count - 1))]


def port_of_all(hosts):
    """A port that is ours at all these addresses."""
    for _ in range(100):
        held = []
        port = harness.free_port(hosts[0])
        try:
            for host in hosts[1:]:
                held.append(socket.socket())
                held[-1].bind((host, port))
        except OSError:
            for one in held:
                one.close()
            continue
        for one in held:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        harness._held_ports.extend(held)
        return port
    raise AssertionError("no port is free at all addresses")


def is_free(address, port):
    """Whether a server could listen there; it may need rights that we do not have."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trying:
        try:
            trying.bind((address, port))
        except OSError:
            return False
    return True


def tlsa_of(certificate):
    """A record for its key: DANE-EE, public key, SHA-256."""
    key = command("openssl", "x509", "-in", certificate, "-noout", "-pubkey")
    return "3 1 1 " + hashlib.sha256(command("openssl", "pkey", "-pubin", "-outform", "DER",
                                             octets=key)).hexdigest()


@unittest.skipUnless(shutil.which("nsd", path="/usr/sbin") and shutil.which("ldns-signzone"),
                     "needs nsd and ldnsutils")
@unittest.skipUnless(private_postfix.may_start(), "Postfix's master needs root")
# Where a C library asks cannot be told but for the address.
@unittest.skipUnless(is_free(harness.own_address(), 53), "port 53 cannot be had")
class Exchange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-exchange-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        hosts = addresses(3)
        cls.port = port_of_all(hosts)
        cls.places = dict(zip((*OURS, "post.example"), hosts))
        cls.servers = {name: cls.made_server(name) for name in OURS}
        zones = {name: cls.zone(name) + cls.published(name) for name in OURS}
        certificate = cls.servers["one.example"].settings["tls.certificate"]
        service = f"_{cls.port}._tcp.mail"
        zones["one.example"] += f"{service} TLSA {tlsa_of(certificate)}\n"
        zones["host.example"] = HEAD.partition("mail A")[0].format(name="host.example") + (
            "@ MX 10 mail\nmail CNAME mail.one.example.\n")
        zones["record.example"] = HEAD.format(name="record.example", address=hosts[0]) + (
            f"@ MX 10 mail\n{service} CNAME {service}.one.example.\n")
        zones["post.example"] = cls.zone("post.example") + "@ MX 10 mail\n" + cls.made_key()
        # Its host is the first one of ours, whose key the record does not name.
        zones["false.example"] = HEAD.format(name="false.example", address=hosts[0]) + (
            f"@ MX 10 mail\n{service} TLSA 3 1 1 {'00' * 32}\n")
        anchors = "".join(nsd_test.signed(cls.folder, name, zones.pop(name))
                          for name in SIGNED)
        (cls.folder / "anchors").write_text(anchors, encoding="utf-8")
        for name, text in zones.items():
            (cls.folder / f"{name}.zone").write_text(text, encoding="utf-8")
        cls.nsd = nsd_test.Nsd(cls.folder, hosts[0], dict.fromkeys((*cls.places, *SIGNED)), port=53)
        cls.addClassCleanup(cls.nsd.stop)
        cls.world = smtp_collector.Collector()
        cls.addClassCleanup(cls.world.close)
        cls.start_postfix()
        for server in cls.servers.values():
            server.start()

    @classmethod
    def tearDownClass(cls):
        for server in cls.servers.values():
            code = server.stop()
            if code != 0 or harness.SANITIZER.search(server.log()):
                raise AssertionError(f"exit code {code}, log:\n{server.log()[-20000:]}")
            server.check()

    @classmethod
    def zone(cls, name):
        return HEAD.format(name=name, address=cls.places[name])

    @classmethod
    def published(cls, name):
        """The lines for a zone file among what the command says."""
        said = cls.servers[name].command("domain", "dns", name)
        return "".join(line + "\n" for line in said.splitlines() if line.partition(" ")[2][:2] == "IN")

    @classmethod
    def made_server(cls, name):
        address = cls.places[name]
        server = harness.Server(address=address, settings={
            "hostname": f"mail.{name}",
            "delivery.resolver": f"{cls.places['one.example']}@53",
            "delivery.dnssec_anchor": cls.folder / "anchors",
            "delivery.private_networks": True,
            "delivery.remote_port": cls.port,
            "listen.smtp": [f"{address}:{cls.port}"],
        })
        cls.addClassCleanup(server.remove)
        certificate, key = harness.make_certificate(server.folder, f"mail.{name}")
        server.settings |= {"tls.certificate": certificate, "tls.private_key": key}
        server.smtp_port = cls.port
        server.write_config()
        server.add_domain(name)
        server.add_account("ann", domain=name)
        if name == "one.example":
            for alias in ALIASED:
                server.add_domain(alias)
                server.command("alias", "add", f"ann@{alias}", f"ann@{name}")
        return server

    @classmethod
    def made_key(cls):
        """Of post.example, and the record that publishes it."""
        cls.key = cls.folder / "post.key"
        command("openssl", "genrsa", "-traditional", "-out", cls.key, "2048")
        public = base64.b64encode(command("openssl", "rsa", "-in", cls.key, "-pubout", "-outform",
                                          "DER")).decode()
        return f'post._domainkey TXT "v=DKIM1; k=rsa; p={public[:200]}" "{public[200:]}"\n'

    @classmethod
    def start_postfix(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-postfix-"))
        certificate, key = harness.make_certificate(folder, "mail.post.example")
        cls.postfix = private_postfix.Postfix(
            folder, cls.places["post.example"], cls.port,
            {
                "myhostname": "mail.post.example",
                "relay_domains": "post.example",
                "relay_transport": f"relay:[{cls.world.address}]:{cls.world.port}",
                "relay_recipient_maps": "",
                "smtp_tcp_port": cls.port,
                "smtp_tls_security_level": "may",
                "smtpd_tls_security_level": "may",
                "smtpd_tls_cert_file": certificate,
                "smtpd_tls_key_file": key,
                "smtpd_tls_received_header": "yes",
                "smtpd_peername_lookup": "no",
            }, nameserver=cls.nsd.address)
        cls.addClassCleanup(cls.postfix.remove)
        cls.postfix.start()

    def send(self, name, to, octets):
        if name == "post.example":
            octets = command(DEBIAN_PYTHON, HERE / "dkimpy_filter.py", "post", name, self.key,
                             octets=octets)
            with smtplib.SMTP(self.postfix.address, self.port, timeout=harness.PATIENCE) as peer:
                peer.sendmail(f"ann@{name}", [to], octets)
            return
        server = self.servers[name]
        with smtplib.SMTP_SSL(server.address, server.submissions_port, "client.example",
                              timeout=harness.PATIENCE, context=harness.tls_context()) as peer:
            peer.login(f"ann@{name}", harness.PASSWORD)
            harness.send_one(peer, f"ann@{name}", [to], octets)

    def inbox(self, name):
        """What has arrived for ann; behind Postfix for anybody."""
        if name == "post.example":
            return [octets for _, _, octets in self.world.mail]
        server = self.servers[name]
        peer = poplib.POP3_SSL(server.address, server.pop3s_port, context=harness.tls_context(),
                               timeout=harness.PATIENCE)
        peer.user(f"ann@{name}")
        peer.pass_(harness.PASSWORD)
        found = [b"\r\n".join(peer.retr(n + 1)[1]) + b"\r\n" for n in range(peer.stat()[0])]
        peer.quit()
        return found

    def arrived(self, name, subject):
        def found():
            return [one for one in self.inbox(name) if f"Subject: {subject}\r\n".encode() in one]
        return harness.wait_until(found, lambda: f"'{subject}' to arrive at {name}\n{self.logs()}")

    def logs(self):
        return "\n".join(server.log()[-3000:] for server in self.servers.values()) + \
            self.postfix.log()[-3000:]

    def verdicts(self, octets):
        """dkimpy's, with the keys as the DNS has them."""
        records = {}
        header = re.sub(rb"\r\n[ \t]+", b" ", octets.partition(b"\r\n\r\n")[0]).decode()
        for field in re.findall(r"(?im)^DKIM-Signature:(.*)$", header):
            tags = dict(re.findall(r"(\w+)=\s*([^;\s]+)", field))
            name = f"{tags['s']}._domainkey.{tags['d']}"
            said = command("drill", "-p", "53", "TXT", name, f"@{self.nsd.address}").decode()
            answer = re.search(rf"(?m)^{re.escape(name)}\.\s.*\sTXT\s(.*)$", said)
            records[name] = "".join(re.findall('"([^"]*)"', answer.group(1)))
        told = command(DEBIAN_PYTHON, HERE / "dkimpy_verifier.py",
                       octets=json.dumps(records).encode() + b"\n" + octets)
        return json.loads(told)

    def test_mail_goes_every_way_under_tls_with_signatures_that_verify(self):
        ways = list(itertools.permutations(self.places, 2))
        self.assertEqual(len(ways), 6)
        for name, other in ways:
            self.send(name, f"ann@{other}", harness.message(
                f"from {name} to {other}", body="Grüße\r\n.\r\n..\r\n", sender=f"ann@{name}",
                to=f"ann@{other}", Date="Mon, 02 Mar 2026 10:00:00 +0100",
                Message_ID=f"<{name}-{other}@{name}>"))
        for name, other in ways:
            with self.subTest(name=name, other=other):
                [there] = self.arrived(other, f"from {name} to {other}")
                self.assertRegex(there, rf"(?s)from mail\.{name}\b.{{0,400}}with ESMTPS".encode())
                self.assertEqual(self.verdicts(there),
                                 [True] if name == "post.example" else [True, True])

    def test_a_host_is_proven_by_its_tlsa_record(self):
        self.send("two.example", "ann@one.example",
                  harness.message("proven", sender="ann@two.example", to="ann@one.example"))
        self.arrived("one.example", "proven")
        harness.wait_until(lambda: re.search(
            r'send .* to="ann@one\.example" result=delivered .* tls="TLSv1\.3 dane"',
            self.servers["two.example"].log()), "the word of it in the log")

    def test_a_host_and_a_record_behind_a_cname_prove_it_as_well(self):
        for name in ALIASED:
            with self.subTest(name=name):
                self.send("two.example", f"ann@{name}",
                          harness.message(f"by {name}", sender="ann@two.example", to=f"ann@{name}"))
                self.arrived("one.example", f"by {name}")
                harness.wait_until(lambda: re.search(
                    rf'send .* to="ann@{name}" result=delivered .* tls="TLSv1\.3 dane"',
                    self.servers["two.example"].log()), "the word of it in the log")

    def test_to_a_host_with_another_key_nothing_is_said(self):
        sender = self.servers["two.example"]
        self.send("two.example", "ann@false.example",
                  harness.message("false", sender="ann@two.example", to="ann@false.example"))
        said = harness.wait_until(lambda: re.search(
            r'send .* to="ann@false\.example" result=(\w+) .* reply="(.*?)" tls', sender.log()),
            lambda: f"an attempt\n{sender.log()}")
        self.assertEqual(said.group(1), "again")
        self.assertIn("TLS failed", said.group(2))
        self.assertNotIn("false.example", self.servers["one.example"].settled_log())


if __name__ == "__main__":
    unittest.main()
