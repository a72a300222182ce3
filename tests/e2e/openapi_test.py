"""The API of the owner's page is what docs/openapi.yaml says: every route, argument, status, code and field.

A good call of each route first, in an order in which each finds what it needs (openapi_story.py); then calls that are
wrong in each way that a route can tell, made from the document; then hostile ones, which may be refused but never
break anything.
"""

import functools
import json
import re
import unittest

from e2e import harness
from e2e.openapi_document import Contract, Document
from e2e.openapi_story import ANN, BOB, DOMAIN, FAR, OF_ANN, OTHER_PASSWORD, SilentDns, Story
from e2e.owner_page_api import OWNER_PASSWORD, Page, become_owner, page_server, secret_of

DOCUMENT = Document()
BESIDE_COMMANDS = {"session/state", "session/open", "session/close", "setup/open"}
MOST_OCTETS, MOST_OCTETS_OF_STRANGERS = 256 * 1024, 8 * 1024


def path_of(name):
    return name.replace(" ", "/")


class ApiCase(unittest.TestCase):
    """A server of its own for each test, and nobody who owns it yet."""

    def setUp(self):
        self.server = page_server()
        self.addCleanup(self.server.remove)
        dns = SilentDns(self.server.address)
        self.addCleanup(dns.stop)
        self.server.settings["delivery.resolver"] = f"{self.server.address}@{dns.port}"
        self.server.write_config()
        self.server.start()

    def tearDown(self):
        """Nothing that was asked may have been a fault of the server."""
        if self.server.process is None:
            return
        code = self.server.stop()
        log = self.server.log()
        self.assertEqual(code, 0, log[-5000:])
        self.assertIsNone(harness.SANITIZER.search(log), log[-5000:])
        self.assertNotRegex(log, r"(?m)^\S+ \S*\s*(error|critical)\b|\bfault proto=", log[-5000:])
        self.server.check()

    def page_of(self):
        page = Page(self.server, keeps=True)
        self.addCleanup(page.close)
        return page

    def send(self, page, route, body, fields=None):
        """One call with any octets as its body; status and answer, which are as the document says."""
        status, got, octets = page.request("POST", f"/api/{route}", body, fields)
        return status, DOCUMENT.judge(route, status, got, octets)

    def ask(self, page, route, arguments, status=200, fields=None):
        got, said = self.send(page, route, json.dumps(arguments), fields)
        self.assertEqual(got, status, f"{route} {arguments}: {said}")
        return said

    def refused(self, page, route, body, status, code, fields=None):
        got, said = self.send(page, route, body, fields)
        self.assertEqual((got, said.get("code")), (status, code), f"{route} {body[:200]!r} {fields}: {said}")
        return said


# A forward is suspended when another server has refused it three times, an hour apart: no call of this run can be good.
WITHOUT_GOOD_CALL = {"forward/resume"}


class Good(ApiCase):
    def test_each_route_does_what_it_is_asked_and_answers_as_the_document_says(self):
        page = Page(self.server)
        called = set()

        def call(route, arguments):
            called.add(route)
            return self.ask(page, route, arguments)

        Story(self.server, page).tell(call)
        self.assertEqual(set(DOCUMENT.operations) - called, WITHOUT_GOOD_CALL)


class Written(unittest.TestCase):
    def test_the_document_is_well_formed(self):
        self.assertEqual(DOCUMENT.faults(), [])

    def test_the_routes_beside_the_commands_are_those_of_the_document(self):
        source = (harness.ROOT / "admin/web/owner_handler.cpp").read_text()
        self.assertEqual({path_of(one) for one in re.findall(r'\*command == "([^"]*)"', source)}, BESIDE_COMMANDS)

    def test_every_refusal_of_the_server_stands_in_the_document(self):
        source = (harness.ROOT / "admin/api/sentences.cpp").read_text()
        codes = set(re.findall(r'wording\{\s*\w+,\s*"(\w+)"', source))
        self.assertGreater(len(codes), 50)
        # Only `owner setup-link` and the commands of the index are refused so, which are the console's.
        self.assertEqual(codes - DOCUMENT.codes(), {"owner_is_set_up", "index_off"})

    def test_what_the_page_asks_stands_in_the_document(self):
        """web/admin/src/api/contract.ts; a name that the server does not take would be passed over."""
        contract = Contract()
        for route, (given, result) in contract.calls.items():
            with self.subTest(route=route):
                takes = DOCUMENT.arguments(route)
                sent = {name: not optional for name, optional in contract.fields(given)}
                self.assertEqual(sent.keys() - takes.keys(), set())
                # What the page may leave out, a call may, too.
                self.assertEqual({name for name, (_, is_required) in takes.items() if is_required},
                                 {name for name, is_sent in sent.items() if is_sent and takes[name][1]})
                gets = {name for name, _ in contract.fields(result)}
                self.assertEqual(gets - DOCUMENT.result_fields(route), set())


