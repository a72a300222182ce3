"""Steps of tools/thunderbird_check.py by remote control: folders, and many messages."""

import base64
import re
import time

from thunderbird_desktop import Desktop, HOST, find_complaints, harness, write_profile
import thunderbird_remote

MANY = 5_000
NAMES = ("Projects", "Projects/2026", "Größe & Co", "Αθήνα", "INBOX/Below")


def encoded(name):
    """A mailbox name in modified UTF-7 (RFC 3501 5.1.3), quoted."""
    def shift(found):
        text = base64.b64encode(found.group().encode("utf-16-be")).decode()
        return "&" + text.rstrip("=").replace("/", ",") + "-"
    return '"' + re.sub(r"[^\x20-\x7e]+", shift, name.replace("&", "&-")) + '"'


def text_of(number):
    """A message's text, 1 to 20 kB; Thunderbird's log has each line."""
    return f"line of message {number} {'plum ' * 9}end\r\n" * (15 + number * 7 % 270)


def fill(server, mailbox, count):
    """`count` messages, a hundred at a time on the wire."""
    with server.raw(server.imaps_port, tls=True) as peer:
        harness.imap_login(peer, "anna")
        for begin in range(0, count, 100):
            octets = b""
            for number in range(begin, begin + 100):
                text = text_of(number)
                mail = harness.message(
                    subject=f"message {number}", body=text, to=f"anna@{harness.DOMAIN}",
                    Date=f"Mon, {1 + number // 1000:02} Jun 2026 {number // 60 % 24:02}:"
                         f"{number % 60:02}:00 +0000", Message_ID=f"<{number}@many.test>")
                octets += b"%d APPEND %s {%d+}\r\n%s\r\n" % (
                    number, mailbox.encode(), len(mail), mail)
            peer.send(octets)
            for number in range(begin, begin + 100):
                answer = peer.until(f"{number} ")[-1]
                if " OK " not in answer:
                    raise AssertionError(answer)


