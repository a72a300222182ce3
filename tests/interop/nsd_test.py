"""The resolver against NSD with zones that ldns has signed: what is proven, what is not, what is forged.

`dns_question` is the product's resolver with a command line (tests/support/dns_question.cpp). It is
sent to NSD as to a resolver, with the keys of the zones as its anchors.
"""

import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from e2e import harness

QUESTION = pathlib.Path(harness.BINARY).parent / "tests/dns_question"
SIGNED = """\
$ORIGIN signed.example.
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
@ MX 10 mx
ns A 127.0.0.1
mx A 192.0.2.1
mx AAAA 2001:db8::1
www CNAME mx
out CNAME host.open.example.
forged A 192.0.2.66
_25._tcp.www CNAME _25._tcp.mx
_25._tcp.out CNAME _25._tcp.host.open.example.
_25._tcp.mx TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
"""
OPEN = """\
$ORIGIN open.example.
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
@ MX 10 host
ns A 127.0.0.1
host A 192.0.2.2
_25._tcp.host TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
"""
STALE = """\
$ORIGIN stale.example.
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 300
@ NS ns
@ MX 10 mx
ns A 127.0.0.1
"""
# Paths relative to zonesdir. Without a user of its own, a control port, and files elsewhere.
CONFIG = """\
server:
  ip-address: {address}@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  zonelistfile: "{folder}/zone.list"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  server-count: 1
remote-control:
  control-enable: no
"""
ZONE = """\
zone:
  name: {name}
  zonefile: {name}.zone
"""


def command(*words, folder):
    """What it prints."""
    return subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True,
                          timeout=harness.PATIENCE).stdout


class Nsd:
    """On `address`, serving the zones of `folder`: NAME.zone each."""

    def __init__(self, folder, address, names, port=None):
        """port: instead of a free one."""
        self.folder, self.address = folder, address
        self.port = port or harness.free_port(address)
        config = CONFIG.format(address=address, port=self.port, folder=folder)
        (folder / "nsd.conf").write_text(config + "".join(ZONE.format(name=n) for n in names))
        self.process = None
        self.start()

    def start(self):
        """Returns when it takes connections."""
        with open(self.folder / "nsd.log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(["/usr/sbin/nsd", "-d", "-c", self.folder / "nsd.conf"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + harness.PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                socket.create_connection((self.address, self.port), timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "nsd.log").read_text(encoding="utf-8"))

    def stop(self):
        """When it runs."""
        self.process.terminate()
        self.process.wait(harness.PATIENCE)


def signed(folder, name, text, *options):
    """Writes NAME.zone signed; gives its DS record."""
    (folder / f"{name}.plain").write_text(text, encoding="utf-8")
    key = command("ldns-keygen", "-k", "-a", "ECDSAP256SHA256", name, folder=folder).strip()
    command("ldns-signzone", *options, "-f", f"{name}.zone", f"{name}.plain", key, folder=folder)
    return (folder / f"{key}.ds").read_text(encoding="utf-8")


@unittest.skipUnless(shutil.which("nsd", path="/usr/sbin") and shutil.which("ldns-signzone"),
                     "needs nsd and ldnsutils")
class SignedZones(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-nsd-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        anchors = signed(cls.folder, "signed.example", SIGNED)
        anchors += signed(cls.folder, "stale.example", STALE, "-i", "20200101000000",
                          "-e", "20200201000000")
        # A zone that is signed, says the anchor, and whose signatures somebody has taken away.
        anchors += anchors.splitlines()[0].replace("signed.example", "stripped.example") + "\n"
        (cls.folder / "stripped.example.zone").write_text(
            OPEN.replace("open.example", "stripped.example"), encoding="utf-8")
        (cls.folder / "anchors").write_text(anchors, encoding="utf-8")
        (cls.folder / "open.example.zone").write_text(OPEN, encoding="utf-8")
        zone = cls.folder / "signed.example.zone"
        text = zone.read_text(encoding="utf-8")
        assert text.count("192.0.2.66") == 1
        zone.write_text(text.replace("192.0.2.66", "192.0.2.67"), encoding="utf-8")
        cls.nsd = Nsd(cls.folder, "127.0.0.1",
                      ["signed.example", "stale.example", "stripped.example", "open.example"])
        cls.addClassCleanup(cls.nsd.stop)

    def asked(self, kind, *names, anchors=True):
        said = command(QUESTION, f"{self.nsd.address}@{self.nsd.port}",
                       self.folder / "anchors" if anchors else "-", kind, *names, folder=self.folder)
        return said.splitlines()

    def test_records_of_a_signed_zone_are_secure(self):
        self.assertEqual(self.asked("mx", "signed.example"),
                         ["found secure signed.example 10:mx.signed.example"])
        self.assertEqual(self.asked("addresses", "mx.signed.example", "www.signed.example"),
                         ["found secure mx.signed.example 192.0.2.1 2001:db8::1"] * 2)
        self.assertEqual(self.asked("tlsa", "_25._tcp.mx.signed.example"),
                         ["found secure _25._tcp.mx.signed.example 311:32"])

    def test_that_there_is_nothing_is_secure_as_well(self):
        self.assertEqual(self.asked("tlsa", "_25._tcp.none.signed.example", "mx.signed.example"),
                         ["no_such_name secure _25._tcp.none.signed.example",
                          "no_data secure mx.signed.example"])

    def test_records_of_an_open_zone_are_insecure(self):
        self.assertEqual(self.asked("mx", "open.example"),
                         ["found insecure open.example 10:host.open.example"])

    def test_a_cname_out_of_a_signed_zone_is_secure_itself_and_what_it_leads_to_is_not(self):
        self.assertEqual(self.asked("addresses", "out.signed.example"),
                         ["found insecure host.open.example 192.0.2.2"])
        self.assertEqual(self.asked("cname", "out.signed.example"),
                         ["found secure out.signed.example host.open.example"])

    def test_a_tlsa_record_behind_a_cname_is_as_secure_as_the_weakest_of_both(self):
        self.assertEqual(self.asked("tlsa", "_25._tcp.www.signed.example",
                                    "_25._tcp.out.signed.example"),
                         ["found secure _25._tcp.mx.signed.example 311:32",
                          "found insecure _25._tcp.host.open.example 311:32"])

    def test_f05_a_forged_record_is_bogus(self):
        self.assertEqual(self.asked("addresses", "forged.signed.example"), ["bogus insecure -"])

    def test_f05_signatures_of_yesterday_are_bogus(self):
        self.assertEqual(self.asked("mx", "stale.example"), ["bogus insecure -"])

    def test_f05_a_signed_zone_without_its_signatures_is_bogus(self):
        self.assertEqual(self.asked("mx", "stripped.example"), ["bogus insecure -"])

    def test_without_anchors_nothing_is_secure(self):
        self.assertEqual(self.asked("addresses", "mx.signed.example", "forged.signed.example",
                                    anchors=False),
                         ["found insecure mx.signed.example 192.0.2.1 2001:db8::1",
                          "found insecure forged.signed.example 192.0.2.67"])


if __name__ == "__main__":
    unittest.main()
