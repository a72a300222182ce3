"""What the real server sends on, judged by who refuses what a domain wants refused: a Postfix with opendkim
and opendmarc in front of it, all records by NSD.

strict.example wants mail refused that nothing proves (p=reject). SPF proves nothing here: libspf2 lets every
loopback address pass, so opendmarc is not told to ask it, and a pass is one by a signature alone.
"""

import base64
import email
import email.policy
import os
import pathlib
import pwd
import re
import shutil
import smtplib
import socket
import subprocess
import tempfile
import unittest

from e2e import harness
from interop import exchange_test, nsd_test, private_postfix, smtp_collector

HERE = pathlib.Path(__file__).parent
JUDGE = "mail.far.example"
# Not below test: for names there libunbound, and so opendkim, asks nobody.
OURS = "ours.example"
LIST = f"list@{OURS}"
# Neither passes anybody by because he comes from here.
OPENDKIM = """\
Socket inet:{port}@[{address}]
Mode v
AuthservID {judge}
AlwaysAddARHeader true
Nameservers {nameserver}
InternalHosts 192.0.2.1
UserID opendkim
Background false
Syslog false
"""
# Where the C library asks stands below its root.
OPENDMARC = """\
Socket inet:{port}@[{address}]
AuthservID {judge}
TrustedAuthservIDs {judge}
RejectFailures true
IgnoreHosts {folder}/nobody
ChangeRootDirectory {folder}/root
UserID opendmarc
Background false
Syslog false
"""


