#!/usr/bin/env python3
"""Thunderbird against the real binary (docs/develop.md, "Thunderbird").

    tools/thunderbird_check.py FOLDER

Starts Hauspost with its default limits on loopback, makes a Thunderbird profile with one account,
and drives Thunderbird by keys on a screen of its own (Xvfb): it lists, reads, stars, archives and
deletes mail, sees new mail by IDLE, and sends a message. After each step the server is asked over
IMAP whether it holds what was done. Into FOLDER go the screenshots, which somebody has to look at,
Thunderbird's transcript of the IMAP connections, and the server's log.

HAUSPOST_BINARY names the binary (else build/dev/hauspost). Ends with 1 when a step failed.
"""

import base64
import contextlib
import ctypes
import email.header
import email.utils
import hashlib
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
from e2e import harness  # noqa: E402

HOST = "127.0.0.1"
SIZE = (1280, 800)
ACCOUNT = f"anna@{harness.DOMAIN}"
SHA256_OID = "OID.2.16.840.1.101.3.4.2.1"
TOOLS = ("thunderbird", "Xvfb", "xdotool", "import", "swaks")
STEADY = 2  # seconds without a change, and the screen counts as steady

PREFERENCES = {
    # The account.
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.account.account1.server": "server1",
    "mail.account.account1.identities": "id1",
    "mail.server.server1.type": "imap",
    "mail.server.server1.hostname": HOST,
    "mail.server.server1.name": ACCOUNT,
    "mail.server.server1.userName": ACCOUNT,
    "mail.server.server1.socketType": 3,  # TLS from the first octet
    "mail.server.server1.authMethod": 3,  # a password
    "mail.server.server1.login_at_startup": True,
    "mail.server.server1.check_time": 600,  # minutes: new mail is seen by IDLE or not at all
    "mail.identity.id1.useremail": ACCOUNT,
    "mail.identity.id1.fullName": "Anna",
    "mail.identity.id1.valid": True,
    "mail.identity.id1.smtpServer": "smtp1",
    "mail.identity.id1.archive_granularity": 0,  # one folder, not one for each year
    "mail.identity.id1.compose_html": False,
    "mail.smtpservers": "smtp1",
    "mail.smtp.defaultserver": "smtp1",
    "mail.smtpserver.smtp1.hostname": HOST,
    "mail.smtpserver.smtp1.authMethod": 1,  # none
    "mail.smtpserver.smtp1.try_ssl": 2,  # STARTTLS or nothing
    # No questions, no pages, nothing from elsewhere.
    "app.donation.eoy.version.viewed": 999,
    "app.update.enabled": False,
    "browser.safebrowsing.enabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "mail.biff.show_alert": False,
    "mail.e2ee.notify_on_auto_disable": False,
    "mail.inappnotifications.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mail.warn_on_send_accel_key": False,
    "mailnews.start_page.enabled": False,
    "mailnews.default_sort_order": 1,  # the oldest first
    "network.manage-offline-status": False,
    "network.proxy.type": 0,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class SecItem(ctypes.Structure):
    """SECItem of NSS."""
    _fields_ = [("type", ctypes.c_uint), ("data", ctypes.c_char_p), ("size", ctypes.c_uint)]


def encrypt_for_profile(profile, texts):
    """Each text as a profile's logins.json wants it; makes the profile's key when there is none."""
    nss = ctypes.CDLL("libnss3.so")
    nss.PK11_GetInternalKeySlot.restype = ctypes.c_void_p
    if nss.NSS_InitReadWrite(f"sql:{profile}".encode()) != 0:
        raise RuntimeError("NSS does not open the profile")
    slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
    if nss.PK11_NeedUserInit(slot):
        nss.PK11_InitPin(slot, None, b"")
    out = []
    for text in texts:
        octets = text.encode()
        key, plain, sealed = SecItem(), SecItem(0, octets, len(octets)), SecItem()
        if nss.PK11SDR_Encrypt(ctypes.byref(key), ctypes.byref(plain), ctypes.byref(sealed), None):
            raise RuntimeError("NSS does not encrypt")
        pointer = ctypes.cast(ctypes.byref(sealed, SecItem.data.offset),
                              ctypes.POINTER(ctypes.c_void_p))[0]
        out.append(base64.b64encode(ctypes.string_at(pointer, sealed.size)).decode())
    nss.PK11_FreeSlot(slot)
    nss.NSS_Shutdown()
    return out


def write_profile(profile, server):
    """A profile that knows the account, its password, and the server's own certificate."""
    profile.mkdir()
    settings = PREFERENCES | {"mail.server.server1.port": server.imaps_port,
                              "mail.smtpserver.smtp1.port": server.smtp_port}
    (profile / "user.js").write_text("".join(
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in settings.items()))

    pem = (server.data_dir / "tls/cert.pem").read_text()
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
    fingerprint = ":".join(re.findall("..", digest))
    (profile / "cert_override.txt").write_text("".join(
        f"{HOST}:{port}:\t{SHA256_OID}\t{fingerprint}\t\n"
        for port in (server.imaps_port, server.smtp_port)))

    user, password = encrypt_for_profile(profile, [ACCOUNT, harness.PASSWORD])
    now = int(time.time() * 1000)
    (profile / "logins.json").write_text(json.dumps({"nextId": 2, "version": 3, "logins": [{
        "id": 1, "hostname": f"imap://{HOST}", "httpRealm": f"imap://{HOST}",
        "formSubmitURL": None, "usernameField": "", "passwordField": "",
        "encryptedUsername": user, "encryptedPassword": password, "encType": 1,
        "guid": "{7d1c6f0e-0000-4000-8000-000000000001}", "timesUsed": 1,
        "timeCreated": now, "timeLastUsed": now, "timePasswordChanged": now}]}))


class Desktop:
    """Xvfb, and Thunderbird on it."""

    def __init__(self, folder, profile):
        self.folder = folder
        reader, writer = os.pipe()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", "%dx%dx24" % SIZE,
             "-nolisten", "tcp"], pass_fds=(writer,), stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as number:
            display = ":" + number.readline().strip()
        self.env = os.environ | {
            "DISPLAY": display, "HOME": str(profile.parent), "LANG": "C.UTF-8",
            "MOZ_LOG": "IMAP:5,timestamp,sync", "MOZ_LOG_FILE": str(folder / "imap"),
            "MOZ_CRASHREPORTER_DISABLE": "1", "NO_AT_BRIDGE": "1"}
        with open(folder / "thunderbird.log", "wb") as log:
            self.client = subprocess.Popen(["thunderbird", "--no-remote", "--profile", profile],
                                           env=self.env, stdout=log, stderr=log)

    def close(self):
        for process in (self.client, self.screen):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(harness.PATIENCE)
            process.kill()

    def xdotool(self, *arguments):
        return subprocess.run(["xdotool", *map(str, arguments)], env=self.env, text=True,
                              capture_output=True).stdout.split()

    def window(self, title):
        """Waits for the window with this in its title, and gives it the keyboard: there is no
        window manager that would."""
        found = harness.wait_until(
            lambda: self.xdotool("search", "--onlyvisible", "--name", title),
            f"a window named {title}", 4 * harness.PATIENCE)[-1]
        self.xdotool("windowmove", found, 0, 0, "windowsize", found, *SIZE, "windowfocus", found)
        return found

    def keys(self, *names):
        self.xdotool("key", "--delay", 100, *names)

    def type(self, text):
        self.xdotool("type", "--delay", 40, text)

    def wait_until_steady(self):
        last, since, end = b"", time.monotonic(), time.monotonic() + harness.PATIENCE
        while time.monotonic() < min(since + STEADY, end):
            time.sleep(0.3)
            image = subprocess.run(["import", "-window", "root", "rgb:-"], env=self.env,
                                   capture_output=True).stdout
            if image != last:
                last, since = image, time.monotonic()

    def screenshot(self, name):
        self.wait_until_steady()
        subprocess.run(["import", "-window", "root", self.folder / f"{name}.png"], env=self.env,
                       check=True)


