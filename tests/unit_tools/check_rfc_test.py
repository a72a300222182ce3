"""tools/check_rfc.py compares citations with the table in both directions."""

import unittest

import check_rfc

TABLE = """
| RFC | title | status | our files |
|---|---|---|---|
| 5321 | SMTP | done | `docs` |
| 9051 | IMAP4rev2 | planned | |
"""


class Rfc(unittest.TestCase):
    def test_rows_and_citations_are_read(self):
        self.assertEqual(check_rfc.rows(TABLE)[5321], ("SMTP", "done", "`docs`"))
        self.assertEqual(check_rfc.cited("// RFC 5321 4.1, RFC 3207; not RFC-1 or 9051"), {5321, 3207})

    def test_a_citation_without_a_row_is_a_fault(self):
        bad = list(check_rfc.faults(check_rfc.rows(TABLE), {5321: "a.cpp", 7162: "b.cpp"}))
        self.assertEqual(bad, ["b.cpp: cites RFC 7162, which has no row in docs/rfc.md"])

    def test_a_done_row_that_nobody_cites_is_a_fault(self):
        self.assertEqual(len(list(check_rfc.faults(check_rfc.rows(TABLE), {}))), 1)

    def test_a_status_or_path_that_does_not_exist_is_a_fault(self):
        table = {1: ("t", "maybe", ""), 2: ("t", "part", "`no/such`")}
        self.assertEqual(len(list(check_rfc.faults(table, {}))), 2)


if __name__ == "__main__":
    unittest.main()