class Compared(ApiCase):
    def test_the_server_has_the_routes_and_arguments_of_the_document_and_no_others(self):
        page = become_owner(self.server)
        commands = page.ask("help")["commands"]
        at_page = {path_of(one["name"]): one for one in commands if one["offered"] != "console"}
        self.assertEqual(set(DOCUMENT.operations), set(at_page) | BESIDE_COMMANDS)
        for route, one in at_page.items():
            with self.subTest(route=route):
                self.assertEqual({of["name"]: (of["kind"], of["required"]) for of in one["arguments"]},
                                 DOCUMENT.arguments(route))
                self.assertEqual(one["in_setup"], "setup_session" in DOCUMENT.ways_in(route))
        for one in commands:
            if one["offered"] == "console":
                path = path_of(one["name"])
                problem = page.ask(path, expect=403)
                self.assertEqual(DOCUMENT.is_of({"$ref": "#/components/schemas/problem_of_path"}, problem), "")
                self.assertIn(f"`{one['name']}`", DOCUMENT.all["info"]["description"])

    def test_what_is_not_in_the_document_is_not_there(self):
        page = become_owner(self.server)
        for path in ("no/such", "account", "account/add/", "session", "session/open/x", "Account/List"):
            with self.subTest(path=path):
                problem = page.ask(path, expect=404)
                self.assertEqual(DOCUMENT.is_of({"$ref": "#/components/schemas/problem_of_path"}, problem), "")
        for path, status in (("", 404), ("account%20list", 404), ("account//list", 400), ("./account/list", 400)):
            with self.subTest(path=path):
                self.assertEqual(page.request("POST", f"/api/{path}", "{}")[0], status)


def good_arguments(server, page):
    """{route: arguments} that are right in their form, whatever they find."""
    found = {}
    story = Story(server, page)

    def call(route, arguments):
        found.setdefault(route, arguments)
        found[route] = found[route] | arguments
        return page.ask(route, **arguments)

    story.tell(call)
    found["forward/resume"] = OF_ANN | {"targets": [FAR]}
    return found


# What is no text, no list, no number, no boolean.
WRONG = {"text": (None, 5, 1.5, True, [], ["x"], {}), "texts": (None, "x", 5, {}, [5], ["x", None], [["x"]]),
         "number": (None, "5", -1, 1.5, 1e3, True, [], {}, 1 << 64, -(1 << 63), 1e300),
         "boolean": (None, "true", 0, 1, [], {})}
WRONG["secret"] = WRONG["text"]

NOT_AN_OBJECT = {
    "nothing": b"", "a list": b"[1]", "a text": b'"x"', "a number": b"1", "null": b"null", "cut": b'{"a":',
    "open": b'{"a":"', "two": b"{} {}", "a comma": b'{"a":1,}', "a comment": b"/**/{}", "single quotes": b"{'a':1}",
    "NaN": b'{"a":NaN}', "a plus": b'{"a":+1}', "a zero in front": b'{"a":01}', "a control": b'{"a":"\n"}',
    "a NUL": b"{}\0", "a bad escape": b'{"a":"\\x41"}', "half a surrogate": b'{"a":"\\ud800"}',
    "a BOM": b"\xef\xbb\xbf{}", "UTF-16": '{"a":1}'.encode("utf-16"), "no UTF-8": b'{"a":"\xff"}',
    "no UTF-8 in a name": b'{"\xfe":1}', "overlong": b'{"a":"\xc0\xaf"}', "a surrogate": b'{"a":"\xed\xa0\x80"}',
    "nested": b'{"a":' * 9 + b"1" + b"}" * 9, "lists": b'{"a":' + b"[" * 8 + b"]" * 8 + b"}",
    "deep": b'{"a":' * 1000, "deep lists": b'{"a":' + b"[" * 7000,
}
NAME_TWICE = (b'{"address":"a@b.test","address":"c@d.test"}', b'{"x":1,"x":1}', b'{"a":{"x":1,"x":2}}',
              b'{"a":[{"x:\\"":1},{"x":1,"\\u0078":2}]}')


