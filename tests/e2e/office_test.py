"""The owner's first hour in a real browser, from the set-up link to the last click: the steps stand in
web/tests/office/run.ts. HAUSPOST_SHOTS names a folder that gets a screenshot of each."""

import json
import os
import subprocess
import unittest

from e2e import harness
from e2e.owner_page_api import page_server, secret_of

WEB = harness.ROOT / "web"


class Office(unittest.TestCase):
    def test_a_newcomer_does_the_whole_job_with_the_browser_alone(self):
        server = page_server()
        self.addCleanup(server.remove)
        server.start()
        host = server.address
        secret = secret_of(server.command("owner", "setup-link"))
        places = {"host": host, "link": f"https://localhost:{server.admin_port}/setup#{secret}",
                  "smtp": f"smtp://{host}:{server.smtp_port}",
                  "submission": f"smtp://{host}:{server.submission_port}",
                  "imap": f"imaps://{host}:{server.imaps_port}"}
        shots = os.environ.get("HAUSPOST_SHOTS")
        run = subprocess.run(
            ["tools/with_node.sh", "node", "tests/office/run.ts", json.dumps(places)]
            + (["--keep", shots] if shots else []),
            cwd=WEB, capture_output=True, text=True, timeout=1100, check=False)
        self.assertEqual(run.returncode, 0, f"{run.stdout}\n{run.stderr}\n{server.log()}")


if __name__ == "__main__":
    unittest.main()
