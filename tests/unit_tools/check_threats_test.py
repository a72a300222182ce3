"""tools/check_threats.py holds docs/threats.md against the ids that the tree cites."""

import unittest

import check_threats

TABLE = """| id | who does what | what happens | |
|---|---|---|---|
| A01 | one | two | tested |
| B14 | one | two | built so |
"""


class Citations(unittest.TestCase):
    def test_comments_and_names_of_tests_cite_other_text_does_not(self):
        self.assertEqual(check_threats.cited('TEST_CASE("pop3: C01 numbers") { CHECK("D02"); }\n'
                                             'TEST_CASE_FIXTURE(server,\n    "mail: C02 one") {}\n'
                                             "auto x = F00; // bounded (B14, B15)\n"),
                         {"C01", "C02", "B14", "B15"})

    def test_a_python_test_cites_in_its_name_or_its_module_line(self):
        self.assertEqual(check_threats.cited('"""R6, I04: a full disk."""\n'
                                             "    def test_i05_a_failed_sync(self):\n"),
                         {"I04", "I05"})

    def test_octets_and_numbers_are_no_ids(self):
        self.assertEqual(check_threats.cited("// =C3=A4 \\xE2 %E4 0xE01 UTF-8, A1 B001\n"), set())


class Faults(unittest.TestCase):
    def test_a_table_that_fits_has_none(self):
        table = check_threats.rows(TABLE)
        self.assertEqual(table, {"A01": "tested", "B14": "built so"})
        self.assertEqual(list(check_threats.faults(table, {"A01": "x"}, {"A01"})), [])

    def test_missing_rows_and_wrong_states_are_told(self):
        table = check_threats.rows(TABLE)
        said = list(check_threats.faults(table | {"C01": "done"}, {"Z": "x", "D05": "a.cpp"},
                                         {"B14"}))
        self.assertEqual(len(said), 5, said)
        for text in ("cites D05", "A01 says tested", "B14 says 'built so'", "C01: 'done' is none"):
            self.assertTrue(any(text in one for one in said), text)


if __name__ == "__main__":
    unittest.main()