class Wrong(ApiCase):
    """One server for all: none of these calls does anything."""

    def setUp(self):
        super().setUp()
        self.page = self.page_of()
        self.stranger = self.page_of()
        self.good = good_arguments(self.server, self.page)

    def test_g05_g06_g08_each_route_says_what_is_wrong_with_a_call(self):
        before = self.page.ask("audit/list")["entries"][0]
        for route in DOCUMENT.operations:
            self.arguments_are_looked_at(route)
            self.body_is_looked_at(route, self.page, MOST_OCTETS)
            self.body_is_looked_at(route, self.stranger, MOST_OCTETS_OF_STRANGERS)
            self.caller_is_looked_at(route)
        self.assertEqual(self.page.ask("audit/list")["entries"][0], before)

    def arguments_are_looked_at(self, route):
        takes = DOCUMENT.arguments(route)
        right = {name: one for name, one in self.good[route].items() if name in takes}
        for name, (kind, required) in takes.items():
            if required:
                without = {key: one for key, one in right.items() if key != name}
                said = self.refused(self.page, route, json.dumps(without), 400, "bad_argument")
                self.assertEqual(said["subject"], name)
            for one in WRONG[kind]:
                said = self.refused(self.page, route, json.dumps(right | {name: one}), 400, "bad_argument")
                self.assertEqual(said["subject"], name)

    def body_is_looked_at(self, route, page, most):
        for name, body in NOT_AN_OBJECT.items():
            with self.subTest(route=route, body=name):
                self.refused(page, route, body, 400, "no_object")
        for body in NAME_TWICE:
            self.refused(page, route, body, 400, "name_twice")
        self.refused(page, route, b" " * most, 400, "no_object")
        self.refused(page, route, b" " * (most + 1), 413, "body_too_long")

    def caller_is_looked_at(self, route):
        body = json.dumps(self.good[route])
        refused = functools.partial(self.refused, self.page, route, body)
        if DOCUMENT.ways_in(route):
            self.refused(self.stranger, route, body, 401, "not_signed_in")
            own = self.page.cookie.partition("=")[2]
            for value in ("", "x", "0" * 64, own[:-1], own + "0", own.upper(), f"x; {self.page.cookie}"):
                self.stranger.cookie = f"__Host-hauspost-owner={value}"
                self.refused(self.stranger, route, body, 401, "not_signed_in")
            self.stranger.cookie = None
        refused(403, "no_own_field", {"X-Hauspost": None})
        for fields in ({"Origin": None}, {"Origin": "https://evil.example"}, {"Origin": "null"},
                       {"Origin": f"http://{self.page.host}"}, {"Sec-Fetch-Site": "cross-site"}):
            refused(403, "not_own_page", fields)
        for kind in (None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"):
            refused(415, "not_json", {"Content-Type": kind})
        for host in ("evil.example", "localhost.evil.example"):
            refused(421, "other_host", {"Host": host, "Origin": f"https://{host}"})
        for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"):
            status, fields, octets = self.page.request(method, f"/api/{route}", body if method == "PUT" else None)
            self.assertEqual((status, fields["Allow"]), (405, "POST"))
            if method != "HEAD":
                DOCUMENT.judge(route, status, fields, octets)


class InSetup(ApiCase):
    def test_g09_with_the_link_a_browser_gets_at_what_the_document_says_and_at_nothing_else(self):
        page = Page(self.server)
        page.ask("setup/open", secret=secret_of(self.server.command("owner", "setup-link")))
        for route in DOCUMENT.operations:
            with self.subTest(route=route):
                ways = DOCUMENT.ways_in(route)
                if ways == {"session"}:
                    self.refused(page, route, json.dumps(self.any_arguments(route)), 401, "not_signed_in")
        self.ask(page, "password/check", {"password": "x"})
        self.ask(page, "owner/password", {"password": "x"}, status=422)
        self.ask(page, "session/state", {})

    @staticmethod
    def any_arguments(route):
        some = {"text": "x", "secret": "x", "texts": ["x"], "number": 1, "boolean": True}
        return {name: some[kind] for name, (kind, _) in DOCUMENT.arguments(route).items()}


HOSTILE = {
    "text": (
        "", " ", "\0", "\0" * 2000, "a\0b@example.test", "x" * 200_000, "x" * 511, "x" * 512, "@" + "x" * 255,
        "x" * 1280 + "@example.test", "a" * 64 + "@example.test", "@", "@@", "a@", "@example.test", "x@" + "y" * 600,
        "x@" + ".".join("y" * 60 for _ in range(20)), "\r\nBcc: x@y.test", "a@b\r\n", "ann@example.test\n",
        "ANN@EXAMPLE.TEST", "\"a b\"@example.test", "xn--@xn--.test", "x@xn--zzzzzzzz.test", "\u00fc" * 700,
        "\u202e\U0001f4a9@x.test", "\ufffd", "%s%n%n", "../../etc/passwd", "<script>", "*", "%", "'; DROP TABLE",
        "9" * 400, "-1", "1e9", "18446744073709551615", "18446744073709551616", "99999999999-1", "0-0", "9999-99-99",
        "0000-01-01", "2026-02-31 25:61", "4294967295w", "999999999999d"),
    "number": (0, 1, 2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1),
    "texts": (
        [], [""], ["\0"], ["x" * 200_000], ["@"] * 50_000, [f"n{n}@far.test" for n in range(5_000)],
        ["ann@example.test"] * 2_000, ["x@" + "y" * 600], ["a\r\nb@example.test"]),
    "boolean": (True, False),
}
HOSTILE["secret"] = HOSTILE["text"]


class Hostile(ApiCase):
    def setUp(self):
        super().setUp()
        self.page = become_owner(self.server, keeps=True)
        self.addCleanup(self.page.close)
        self.stranger = self.page_of()
        self.page.ask("domain/add", **DOMAIN)
        for address in (ANN, BOB):
            self.page.ask("account/add", address=address, password=harness.PASSWORD)
        self.page.ask("forward/set", address=BOB, targets=[FAR], keep_copy=True)
        self.server.deliver("bob")

    def test_g08_whatever_stands_in_an_argument_the_answer_is_one_of_the_documents(self):
        """Any status that the document has; 500 only stands there for faults, of which there may be none."""
        right = {"address": ANN, "name": harness.DOMAIN, "new_address": f"dora@{harness.DOMAIN}", "target": BOB,
                 "targets": [BOB], "id": 1, "keep_copy": True, "keep_alias": True, "password": OTHER_PASSWORD,
                 "present_password": OWNER_PASSWORD, "code": "000000", "language": "de", "secret": "0" * 64,
                 "deleted_at": 1, "undo": "1", "to": BOB, "value": "office@elsewhere.example"}
        number = 0
        for route in DOCUMENT.operations:
            # A sign-in that is good would give the page another session.
            page = self.stranger if route in BESIDE_COMMANDS else self.page
            # Some of what was asked before has removed or renamed her.
            self.page.request("POST", "/api/account/add", json.dumps(OF_ANN | {"password": harness.PASSWORD}))
            takes = DOCUMENT.arguments(route)
            for name, value in ((name, value) for name, (kind, _) in takes.items() for value in HOSTILE[kind]):
                number += 1
                if route == "account/add":  # else it would be taken, and nothing else looked at
                    right["address"] = f"new{number}@{harness.DOMAIN}"
                arguments = {key: right[key] for key, (_, required) in takes.items()
                             if required or key == "present_password"}
                if route in ("restore-traced", "resend"):
                    arguments["id"] = "0123456789ABC"
                if route.startswith("setting/") and "name" in arguments:
                    arguments["name"] = "delivery.owner_mailbox"  # which takes any text
                body = json.dumps(arguments | {name: value})
                if page is self.stranger:
                    body = body[:MOST_OCTETS_OF_STRANGERS]
                with self.subTest(route=route, name=name, value=str(value)[:40]):
                    status, said = self.send(page, route, body)
                    self.assertNotEqual(status, 500, said)
                    if (route, name, status) == ("owner/password", "password", 200):
                        right["present_password"] = value
            right["address"] = ANN
        self.server.deliver("bob")
        self.server.imap("bob", password=harness.PASSWORD).logout()


if __name__ == "__main__":
    unittest.main()
