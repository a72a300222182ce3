#include "mail/object_id.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace hauspost;

namespace {

std::string mailbox_object_id(std::uint32_t account, std::uint32_t mailbox) {
    std::string text;
    mail::append_mailbox_object_id(text, account_id(account), mailbox_id(mailbox));
    return text;
}

std::string email_object_id(std::uint64_t blob, std::string_view prefix) {
    std::string text;
    mail::append_email_object_id(text, blob_id(blob), prefix);
    return text;
}

}  // namespace

TEST_CASE("object id: a letter, then characters of RFC 8474 7 only") {
    std::string text;
    mail::append_thread_object_id(text, 0x0123'4567'89ab'cdef);
    CHECK(text == "T0123456789abcdef");
    CHECK(email_object_id(7, "") == "M0000000000000007");
    CHECK(email_object_id(7, "A: b\r\n").starts_with("M0000000000000007"));
    const auto box = mailbox_object_id(1, 1);
    CHECK(box.front() == 'F');
    CHECK(std::all_of(box.begin(), box.end(), [](char c) {
        return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f') || c == 'F';
    }));
}

TEST_CASE("object id: no two mailboxes share one, the same one keeps it") {
    std::set<std::string> all;
    for (std::uint32_t account = 1; account <= 100; ++account)
        for (std::uint32_t box = 1; box <= 100; ++box)
            all.insert(mailbox_object_id(account, box));
    CHECK(all.size() == 10'000);
    CHECK(mailbox_object_id(3, 4) == mailbox_object_id(3, 4));
}

TEST_CASE("object id: copies with other header lines of their own are other messages") {
    CHECK(email_object_id(7, "Delivered-To: a\r\n") != email_object_id(7, "Delivered-To: b\r\n"));
    CHECK(email_object_id(7, "Delivered-To: a\r\n") == email_object_id(7, "Delivered-To: a\r\n"));
    CHECK(email_object_id(7, "") != email_object_id(8, ""));
}
