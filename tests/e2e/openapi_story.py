"""A good call of each route of the owner's API, one after the other, and a resolver for it."""

import socket
import threading
import time

from e2e import harness
from e2e.owner_page_api import OWNER_PASSWORD, Page, secret_of, totp

OTHER_PASSWORD = "walnut-orbit-thicket-7"
ANN, BOB, CLAIRE = (f"{name}@{harness.DOMAIN}" for name in ("ann", "bob", "claire"))
FAR = "far@elsewhere.example"  # of a domain that the resolver is asked for (.test it knows itself)
OF_ANN = {"address": ANN}
DOMAIN = {"name": harness.DOMAIN}


class SilentDns:
    """A resolver that knows nothing and says so at once: mail for others waits."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            question, peer = self.socket.recvfrom(4096)
            if question == b"end":
                return
            # RFC 1035 4.1.1: a response that recursion is available for, and SERVFAIL.
            self.socket.sendto(question[:2] + b"\x81\x82" + question[4:6] + bytes(6) + question[12:], peer)

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.sendto(b"end", self.socket.getsockname())
        self.thread.join(harness.PATIENCE)
        self.socket.close()


class Story:
    """A good call of each route, one after the other: (route, arguments)."""

    def __init__(self, server, page):
        self.server = server
        self.page = page
        self.key = self.step = None

    def code(self):
        """One that has not been spent: the next step's is taken as well."""
        self.step = max(int(time.time()) // 30, (self.step or 0) + 1)
        return totp(self.key, self.step)

    def numbers(self):
        return [one["id"] for one in self.page.ask("queue/list")["queue"]]

    def expunge_first(self):
        peer = self.server.imap("ann")
        peer.select("INBOX")
        peer.store("1", "+FLAGS", "\\Deleted")
        peer.expunge()
        peer.logout()

    def mail(self, *locals_):
        for local in locals_:
            self.server.deliver(local)

    def tell(self, call):
        """call(route, arguments) gives the answer."""
        call("session/state", {})
        call("setup/open", {"secret": secret_of(self.server.command("owner", "setup-link"))})
        call("session/state", {})
        call("password/check", {"address": ANN, "password": "sommer2026"})
        call("owner/password", {"password": OWNER_PASSWORD})
        call("session/close", {})
        call("session/open", {"password": OWNER_PASSWORD})
        call("session/state", {})
        call("help", {})
        self.tell_of_domains(call)
        self.tell_of_accounts(call)
        self.tell_of_mail(call)
        self.tell_of_the_owner(call)
        self.tell_of_settings(call)
        call("check", {})
        call("domain/remove", {"name": "other.test"})

    def tell_of_settings(self, call):
        call("setting/list", {})
        call("setting/set", {"name": "accounts.retention", "value": "30d", "seen": "14d"})
        call("setting/set", {"name": "delivery.report_language", "value": "de"})
        call("setting/list", {"filter": "RETENTION"})
        call("setting/reset", {"name": "accounts.retention", "seen": "30d"})
        call("certificate/list", {})
        call("certificate/reload", {})

    def tell_of_domains(self, call):
        call("domain/add", DOMAIN)
        call("domain/add", {"name": "other.test"})
        call("domain/list", {"filter": "EXAMPLE"})
        call("domain/dns", DOMAIN)
        call("domain/dns", DOMAIN | {"check": True})
        call("domain/rotate-keys", DOMAIN)

    def tell_of_accounts(self, call):
        call("account/add", {"address": ANN, "password": harness.PASSWORD, "display_name": "Ann", "note": "n",
                             "quota_octets": 1 << 30})
        call("account/add", {"address": BOB})
        call("account/add", {"address": f"catchall@{harness.DOMAIN}"})
        call("account/list", {"filter": "ann"})
        call("account/show", OF_ANN)
        call("account/set", OF_ANN | {"display_name": "Anna", "note": "", "quota_octets": 0, "files_sent": True})
        call("account/password", OF_ANN | {"password": harness.PASSWORD})
        call("account/password", {"address": BOB})
        call("account/rename", {"address": BOB, "new_address": CLAIRE, "keep_alias": True})
        call("setup-data/show", OF_ANN)
        call("catchall/set", DOMAIN | {"target": ANN})
        call("catchall/clear", DOMAIN)
        call("alias/add", {"address": f"office@{harness.DOMAIN}", "targets": [ANN, FAR]})
        call("alias/list", {})
        call("alias/disable", {"address": f"office@{harness.DOMAIN}"})
        call("alias/enable", {"address": f"office@{harness.DOMAIN}"})
        call("alias/remove", {"address": f"office@{harness.DOMAIN}", "targets": [FAR]})
        call("account/disable", OF_ANN)
        call("account/enable", OF_ANN)
        call("alias/remove", {"address": f"office@{harness.DOMAIN}"})
        call("forward/set", {"address": CLAIRE, "targets": [FAR], "keep_copy": True})
        call("forward/list", {"filter": "far"})
        call("forward/suspended", {})

    def tell_of_mail(self, call):
        self.mail("ann", "claire", "claire")
        first, second = self.numbers()
        call("queue/list", {"filter": "far"})
        call("queue/show", {"id": first})
        call("queue/hold", {"id": first})
        call("queue/release", {"id": first})
        call("queue/retry", {"id": second})
        call("queue/drop", {"id": second})
        call("forward/clear", {"address": CLAIRE})
        call("ban/add", {"name": "2001:db8:1:2::/64", "for_seconds": 3600})
        call("ban/list", {})
        call("ban/lift", {"name": "2001:db8:1:2::/64"})
        call("delivery/test", OF_ANN)
        call("delivery/test", {"address": FAR, "sender": OF_ANN["address"]})
        call("delivery/reach", {})
        self.expunge_first()
        traced, step = next((one, step) for one in self.page.ask("trace", account=ANN)["messages"]
                            if "id" in one for step in one["steps"] if step["step"] == "expunged")
        call("restore-traced", {"id": traced["id"], "deleted_at": step["at"]})
        call("resend", {"id": traced["id"], "to": FAR})
        self.expunge_first()
        deleted = call("deleted/mail", OF_ANN | {"together": False})["entries"]
        back = call("restore-mail", OF_ANN | {"ids": [deleted[0]["id"]]})
        call("undo-restore", OF_ANN | {"undo": back["undo"]})
        call("account/restore", OF_ANN | {"within_seconds": 3600})
        call("account/purge", OF_ANN)
        call("account/freeze", OF_ANN)
        call("account/show", OF_ANN)
        call("account/unfreeze", OF_ANN)
        call("trace", {"about": f"@{harness.DOMAIN}", "since": "1d", "limit": 1})
        found = call("trace", {"account": ANN})
        call("trace", {"about": next(one["id"] for one in found["messages"] if "id" in one)})
        call("account/remove", {"address": CLAIRE})
        harness.wait_until(lambda: not self.page.ask("deleted/accounts")["accounts"][0]["is_going"],
                           "the end of the removal")
        call("deleted/accounts", {})
        call("account/undelete", {"address": CLAIRE, "password": harness.PASSWORD})

    def tell_of_the_owner(self, call):
        call("overview/show", {"since": 0})
        call("audit/list", {"subject": ANN, "since": "1h", "limit": 2})
        call("owner/language", {"language": "de"})
        call("owner/show", {})
        self.key = call("owner/totp-begin", {})["key"]
        call("owner/totp-enable", {"code": self.code()})
        other = Page(self.server)
        other.ask("session/open", password=OWNER_PASSWORD, code=self.code())
        others = [one for one in call("owner/sessions", {})["sessions"]
                  if one["id"] != self.page.ask("session/state")["session"]]
        call("owner/end-session", {"id": others[0]["id"]})
        call("owner/totp-disable", {"present_password": OWNER_PASSWORD})
        call("owner/password", {"password": OTHER_PASSWORD, "present_password": OWNER_PASSWORD})
        made = call("owner/password", {"present_password": OTHER_PASSWORD})["password"]
        call("owner/password", {"password": OWNER_PASSWORD, "present_password": made})
