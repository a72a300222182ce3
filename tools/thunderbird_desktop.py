"""A Thunderbird with its own profile on its own screen; for tools/thunderbird_check.py."""

import base64
import contextlib
import ctypes
import hashlib
import json
import os
import pathlib
import re
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
    "mail.smtpserver.smtp1.username": ACCOUNT,
    "mail.smtpserver.smtp1.authMethod": 3,  # a password
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


def write_profile(profile, server, preferences=None, scheme="imap"):
    """A profile that knows the account, its password, and the server's own certificate.

    scheme: under which Thunderbird keeps the password; "mailbox" is POP3."""
    profile.mkdir()
    settings = PREFERENCES | {"mail.server.server1.port": server.imaps_port,
                              "mail.smtpserver.smtp1.port": server.submission_port} | (preferences or {})
    (profile / "user.js").write_text("".join(
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in settings.items()))

    pem = (server.data_dir / "tls/cert.pem").read_text()
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
    fingerprint = ":".join(re.findall("..", digest))
    (profile / "cert_override.txt").write_text("".join(
        f"{HOST}:{port}:\t{SHA256_OID}\t{fingerprint}\t\n"
        for port in (server.imaps_port, server.pop3s_port, server.submission_port,
                     server.submissions_port)))

    user, password = encrypt_for_profile(profile, [ACCOUNT, harness.PASSWORD])
    now = int(time.time() * 1000)
    (profile / "logins.json").write_text(json.dumps({"nextId": 3, "version": 3, "logins": [{
        "id": number, "hostname": f"{kind}://{HOST}", "httpRealm": f"{kind}://{HOST}",
        "formSubmitURL": None, "usernameField": "", "passwordField": "",
        "encryptedUsername": user, "encryptedPassword": password, "encType": 1,
        "guid": f"{{7d1c6f0e-0000-4000-8000-00000000000{number}}}", "timesUsed": 1,
        "timeCreated": now, "timeLastUsed": now, "timePasswordChanged": now}
        for number, kind in enumerate((scheme, "smtp"), 1)]}))


class Desktop:
    """Xvfb, and Thunderbird on it."""

    def __init__(self, folder, profile, name="imap", options=()):
        """folder: for screenshots and NAME.moz_log; options: of Thunderbird's command line."""
        self.folder = folder
        self.log_path = folder / f"{name}.moz_log"
        reader, writer = os.pipe()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", "%dx%dx24" % SIZE,
             "-nolisten", "tcp"], pass_fds=(writer,), stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as number:
            display = ":" + number.readline().strip()
        self.env = os.environ | {
            "DISPLAY": display, "HOME": str(profile.parent), "LANG": "C.UTF-8",
            "MOZ_LOG": "IMAP:5,timestamp,sync", "MOZ_LOG_FILE": str(folder / name),
            "MOZ_CRASHREPORTER_DISABLE": "1", "NO_AT_BRIDGE": "1"}
        with open(folder / "thunderbird.log", "ab") as log:
            self.client = subprocess.Popen(
                ["thunderbird", "--no-remote", "--profile", profile, *options],
                env=self.env, stdout=log, stderr=log)

    def close(self):
        for process in (self.client, self.screen):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(harness.PATIENCE)
            process.kill()

    def transcript(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

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

    def expect(self, what, condition, seconds=harness.PATIENCE):
        """Waits until the condition holds, and says so; a screenshot `failed` when it does not."""
        begin = time.monotonic()
        try:
            found = harness.wait_until(condition, what, seconds)
        except AssertionError:
            self.screenshot("failed")
            raise
        print(f"ok      {time.monotonic() - begin:6.2f} s  {what}", flush=True)
        return found


def find_complaints(desktop, server):
    """NO, BAD and BYE that Thunderbird got; warnings and errors of the server."""
    lines = re.findall(r"CreateNewLineFromSocket: ((?:\*|\d+) (?:NO|BAD|BYE)\b.*)",
                       desktop.transcript())
    lines += re.findall(r"(?m)^\S+ ((?:warn|err|critical).*)", server.log())
    if lines:
        raise AssertionError("\n".join(lines))
    print("ok      no NO, BAD, BYE; no warning in the server's log", flush=True)