class Milter:
    """One of the two, until `stop`."""

    def __init__(self, folder, program, option, text, address, **names):
        self.address, self.port = address, harness.free_port(address)
        config = folder / f"{program}.conf"
        config.write_text(text.format(folder=folder, address=address, port=self.port, judge=JUDGE,
                                      **names), encoding="utf-8")
        self.log = folder / f"{program}.log"
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([f"/usr/sbin/{program}", "-f", option, config],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        harness.wait_until(self.answers, f"{program} to answer")

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(self.log.read_text(encoding="utf-8"))
        try:
            socket.create_connection((self.address, self.port), timeout=5).close()
            return True
        except OSError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(harness.PATIENCE)


def has_user(name):
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


@unittest.skipUnless(shutil.which("nsd", path="/usr/sbin"), "needs nsd")
@unittest.skipUnless(has_user("opendkim") and has_user("opendmarc"), "needs opendkim and opendmarc")
@unittest.skipUnless(os.geteuid() == 0, "Postfix's master, and opendmarc with a root of its own, need root")
@unittest.skipUnless(exchange_test.is_free(harness.own_address(), 53), "port 53 cannot be had")
class Judged(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-dmarc-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        os.chmod(cls.folder, 0o755)
        cls.dns, cls.ours, cls.theirs = exchange_test.addresses(3)
        cls.port = exchange_test.port_of_all([cls.ours, cls.theirs])
        cls.world = smtp_collector.Collector()
        cls.addClassCleanup(cls.world.close)
        cls.make_server()
        cls.serve_zones()
        cls.start_judge()
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        if code != 0 or harness.SANITIZER.search(cls.server.log()):
            raise AssertionError(f"exit code {code}, log:\n{cls.server.log()[-20000:]}")
        cls.server.check()

    @classmethod
    def make_server(cls):
        cls.server = harness.Server(address=cls.ours, settings={
            "hostname": f"mail.{OURS}",
            "delivery.resolver": f"{cls.dns}@53",
            "delivery.private_networks": True,
            "delivery.remote_port": cls.port,
        })
        cls.addClassCleanup(cls.server.remove)
        cls.server.add_domain(OURS)
        cls.server.add_account("ann", domain=OURS)
        cls.server.command("alias", "add", LIST, "out@far.example")

    @classmethod
    def serve_zones(cls):
        cls.key = cls.folder / "key"
        exchange_test.command("openssl", "genrsa", "-traditional", "-out", cls.key, "2048")
        public = base64.b64encode(exchange_test.command(
            "openssl", "rsa", "-in", cls.key, "-pubout", "-outform", "DER")).decode()
        said = cls.server.command("domain", "dns", OURS)
        published = "".join(line + "\n" for line in said.splitlines()
                            if line.partition(" ")[2][:2] == "IN")
        zones = {
            OURS: (cls.ours, published),
            "far.example": (cls.theirs, "@ MX 10 mail\n"),
            "strict.example": (cls.dns, '_dmarc TXT "v=DMARC1; p=reject"\n'
                               f'post._domainkey TXT "v=DKIM1; k=rsa; p={public[:200]}" '
                               f'"{public[200:]}"\n'),
        }
        for name, (address, more) in zones.items():
            text = exchange_test.HEAD.format(name=name, address=address) + more
            (cls.folder / f"{name}.zone").write_text(text, encoding="utf-8")
        cls.nsd = nsd_test.Nsd(cls.folder, cls.dns, zones, port=53)
        cls.addClassCleanup(cls.nsd.stop)

    @classmethod
    def start_judge(cls):
        (cls.folder / "nobody").write_text("192.0.2.1\n", encoding="utf-8")
        (cls.folder / "root/etc").mkdir(parents=True)
        (cls.folder / "root/etc/resolv.conf").write_text(f"nameserver {cls.dns}\n", encoding="utf-8")
        milters = []
        for program, option, text in (("opendkim", "-x", OPENDKIM), ("opendmarc", "-c", OPENDMARC)):
            milter = Milter(cls.folder, program, option, text, cls.theirs, nameserver=cls.dns)
            cls.addClassCleanup(milter.stop)
            milters.append(f"inet:{milter.address}:{milter.port}")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-postfix-"))
        cls.postfix = private_postfix.Postfix(folder, cls.theirs, cls.port, {
            "myhostname": JUDGE,
            "relay_domains": "far.example",
            "relay_transport": f"relay:[{cls.world.address}]:{cls.world.port}",
            "relay_recipient_maps": "",
            "smtpd_milters": ", ".join(milters),
            "milter_default_action": "tempfail",
            "smtpd_peername_lookup": "no",
        })
        cls.addClassCleanup(cls.postfix.remove)
        cls.postfix.start()

    @staticmethod
    def written(subject):
        return harness.message(subject, sender="Eve Ohm <eve@strict.example>", to=LIST,
                               body="..\r\nüber\r\n", Message_ID=f"<{subject}@strict.example>",
                               Date="Mon, 02 Mar 2026 10:00:00 +0100")

    def signed(self, octets):
        return exchange_test.command(exchange_test.DEBIAN_PYTHON, HERE / "dkimpy_filter.py", "post",
                                     "strict.example", self.key, octets=octets)

    def told_directly(self, octets):
        """What Postfix says to who brings the same without us; (code, text) of the end of data."""
        with smtplib.SMTP(self.theirs, self.port, "client.example", timeout=harness.PATIENCE) as peer:
            peer.ehlo()
            peer.mail("eve@strict.example")
            peer.rcpt("out@far.example")
            return peer.data(octets)

    def sent_on(self, octets, subject):
        """It has arrived behind Postfix, as it came there."""
        with self.server.smtp() as peer:
            peer.ehlo()
            harness.send_one(peer, "eve@strict.example", [LIST], octets)

        def found():
            return [one for _, _, one in self.world.mail if f"Subject: {subject}\r\n".encode() in one]
        return harness.wait_until(found, lambda: f"'{subject}' to arrive\n{self.server.log()[-3000:]}"
                                         f"{self.postfix.log()[-3000:]}")[0]

    def verdict_on(self, octets):
        """(result, domain of From) by opendmarc."""
        message = email.message_from_bytes(octets, policy=email.policy.default)
        said = [re.sub(r"\s+", " ", one) for one in message.get_all("Authentication-Results")]
        found = [re.search(r"\bdmarc=(\w+) .*header\.from=(\S+)", one) for one in said
                 if one.startswith(JUDGE)]
        [one] = [one for one in found if one]
        return one.groups()

    def refusals(self):
        return self.postfix.log().count("rejected by DMARC policy")

    def test_what_nothing_proves_is_refused_there_and_passes_when_we_sent_it_on(self):
        octets = self.written("unsigned")
        code, text = self.told_directly(octets)
        self.assertEqual(code, 550, text)
        self.assertIn(b"rejected by DMARC policy for strict.example", text)
        before = self.refusals()
        there = self.sent_on(octets, "unsigned")
        self.assertEqual(self.verdict_on(there), ("pass", OURS))
        message = email.message_from_bytes(there, policy=email.policy.default)
        self.assertEqual(message["From"], f'"Eve Ohm via {OURS}" <{LIST}>')
        self.assertEqual(message["Reply-To"], "Eve Ohm <eve@strict.example>")
        self.assertEqual(self.refusals(), before)

    def test_what_is_signed_passes_with_the_octets_of_its_author(self):
        octets = self.signed(self.written("signed"))
        there = self.sent_on(octets, "signed")
        self.assertEqual(self.verdict_on(there), ("pass", "strict.example"))
        self.assertTrue(there.endswith(b"\r\n" + octets), there)

    def test_what_somebody_changed_on_its_way_passes_in_our_name(self):
        octets = self.signed(self.written("changed")).replace(b"\r\n\r\n..", b"\r\n\r\n--")
        self.assertEqual(self.told_directly(octets)[0], 550)
        there = self.sent_on(octets, "changed")
        self.assertEqual(self.verdict_on(there), ("pass", OURS))


if __name__ == "__main__":
    unittest.main()
