"""mutt, on a tmux screen, opens the mailbox over imaps, reads, flags, deletes, sees new mail."""

import subprocess
import unittest

from e2e import harness

MUTTRC = """\
set folder=imaps://{address}:{port}/
set spoolfile=imaps://{address}:{port}/INBOX
set imap_user=ann@example.test
set imap_pass={password}
set imap_idle=yes
set certificate_file={certificate}
set ssl_verify_host=no
set header_cache={folder}/mutt-cache
set delete=yes
set quit=yes
set confirmappend=no
set mark_old=no
set wait_key=no
set timeout=1
set sort=mailbox-order
"""


class Screen:
    """A program on a tmux server of its own."""

    def __init__(self, folder, *command):
        self.socket = str(folder / "tmux")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", "110", "-y", "30", *command)

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-S", self.socket, *arguments], check=True,
                              capture_output=True, text=True).stdout

    def keys(self, *names):
        self.tmux("send-keys", *names)

    def text(self):
        return self.tmux("capture-pane", "-p")

    def wait_for(self, word):
        harness.wait_until(lambda: word in self.text(), f"'{word}' on the screen")

    def has_ended(self):
        return subprocess.run(["tmux", "-S", self.socket, "list-sessions"],
                              capture_output=True).returncode != 0

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], capture_output=True)


class Mutt(harness.ServerCase):
    accounts = ("ann",)
    own_certificate = True

    def test_mutt_reads_flags_deletes_moves_and_sees_new_mail(self):
        for name in ("alpha", "beta", "gamma", "delta"):
            self.server.deliver("ann", subject=f"subject-{name}", body=f"body-{name}\r\n")
        folder = self.server.folder
        rc = folder / "muttrc"
        rc.write_text(MUTTRC.format(address=self.server.address, port=self.server.imaps_port,
                                    password=harness.PASSWORD, certificate=self.certificate,
                                    folder=folder))
        screen = Screen(folder, "env", f"HOME={folder}", "LC_ALL=C.UTF-8", "TERM=screen",
                        "mutt", "-n", "-F", str(rc))
        self.addCleanup(screen.close)
        try:
            self.use(screen)
        except AssertionError as fault:
            raise AssertionError(f"{fault}\n{screen.text()}") from None
        harness.wait_until(screen.has_ended, "mutt to end")
        peer = self.server.imap()
        self.assertEqual(harness.subjects(peer), ["subject-alpha", "subject-beta", "subject-late"])
        peer.select(readonly=True)
        self.assertEqual(peer.search(None, "SEEN")[1], [b"1"])
        self.assertEqual(peer.search(None, "FLAGGED")[1], [b"2"])
        self.assertEqual(harness.subjects(peer, "Archive"), ["subject-delta"])

    def use(self, screen):
        screen.wait_for("subject-delta")
        screen.keys("1", "Enter", "Enter")  # jump to message 1, then show it
        screen.wait_for("body-alpha")
        screen.keys("q")
        screen.wait_for("subject-beta")
        screen.keys("2", "Enter", "F")      # the important flag
        screen.keys("3", "Enter", "d")      # delete gamma
        screen.keys("4", "Enter", "s")      # save (move) delta
        screen.wait_for("Save to mailbox")
        screen.keys("C-u")
        screen.keys("-l", "=Archive")
        screen.keys("Enter")
        self.server.deliver("ann", subject="subject-late", body="body-late\r\n")
        screen.wait_for("subject-late")     # by IDLE, nothing was pressed
        screen.keys("$")
        harness.wait_until(lambda: "subject-gamma" not in screen.text(), "gamma to go")
        screen.keys("q")


if __name__ == "__main__":
    unittest.main()
