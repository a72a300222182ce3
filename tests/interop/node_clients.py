"""Runs the scripts of node/ with the npm clients that tools/install_node_clients.sh installs."""

import json
import os
import pathlib
import subprocess

from e2e import harness

SCRIPTS = pathlib.Path(__file__).parent / "node"
MODULES = harness.ROOT / "build/node/node_modules"


def run_scenario(case, script, port, name):
    """One scenario of a script as ann; `case` is a ServerCase with a certificate of its own."""
    settings = {"host": case.server.address, "port": port, "ca": str(case.certificate),
                "user": "ann@example.test", "password": harness.PASSWORD}
    done = subprocess.run(
        ["node", SCRIPTS / script, json.dumps(settings), name], stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=2 * harness.PATIENCE,
        env=os.environ | {"NODE_PATH": str(MODULES)})
    case.assertEqual(done.returncode, 0, done.stdout + done.stderr)
    case.assertEqual(done.stderr, "")
