"""JMAP by HTTPS, as a mail program speaks it to the real binary."""

import base64
import http.client
import json
import unittest

from e2e import harness

CORE = "urn:ietf:params:jmap:core"
MAIL = "urn:ietf:params:jmap:mail"


class Jmap(harness.ServerCase):
    accounts = ("ann", "bob")

    @classmethod
    def prepare(cls):
        server = cls.server
        cls.https_port = harness.free_port(server.address)
        server.settings |= {"listen.https": [f"{server.address}:{cls.https_port}"]}
        server.write_config()

    def ask(self, verb, path, body=None, user="ann", password=harness.PASSWORD, fields=None):
        """(status, fields, body)"""
        peer = http.client.HTTPSConnection(self.server.address, self.https_port,
                                           context=harness.tls_context(), timeout=harness.PATIENCE)
        sent = {"Content-Type": "application/json"} if body is not None else {}
        if user:
            plain = f"{user}@{harness.DOMAIN}:{password}".encode()
            sent["Authorization"] = "Basic " + base64.b64encode(plain).decode()
        peer.request(verb, path, body=body, headers=sent | (fields or {}))
        answer = peer.getresponse()
        got = answer.status, dict(answer.getheaders()), answer.read()
        peer.close()
        return got

    def session(self, user="ann"):
        status, _, body = self.ask("GET", "/.well-known/jmap", user=user)
        self.assertEqual(status, 200)
        return json.loads(body)

    def calls(self, *calls, user="ann"):
        body = json.dumps({"using": [CORE, MAIL],
                           "methodCalls": [[*call, str(n)] for n, call in enumerate(calls)]})
        status, _, answer = self.ask("POST", "/jmap/api", body, user=user)
        self.assertEqual(status, 200, answer)
        return [one[1] for one in json.loads(answer)["methodResponses"]]

    def test_list_search_read_and_download(self):
        self.server.deliver(subject="Angebot", body="Guten Tag\r\n")
        self.server.deliver(subject="Rechnung", body="anbei die Nadel\r\n")
        session = self.session()
        account = session["primaryAccounts"][MAIL]
        boxes, = self.calls(["Mailbox/get", {"accountId": account, "ids": None}])
        inbox = next(one for one in boxes["list"] if one["role"] == "inbox")
        self.assertEqual(inbox["totalEmails"], 2)
        self.assertEqual(inbox["unreadEmails"], 2)
        found, mails = self.calls(
            ["Email/query", {"accountId": account, "filter": {"inMailbox": inbox["id"], "text": "nadel"},
                             "calculateTotal": True}],
            ["Email/get", {"accountId": account,
                           "#ids": {"resultOf": "0", "name": "Email/query", "path": "/ids"},
                           "properties": ["subject", "bodyValues", "textBody", "preview", "blobId"],
                           "fetchTextBodyValues": True}])
        self.assertEqual(found["total"], 1)
        mail, = mails["list"]
        self.assertEqual(mail["subject"], "Rechnung")
        part, = mail["textBody"]
        self.assertIn("anbei die Nadel\n", mail["bodyValues"][part["partId"]]["value"])
        path = f"/jmap/download/{account}/{mail['blobId']}/mail.eml?type=message/rfc822"
        status, fields, octets = self.ask("GET", path)
        self.assertEqual(status, 200)
        self.assertIn(b"\r\nanbei die Nadel\r\n", octets)
        self.assertTrue(fields["Content-Disposition"].startswith("attachment"))
        self.assertEqual(self.ask("GET", path, user="bob")[0], 404)
        self.empty()

    def test_what_imap_changes_is_seen(self):
        self.server.deliver(subject="one")
        account = self.session()["primaryAccounts"][MAIL]
        with self.server.imap() as peer:
            peer.select("INBOX")
            peer.store("1", "+FLAGS", "(\\Seen \\Flagged)")
        found, mails = self.calls(
            ["Email/query", {"accountId": account, "filter": {"hasKeyword": "$flagged"}}],
            ["Email/get", {"accountId": account,
                           "#ids": {"resultOf": "0", "name": "Email/query", "path": "/ids"},
                           "properties": ["keywords"]}])
        self.assertEqual(mails["list"][0]["keywords"], {"$flagged": True, "$seen": True})
        self.empty()
        found, = self.calls(["Email/query", {"accountId": account}])
        self.assertEqual(found["ids"], [])

    def test_e02_wrong_passwords_are_refused_and_logged(self):
        status, fields, body = self.ask("GET", "/.well-known/jmap", password="wrong")
        self.assertEqual(status, 401)
        self.assertIn("Basic", fields["WWW-Authenticate"])
        self.assertIn(b"only the owner sets passwords", body)
        self.assertIn("login_failed", self.server.settled_log())
        self.assertEqual(self.ask("GET", "/.well-known/jmap", user=None)[0], 401)

    def test_e07_no_route_changes_a_password(self):
        account = self.session()["primaryAccounts"][MAIL]
        for verb in ("POST", "PUT", "PATCH", "DELETE"):
            for path in ("/jmap/password", "/jmap/api", "/.well-known/change-password", "/mail/session"):
                self.ask(verb, path, json.dumps({"password": "new", "accountId": account}))
        for name in ("Account/set", "Principal/set", "Identity/set", "Password/set"):
            said, = self.calls([name, {"accountId": account, "update": {account: {"password": "new"}}}])
            self.assertEqual(said["type"], "unknownMethod")
        self.assertEqual(self.ask("GET", "/.well-known/jmap")[0], 200)
        self.assertEqual(self.ask("GET", "/.well-known/jmap", password="new")[0], 401)

    def test_e06_a_new_password_holds_at_once(self):
        self.server.add_account("cora")
        self.session(user="cora")
        self.server.command("account", "password", f"cora@{harness.DOMAIN}", stdin="copper-Lantern-58-fern\n")
        self.assertEqual(self.ask("GET", "/.well-known/jmap", user="cora")[0], 401)
        self.assertEqual(
            self.ask("GET", "/.well-known/jmap", user="cora", password="copper-Lantern-58-fern")[0], 200)

    def test_set_up_answers_stay_beside_it(self):
        status, _, body = self.ask("GET", "/mail/config-v1.1.xml", user=None,
                                   fields={"Host": harness.DOMAIN})
        self.assertEqual(status, 200)
        self.assertIn(b"clientConfig", body)
        self.assertEqual(
            self.ask("GET", "/.well-known/jmap", fields={"Host": "evil.example"})[0], 421)


if __name__ == "__main__":
    unittest.main()
