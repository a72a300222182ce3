"""What the owner sets: at once, over a restart, and never over what the configuration file says. Certificates."""

import hashlib
import json
import signal
import socket
import unittest

from e2e import harness
from e2e.owner_page_api import become_owner, page_server

ANN = f"ann@{harness.DOMAIN}"
DAY = 24 * 3600


class SettingsCase(unittest.TestCase):
    def setUp(self):
        self.server = page_server()
        self.addCleanup(self.server.remove)
        self.server.start()
        self.server.add_domain()
        self.page = become_owner(self.server)

    def tearDown(self):
        self.assertEqual(self.server.stop(), 0)
        self.server.check()

    def setting(self, name):
        return next(one for one in self.page.ask("setting/list")["settings"] if one["name"] == name)

    def reload(self):
        lines = self.server.log().count("reload result=done")
        self.server.signal(signal.SIGHUP)
        harness.wait_until(lambda: self.server.log().count("reload result=done") > lines, "the reload")


class Settings(SettingsCase):
    def size_told(self):
        with self.server.smtp() as peer:
            peer.ehlo()
            return int(peer.esmtp_features["size"])

    def test_a_change_holds_at_once_and_outlives_a_restart(self):
        before = self.size_told()
        made = self.page.ask("setting/set", name="limits.message_size", value="7 MiB",
                             seen=self.setting("limits.message_size")["value"])
        self.assertEqual((made["source"], made["waits"], made["number"]), ("owner", False, 7 << 20))
        self.assertNotEqual(before, 7 << 20)
        self.assertEqual(self.size_told(), 7 << 20)
        self.page.ask("setting/set", name="accounts.retention", value="30d")
        self.assertEqual(self.page.ask("deleted/accounts")["kept_seconds"], 30 * DAY)
        self.server.command("setting", "set", "accounts.password_min_characters", "40")
        refused = self.page.ask("account/add", expect=422, address=ANN, password=harness.PASSWORD)
        self.assertEqual((refused["code"], refused["min_characters"]), ("password_refused", 40))
        self.server.command("setting", "set", "accounts.default_quota", "2 GiB")
        self.server.command("setting", "set", "accounts.file_sent", "off")
        self.page.ask("account/add", address=ANN)
        shown = self.page.ask("account/show", address=ANN)
        self.assertEqual((shown["quota_octets"], shown["files_sent"]), (2 << 30, False))
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        self.assertEqual(self.size_told(), 7 << 20)
        self.assertEqual(self.page.ask("deleted/accounts")["kept_seconds"], 30 * DAY)
        self.page.ask("setting/reset", name="limits.message_size", seen="7 MiB")
        self.assertEqual(self.size_told(), before)

    def test_what_the_file_fixes_stays_and_says_where(self):
        self.page.ask("setting/set", name="accounts.retention", value="30d")
        self.server.settings["accounts.retention"] = "3d"
        self.server.write_config()
        line = self.server.config.read_text().splitlines().index('retention = "3d"') + 1
        self.reload()
        now = self.setting("accounts.retention")
        self.assertEqual((now["value"], now["source"], now["line"]), ("3d", "file", line))
        self.assertEqual(self.page.ask("deleted/accounts")["kept_seconds"], 3 * DAY)
        refused = self.page.ask("setting/set", expect=409, name="accounts.retention", value="9d")
        self.assertEqual((refused["code"], refused["number"]), ("setting_fixed", line))
        del self.server.settings["accounts.retention"]
        self.server.write_config()
        self.reload()
        self.assertEqual(self.setting("accounts.retention")["value"], "30d")
        self.assertEqual(self.page.ask("deleted/accounts")["kept_seconds"], 30 * DAY)

    def test_what_waits_for_a_start_says_so_and_holds_then(self):
        made = self.page.ask("setting/set", name="delivery.report_language", value="de")
        self.assertEqual((made["waits"], made["in_force"]), (True, "en"))
        self.assertIn("restart", made["warning"])
        self.assertEqual(self.server.stop(), 0)
        self.server.start()
        now = self.setting("delivery.report_language")
        self.assertEqual((now["value"], now["waits"]), ("de", False))

    def test_commands_work_alike_without_a_running_server(self):
        self.assertEqual(self.server.stop(), 0)
        self.server.command("setting", "set", "trace.subjects", "on")
        self.server.command("setting", "set", "trace.subjects", "perhaps", expect=1)
        rows = json.loads(self.server.command("setting", "list", "trace", "--json"))["settings"]
        self.assertEqual([(one["name"], one["value"]) for one in rows],
                         [("trace.keep_days", "30"), ("trace.subjects", "on")])
        self.server.start()
        self.assertEqual(self.setting("trace.subjects")["value"], "on")
        self.page.ask("account/add", address=ANN, password=harness.PASSWORD)
        self.server.deliver(subject="Offer 17")
        self.assertIn("Offer 17", json.dumps(self.page.ask("trace", about=ANN)))
        self.page.ask("setting/set", name="trace.subjects", value="off")
        self.server.deliver(subject="Offer 18")
        self.assertNotIn("Offer 18", json.dumps(self.page.ask("trace", about=ANN)))

    def test_the_audit_log_has_both_values(self):
        self.page.ask("setting/set", name="sending.messages_per_hour", value="700")
        entry = self.page.ask("audit/list")["entries"][0]
        self.assertEqual((entry["command"], entry["subject"]), ("setting set", "sending.messages_per_hour"))
        self.assertEqual((entry["before"], entry["after"]),
                         ({"value": "500", "source": "default"}, {"value": "700", "source": "owner"}))


