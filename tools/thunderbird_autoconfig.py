#!/usr/bin/env python3
"""Thunderbird sets an account up by itself (docs/develop.md, "Thunderbird").

    tools/thunderbird_autoconfig.py FOLDER

Starts Hauspost on loopback and a Thunderbird without any account. Into its set-up page go a name,
an address and a password, and nothing else: what it finds, by autoconfig alone, must be the
server's own ports with TLS, and with these it must log in and list mail. Into FOLDER go the
screenshots, which somebody has to look at, and the log.

The DNS has no part in it: names below example.test are this machine, and Thunderbird asks by HTTP
through the server's own port, as through a proxy.

HAUSPOST_BINARY names the binary (else build/dev/hauspost). Ends with 1 when a step failed.
"""

import hashlib
import json
import pathlib
import re
import shutil
import ssl
import sys

from thunderbird_check import with_server
from thunderbird_desktop import ACCOUNT, Desktop, HOST, PREFERENCES, SHA256_OID, find_complaints, harness
import thunderbird_remote

NAME = "mail.example.test"
TOOLS = ("thunderbird", "Xvfb", "xdotool", "import")

# The page of the set-up, through all shadow trees.
TOOLBOX = """
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
function all(selector, root = document) {
    const found = [...root.querySelectorAll(selector)];
    for (const one of root.querySelectorAll("*"))
        if (one.shadowRoot) found.push(...all(selector, one.shadowRoot));
    return found;
}
function shown(selector) {
    return all(selector).find((one) => one.checkVisibility() && !one.disabled);
}
"""


def write_empty_profile(profile, server, remote_port):
    """A profile without an account, which trusts the server's own certificate."""
    profile.mkdir()
    settings = {name: value for name, value in PREFERENCES.items()
                if not re.match(r"mail\.(account|server|identity|smtp)", name)}
    settings |= thunderbird_remote.preferences(remote_port) | {
        "mail.server.default.check_time": 600,
        "mail.provider.suppress_dialog_on_startup": False,
        "mailnews.auto_config_url": "",  # nobody else knows the domain
        "mailnews.mx_service_url": "",
        "network.dns.localDomains": ",".join(
            [NAME, "example.test", "autoconfig.example.test", "autodiscover.example.test"]),
        "network.proxy.type": 1,
        "network.proxy.http": HOST,
        "network.proxy.http_port": server.http_port,
        "network.proxy.allow_hijacking_localhost": True,
        "network.proxy.no_proxies_on": "",
    }
    (profile / "user.js").write_text("".join(
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in settings.items()))
    pem = (server.data_dir / "tls/cert.pem").read_text()
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
    fingerprint = ":".join(re.findall("..", digest))
    (profile / "cert_override.txt").write_text("".join(
        f"{NAME}:{port}:\t{SHA256_OID}\t{fingerprint}\t\n"
        for port in (server.imaps_port, server.submissions_port)))


class SetUp:
    def __init__(self, server, desktop, remote):
        self.server, self.desktop, self.remote = server, desktop, remote

    def run(self, script, *arguments):
        return self.remote.run(script, *arguments, toolbox=TOOLBOX)

    def expect(self, what, script, *arguments):
        return self.desktop.expect(what, lambda: self.run(script, *arguments))

    def fill(self, selector, text):
        """As if somebody typed it."""
        self.expect(f"{selector} is asked for", "return !!shown(given[0]);", selector)
        self.run("const field = shown(given[0]); field.value = given[1];"
                 "field.dispatchEvent(new Event('input', { bubbles: true }));", selector, text)

    def go_on(self):
        self.expect("it goes on", "return !!shown('#forward');")
        self.run("shown('#forward').click();")

    def find_settings(self):
        self.desktop.window("Mozilla Thunderbird")
        self.run("if (!shown('#email')) await openAccountHub('MAIL');")
        self.fill("#realName", "Anna Schmidt")
        self.fill("#email", ACCOUNT)
        self.desktop.screenshot("16-address")
        self.go_on()
        found = self.expect(
            "it finds settings",
            "if (!shown('#incomingHost')) return null;"
            "const text = (id) => all(id).map((one) => one.textContent.trim()).find(Boolean);"
            "return ['#incomingHost', '#incomingPort', '#outgoingHost', '#outgoingPort'].map(text);")
        self.desktop.screenshot("17-found")
        wanted = [NAME, str(self.server.imaps_port), NAME, str(self.server.submissions_port)]
        if found != wanted:
            raise AssertionError(f"found {found}, not {wanted}")
        asked = re.findall(r"route=client_setup\.\w+", self.server.log())
        print(f"ok              the server was asked: {' '.join(asked)}", flush=True)

    def log_in(self):
        self.go_on()
        self.fill("#password", harness.PASSWORD)
        self.go_on()
        kept = self.expect(
            "the account is made",
            "const [one] = MailServices.accounts.accounts; const server = one?.incomingServer;"
            "const out = MailServices.outgoingServer.defaultServer?.wrappedJSObject ??"
            "    MailServices.outgoingServer.defaultServer;"
            "if (!server || server.type !== 'imap' || !out) return null;"
            "return [server.hostname, server.port, server.socketType, server.username,"
            "        out.serverURI.host, out.serverURI.port, out.socketType, out.username];")
        tls = 3
        wanted = [NAME, self.server.imaps_port, tls, ACCOUNT,
                  NAME, self.server.submissions_port, tls, ACCOUNT]
        if kept != wanted:
            raise AssertionError(f"kept {kept}, not {wanted}")
        self.desktop.screenshot("18-account")
        self.desktop.expect("it is logged in and INBOX is selected", lambda: (
            re.search(r"login cid=\d+ proto=imap user=\"anna@", self.server.log())
            and re.search(r"SendData: \d+ select \"INBOX\"", self.desktop.transcript())))

    def see_mail(self):
        self.server.deliver("anna", subject="Came to an account that set itself up")
        self.expect(
            "mail is listed",
            "const root = MailServices.accounts.accounts[0].incomingServer.rootFolder;"
            "const inbox = root.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);"
            "inbox?.updateFolder(null);"
            "return inbox ? [...inbox.messages].length === 1 : false;")


def by_itself(server, folder):
    server.http_port = harness.free_port(HOST)
    server.settings |= {"listen.http": [f"{HOST}:{server.http_port}"]}
    server.write_config()
    if server.stop() != 0:
        raise AssertionError("the server did not stop well")
    server.start()
    port = harness.free_port(HOST)
    write_empty_profile(server.folder / "profile", server, port)
    desktop = Desktop(folder, server.folder / "profile", "imap-autoconfig", thunderbird_remote.OPTIONS)
    try:
        remote = thunderbird_remote.Remote(port)
        steps = SetUp(server, desktop, remote)
        steps.find_settings()
        steps.log_in()
        steps.see_mail()
        remote.close()
        find_complaints(desktop, server)
    except BaseException:
        desktop.screenshot("failed")
        raise
    finally:
        desktop.close()


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        sys.exit("missing: " + " ".join(missing))
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with_server("server-autoconfig", by_itself, folder)


if __name__ == "__main__":
    main()
