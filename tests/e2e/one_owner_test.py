"""Staff change no password, and nobody makes a second owner: by no protocol, by no call, by no page."""

import base64
import concurrent.futures
import contextlib
import json
import re
import unittest

from e2e import harness
from e2e.owner_page_api import OWNER_PASSWORD, Page, become_owner, page_server, secret_of

ANN, BOB = f"ann@{harness.DOMAIN}", f"bob@{harness.DOMAIN}"
WANTED = "walnut-orbit-thicket-7"  # what somebody would like to have for a password
# As other servers call it, or might.
VERBS = ("XPASSWD", "XPASSWORD", "PASSWD", "PASSWORD", "PWD", "CHPASS", "CHANGEPASSWORD", "SETPASSWORD", "SETPASS",
         "NEWPASS", "XCHANGEPASSWORD", "X-PASSWD", "SETUSER", "XADMIN", "ADMIN", "SU", "SUDO", "GRANT", "PROXYAUTH")


def basic(address, password):
    return "Basic " + base64.b64encode(f"{address}:{password}".encode()).decode()


class Staff(unittest.TestCase):
    """Ann and Bob have accounts; the server has its owner, who is somebody else."""

    def setUp(self):
        self.server = page_server()
        self.addCleanup(self.server.remove)
        self.https_port = harness.free_port(self.server.address)
        self.server.settings["listen.https"] = [f"{self.server.address}:{self.https_port}"]
        self.server.write_config()
        self.server.start()
        self.owner = become_owner(self.server)
        self.owner.ask("domain/add", name=harness.DOMAIN)
        for address in (ANN, BOB):
            self.owner.ask("account/add", address=address, password=harness.PASSWORD)
        self.before = self.known()

    def known(self):
        """All that could be another if somebody had got a password or a right."""
        shown = {name: self.owner.ask("account/show", address=name) for name in (ANN, BOB)}
        for one in shown.values():  # who signs in is seen to have done so
            for noted in ("last_sign_in_at", "last_program", "sign_ins"):
                one.pop(noted)
        owner = self.owner.ask("owner/show")
        log = [one["command"] for one in self.owner.ask("audit/list")["entries"]]
        return shown, owner, log

    def nothing_has_changed(self):
        self.assertEqual(self.known(), self.before)
        for user in ("ann", "bob"):
            self.server.imap(user).logout()
            with self.assertRaises(harness.imaplib.IMAP4.error):
                self.server.imap(user, password=WANTED)
        Page(self.server).ask("session/open", password=OWNER_PASSWORD)

    # --- the mail protocols ----------------------------------------------------------------------

    def test_e07_no_command_of_imap_changes_a_password(self):
        with self.server.raw(self.server.imaps_port, tls=True) as peer:
            harness.imap_login(peer)
            told = " ".join(peer.ask("c CAPABILITY", "c ")).upper()
            for word in ("PASS", "ADMIN", "PROXY"):
                self.assertNotIn(word, told)
        for verb in VERBS:
            with self.server.raw(self.server.imaps_port, tls=True) as peer:
                harness.imap_login(peer)
                for rest in (f" {harness.PASSWORD} {WANTED}", f" {ANN} {WANTED}", f" {BOB} {WANTED}", ""):
                    self.assertRegex(peer.ask(f"x {verb}{rest}", "x ")[-1], "^x BAD ")
        self.nothing_has_changed()

    def test_what_an_imap_client_may_note_is_no_setting_of_the_account(self):
        peer = self.server.imap()
        for where in ('""', "INBOX"):
            for name in ("/private/password", "/shared/password", "/private/vendor/hauspost/password", "/shared/admin",
                         "/shared/vendor/hauspost/owner", "/private/vendor/hauspost/rights"):
                # Kept or refused: it can be no more than a note.
                peer.xatom("SETMETADATA", where, f'({name} "{WANTED}")')
        for right in ("lrswipkxtea", "all"):
            peer.xatom("SETACL", "INBOX", BOB, right)
            peer.xatom("SETACL", '""', ANN, right)
        peer.xatom("SETQUOTA", '""', "(STORAGE 999999999)")
        peer.xatom("DELETEACL", "INBOX", BOB)
        peer.logout()
        self.nothing_has_changed()

    def test_nobody_logs_in_for_somebody_else(self):
        words = base64.b64encode(f"{BOB}\0{ANN}\0{harness.PASSWORD}".encode()).decode()
        with self.server.raw(self.server.imaps_port, tls=True) as peer:
            peer.line()
            self.assertRegex(peer.ask(f"a AUTHENTICATE PLAIN {words}", "a ")[-1], "^a NO ")
        with self.server.raw(self.server.pop3s_port, tls=True) as peer:
            peer.line()
            self.assertRegex(peer.ask(f"AUTH PLAIN {words}", "-ERR")[-1], "^-ERR ")
        with self.server.raw(self.server.submissions_port, tls=True) as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            self.assertEqual(peer.ask(f"AUTH PLAIN {words}"), 535)
        self.nothing_has_changed()

    def test_e07_no_command_of_pop3_changes_a_password(self):
        for logs_in in (False, True):
            for verb in (*VERBS, "XTND PASSWD", "PASS", "USER", "AUTH", "APOP", "XPASS"):
                with self.server.raw(self.server.pop3s_port, tls=True) as peer:
                    peer.line()
                    if logs_in:
                        peer.ask(f"USER {ANN}", "+OK")
                        peer.ask(f"PASS {harness.PASSWORD}", "+OK")
                    peer.send(f"{verb} {WANTED}\r\n")
                    said = peer.line()
                    with self.subTest(verb=verb, logs_in=logs_in):
                        # USER is only a name that somebody says.
                        self.assertRegex(said, r"^\+OK" if verb == "USER" and not logs_in else "^-ERR")
        self.nothing_has_changed()

    def test_e07_no_command_of_submission_changes_a_password(self):
        for verb in (*VERBS, "SITE PASSWD", "XUSER", "AUTH PLAIN", "AUTH"):
            with self.server.raw(self.server.submissions_port, tls=True) as peer:
                peer.reply()
                peer.send("EHLO client.test\r\n")
                offered = " ".join(peer.reply()[1]).upper()
                self.assertNotIn("PASS", offered)
                self.assertEqual(peer.ask(f"AUTH PLAIN {harness.plain_initial_response(ANN)}"), 235)
                with self.subTest(verb=verb):
                    self.assertGreaterEqual(peer.ask(f"{verb} {harness.PASSWORD} {WANTED}"), 500)
                    self.assertGreaterEqual(peer.ask(f"MAIL FROM:<{ANN}> PASSWORD={WANTED}"), 500)
        self.nothing_has_changed()

    def test_mail_to_the_server_itself_is_no_command(self):
        for name in ("postmaster", "abuse"):
            with self.server.submission() as peer, contextlib.suppress(harness.smtplib.SMTPResponseException):
                harness.send_one(peer, ANN, [f"{name}@{harness.DOMAIN}"],
                                 harness.message(sender=ANN, subject=f"password {WANTED}",
                                                 body=f"passwd {harness.PASSWORD} {WANTED}\r\n"))
        shown, owner, log = self.known()
        self.assertEqual((owner, log), self.before[1:])
        self.server.imap().logout()

    # --- the owner's page and its API -----------------------------------------------------------

    def test_e07_an_accounts_address_and_password_are_no_sign_in_of_the_owner(self):
        """One try each: more of them from one place end in a pause."""
        for number, given in enumerate(({"password": harness.PASSWORD},
                                        {"password": harness.PASSWORD, "address": ANN, "user": ANN, "name": ANN},
                                        {"password": f"{ANN}:{harness.PASSWORD}"})):
            self.assertEqual(Page(self.server).code_of("session/open", 403, **given), "owner_wrong", number)
        self.nothing_has_changed()

    def test_g09_an_accounts_password_opens_no_call(self):
        stranger = Page(self.server)
        for one in self.owner.ask("help")["commands"]:
            path = one["name"].replace(" ", "/")
            for fields in ({"Authorization": basic(ANN, harness.PASSWORD)},
                           {"Authorization": basic("owner", OWNER_PASSWORD)},
                           {"Authorization": f"Bearer {harness.PASSWORD}"},
                           {"Cookie": f"__Host-hauspost-owner={harness.PASSWORD}"}):
                with self.subTest(path=path):
                    self.assertEqual(stranger.code_of(path, 401, fields=fields, address=ANN, password=WANTED),
                                     "not_signed_in")
        self.nothing_has_changed()

    def test_staff_see_the_page_as_strangers_do(self):
        stranger = Page(self.server)
        shell = stranger.request("GET", "/", fields={"Accept": "text/html"})[2]
        for path in ("/accounts", f"/accounts/{ANN}", "/owner", "/setup", "/password"):
            for fields in ({}, {"Authorization": basic(ANN, harness.PASSWORD)}):
                status, _, octets = stranger.request("GET", path, fields={"Accept": "text/html"} | fields)
                with self.subTest(path=path):
                    self.assertIn((status, octets), ((200, shell), (404, octets)))
                    self.assertNotIn(harness.DOMAIN.encode(), octets)
        self.assertEqual(stranger.ask("session/state")["state"], "signed_out")

    def test_the_door_for_mail_programs_has_no_call(self):
        door = Page(self.server, host="mail.example.test", port=self.https_port)
        for path in ("account/password", "owner/password", "session/open", "setup/open", "help"):
            status, _, octets = door.request("POST", f"/api/{path}", json.dumps({"address": ANN, "password": WANTED}))
            with self.subTest(path=path):
                self.assertIn(status, (404, 405), octets)
        self.nothing_has_changed()

    def test_the_owners_password_is_no_accounts(self):
        for user in ("owner", "ann"):
            with self.assertRaises(harness.imaplib.IMAP4.error):
                self.server.imap(user, password=OWNER_PASSWORD)
        self.nothing_has_changed()

    def test_a_new_password_of_the_owner_needs_the_present_one(self):
        for present in ({}, {"present_password": ""}, {"present_password": harness.PASSWORD}):
            self.assertEqual(self.owner.code_of("owner/password", 403, password=WANTED, **present), "owner_wrong")
        self.nothing_has_changed()

    # --- rights ----------------------------------------------------------------------------------

    def test_e07_no_call_takes_a_right_and_none_shows_one(self):
        words = ("role", "right", "admin", "owner", "grant", "group", "super", "permission", "scope")
        for one in self.owner.ask("help")["commands"]:
            for of in one["arguments"]:
                self.assertFalse([word for word in words if word in of["name"]], one["name"])
        self.assertFalse([key for key in self.before[0][ANN] for word in words if word in key])

    def test_e07_rights_that_are_asked_for_all_the_same_are_passed_over(self):
        asked = {"role": "owner", "admin": True, "is_admin": True, "owner": True, "rights": ["all"], "group": "owners",
                 "password_hash": "x", "who": "owner", "command": "owner password", "session": "x"}
        self.owner.ask("account/set", address=ANN, note="", **asked)
        self.assertEqual(self.known()[0], self.before[0])
        self.assertEqual(self.owner.ask("owner/show"), self.before[1])
        self.assertEqual(Page(self.server).code_of("session/open", 403, password=harness.PASSWORD), "owner_wrong")

    def test_an_account_called_owner_is_an_account(self):
        self.owner.ask("account/add", address=f"owner@{harness.DOMAIN}", password=harness.PASSWORD)
        self.owner.ask("alias/add", address=f"admin@{harness.DOMAIN}", targets=[ANN])
        self.assertEqual(Page(self.server).code_of("session/open", 403, password=harness.PASSWORD), "owner_wrong")
        self.assertEqual(self.owner.ask("owner/show"), self.before[1])

    def test_the_command_line_has_no_word_for_a_second_owner_or_a_right(self):
        for words in (("owner", "add", ANN), ("owner", "password", ANN), ("owner", "setup-link", ANN),
                      ("account", "set", ANN, "--admin"), ("account", "set", ANN, "--role", "owner"),
                      ("account", "grant", ANN)):
            with self.subTest(words=words):
                self.server.command(*words, expect=2)
        self.nothing_has_changed()

    # --- set-up links ----------------------------------------------------------------------------

    def test_there_is_no_link_while_there_is_an_owner(self):
        self.assertIn("has a password already", self.server.command("owner", "setup-link", expect=1))
        self.assertEqual(self.owner.code_of("owner/setup-link", 403), "console_only")
        self.assertEqual(self.owner.code_of("owner/reset", 403), "console_only")
        for secret in ("", "0" * 64, WANTED, self.owner.cookie.partition("=")[2]):
            self.assertEqual(Page(self.server).code_of("setup/open", 403, secret=secret), "no_setup_link")
        self.nothing_has_changed()

    def test_a_reset_makes_another_owner_in_place_of_the_first(self):
        secret = secret_of(self.server.command("owner", "reset"))
        self.assertEqual(self.owner.code_of("account/list", 401), "not_signed_in")
        self.assertEqual(Page(self.server).code_of("session/open", 403, password=OWNER_PASSWORD), "owner_wrong")
        other = Page(self.server)
        other.ask("setup/open", secret=secret)
        other.ask("owner/password", password=WANTED)
        self.assertEqual(Page(self.server).code_of("session/open", 403, password=OWNER_PASSWORD), "owner_wrong")
        self.assertEqual(other.ask("owner/show")["sessions"], 1)


