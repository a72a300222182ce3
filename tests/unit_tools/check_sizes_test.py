"""tools/check_sizes.py measures functions, not initialisers or control blocks; and classes with
what belongs to them in other files."""

import pathlib
import unittest

import check_sizes


def measured(source):
    return [(line, length) for line, length, _ in check_sizes.functions(source)]


class Functions(unittest.TestCase):
    def test_functions_in_namespaces_and_classes_are_measured_from_header_to_brace(self):
        self.assertEqual(measured("""namespace a {
class b : public c<int()> {
    int one() const { return 1; }
    void two(
        int x) {
        if (x) { y(); }
    }
};
}
"""), [(3, 1), (4, 4)])

    def test_a_constructor_with_braced_initialisers_is_one_function(self):
        self.assertEqual(measured("""b::b(int x)
    : a_{x},
      c_(x) {
    go();
}
int z() { return 0; }
"""), [(1, 5), (6, 1)])

    def test_tables_and_enums_are_not_functions(self):
        self.assertEqual(measured("""enum class e { a, b };
const row table[] = {{1, f(2)}, {3, 4}};
std::array<int, 2> x{1, 2};
"""), [])

    def test_macros_and_comments_are_left_out(self):
        self.assertEqual(measured("#define F(x) \\\n  { x }\n// int f() {\nint g() {}\n"), [(4, 1)])

    def test_a_test_case_counts_as_a_function(self):
        self.assertEqual(measured('TEST_CASE("a { b") {\n    CHECK(1);\n}\n'), [(1, 3)])

    def test_a_test_suite_is_a_scope_around_its_cases(self):
        self.assertEqual(measured('TEST_SUITE("s") {\nTEST_CASE("a") {\n}\nTEST_CASE("b") {\n}\n}\n'),
                         [(2, 2), (4, 2)])


HEADER = """namespace a {
class big final : public base<int()> {
public:
    int one() { return 1; }
    void two();
    struct inner { int x() { return 2; } };
};
enum class e { a };
class declared;
}
"""


class Classes(unittest.TestCase):
    def sizes(self, *sources):
        return check_sizes.class_sizes([(pathlib.PurePosixPath(path), text)
                                        for path, text in sources])

    def test_a_class_is_its_body_and_its_functions_in_other_files(self):
        sizes = self.sizes(("x/big.hpp", HEADER), ("x/two.cpp", "void big::two() {\n\n}\n"))
        self.assertEqual(sizes[pathlib.PurePosixPath("x"), "big"], [5 + 3, 2 + 1])
        self.assertEqual(sizes[pathlib.PurePosixPath("x"), "inner"], [0, 1])
        self.assertEqual(len(sizes), 2)

    def test_functions_below_a_folder_belong_to_its_class_those_beside_it_do_not(self):
        sizes = self.sizes(("x/big.hpp", HEADER), ("x/y/two.cpp", "void big::two() {\n}\n"),
                           ("z/two.cpp", "void big::two() {\n}\n"))
        self.assertEqual(sizes[pathlib.PurePosixPath("x"), "big"], [5 + 2, 2 + 1])

    def test_partitions_of_one_room_share_their_classes(self):
        sizes = self.sizes(("a/b/c/core/big.hpp", HEADER),
                           ("a/b/c/more/two.cpp", "void big::two() {\n}\n"),
                           ("a/b/d/two.cpp", "void big::two() {\n}\n"))
        self.assertEqual(sizes[pathlib.PurePosixPath("a/b/c/core"), "big"], [5 + 2, 2 + 1])

    def test_a_large_class_fails_unless_it_is_named_and_a_needless_name_fails(self):
        sizes = {("x", "long"): [501, 1], ("x", "wide"): [1, 41], ("x", "right"): [500, 40]}
        self.assertEqual(
            [failed for _, failed in check_sizes.large_classes(
                sizes, {"x: long": "why", "x: right": "why"})], [False, True, True])


class Rooms(unittest.TestCase):
    def test_a_room_is_the_second_folder_of_a_wing_and_else_the_first(self):
        for path, room in (("protocols/imap/session/core/x.cpp", "protocols/imap"),
                           ("storage/lmdb/x.cpp", "storage/lmdb"), ("storage/x.hpp", "storage"),
                           ("admin/api/x.cpp", "admin"), ("server/main.cpp", "server")):
            self.assertEqual(check_sizes.room_of(pathlib.Path(path)), room)

    def test_one_that_has_more_than_its_share_is_named(self):
        lengths = [(pathlib.Path(f"{room}/x.cpp"), 24) for room in ("admin", "base", "certs")]
        lengths.append((pathlib.Path("protocols/imap/x.cpp"), 28))
        self.assertEqual(check_sizes.large_rooms(lengths), [])
        lengths.append((pathlib.Path("protocols/imap/y.cpp"), 1))
        self.assertEqual([room for room, _ in check_sizes.large_rooms(lengths)], ["protocols/imap"])



if __name__ == "__main__":
    unittest.main()