#include "admin/api/sentences.hpp"

#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace hauspost;
using namespace hauspost::admin;
using hauspost::test::test_places;

TEST_CASE("admin sentences: each refusal has a name and a sentence of its own, all filled in") {
    std::set<std::string_view> names;
    std::set<std::string> sentences;
    const auto last = static_cast<std::size_t>(refusal_code::sending_off);
    for (std::size_t n = 0; n <= last; ++n) {
        auto why = refuse(static_cast<refusal_code>(n), "sub@a.example", "other.example");
        why.password_faults = {sasl::password_fault::dates};
        names.insert(api::name_of(why.code));
        const auto text = api::sentence_of(why, test_places);
        CHECK_MESSAGE(text.find_first_of("{}`") == std::string::npos, text);
        CHECK_MESSAGE((text.ends_with('.') && text.find("  ") == std::string::npos), text);
        sentences.insert(text);
    }
    CHECK(names.size() == last + 1);
    CHECK(sentences.size() == last + 1);
}

TEST_CASE("admin sentences: they send their reader where the transport says") {
    const auto why = refuse(refusal_code::no_such_account, "x@xn--mller-kva.example");
    CHECK(api::sentence_of(why, test_places) ==
          "There is no account x@m\xc3\xbcller.example: <accounts> shows all.");
    CHECK(api::sentence_of(refuse_number(refusal_code::no_such_message, 8), test_places) ==
          "No message with the number 8 waits: <queue> shows all.");
}

TEST_CASE("admin sentences: what was typed is cut and shows no control characters") {
    const auto why = refuse(refusal_code::not_an_address, std::string(5000, '\x1b'));
    const auto text = api::sentence_of(why, test_places);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.size() < 300);
    // A brace is a letter like any other.
    CHECK(api::sentence_of(refuse(refusal_code::not_a_domain, "{number}"), test_places)
              .starts_with("\"{number}\" is not"));
}

TEST_CASE("admin sentences: each password fault names its rule and holds no password") {
    using sasl::password_fault;
    std::set<std::string> texts;
    for (const auto fault :
         {password_fault::no_text, password_fault::too_short, password_fault::too_long,
          password_fault::holds_user_name, password_fault::holds_domain_name,
          password_fault::repeats, password_fault::rows, password_fault::known_words,
          password_fault::dates, password_fault::guessable}) {
        const auto text = api::sentence_of(fault, sasl::password_rules{});
        CHECK(text.find("The password") == 0);
        texts.insert(text);
    }
    CHECK(texts.size() == 10);
    auto both = refuse(refusal_code::password_refused);
    both.password_faults = {password_fault::too_short, password_fault::holds_user_name};
    const auto text = api::sentence_of(both, test_places);
    CHECK(text.find("12 characters. The password contains the name") != std::string::npos);
}

TEST_CASE("admin sentences: a list names twenty and counts the rest") {
    using api::listed;
    CHECK(listed({}).empty());
    CHECK(listed({"a", "b"}) == "a, b");
    CHECK(listed(std::vector<std::string>(20, "a")).find("more") == std::string::npos);
    CHECK(listed(std::vector<std::string>(23, "a")).ends_with("a and 3 more"));
}
