"""What a browser sends to the owner's page, without a browser."""

import base64
import hashlib
import hmac
import http.client
import json
import re
import ssl
import struct

from e2e import harness

OWNER_PASSWORD = "plum-lantern-gravel-92"


class Page:
    """One browser: keeps its cookie, and says where its requests come from."""

    def __init__(self, server, host=None, port=None, keeps=False):
        """keeps: one connection for all that is asked, as browsers have; for tests that ask much."""
        self.server = server
        self.keeps = keeps
        self.link = None
        self.port = port or server.admin_port
        self.host = host or f"localhost:{self.port}"
        self.cookie = None
        self.set_cookie = ""

    def request(self, method, path, body=None, fields=None):
        """(status, fields, octets); fields: over those of an own page, None takes one away."""
        sent = {"Host": self.host, "Origin": f"https://{self.host}", "X-Hauspost": "1",
                "Content-Type": "application/json", "User-Agent": "page-test"}
        if self.cookie:
            sent["Cookie"] = self.cookie
        for name, value in (fields or {}).items():
            if value is None:
                sent.pop(name, None)
            else:
                sent[name] = value
        reply, octets = self._exchange(method, path, body, sent)
        self.set_cookie = reply.getheader("Set-Cookie") or ""
        if match := re.match(r"([^=]+=[^;]*)", self.set_cookie):
            self.cookie = None if match.group(1).endswith("=") else match.group(1)
        return reply.status, dict(reply.getheaders()), octets

    def _exchange(self, method, path, body, sent):
        is_old = self.link is not None
        if not is_old:
            self.link = http.client.HTTPSConnection(self.server.address, self.port,
                                                    timeout=harness.PATIENCE, context=harness.tls_context())
        try:
            self.link.request(method, path, body=body, headers=sent)
            reply = self.link.getresponse()
            octets = reply.read()
        except (ConnectionError, ssl.SSLError):
            self.close()
            if not is_old:
                raise
            # The server has ended it meanwhile, as it may.
            return self._exchange(method, path, body, sent)
        if not self.keeps:
            self.close()
        return reply, octets

    def close(self):
        if self.link is not None:
            self.link.close()
            self.link = None

    def ask(self, path, expect=200, fields=None, **arguments):
        """The object that a call gives, or its problem."""
        status, _, octets = self.request("POST", f"/api/{path}", json.dumps(arguments), fields)
        if status != expect:
            raise AssertionError(f"{path}: {status} {octets!r}\n{self.server.log()}")
        return json.loads(octets)

    def code_of(self, path, status, fields=None, **arguments):
        """The code of the problem that a call ends with."""
        return self.ask(path, expect=status, fields=fields, **arguments)["code"]


def page_server(settings=None):
    """A server with the owner's page, and nobody who owns it yet."""
    server = harness.Server()
    server.admin_port = harness.free_port(server.address)
    server.settings |= {"listen.admin": [f"{server.address}:{server.admin_port}"]} | (settings or {})
    server.write_config()
    return server


def secret_of(text):
    """What stands behind # in a set-up link."""
    return re.search(r"/setup#(\S+)", text).group(1)


def totp(key, step):
    """RFC 6238 with SHA-1, six digits; key: base32."""
    digest = hmac.new(base64.b32decode(key + "=" * (-len(key) % 8)), struct.pack(">Q", step),
                      hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def become_owner(server, password=OWNER_PASSWORD, keeps=False):
    """A signed-in page."""
    page = Page(server, keeps=keeps)
    page.ask("setup/open", secret=secret_of(server.command("owner", "setup-link")))
    page.ask("owner/password", password=password)
    return page