class Certificates(SettingsCase):
    def fingerprint_shown(self):
        context = harness.tls_context()
        with socket.create_connection((self.server.address, self.server.imaps_port), harness.PATIENCE) as peer:
            with context.wrap_socket(peer) as tls:
                return hashlib.sha256(tls.getpeercert(binary_form=True)).hexdigest()

    def test_the_page_shows_what_is_in_use_and_takes_another_file(self):
        (own,) = self.page.ask("certificate/list")["certificates"]
        self.assertTrue(own["made_here"] and own["self_signed"])
        self.assertEqual(own["problems"], ["self_signed"])
        self.assertEqual(own["fingerprint"], self.fingerprint_shown())
        certificate, key = harness.make_certificate(self.server.folder, "mail.example.test", self.server.address)
        self.server.settings |= {"tls.certificate": certificate, "tls.private_key": key}
        self.server.write_config()
        self.reload()
        (taken,) = self.page.ask("certificate/list")["certificates"]
        self.assertFalse(taken["made_here"])
        self.assertEqual((taken["file"], taken["key"]), (str(certificate), "EC P-256"))
        self.assertEqual(taken["fingerprint"], self.fingerprint_shown())
        harness.make_certificate(self.server.folder, "mail.example.test", self.server.address)
        (old,) = self.page.ask("certificate/list")["certificates"]
        self.assertEqual(old["fingerprint"], taken["fingerprint"])
        self.assertIn("file_is_another", old["problems"])
        (fresh,) = self.page.ask("certificate/reload")["certificates"]
        self.assertNotEqual(fresh["fingerprint"], old["fingerprint"])
        self.assertEqual(fresh["fingerprint"], self.fingerprint_shown())
        self.assertEqual(self.page.ask("audit/list")["entries"][0]["command"], "certificate reload")
        with open(certificate, "w", encoding="ascii") as file:
            file.write("-----BEGIN CERTIFICATE-----\nhalf")
        refused = self.page.ask("certificate/reload", expect=422)
        self.assertEqual(refused["code"], "certificate_unusable")
        self.assertIn(str(certificate), refused["detail"])
        self.assertEqual(fresh["fingerprint"], self.fingerprint_shown())
        # The next start needs files that can be used.
        harness.make_certificate(self.server.folder, "mail.example.test", self.server.address)

    def test_the_command_line_shows_it_with_and_without_a_server(self):
        (running,) = json.loads(self.server.command("certificate", "list", "--json"))["certificates"]
        self.assertEqual(self.server.stop(), 0)
        (resting,) = json.loads(self.server.command("certificate", "list", "--json"))["certificates"]
        self.assertEqual(running, resting)
        self.server.command("certificate", "reload", expect=1)
        self.server.start()


if __name__ == "__main__":
    unittest.main()
