"""A Maildir on this side of a synchronising client, changed as a mail program would change it."""

import re


class Maildir:
    def __init__(self, folder):
        self.folder = folder

    def files(self, mailbox="INBOX"):
        return sorted(path for part in ("cur", "new")
                      for path in (self.folder / mailbox / part).glob("*"))

    def mailboxes(self):
        return sorted(str(path.parent.relative_to(self.folder))
                      for path in self.folder.glob("**/cur"))

    def by_subject(self, mailbox="INBOX"):
        """{subject: path}"""
        return {re.search(r"(?im)^subject: *(.*)$", path.read_text(errors="replace")).group(1): path
                for path in self.files(mailbox)}

    def flags(self, mailbox="INBOX"):
        """{subject: the letters behind ":2,"}; F flagged, S seen, T trashed, R replied, D draft."""
        return {subject: path.name.partition(":2,")[2]
                for subject, path in self.by_subject(mailbox).items()}

    def mark(self, path, letters):
        """Sets a message's flags to exactly these; its new path."""
        target = path.parent.parent / "cur" / f"{path.name.partition(':2,')[0]}:2,{letters}"
        path.rename(target)
        return target

    def create(self, mailbox):
        for part in ("cur", "new", "tmp"):
            (self.folder / mailbox / part).mkdir(parents=True)

    def add(self, name, octets, mailbox="INBOX"):
        """A new message; name: unique in the Maildir. Line ends become LF, as in any Maildir."""
        (self.folder / mailbox / "new" / name).write_bytes(octets.replace(b"\r\n", b"\n"))

    def times(self):
        """What a run that changes nothing leaves as it is: each message's name and time."""
        return {str(path): path.stat().st_mtime_ns
                for mailbox in self.mailboxes() for path in self.files(mailbox)}
