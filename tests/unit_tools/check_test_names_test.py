"""tools/check_test_names.py finds names that CMake's lists take apart."""

import unittest

import check_test_names


def lines(source):
    return [line for line, _ in check_test_names.findings(source)]


class Names(unittest.TestCase):
    def test_a_semicolon_is_found_also_in_a_name_of_several_pieces(self):
        self.assertEqual(lines('TEST_CASE("one; two") {\n}\n'
                               'TEST_CASE(\n    "three "\n    "four; five" * doctest::skip()) {'),
                         [1, 3])

    def test_a_lone_bracket_is_found(self):
        self.assertEqual(lines('TEST_CASE("BODY[ is cut") {}\nTEST_CASE("BODY[] is whole") {}'), [1])

    def test_other_texts_may_hold_both(self):
        self.assertEqual(lines('TEST_CASE("plain: (a, b) * c") { CHECK(";["); }\n'
                               'SUBCASE("one; two") {}'), [])


if __name__ == "__main__":
    unittest.main()
