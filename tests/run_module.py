"""Runs one Python test module for ctest: `python3 run_module.py e2e.imap_test`.

Exit code 0: all its tests ran and passed. 77: none failed, but some could not run here; ctest says
"Skipped" then (SKIP_RETURN_CODE). Anything else: a test failed, or the module has none.
"""

import sys
import unittest

CANNOT_RUN_HERE = 77


def verdict(result):
    if not result.wasSuccessful() or result.testsRun == 0:
        return 1
    return CANNOT_RUN_HERE if result.skipped else 0


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromName(sys.argv[1])
    sys.exit(verdict(unittest.TextTestRunner(verbosity=2).run(suite)))
