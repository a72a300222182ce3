"""The servers that bench/compare sets side by side, each with its own folder and loopback address."""

import contextlib
import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from e2e import harness  # noqa: E402
from interop import private_postfix  # noqa: E402

USERS = 100
TICKS = os.sysconf("SC_CLK_TCK")
INOTIFY = pathlib.Path("/proc/sys/fs/inotify/max_user_instances")


def user_names():
    return [f"user{n}" for n in range(USERS)] + ["big", "bodies"]


def process_table():
    """pid -> (parent, ticks used by it and by its children that have ended)."""
    table = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            table[int(entry.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    return table


def tree(roots):
    """Processes that stem from these."""
    table = process_table()
    found, new = set(), set(roots)
    while new:
        found |= new
        new = {pid for pid, (parent, _) in table.items() if parent in new} - found
    return found, table


class Stack:
    """name, smtp, imap, imaps, pop3, pop3s ("address:port"), and these:"""

    def roots(self):
        """Process ids whose trees are the server."""
        raise NotImplementedError

    def cpu_seconds(self):
        found, table = tree(self.roots())
        return sum(table[pid][1] for pid in found if pid in table) / TICKS

    def memory_kb(self):
        """Proportional share of all processes: what is shared counts once, and pages of files, which
        the kernel keeps and drops as it likes, not at all."""
        total = 0
        for pid in tree(self.roots())[0]:
            try:
                text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
                total += int(re.search(r"^Pss_Anon:\s+(\d+)", text, re.MULTILINE).group(1))
            except OSError:
                continue
        return total

    def wait_delivered(self, messages, patience=600):
        """Waits until the users' mailboxes hold so many messages in all."""
        end = time.monotonic() + patience
        while self.count_messages() < messages:
            if time.monotonic() > end:
                raise AssertionError(f"{self.name}: {self.count_messages()} of {messages} delivered")
            time.sleep(0.02)

    def maildir(self, user):
        """Where messages may be laid down as files instead of by APPEND; None: nowhere."""

    @contextlib.contextmanager
    def without_index(self):
        """Searches in here read all text."""
        yield

    def restart(self):
        """Before memory is measured. Processes that serve one connection each need none."""


class Hauspost(Stack):
    def __init__(self, binary, name="Hauspost", address="127.98.0.1"):
        self.name = name
        self.server = harness.Server(address, settings={"log.level": "warn"}, binary=binary)
        self.smtp = f"{address}:{self.server.smtp_port}"
        self.imap = f"{address}:{self.server.imap_port}"
        self.imaps = f"{address}:{self.server.imaps_port}"
        self.pop3 = f"{address}:{self.server.pop3_port}"
        self.pop3s = f"{address}:{self.server.pop3s_port}"

    def start(self):
        self.server.start()
        self.server.add_domain()
        for name in user_names():
            self.server.add_account(name)

    def roots(self):
        return [self.server.process.pid]

    def restart(self):
        """Memory that earlier scenarios left behind must not hide what connections cost."""
        self.server.stop()
        self.server.start()

    @contextlib.contextmanager
    def without_index(self):
        self.server.settings["search.index"] = False
        self.server.write_config()
        self.restart()
        yield
        del self.server.settings["search.index"]
        self.server.write_config()
        self.restart()

    def wait_delivered(self, messages, patience=600):
        """Nothing to wait for: a 250 means that the message stands in the mailbox."""

    def stop(self):
        try:
            self.server.stop()
            self.server.check()
        finally:
            self.server.remove()


DOVECOT_CONF = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap pop3 lmtp
listen = {address}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_home = {folder}/mail/%n
mail_location = {location}
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
mail_max_userip_connections = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n
}}
default_client_limit = 20000
default_vsz_limit = 0
service imap-login {{
  service_count = 0
  process_min_avail = 2
  process_limit = 20
  client_limit = 10000
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 20000
}}
service pop3-login {{
  service_count = 0
  process_min_avail = 2
  process_limit = 20
  client_limit = 10000
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service pop3 {{
  process_limit = 20000
}}
service anvil {{
  client_limit = 50000
}}
service auth {{
  client_limit = 50000
}}
service stats {{
  client_limit = 50000
}}
service lmtp {{
  process_limit = 40
  unix_listener {folder}/lmtp {{
    mode = 0666
  }}
}}
namespace inbox {{
  inbox = yes
}}
"""


class PostfixDovecot(Stack):
    """Postfix -> LMTP -> Dovecot, Maildir; settings that favour them: login processes that serve
    many clients, no pacing of intake, passwords stored plain."""

    name = "Postfix + Dovecot"

    def __init__(self, location="maildir:~/Maildir"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hauspost-peers-"))
        os.chmod(self.folder, 0o755)
        address = "127.98.0.2"
        ports = smtp, imap, imaps, pop3, pop3s = [harness.free_port(address) for _ in range(5)]
        self.smtp, self.imap, self.imaps, self.pop3, self.pop3s = (
            f"{address}:{port}" for port in ports)
        dovecot = self.folder / "dovecot"
        (dovecot / "mail").mkdir(parents=True)
        account = pwd.getpwnam("mail")
        os.chown(dovecot / "mail", account.pw_uid, account.pw_gid)
        certificate, key = harness.make_certificate(self.folder, "mail.example.test")
        (dovecot / "users").write_text(
            "".join(f"{user}@{harness.DOMAIN}:{harness.PASSWORD}\n" for user in user_names()))
        self.dovecot_conf = dovecot / "dovecot.conf"
        self.dovecot_conf.write_text(DOVECOT_CONF.format(
            folder=dovecot, address=address, certificate=certificate, key=key, location=location,
            uid=account.pw_uid, gid=account.pw_gid, imap=imap, imaps=imaps,
            pop3=pop3, pop3s=pop3s))
        self.dovecot = None
        (self.folder / "postfix").mkdir()
        self.postfix = private_postfix.Postfix(self.folder / "postfix", address, smtp, {
            "virtual_mailbox_domains": harness.DOMAIN,
            "virtual_mailbox_maps": f"regexp:{self.folder}/everybody",
            "virtual_transport": f"lmtp:unix:{dovecot}/lmtp",
            "lmtp_destination_concurrency_limit": "20",
            "in_flow_delay": "0",
            "smtpd_client_connection_count_limit": "0",
            "smtpd_tls_security_level": "none",
            "message_size_limit": "52428800",
            "mailbox_size_limit": "0",
            "virtual_mailbox_limit": "0",
            "smtpd_peername_lookup": "no",
        })
        (self.folder / "everybody").write_text("/./ ok\n")
        self.inotify = None

    def start(self):
        if INOTIFY.exists() and int(INOTIFY.read_text()) < 8192:
            # Dovecot takes one for each idle connection and stops telling without it.
            self.inotify = INOTIFY.read_text()
            INOTIFY.write_text("8192")
        self.dovecot = subprocess.Popen(["dovecot", "-F", "-c", self.dovecot_conf],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        host, _, port = self.imap.rpartition(":")
        harness.wait_until(lambda: self._answers(host, int(port)), "Dovecot to answer")
        self.postfix.start()

    def _answers(self, host, port):
        if self.dovecot.poll() is not None:
            raise AssertionError("Dovecot ended: " + (self.folder / "dovecot/log").read_text())
        try:
            socket.create_connection((host, port), timeout=1).close()
            return True
        except OSError:
            return False

    def roots(self):
        return [self.dovecot.pid, self.postfix.pid()]

    def maildir(self, user):
        """Dovecot's APPEND takes longer with every message that is there."""
        folder = self.folder / "dovecot/mail" / user / "Maildir"
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        return folder

    def give_away(self, folder):
        account = pwd.getpwnam("mail")
        for path in (folder.parent, folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid)

    def count_messages(self):
        """Files in the Maildirs of user0 and on: what LMTP has delivered."""
        total = 0
        for user in self.folder.glob("dovecot/mail/user*"):
            for part in ("new", "cur"):
                try:
                    total += sum(1 for _ in os.scandir(user / "Maildir" / part))
                except OSError:
                    pass
        return total

    def stop(self):
        try:
            self.postfix.stop()
            if self.dovecot is not None:
                self.dovecot.terminate()
                self.dovecot.wait(30)
        finally:
            if self.inotify is not None:
                INOTIFY.write_text(self.inotify)
            shutil.rmtree(self.folder, ignore_errors=True)