class Folders:
    def __init__(self, server, desktop, remote):
        self.server, self.desktop, self.remote = server, desktop, remote
        self.peer = server.imap("anna")
        self.expect = desktop.expect

    def names(self, subscribed=False):
        data = (self.peer.lsub if subscribed else self.peer.list)()[1]
        return {re.search(rb'"/" (.*)$', one).group(1).decode().strip('"') for one in data if one}

    def shows(self, path):
        return self.remote.run(
            "try { folder(given[0]); return true; } catch { return false; }", path)

    def count(self, mailbox, query="ALL"):
        self.peer.select(mailbox, readonly=True)
        return len(self.peer.search(None, query)[1][0].split())

    def see_all_folders(self):
        self.desktop.window("Mozilla Thunderbird")

        def paths():
            return self.remote.run("return root.descendants.map((one) => one.onlineName);")
        self.expect("all folders are there", lambda: len(paths()) >= len(NAMES) + 6)
        names = self.remote.run("return root.descendants.map((one) => one.localizedName);")
        for name in NAMES:
            if name.rpartition("/")[2] not in names:
                raise AssertionError(f"{name} is not in {names}")

    def take_all_offline(self):
        self.expect(f"{MANY} messages are listed", lambda: self.remote.run(
            "folder('Many').updateFolder(null); return messages('Many').length") == MANY,
            8 * harness.PATIENCE)
        begin = time.monotonic()
        self.remote.run("return url((done) => folder('Many').downloadAllForOffline(done, null));")
        print(f"ok      {time.monotonic() - begin:6.2f} s  they are downloaded", flush=True)
        self.expect(f"{MANY} messages are kept for offline use", lambda: self.remote.run(
            "return messages('Many').filter((one) => one.flags & 0x80).length") == MANY,
            8 * harness.PATIENCE)
        kept = self.remote.run(
            "const [one] = bySubject('Many', 'message 1234');"
            "const stream = folder('Many').getMsgInputStream(one);"
            "let text = '';"
            "for (let count; (count = stream.available()); )"
            "    text += NetUtil.readInputStreamToString(stream, count);"
            "return text;")
        if kept.replace("\r\n", "\n").partition("\n\n")[2] != text_of(1234).replace("\r\n", "\n"):
            raise AssertionError(f"the kept message is another one:\n{kept[:2000]}")
        print("ok              a kept message has its text")
        self.remote.run("document.getElementById('tabmail').currentAbout3Pane"
                        ".displayFolder(folder('Many').URI);")
        self.desktop.screenshot("11-offline")

    def create_rename_and_delete_folders(self):
        self.remote.run("root.createSubfolder('Made here', null);"
                        "folder('Projects').createSubfolder('Grüße', null);")
        self.expect("made folders are on the server, and subscribed", lambda:
                    {"Made here", "Projects/Gr&APwA3w-e"} <= self.names(subscribed=True))
        self.expect("and in Thunderbird",
                    lambda: self.shows("Made here") and self.shows("Projects/Grüße"))
        self.remote.run("folder('Projects/Grüße').rename('Grüße & mehr', null);")
        self.expect("a folder is renamed",
                    lambda: "Projects/Gr&APwA3w-e &- mehr" in self.names())
        self.expect("and in Thunderbird", lambda: self.shows("Projects/Grüße & mehr"))
        # What its Delete does once the question is answered; emptying Trash takes it away.
        self.remote.run("await copy((done) => MailServices.copy.copyFolder("
                        "folder('Projects/Grüße & mehr'), folder('Trash'), true, done, null));")
        self.expect("a folder goes to Trash", lambda: {
            one for one in self.names() if "APwA3w-e &- mehr" in one} ==
            {"Trash/Gr&APwA3w-e &- mehr"})

    def subscribe(self):
        self.remote.run("server.QueryInterface(Ci.nsIImapIncomingServer);"
                        "server.subscribeToFolder('Made here', false);")
        self.expect("a folder is unsubscribed",
                    lambda: "Made here" not in self.names(subscribed=True))
        self.remote.run("server.QueryInterface(Ci.nsIImapIncomingServer);"
                        "server.subscribeToFolder('Made here', true);")
        self.expect("and subscribed", lambda: "Made here" in self.names(subscribed=True))

    def move_copy_and_delete(self):
        self.remote.run(
            "const some = messages('Many').slice(0, 300);"
            "await copy((done) => MailServices.copy.copyMessages(folder('Many'), some,"
            "    folder('Projects/2026'), true, done, null, false));")
        self.expect("300 messages are moved", lambda: (
            self.count('"Projects/2026"'), self.count("Many")) == (300, MANY - 300))
        self.remote.run(
            "const some = messages('Many').slice(0, 200);"
            "await copy((done) => MailServices.copy.copyMessages(folder('Many'), some,"
            "    folder('Αθήνα'), false, done, null, false));")
        self.expect("200 messages are copied", lambda: (
            self.count(encoded("Αθήνα")), self.count("Many")) == (200, MANY - 300))
        self.remote.run(
            "const some = messages('Many').slice(0, 100);"
            "await copy((done) => folder('Many')"
            "    .deleteMessages(some, null, false, false, done, false));")
        self.expect("100 messages are deleted, into Trash", lambda: (
            self.count("Trash"), self.count("Many")) == (100, MANY - 400))
        self.remote.run(
            "await url((done) => { const trash = folder('Trash');"
            " trash.emptyTrash(done); });")
        self.expect("Trash is emptied, of folders too", lambda: (
            self.count("Trash") == 0 and "Trash/Gr&APwA3w-e &- mehr" not in self.names()))
        self.expect("Thunderbird has the same numbers", lambda: self.remote.run(
            "return ['Many', 'Projects/2026', 'Αθήνα', 'Trash'].map((path) => {"
            "    folder(path).updateFolder(null); return messages(path).length; });")
            == [MANY - 400, 300, 200, 0])

    def mark(self):
        self.remote.run(
            "const many = messages('Many').slice(0, 50);"
            "folder('Many').markMessagesRead(many, true);"
            "folder('Many').markMessagesFlagged(many.slice(0, 20), true);"
            "folder('Many').addKeywordsToMessages(many.slice(0, 10), '$label1');"
            "folder('Many').addKeywordsToMessages(many.slice(0, 5), 'holiday');")
        queries = ("SEEN", "FLAGGED", "KEYWORD $label1", "KEYWORD holiday")
        self.expect("read, star and tags are on the server", lambda: [
            self.count("Many", query) for query in queries] == [50, 20, 10, 5])
        self.remote.run("folder('Many').removeKeywordsFromMessages("
                        "messages('Many').slice(0, 3), '$label1');")
        self.expect("tags are taken away", lambda: self.count("Many", "KEYWORD $label1") == 7)

    def see_changes_of_others(self):
        self.peer.select("Many")
        self.peer.store("101:130", "+FLAGS.SILENT", "(\\Flagged $Forwarded)")
        self.peer.store("201:240", "+FLAGS.SILENT", "(\\Deleted)")
        self.peer.expunge()
        self.expect("changes of another client come", lambda: self.remote.run(
            "folder('Many').updateFolder(null);"
            "const many = messages('Many');"
            "return [many.length, many.filter((one) => one.isFlagged).length]") == [MANY - 440, 50])

    def search_on_the_server(self):
        for attribute, value, query in (("Subject", "message 12", 'SUBJECT "message 12"'),
                                        ("Body", "of message 777", 'BODY "of message 777"')):
            found = self.remote.run("""
                const session = Cc["@mozilla.org/messenger/searchSession;1"]
                    .createInstance(Ci.nsIMsgSearchSession);
                session.addScopeTerm(Ci.nsMsgSearchScope.onlineMail, folder("Many"));
                const term = session.createTerm();
                term.attrib = Ci.nsMsgSearchAttrib[given[0]];
                term.op = Ci.nsMsgSearchOp.Contains;
                const value = term.value;
                value.attrib = term.attrib;
                value.str = given[1];
                term.value = value;
                term.booleanAnd = true;
                session.appendTerm(term);
                return new Promise((resolve, reject) => {
                    let hits = 0;
                    session.registerListener({
                        QueryInterface: ChromeUtils.generateQI(["nsIMsgSearchNotify"]),
                        onNewSearch() {}, onSearchHit() { ++hits; },
                        onSearchDone(status) { settle(status, () => resolve(hits), reject); },
                    });
                    session.search(null);
                });""", attribute, value)
            expected = self.count("Many", query)
            if found != expected or not found:
                raise AssertionError(f"{attribute}: {found} found, the server has {expected}")
            print(f"ok              search on the server by {attribute.lower()}: {found} found")
        if not re.search(r"(?i)SendData: \d+ uid search ", self.desktop.transcript()):
            raise AssertionError("the server was not asked")
        self.desktop.screenshot("12-folders")


def run(server, folder):
    """All steps; raises when one fails."""
    peer = server.imap("anna")
    for name in (*NAMES, "Many"):
        peer.create(encoded(name))
        peer.subscribe(encoded(name))
    peer.logout()
    fill(server, "Many", MANY)
    port = harness.free_port(HOST)
    profile = server.folder / "profile"
    write_profile(profile, server, thunderbird_remote.preferences(port) | {
        "mail.server.server1.autosync_offline_stores": False,  # this check says when
        "mail.server.server1.offline_download": True})
    desktop = Desktop(folder, profile, "imap-folders", thunderbird_remote.OPTIONS)
    try:
        remote = thunderbird_remote.Remote(port)
        check = Folders(server, desktop, remote)
        for step in (check.see_all_folders, check.take_all_offline,
                     check.create_rename_and_delete_folders, check.subscribe,
                     check.move_copy_and_delete, check.mark, check.see_changes_of_others,
                     check.search_on_the_server):
            step()
        find_complaints(desktop, server)
        remote.close()
    finally:
        desktop.close()
