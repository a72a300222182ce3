"""A Postfix of our own: its folder, its address and port; nothing of /etc/postfix is used.

Postfix's master must start as root. `start` uses sudo where we are not root; `may_start` tells
whether that can work. Used by the interop test and by bench/compare.
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

DAEMONS = "/usr/lib/postfix/sbin"
# qmgr wakes up each second: a message that its agent had not let go of when the next attempt was due
# goes back to "incoming", which is looked at when qmgr wakes up alone.
MASTER_CF = """\
{listen}      inet  n - n - {processes} smtpd
pickup        unix  n - n 60 1 pickup
cleanup       unix  n - n - 0 cleanup
qmgr          unix  n - n 1 1 qmgr
tlsmgr        unix  - - n 1000? 1 tlsmgr
rewrite       unix  - - n - - trivial-rewrite
bounce        unix  - - n - 0 bounce
defer         unix  - - n - 0 bounce
trace         unix  - - n - 0 bounce
verify        unix  - - n - 1 verify
flush         unix  n - n 1000? 0 flush
proxymap      unix  - - n - - proxymap
smtp          unix  - - {chroot} - - smtp
relay         unix  - - n - - smtp
lmtp          unix  - - n - - lmtp
error         unix  - - n - - error
retry         unix  - - n - - error
discard       unix  - - n - - discard
anvil         unix  - - n - 1 anvil
scache        unix  - - n - 1 scache
postlog       unix-dgram n - n - 1 postlogd
"""


def may_start():
    return os.geteuid() == 0 or subprocess.run(
        ["sudo", "-n", "true"], capture_output=True).returncode == 0


def as_root(*command):
    return [*([] if os.geteuid() == 0 else ["sudo", "-n"]), *map(str, command)]


class Postfix:
    def __init__(self, folder, address, port, settings, processes=100, nameserver=None):
        """folder: an empty one that others may enter; settings: lines of main.cf as a dictionary;
        nameserver: the address of a DNS server, on port 53, which finds the way of what it sends."""
        self.folder = pathlib.Path(folder)
        self.address, self.port = address, port
        self.config = self.folder / "etc"
        self.config.mkdir()
        for name in ("queue", "lib"):
            (self.folder / name).mkdir()
        os.chmod(self.folder, 0o755)
        main = {
            "compatibility_level": "3.6",
            "queue_directory": self.folder / "queue",
            "data_directory": self.folder / "lib",
            "command_directory": "/usr/sbin",
            "daemon_directory": DAEMONS,
            "mail_owner": "postfix",
            "setgid_group": "postdrop",
            "maillog_file": self.folder / "log",
            "maillog_file_prefixes": self.folder,
            "myhostname": "relay.test",
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            # Knows no other of 127.0.0.0/8; where to listen stands in master.cf.
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "alias_maps": "",
            "alias_database": "",
            "local_recipient_maps": "",
            "default_process_limit": processes,
        } | settings
        (self.config / "main.cf").write_text(
            "".join(f"{name} = {value}\n" for name, value in main.items()))
        (self.config / "master.cf").write_text(
            MASTER_CF.format(listen=f"{address}:{port}", processes=processes,
                             chroot="y" if nameserver else "n"))
        if nameserver:
            # The C library reads it where its process has its root.
            (self.folder / "queue/etc").mkdir()
            (self.folder / "queue/etc/resolv.conf").write_text(f"nameserver {nameserver}\n")
        self.master = None

    def start(self, patience=30):
        subprocess.run(as_root("chown", "postfix", self.folder / "lib"), check=True)
        # Makes the folders of the queue with their owners.
        subprocess.run(as_root("postfix", "-c", self.config, "check"), check=True,
                       capture_output=True)
        self.master = subprocess.Popen(
            as_root(f"{DAEMONS}/master", "-c", self.config, "-s"),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + patience
        while True:
            try:
                socket.create_connection((self.address, self.port), timeout=1).close()
                return self
            except OSError:
                if time.monotonic() > end or self.master.poll() is not None:
                    self.stop()
                    raise AssertionError(f"Postfix did not start:\n{self.log()}") from None
                time.sleep(0.05)

    def pid(self):
        """The master's, also behind sudo."""
        text = (self.folder / "queue/pid/master.pid").read_text()
        return int(text)

    def stop(self):
        """SIGTERM to the master, which ends its children, and waits for it."""
        if self.master is None:
            return
        try:
            subprocess.run(as_root("kill", "-TERM", self.pid()), capture_output=True)
        except OSError:
            self.master.send_signal(signal.SIGTERM)
        self.master.wait(30)
        self.master = None

    def remove(self):
        self.stop()
        subprocess.run(as_root("rm", "-rf", "--", self.folder), check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def queued(self):
        """Messages that are still in the queue."""
        queue = self.folder / "queue"
        found = subprocess.run(
            as_root("find", *(queue / name for name in ("maildrop", "incoming", "active", "deferred")),
                    "-type", "f"), capture_output=True, text=True)
        return len(found.stdout.splitlines())

    def log(self):
        return subprocess.run(as_root("cat", self.folder / "log"), capture_output=True,
                              text=True).stdout
