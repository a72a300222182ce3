#include "admin/page.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::admin;

TEST_CASE("admin filter: holds without case, in texts of plain letters and of others") {
    const auto holds = [](const char* filter, const char* text) {
        return text_filter(filter).wants({text});
    };
    CHECK(holds("", ""));
    CHECK(holds("ANNA", "anna@a.example"));
    CHECK(holds("anna@a.example", "Anna@A.Example"));
    CHECK(holds("@a.e", "anna@a.example"));
    CHECK_FALSE(holds("anna@b", "anna@a.example"));
    CHECK_FALSE(holds("annaannaanna", "anna"));
    CHECK(holds("MÜLLER", "Frau Müller"));
    CHECK(holds("mu\u0308ller", "Frau M\u00dcLLER"));
    CHECK_FALSE(holds("müller", "Frau Mueller"));
    // Both spellings of a domain.
    CHECK(holds("größe", "anna@xn--gre-6ka8i.example"));
    CHECK(holds("XN--GRE", "anna@xn--gre-6ka8i.example"));
    CHECK(holds("xn--", "a note on xn--something"));
    CHECK(holds("a--b", "a--b"));
    CHECK(text_filter("x").wants({"a", "b", "X"}));
    CHECK_FALSE(text_filter("x").wants({"a", "b"}));
    CHECK(text_filter("bob").wants_any_line("anna@a.example\nBob@a.example\n"));
}