class Sources(unittest.TestCase):
    def test_e07_no_mail_protocol_knows_how_a_password_is_changed(self):
        """Whatever commands there will be: where they are answered, nobody names what would do it."""
        names = re.compile(r"\b(password_hash|renew_password_hash|change_account|set_password|set_owner_password|"
                           r"change_owner|put_setup_link|open_setup|owner_store)\b")
        looked_at = 0
        for folder in ("protocols", "server/delivery", "server/outbound", "server/client_setup", "mail"):
            for path in (harness.ROOT / folder).rglob("*.[ch]pp"):
                looked_at += 1
                self.assertIsNone(names.search(path.read_text(encoding="utf-8")), path)
        self.assertGreater(looked_at, 500)


class Links(unittest.TestCase):
    """A server that waits for its owner."""

    def setUp(self):
        self.server = page_server()
        self.addCleanup(self.server.remove)
        self.server.start()

    def link(self):
        return secret_of(self.server.command("owner", "setup-link"))

    def test_g11_a_used_link_is_no_link(self):
        secret = self.link()
        first = Page(self.server)
        first.ask("setup/open", secret=secret)
        self.assertEqual(Page(self.server).code_of("setup/open", 403, secret=secret), "no_setup_link")
        first.ask("owner/password", password=OWNER_PASSWORD)
        self.assertEqual(Page(self.server).code_of("setup/open", 403, secret=secret), "no_setup_link")
        self.assertEqual(first.code_of("setup/open", 403, secret=secret), "no_setup_link")

    def test_a_second_link_takes_the_place_of_the_first(self):
        first, second = self.link(), self.link()
        self.assertEqual(Page(self.server).code_of("setup/open", 403, secret=first), "no_setup_link")
        Page(self.server).ask("setup/open", secret=second)

    def test_g11_of_two_who_came_with_links_one_becomes_the_owner(self):
        pages = []
        for _ in range(2):
            page = Page(self.server)
            page.ask("setup/open", secret=self.link())
            pages.append(page)
        late, quick = pages
        quick.ask("owner/password", password=OWNER_PASSWORD)
        self.assertEqual(late.code_of("owner/password", 401, password=WANTED), "not_signed_in")
        self.assertEqual(Page(self.server).code_of("session/open", 403, password=WANTED), "owner_wrong")
        Page(self.server).ask("session/open", password=OWNER_PASSWORD)

    def test_g11_of_many_who_use_one_link_at_the_same_moment_one_gets_in(self):
        body = json.dumps({"secret": self.link()})
        with concurrent.futures.ThreadPoolExecutor(8) as many:
            ends = list(many.map(lambda _: Page(self.server).request("POST", "/api/setup/open", body)[0], range(16)))
        self.assertEqual((ends.count(200), ends.count(403)), (1, 15), ends)

    def test_of_two_passwords_chosen_at_the_same_moment_one_counts(self):
        page = Page(self.server)
        page.ask("setup/open", secret=self.link())
        words = [OWNER_PASSWORD, WANTED, "copper-Lantern-58-fern", "velvet-Anchor-31-moss"]

        def choose(password):
            same = Page(self.server)
            same.cookie = page.cookie
            status, _, octets = same.request("POST", "/api/owner/password", json.dumps({"password": password}))
            return password, status, octets

        with concurrent.futures.ThreadPoolExecutor(len(words)) as many:
            ends = list(many.map(choose, words))
        chosen = [password for password, status, _ in ends if status == 200]
        self.assertEqual(len(chosen), 1, ends)
        self.assertEqual({status for _, status, _ in ends} - {200, 401, 409, 503}, set(), ends)
        Page(self.server).ask("session/open", password=chosen[0])
        other = (set(words) - set(chosen)).pop()
        self.assertEqual(Page(self.server).code_of("session/open", 403, password=other), "owner_wrong")

    def test_an_account_that_was_there_first_owns_nothing(self):
        self.server.add_domain()
        self.server.add_account("ann")
        self.assertEqual(Page(self.server).code_of("session/open", 403, password=harness.PASSWORD), "owner_wrong")
        self.assertEqual(Page(self.server).ask("session/state")["state"], "no_owner")
        self.assertEqual(Page(self.server).code_of("owner/password", 401, password=WANTED), "not_signed_in")


if __name__ == "__main__":
    unittest.main()
