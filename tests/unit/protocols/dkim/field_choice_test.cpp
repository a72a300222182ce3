#include "protocols/dkim/field_choice.hpp"

#include "protocols/dkim/limits.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hauspost::dkim;

namespace {

std::size_t times(const std::vector<std::string>& names, std::string_view name) {
    return static_cast<std::size_t>(std::count(names.begin(), names.end(), name));
}

}  // namespace

TEST_CASE("D11 dkim field choice: what a reader shows once is named once more than it is there") {
    const auto index = field_index::of("From: a\r\nto: b\r\nTo: c\r\nSubject: d\r\n");
    const auto names = choose_fields(*index);
    REQUIRE(names.has_value());
    CHECK(times(*names, "From") == 2);
    CHECK(times(*names, "To") == 3);
    CHECK(times(*names, "Subject") == 2);
    for (const auto* absent : {"Cc", "Reply-To", "Date", "Message-ID", "Content-Type",
                               "MIME-Version", "Content-Transfer-Encoding"})
        CHECK_MESSAGE(times(*names, absent) == 1, absent);
}

TEST_CASE("dkim field choice: others as often as they are there, trace fields never") {
    const auto index = field_index::of(
        "Received: x\r\nReturn-Path: <>\r\nDKIM-Signature: v=1\r\nAuthentication-Results: y\r\n"
        "From: a\r\nReferences: b\r\nList-Unsubscribe-Post: c\r\nX-Own: d\r\n");
    const auto names = choose_fields(*index);
    REQUIRE(names.has_value());
    CHECK(times(*names, "References") == 1);
    CHECK(times(*names, "List-Unsubscribe-Post") == 1);
    CHECK(times(*names, "Sender") == 0);
    for (const auto* never :
         {"Received", "Return-Path", "DKIM-Signature", "Authentication-Results", "X-Own"})
        CHECK_MESSAGE(times(*names, never) == 0, never);
}

TEST_CASE("dkim field choice: more names than a verifier reads are too many") {
    std::string header = "From: a\r\n";
    const auto guards = choose_fields(*field_index::of(header))->size();
    for (std::size_t i = guards; i < limits::max_signed_names; ++i)
        header += "To: b\r\n";
    CHECK(choose_fields(*field_index::of(header))->size() == limits::max_signed_names);
    CHECK(!choose_fields(*field_index::of(header + "To: b\r\n")));
}
