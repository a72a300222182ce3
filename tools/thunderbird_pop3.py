"""Steps of tools/thunderbird_check.py by remote control: POP3 that leaves mail on the server."""

from thunderbird_desktop import Desktop, HOST, find_complaints, harness, write_profile
import thunderbird_remote

COUNT = 12


class LeaveOnServer:
    def __init__(self, server, desktop, remote):
        self.server, self.desktop, self.remote = server, desktop, remote
        self.expect = desktop.expect

    def get_mail(self):
        """What Get Messages does; the subjects that Thunderbird then has."""
        self.remote.run("return url((done) => MailServices.pop3.GetNewMail("
                        "null, done, folder('Inbox'), server));")
        return self.shown()

    def shown(self):
        return self.remote.run(
            "return messages('Inbox').map((one) => one.mime2DecodedSubject).sort();")

    def kept(self):
        return sorted(harness.subjects(self.server.imap("anna")))

    def deliver(self, first, last):
        for number in range(first, last):
            self.server.deliver("anna", subject=f"left {number:02}",
                                body=f"Text of {number}.\r\n..dot\r\n" * 100)

    def take(self):
        self.desktop.window("Mozilla Thunderbird")
        self.expect(f"{COUNT} messages are taken and left on the server",
                    lambda: len(self.get_mail()) == COUNT and len(self.kept()) == COUNT)

    def take_only_what_is_new(self):
        before = self.get_mail()
        if len(before) != COUNT:
            raise AssertionError(f"taken twice: {before}")
        print("ok              nothing is taken twice", flush=True)
        self.deliver(COUNT, COUNT + 3)
        self.expect("three new ones are taken", lambda: len(self.get_mail()) == COUNT + 3)

    def take_nothing_twice_after_a_restart(self):
        if self.server.stop() != 0:
            raise AssertionError("the server did not stop well")
        self.server.start()
        self.deliver(COUNT + 3, COUNT + 4)
        self.expect("after a restart of the server only the new one is taken",
                    lambda: len(self.get_mail()) == COUNT + 4)
        self.remote.run("document.getElementById('tabmail').currentAbout3Pane"
                        ".displayFolder(folder('Inbox').URI);")
        self.desktop.screenshot("13-pop3")

    def delete(self):
        self.remote.run(
            "const some = messages('Inbox').slice(0, 5);"
            "await copy((done) => folder('Inbox')"
            "    .deleteMessages(some, null, false, false, done, false));")
        self.expect("what is deleted here goes on the server too",
                    lambda: self.get_mail() == self.kept() and len(self.kept()) == COUNT - 1)


def run(server, folder):
    """All steps; raises when one fails."""
    port = harness.free_port(HOST)
    profile = server.folder / "profile"
    write_profile(profile, server, thunderbird_remote.preferences(port) | {
        "mail.server.server1.type": "pop3",
        "mail.server.server1.port": server.pop3s_port,
        "mail.server.server1.leave_on_server": True,
        "mail.server.server1.delete_mail_left_on_server": True,
        "mail.server.server1.login_at_startup": False,
        "mail.server.server1.download_on_biff": False}, scheme="mailbox")
    desktop = Desktop(folder, profile, "pop3", thunderbird_remote.OPTIONS)
    try:
        remote = thunderbird_remote.Remote(port)
        check = LeaveOnServer(server, desktop, remote)
        check.deliver(0, COUNT)
        for step in (check.take, check.take_only_what_is_new,
                     check.take_nothing_twice_after_a_restart, check.delete):
            step()
        find_complaints(desktop, server)
        remote.close()
    finally:
        desktop.close()
