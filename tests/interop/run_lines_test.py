"""What ./run prints: its lines, pasted, do what they say. The server is one of the test's, with the settings
of conf/demo.toml but for addresses and folder."""

import pathlib
import re
import shutil
import subprocess
import tomllib
import unittest

from e2e import harness

DEMO = tomllib.loads((harness.ROOT / "conf/demo.toml").read_text(encoding="utf-8"))
ANNA, BEN = f"anna@{harness.DOMAIN}", f"ben@{harness.DOMAIN}"


@unittest.skipUnless(shutil.which("swaks") and shutil.which("curl"), "needs swaks and curl")
class Lines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = harness.Server(settings={"hostname": DEMO["hostname"]})
        cls.addClassCleanup(cls.server.remove)
        cls.server.add_domain()
        for name in ("anna", "ben"):
            cls.server.add_account(name)
        cls.server.start()
        cls.printed = cls.text()

    @classmethod
    def tearDownClass(cls):
        if cls.server.stop() != 0 or harness.SANITIZER.search(cls.server.log()):
            raise AssertionError(cls.server.log()[-20000:])
        cls.server.check()

    @classmethod
    def text(cls):
        """As bash writes it."""
        script = (harness.ROOT / "run").read_text(encoding="utf-8")
        here = re.search(r"(?ms)^cat <<EOF\n.*?^EOF\n", script).group(0)
        names = (f"anna={ANNA} anna_password={harness.PASSWORD} ben={BEN} "
                 f"ben_password={harness.PASSWORD}\nhauspost=(HAUSPOST)\n")
        return subprocess.run(["bash", "-euc", names + here], cwd=cls.server.folder, check=True,
                              capture_output=True, text=True).stdout

    def line(self, begin, *parts):
        [found] = [one.strip() for one in self.printed.splitlines()
                   if one.strip().startswith(begin) and all(part in one for part in parts)]
        return found

    def paste(self, line):
        """At this server instead of the demo's. What it prints."""
        server = self.server
        ports = {name: getattr(server, f"{name}_port", 0) for name in DEMO["listen"]}
        for name, [place] in DEMO["listen"].items():
            if not ports[name]:
                continue  # not one of the test's server
            port = place.rpartition(":")[2]
            line = line.replace(place, f"{server.address}:{ports[name]}")
            line = line.replace(f"localhost:{port}", f"localhost:{ports[name]}")
        line = line.replace("curl ", f"curl --resolve localhost:{server.imaps_port}:{server.address} ")
        line = line.replace("HAUSPOST ", f"{server.binary} --config {server.config} ")
        done = subprocess.run(["bash", "-c", line], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=harness.PATIENCE)
        self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}{done.stderr}")
        return done.stdout

    def test_every_port_is_told(self):
        for name, [place] in DEMO["listen"].items():
            with self.subTest(name=name):
                self.assertRegex(self.printed, rf"(?mi)^  {name} +{re.escape(place)} ")

    def test_mail_comes_in_goes_from_one_account_to_the_other_and_is_read(self):
        self.paste(self.line("swaks", "elsewhere.test"))
        read = self.paste(self.line("curl"))
        self.assertIn("Subject: hello", read)
        self.paste(self.line("swaks", "--auth-user"))
        peer = self.server.imap("anna")
        peer.select("INBOX", readonly=True)
        _, data = peer.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (FROM)])")
        found = b"".join(part[1] for part in data if isinstance(part, tuple))
        self.assertIn(BEN.encode(), found)

    def test_mail_to_outside_waits_and_that_is_told(self):
        self.assertIn("Mail to outside waits in the queue", self.printed)
        line = self.line("swaks", "--auth-user")
        self.assertTrue(line.endswith(f"--to {ANNA}"))
        self.paste(line.removesuffix(ANNA) + "eve@elsewhere.example")
        said = self.paste(self.line("HAUSPOST", "queue list"))
        self.assertRegex(said, rf"(?m)^\d+ .* {BEN} +eve@elsewhere\.example .* waiting ")
        self.assertIn('advice="mail for other servers waits in the queue', self.server.log())


if __name__ == "__main__":
    unittest.main()
