"""tests/run_module.py: what ctest is told of a Python test module."""

import io
import unittest

from tests import run_module


def ran(*methods):
    case = type("Case", (unittest.TestCase,), {f"test_{n}": one for n, one in enumerate(methods)})
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
    return run_module.verdict(unittest.TextTestRunner(stream=io.StringIO()).run(suite))


class Verdict(unittest.TestCase):
    def test_all_passed_is_0(self):
        self.assertEqual(ran(lambda self: None), 0)

    def test_one_that_could_not_run_is_told_as_skipped(self):
        self.assertEqual(ran(lambda self: None, lambda self: self.skipTest("no root")), 77)

    def test_one_that_failed_is_no_skip(self):
        self.assertEqual(ran(lambda self: self.fail(), lambda self: self.skipTest("no root")), 1)

    def test_a_module_without_tests_fails(self):
        self.assertEqual(ran(), 1)


if __name__ == "__main__":
    unittest.main()
