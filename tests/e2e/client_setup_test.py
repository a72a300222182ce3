"""curl asks the real binary as mail programs do that set an account up by themselves."""

import json
import plistlib
import socket
import ssl
import subprocess
import unittest
import xml.etree.ElementTree

from e2e import harness

OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/"
RESPONSE = "{%sresponseschema/2006a}" % OUTLOOK
ERROR = "{http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006}"


def autodiscover_request(address):
    return (f'<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="{OUTLOOK}requestschema/2006">'
            f"<Request><EMailAddress>{address}</EMailAddress><AcceptableResponseSchema>"
            f"{OUTLOOK}responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>")


class ClientSetup(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    @classmethod
    def prepare(cls):
        server = cls.server
        cls.http_port = harness.free_port(server.address)
        cls.https_port = harness.free_port(server.address)
        server.settings |= {"listen.http": [f"{server.address}:{cls.http_port}"],
                            "listen.https": [f"{server.address}:{cls.https_port}"]}
        server.write_config()

    def curl(self, url, *arguments, verify=False):
        """(status, fields in lower case, body); the server is found under any name."""
        server = self.server
        trust = ["--cacert", str(self.certificate)] if verify else ["-k"]
        done = subprocess.run(
            ["curl", "-sS", "-i", "--max-time", str(harness.PATIENCE), *trust,
             "--connect-to", f"::{server.address}:", *arguments, url],
            capture_output=True, check=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in lines[1:])
        return int(lines[0].split()[1]), fields, body.decode()

    def https(self, host, path, *arguments, **options):
        return self.curl(f"https://{host}:{self.https_port}{path}", *arguments, **options)

    def http(self, host, path, *arguments):
        return self.curl(f"http://{host}:{self.http_port}{path}", *arguments)

    def check_autoconfig(self, answer):
        status, fields, body = answer
        self.assertEqual(status, 200)
        self.assertEqual(fields["content-type"], "text/xml; charset=utf-8")
        provider = xml.etree.ElementTree.fromstring(body).find("emailProvider")
        self.assertEqual(provider.get("id"), "example.test")
        servers = [(one.get("type"), one.findtext("hostname"), int(one.findtext("port")),
                    one.findtext("socketType"), one.findtext("username"))
                   for one in provider if one.tag.endswith("Server")]
        host, user, server = "mail.example.test", "%EMAILADDRESS%", self.server
        self.assertEqual(servers, [
            ("imap", host, server.imaps_port, "SSL", user),
            ("imap", host, server.imap_port, "STARTTLS", user),
            ("pop3", host, server.pop3s_port, "SSL", user),
            ("pop3", host, server.pop3_port, "STARTTLS", user),
            ("smtp", host, server.submissions_port, "SSL", user),
            ("smtp", host, server.submission_port, "STARTTLS", user)])

    def test_thunderbird_is_told_all_that_is_offered_at_each_place_where_it_asks(self):
        for ask in (self.https, self.http):
            for host, path in (
                    ("autoconfig.example.test", "/mail/config-v1.1.xml?emailaddress=ann%40example.test"),
                    ("example.test", "/.well-known/autoconfig/mail/config-v1.1.xml"
                                     "?emailaddress=ann%40example.test"),
                    ("autoconfig.example.test", "/mail/config-v1.1.xml"),
                    ("mail.example.test", "/mail/config-v1.1.xml")):
                with self.subTest(ask=ask.__name__, host=host, path=path):
                    self.check_autoconfig(ask(host, path))

    def test_another_domain_is_not_known(self):
        for path in ("/mail/config-v1.1.xml?emailaddress=ann@other.test",
                     "/.well-known/other", "/", "/autodiscover/autodiscover.json"
                     "?Email=ann@other.test&Protocol=AutodiscoverV1"):
            with self.subTest(path=path):
                self.assertEqual(self.https("mail.example.test", path)[0], 404)
        self.assertEqual(self.https("autoconfig.other.test", "/mail/config-v1.1.xml")[0], 421)
        self.assertEqual(self.http("autoconfig.other.test", "/mail/config-v1.1.xml")[0], 404)

    def outlook(self, address, path="/autodiscover/autodiscover.xml"):
        status, fields, body = self.https(
            "mail.example.test", path, "-H", "Content-Type: text/xml",
            "--data-binary", autodiscover_request(address), verify=True)
        self.assertEqual(status, 200)
        self.assertEqual(fields["content-type"], "text/xml; charset=utf-8")
        return xml.etree.ElementTree.fromstring(body)

    def test_outlook_is_told_the_ports_with_tls(self):
        server = self.server
        for path in ("/autodiscover/autodiscover.xml", "/Autodiscover/Autodiscover.xml",
                     "/AutoDiscover/AutoDiscover.XML"):
            told = self.outlook("ann@example.test", path)
            services = [tuple(one.findtext(RESPONSE + name) for name in (
                "Type", "Server", "Port", "SSL", "Encryption", "LoginName"))
                for one in told.iter(RESPONSE + "Protocol")]
            host, user = "mail.example.test", "ann@example.test"
            self.assertEqual(services, [
                ("IMAP", host, str(server.imaps_port), "on", None, user),
                ("POP3", host, str(server.pop3s_port), "on", None, user),
                ("SMTP", host, str(server.submissions_port), "on", None, user)])

    def test_outlook_learns_nothing_of_accounts(self):
        told = [xml.etree.ElementTree.tostring(self.outlook(f"{name}@example.test"))
                for name in ("ann", "xyz")]
        self.assertEqual(told[0].replace(b"ann@", b"xyz@"), told[1])
        self.assertEqual(self.outlook("ann@other.test").findtext(f".//{ERROR}ErrorCode"), "500")
        self.assertEqual(self.outlook("").findtext(f".//{ERROR}ErrorCode"), "600")

    def test_outlooks_other_ways_lead_to_its_settings(self):
        place = f"https://mail.example.test:{self.https_port}/autodiscover/autodiscover.xml"
        status, fields, _ = self.http("autodiscover.example.test", "/autodiscover/autodiscover.xml")
        self.assertEqual((status, fields["location"]), (302, place))
        for path in ("?Email=ann@example.test&Protocol=AutodiscoverV1&RedirectCount=1",
                     "/v1.0/ann@example.test?Protocol=AutodiscoverV1"):
            status, _, body = self.https("autodiscover.example.test",
                                         "/autodiscover/autodiscover.json" + path)
            self.assertEqual((status, json.loads(body)),
                             (200, {"Protocol": "AutodiscoverV1", "Url": place}))
        status, _, body = self.https("autodiscover.example.test", "/autodiscover/autodiscover.json"
                                     "/v1.0/ann@example.test?Protocol=ActiveSync")
        self.assertEqual((status, json.loads(body)["ErrorCode"]), (400, "InvalidProtocol"))

    def test_http_leads_to_https_at_the_servers_own_name(self):
        for host in ("mail.example.test", "other.test"):
            status, fields, _ = self.http(host, "/a?b=c")
            self.assertEqual((status, fields["location"]),
                             (301, f"https://mail.example.test:{self.https_port}/a?b=c"))
        self.assertEqual(self.http("mail.example.test", "/", "-X", "POST")[0], 405)

    def test_tls_is_spoken_for_http_alone_and_for_a_name_with_a_dot(self):
        def handshake(name, *protocols):
            context = harness.tls_context()
            if protocols:
                context.set_alpn_protocols(list(protocols))
            with socket.create_connection((self.server.address, self.https_port), timeout=30) as plain, \
                    context.wrap_socket(plain, server_hostname=name) as peer:
                return peer.selected_alpn_protocol()
        self.assertEqual(handshake("mail.example.test.", "h2", "http/1.1"), "http/1.1")
        self.assertIsNone(handshake(None))
        with self.assertRaises(ssl.SSLError):
            handshake("mail.example.test", "imap")
        self.check_autoconfig(self.https("mail.example.test", "/mail/config-v1.1.xml", "-H",
                                         f"Host: MAIL.example.test.:{self.https_port}"))

    def test_domain_dns_shows_what_leads_programs_here(self):
        shown = self.server.command("domain", "dns", "example.test")
        for record in (f"_autodiscover._tcp.example.test. IN SRV 0 1 {self.https_port} mail.example.test.",
                       "autoconfig.example.test. IN CNAME mail.example.test.",
                       "autodiscover.example.test. IN CNAME mail.example.test."):
            self.assertIn(record, shown)


class Profile(harness.ServerCase):
    """An iPhone's profile, at a server whose certificate somebody else has signed."""
    accounts = ("ann",)

    @classmethod
    def prepare(cls):
        server = cls.server
        cls.folder = server.folder
        cls.https_port = harness.free_port(server.address)
        cls.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.crt")
        cls.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-subj", "/CN=mail.example.test", "-keyout", "own.key", "-out", "own.csr")
        (cls.folder / "names").write_text("subjectAltName=DNS:mail.example.test\n")
        cls.openssl("x509", "-req", "-in", "own.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-days", "2",
                    "-extfile", "names", "-out", "own.crt")
        server.settings |= {"listen.https": [f"{server.address}:{cls.https_port}"],
                            "tls.certificate": cls.folder / "own.crt",
                            "tls.private_key": cls.folder / "own.key"}
        server.write_config()

    @classmethod
    def openssl(cls, *arguments):
        return subprocess.run(["openssl", *arguments], cwd=cls.folder, capture_output=True,
                              check=True).stdout

    def test_it_is_signed_by_the_server_and_holds_no_password(self):
        server = self.server
        told = json.loads(server.command("setup-data", "show", "ann@example.test", "--json"))
        url = told["profile_url"]
        self.assertEqual(url, f"https://mail.example.test:{self.https_port}/profile.mobileconfig"
                              "?email=ann%40example.test")
        subprocess.run(["curl", "-sS", "--fail", "--max-time", str(harness.PATIENCE), "--cacert", "ca.crt",
                        "--connect-to", f"::{server.address}:", "-o", "profile", url],
                       cwd=self.folder, check=True)
        self.openssl("cms", "-verify", "-inform", "DER", "-in", "profile", "-CAfile", "ca.crt",
                     "-purpose", "any", "-out", "plain")
        plain = (self.folder / "plain").read_bytes()
        account = plistlib.loads(plain)["PayloadContent"][0]
        self.assertEqual(account["EmailAddress"], "ann@example.test")
        self.assertEqual(account["IncomingMailServerPortNumber"], server.imaps_port)
        self.assertNotIn(harness.PASSWORD.encode(), plain)
        self.assertNotIn("IncomingPassword", account)


class SwitchedOff(unittest.TestCase):
    def test_without_https_the_dns_leads_nobody_here(self):
        server = harness.Server()
        self.addCleanup(server.remove)
        server.add_domain()
        self.assertNotIn("auto", server.command("domain", "dns", "example.test"))


if __name__ == "__main__":
    unittest.main()