class Check:
    """The steps, in their order; each waits until the server holds what Thunderbird did."""

    def __init__(self, server, desktop):
        self.server, self.desktop = server, desktop
        self.date = time.time() - 600
        self.peer = server.imap("anna")

    def swaks(self, subject, *more):
        subprocess.run(
            ["swaks", "--server", f"{HOST}:{self.server.smtp_port}", "--tls", "--silent", "2",
             "--from", "ben@elsewhere.test", "--to", ACCOUNT,
             "--h-From", "Ben Adler <ben@elsewhere.test>",
             "--h-Subject", email.header.Header(subject).encode(),
             "--h-Date", email.utils.formatdate(self.date), *more], check=True)
        self.date += 60  # Thunderbird sorts by it; equal ones have no order of their own

    def flags(self, subject, mailbox="INBOX"):
        """The flags of the message with this subject, or None when the mailbox has none such."""
        self.peer.select(mailbox, readonly=True)
        _, data = self.peer.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        for part in data:
            if not isinstance(part, tuple):
                continue
            line = part[1].decode().strip().removeprefix("Subject: ")
            if str(email.header.make_header(email.header.decode_header(line))) == subject:
                return re.search(r"FLAGS \((.*?)\)", part[0].decode()).group(1).split()
        return None

    def has(self, flag, subject, mailbox="INBOX"):
        return flag in (self.flags(subject, mailbox) or ())

    def transcript(self):
        return (self.desktop.folder / "imap.moz_log").read_text(errors="replace")

    def expect(self, what, condition):
        begin = time.monotonic()
        try:
            harness.wait_until(condition, what)
            print(f"ok      {time.monotonic() - begin:6.2f} s  {what}", flush=True)
        except AssertionError:
            self.desktop.screenshot("failed")
            raise

    def deliver_first(self):
        self.swaks("Read me", "--body", "A plain message.")
        self.swaks("Grüße aus Köln ☀", "--body", "Star me.")
        self.swaks("For the archive", "--body", "Archive me.")
        self.swaks("For the bin", "--body", "Delete me.")
        self.swaks("Offer 2026-14, with its sheet",
                   "--attach-type", "text/html", "--attach-body",
                   "<h2>Offer 2026-14</h2><p>Our prices, <b>valid until May</b>:</p>"
                   "<table border=1><tr><td>Plums<td>3.20<tr><td>Kettles<td>42.00</table>",
                   "--attach-type", "text/csv", "--attach-name", "prices.csv",
                   "--attach", "Plums;3.20\nKettles;42.00\n")

    def list_and_read(self):
        self.desktop.window("Mozilla Thunderbird")
        self.expect("it lists INBOX and goes idle",
                    lambda: re.search(r"S-INBOX:SendData: \d+ IDLE", self.transcript()))
        self.desktop.screenshot("1-listed")
        self.desktop.keys("n")  # the next unread message
        self.expect("opening sets \\Seen", lambda: self.has("\\Seen", "Read me"))
        self.desktop.screenshot("2-opened")

    def change(self):
        self.desktop.keys("n")
        self.expect("the next is open", lambda: self.has("\\Seen", "Grüße aus Köln ☀"))
        self.desktop.keys("s")
        self.expect("s sets \\Flagged", lambda: self.has("\\Flagged", "Grüße aus Köln ☀"))
        self.desktop.screenshot("3-starred")
        self.desktop.keys("n")
        self.expect("the third is open", lambda: self.has("\\Seen", "For the archive"))
        self.desktop.keys("a")
        self.expect("a moves to Archive, with its flags", lambda: (
            self.has("\\Seen", "For the archive", "Archive") and not self.flags("For the archive")))
        # Thunderbird opens the message after one that goes.
        self.expect("the fourth is open", lambda: self.has("\\Seen", "For the bin"))
        self.desktop.screenshot("4-archived")
        self.desktop.keys("Delete")
        self.expect("Del moves to Trash, with its flags", lambda: (
            self.has("\\Seen", "For the bin", "Trash") and not self.flags("For the bin")))
        self.expect("HTML with an attachment is open",
                    lambda: self.has("\\Seen", "Offer 2026-14, with its sheet"))
        self.desktop.screenshot("5-deleted")

    def see_changes_of_others(self):
        subject = "Came while you were looking"
        self.swaks(subject, "--body", "No click was needed.")
        self.expect("IDLE tells of new mail, Thunderbird fetches it",
                    lambda: f"Subject: {subject}" in self.transcript())
        self.desktop.screenshot("6-new-mail")
        before = len(self.transcript())
        self.peer.select("INBOX")
        _, found = self.peer.search(None, "SUBJECT", f'"{subject}"')
        self.peer.store(found[0].decode(), "+FLAGS", "\\Flagged")
        self.expect("IDLE tells of a star that another client set", lambda: re.search(
            r"\* \d+ FETCH .*\\Flagged", self.transcript()[before:]))
        self.desktop.screenshot("7-starred-elsewhere")

    def send(self):
        self.desktop.keys("ctrl+n")
        self.desktop.window("Write")
        self.desktop.wait_until_steady()
        self.desktop.type(ACCOUNT)
        self.desktop.keys("Return", "Tab")
        self.desktop.type("Sent by Thunderbird")
        self.desktop.keys("Tab")
        self.desktop.type("Hello Anna")
        self.desktop.screenshot("8-written")
        self.desktop.keys("ctrl+Return")
        self.expect("it sends by SMTP with STARTTLS",
                    lambda: self.flags("Sent by Thunderbird") is not None)
        self.expect("and keeps a copy in Sent",
                    lambda: self.has("\\Seen", "Sent by Thunderbird", "Sent"))
        self.desktop.window("Mozilla Thunderbird")
        self.desktop.screenshot("9-sent")

    def find_complaints(self):
        """NO, BAD and BYE that Thunderbird got; warnings and errors of the server."""
        lines = re.findall(r"CreateNewLineFromSocket: ((?:\*|\d+) (?:NO|BAD|BYE)\b.*)",
                           self.transcript())
        lines += re.findall(r"(?m)^\S+ ((?:warn|err|critical).*)", self.server.log())
        if lines:
            raise AssertionError("\n".join(lines))
        print("ok      no NO, BAD, BYE; no warning in the server's log")


def run(server, folder):
    """All steps; raises when one fails."""
    server.add_domain()
    server.add_account("anna")
    server.start()
    write_profile(server.folder / "profile", server)
    desktop = Desktop(folder, server.folder / "profile")
    try:
        check = Check(server, desktop)
        check.deliver_first()
        for step in (check.list_and_read, check.change, check.see_changes_of_others, check.send,
                     check.find_complaints):
            step()
    finally:
        desktop.close()
        shutil.copy(server.log_path, folder / "server.log")
    code = server.stop()
    if code != 0:
        raise AssertionError(f"the server ended with {code}")
    server.check()


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        sys.exit("missing: " + " ".join(missing))
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    server = harness.Server(address=HOST, settings={"log.level": "debug"})
    for name in harness.TEST_BED:  # the defaults are what a real client meets
        del server.settings[name]
    server.write_config()
    try:
        run(server, folder)
    finally:
        server.remove()


if __name__ == "__main__":
    main()
