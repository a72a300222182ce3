"""The owner's page, as its API and headers are; the pages themselves are tested in web/."""

import json
import os
import pty
import subprocess
import time
import unittest

from e2e import harness
from e2e.owner_page_api import (OWNER_PASSWORD, Page, become_owner, page_server, secret_of,
                                totp)


class OwnerPage(unittest.TestCase):
    def setUp(self):
        self.server = page_server()
        self.addCleanup(self.server.remove)
        self.server.start()

    # --- set-up --------------------------------------------------------------------------------

    def test_from_the_set_up_link_to_the_first_mail(self):
        secret = secret_of(self.server.command("owner", "setup-link"))
        page = Page(self.server)
        self.assertEqual(page.ask("session/state")["state"], "no_owner")
        page.ask("setup/open", secret=secret)
        self.assertEqual(page.ask("session/state")["state"], "setup")
        weak = page.ask("owner/password", expect=422, password="sommer2026")
        self.assertEqual(weak["code"], "password_refused")
        self.assertIn("too_short", weak["password_faults"])
        page.ask("owner/password", password=OWNER_PASSWORD)
        self.assertEqual(page.ask("session/state")["state"], "signed_in")
        page.ask("domain/add", name=harness.DOMAIN)
        page.ask("account/add", address=f"Ann@{harness.DOMAIN}", password=harness.PASSWORD)
        with self.server.smtp() as peer:
            peer.sendmail("you@elsewhere.test", [f"ann@{harness.DOMAIN}"], b"Subject: first\r\n\r\nhello\r\n")
        self.assertEqual(self.server.imap("ann").select("INBOX")[1], [b"1"])

    def test_a_set_up_link_is_good_once(self):
        secret = secret_of(self.server.command("owner", "setup-link"))
        Page(self.server).ask("setup/open", secret=secret)
        self.assertEqual(Page(self.server).code_of("setup/open", 403, secret=secret), "no_setup_link")

    def test_the_first_link_is_for_a_terminal_and_stands_in_no_log(self):
        self.assertIn("owner_missing", self.server.settled_log())
        self.assertNotIn("/setup#", self.server.log())
        self.server.stop()
        ours, its = pty.openpty()
        self.addCleanup(os.close, ours)
        with open(its, "wb", buffering=0) as terminal, open(self.server.log_path, "ab") as log:
            self.server.process = subprocess.Popen(
                [self.server.binary, "--config", str(self.server.config), "serve"],
                stdin=subprocess.DEVNULL, stdout=terminal, stderr=log)
        said = b""
        while b"/setup#" not in said or not said.endswith(b"\n"):
            said += os.read(ours, 1000)
        self.assertNotIn("/setup#", self.server.settled_log())
        Page(self.server).ask("setup/open", secret=secret_of(said.decode()))

    def test_who_came_with_the_link_may_choose_the_password_and_nothing_else(self):
        page = Page(self.server)
        page.ask("setup/open", secret=secret_of(self.server.command("owner", "setup-link")))
        for call, arguments in (("account/list", {}), ("domain/add", {"name": "x.example"}),
                                ("trace", {"about": "@x.example"}), ("audit/list", {})):
            with self.subTest(call=call):
                status, _, octets = page.request("POST", f"/api/{call}", json.dumps(arguments))
                self.assertIn(status, (401, 403), octets)

    # --- signing in ----------------------------------------------------------------------------

    def test_g09_nobody_gets_anything_without_signing_in(self):
        become_owner(self.server)
        stranger = Page(self.server)
        for command in ("account/list", "account/add", "owner/password", "audit/list", "trace"):
            with self.subTest(command=command):
                self.assertEqual(stranger.code_of(command, 401), "not_signed_in")
        state = stranger.ask("session/state")
        self.assertEqual(state["state"], "signed_out")
        self.assertNotIn("version", state)

    def test_a_session_is_another_one_after_each_sign_in_and_ends_with_the_password(self):
        page = become_owner(self.server)
        ids = {page.cookie}
        other = Page(self.server)
        for _ in range(3):
            other.ask("session/open", password=OWNER_PASSWORD)
            ids.add(other.cookie)
        self.assertEqual(len(ids), 4)
        page.ask("owner/password", password="walnut-orbit-thicket-7", present_password=OWNER_PASSWORD)
        self.assertEqual(other.code_of("account/list", 401), "not_signed_in")
        page.ask("account/list")

    def test_the_cookie_is_for_this_page_alone(self):
        page = become_owner(self.server)
        page.ask("session/close")
        page.ask("session/open", password=OWNER_PASSWORD)
        for part in ("__Host-hauspost-owner=", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(part, page.set_cookie)
        self.assertNotIn("Domain", page.set_cookie)

    def test_signing_out_ends_the_session_at_the_server(self):
        page = become_owner(self.server)
        kept = page.cookie
        page.ask("session/close")
        self.assertIsNone(page.cookie)
        page.cookie = kept
        self.assertEqual(page.code_of("account/list", 401), "not_signed_in")

    def test_guessing_ends_in_a_pause_and_the_console_gets_in(self):
        become_owner(self.server)
        thief = Page(self.server)
        codes = [thief.request("POST", "/api/session/open", json.dumps({"password": f"guess-{n}"}))
                 for n in range(8)]
        self.assertIn(429, [status for status, _, _ in codes])
        # How many tries are left, down to none.
        self.assertEqual([json.loads(octets)["number"] for status, _, octets in codes if status == 403],
                         [4, 3, 2, 1, 0])
        waiting = next(fields for status, fields, _ in codes if status == 429)
        self.assertGreater(int(waiting["Retry-After"]), 0)
        link = secret_of(self.server.command("owner", "reset"))
        Page(self.server).ask("setup/open", secret=link)

    def test_a_second_factor_lets_nobody_in_by_the_password_alone(self):
        page = become_owner(self.server)
        key = page.ask("owner/totp-begin")["key"]
        step = int(time.time()) // 30
        self.assertEqual(len(page.ask("owner/totp-enable", code=totp(key, step))["recovery_codes"]), 8)
        other = Page(self.server)
        self.assertEqual(other.code_of("session/open", 403, password=OWNER_PASSWORD), "code_wanted")
        self.assertEqual(other.code_of("session/open", 403, password=OWNER_PASSWORD,
                                       code=totp(key, step)), "used_code")
        other.ask("session/open", password=OWNER_PASSWORD, code=totp(key, step + 1))

    # --- other sites ---------------------------------------------------------------------------

    def test_g05_another_sites_page_reaches_nothing(self):
        page = become_owner(self.server)
        for fields in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": None},
                       {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
                       {"X-Hauspost": None}):
            with self.subTest(fields=fields):
                page.ask("domain/add", expect=403, fields=fields, name="stolen.example")
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None):
            with self.subTest(kind=kind):
                page.ask("domain/add", expect=415, fields={"Content-Type": kind}, name="stolen.example")
        status, _, _ = page.request("GET", "/api/domain/add?name=stolen.example")
        self.assertEqual(status, 405)
        self.assertNotIn("stolen.example", json.dumps(page.ask("domain/list")))

    def test_g06_another_name_of_this_address_reaches_nothing(self):
        page = become_owner(self.server)
        for host in ("evil.example", f"evil.example:{self.server.admin_port}", "localhost.evil.example"):
            with self.subTest(host=host):
                status, _, _ = page.request("GET", "/", fields={"Host": host})
                self.assertEqual(status, 421)

    # --- what it says --------------------------------------------------------------------------

    def test_every_answer_forbids_what_a_page_does_not_need(self):
        page = Page(self.server)
        for method, path in (("GET", "/"), ("GET", "/accounts"), ("GET", "/no.file"), ("GET", "/assets/x.js"),
                             ("POST", "/api/session/state"), ("POST", "/api/nothing"), ("PUT", "/")):
            with self.subTest(path=path):
                _, fields, _ = page.request(method, path, "{}" if method == "POST" else None)
                self.assertIn("default-src 'none'", fields["Content-Security-Policy"])
                self.assertNotIn("unsafe-eval", fields["Content-Security-Policy"])
                self.assertEqual(fields["X-Content-Type-Options"], "nosniff")
                self.assertEqual(fields["X-Frame-Options"], "DENY")
                self.assertEqual(fields["Referrer-Policy"], "no-referrer")
                if path.startswith("/api/"):
                    self.assertEqual(fields["Cache-Control"], "no-store")

    def test_a_refusal_says_what_is_wrong_for_people_and_programs(self):
        page = become_owner(self.server)
        problem = page.ask("account/show", expect=404, address=f"nobody@{harness.DOMAIN}")
        self.assertEqual(problem["code"], "no_such_account")
        self.assertEqual(problem["subject"], f"nobody@{harness.DOMAIN}")
        self.assertIn("the page Accounts", problem["detail"])
        self.assertEqual(page.code_of("account/add", 400), "bad_argument")
        self.assertEqual(page.code_of("no/such", 404), "unknown_command")

    def test_g08_what_is_no_object_or_too_much_is_refused(self):
        page = become_owner(self.server)
        for body, wanted in (("[1]", 400), ("", 400), ("{" * 100_000, 400), ('{"a":' * 9 + "1" + "}" * 9, 400),
                             (" " * 300_000, 413)):
            with self.subTest(octets=len(body)):
                status, _, _ = page.request("POST", "/api/account/list", body)
                self.assertEqual(status, wanted)
        self.assertEqual(Page(self.server).request("POST", "/api/session/open", " " * 9_000)[0], 413)

    def test_g09_what_is_the_consoles_alone_is_refused_in_the_browser(self):
        page = become_owner(self.server)
        for call in ("owner/reset", "owner/setup-link", "put-back"):
            with self.subTest(call=call):
                self.assertEqual(page.code_of(call, 403), "console_only")

    def test_what_the_owner_did_stands_in_the_audit_log_and_no_password_does(self):
        page = become_owner(self.server)
        page.ask("domain/add", name=harness.DOMAIN)
        page.ask("account/add", address=f"ann@{harness.DOMAIN}", password=harness.PASSWORD)
        self.server.command("account", "disable", f"ann@{harness.DOMAIN}")
        told = json.dumps(page.ask("audit/list"))
        for part in ("account add", "account disable", "domain add", f"ann@{harness.DOMAIN}", "uid "):
            self.assertIn(part, told)
        for hidden in (harness.PASSWORD, OWNER_PASSWORD):
            self.assertNotIn(hidden, told)
            self.assertNotIn(hidden, self.server.settled_log())


if __name__ == "__main__":
    unittest.main()
