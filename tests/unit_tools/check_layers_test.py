"""tools/check_layers.py refuses what its table does not name."""

import unittest

import check_layers
from cpp_source import ROOT

TABLE = check_layers.load("""
[groups]
impure = ["base/log.hpp", "fstream"]
[folders.base]
outside = ["fmt/"]
[folders.smtp]
ours = ["base"]
never = ["impure"]
[folders."smtp/session"]
ours = ["base", "smtp"]
outside = ["boost/asio/"]
[folders.server]
everything = true
""")


def faults(path, *includes):
    text = "".join(f"#include {name}\n" for name in includes)
    return [message for _, message in check_layers.faults(path, text, TABLE)]


class Layers(unittest.TestCase):
    def test_a_lower_folder_the_own_folder_and_the_standard_library_are_allowed(self):
        self.assertEqual(faults("smtp/a.cpp", '"smtp/a.hpp"', '"base/b.hpp"', "<string_view>"), [])

    def test_a_folder_above_is_refused(self):
        self.assertEqual(faults("smtp/a.cpp", '"smtp/session/s.hpp"'),
                         ["smtp may not include smtp/session (smtp/session/s.hpp)"])
        self.assertEqual(len(faults("base/a.cpp", '"smtp/a.hpp"')), 1)

    def test_a_library_that_is_not_named_is_refused(self):
        self.assertEqual(faults("smtp/a.cpp", "<lmdb.h>"), ["smtp may not include <lmdb.h>"])
        self.assertEqual(faults("smtp/session/a.cpp", "<boost/asio/post.hpp>"), [])

    def test_what_is_never_allowed_is_refused_although_its_folder_is_named(self):
        self.assertEqual(len(faults("smtp/a.cpp", '"base/log.hpp"', "<fstream>")), 2)

    def test_a_file_in_no_folder_is_refused(self):
        self.assertEqual(faults("other/a.cpp"), ["other/a.cpp is in no folder of tools/layers.toml"])

    def test_the_line_number_is_that_of_the_include(self):
        self.assertEqual(list(check_layers.faults("base/a.cpp", '\n\n# include "smtp/a.hpp"\n', TABLE)),
                         [(3, "base may not include smtp (smtp/a.hpp)")])

    def test_a_circle_in_the_table_is_found(self):
        table = check_layers.load('[folders.a]\nours=["b"]\n[folders.b]\nours=["c"]\n'
                                  '[folders.c]\nours=["a"]\n[folders.d]\nours=["a"]\n')
        self.assertEqual(check_layers.circles(table), ["a", "b", "c"])

    def test_the_real_table_has_no_circle_and_names_only_folders_that_exist(self):
        table = check_layers.load((ROOT / "tools/layers.toml").read_text(encoding="utf-8"))
        self.assertEqual(check_layers.circles(table), [])
        for folder in table:
            self.assertTrue((ROOT / folder).is_dir(), folder)


if __name__ == "__main__":
    unittest.main()
