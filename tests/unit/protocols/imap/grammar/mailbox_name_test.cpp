#include "protocols/imap/grammar/mailbox_name.hpp"

#include "protocols/imap/grammar/limits.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace std::string_literals;

TEST_CASE("modified UTF-7: names of RFC 3501 5.1.3 and others go there and back") {
    struct pair {
        std::string wire;
        std::string name;
    };
    const pair pairs[] = {
        {"~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"},
        {"Entw&APw-rfe", "Entwürfe"},
        {"&-", "&"},
        {"a&-b", "a&b"},
        {"&-&-", "&&"},
        {"&AOk-&-", "é&"},
        {"&2D3eCg-", "😊"},
        {"&AOkA6QDp-", "ééé"},
        {"", ""},
        {"INBOX", "INBOX"},
        {"&AAAAAQ-", "\0\x01"s},
        {"&AH8-", "\x7f"},
    };
    for (const auto& one : pairs) {
        CHECK_MESSAGE(decode_mutf7(one.wire) == one.name, one.wire);
        CHECK_MESSAGE(encode_mutf7(one.name) == one.wire, one.wire);
    }
}

TEST_CASE("modified UTF-7: what has a second spelling or none is refused (B07)") {
    for (const auto& text : {"&"s,            // no end
                             "&AA"s,          //
                             "&AOk"s,         //
                             "&A-"s,          // half a unit
                             "&AA-"s,         //
                             "&AOkA-"s,       // left-over digit
                             "&AOl-"s,        // left-over bits
                             "&AEE-"s,        // "A" encoded
                             "&AC8-"s,        // "/" encoded
                             "&ACY-"s,        // "&" encoded
                             "&2D0-"s,        // high surrogate alone
                             "&3go-"s,        // low surrogate alone
                             "&2D3YPQ-"s,     // two high ones
                             "&AOk-&AOk-"s,   // two runs side by side
                             "&AO/-"s,        // base64 of other standards
                             "&AO k-"s,       //
                             "caf\xc3\xa9"s,  // 8-bit
                             "a\rb"s,         //
                             "a\nb"s,         //
                             "a\0b"s,         //
                             "a\x7f"s})
        CHECK_MESSAGE(decode_mutf7(text) == std::nullopt, text);
}

TEST_CASE("modified UTF-7: names that are not UTF-8 are repaired before they are encoded") {
    CHECK(encode_mutf7("a\xff") == "a&,,0-");
    CHECK(decode_mutf7("a&,,0-") == "a\xef\xbf\xbd");
}

TEST_CASE("mailbox name: INBOX has no case, also as the first level") {
    CHECK(canonical_mailbox("inbox") == "INBOX");
    CHECK(canonical_mailbox("InBox/Work") == "INBOX/Work");
    CHECK(canonical_mailbox("inboxes") == "inboxes");
    CHECK(canonical_mailbox("a/inbox") == "a/inbox");
}

TEST_CASE("mailbox name: path tricks are plain names or refused, never paths (B07)") {
    for (const auto* name : {".", "..", "~user", "../x", "a/../b", "Größe", "שלום", "a b", "&"})
        CHECK_MESSAGE(check_mailbox_name(name) == name_fault::none, name);
    CHECK(check_mailbox_name("/abs") == name_fault::empty_level);
    CHECK(check_mailbox_name("a//b") == name_fault::empty_level);
    CHECK(check_mailbox_name("a/") == name_fault::empty_level);
    CHECK(check_mailbox_name("") == name_fault::empty);
    CHECK(check_mailbox_name("a\0b"s) == name_fault::control);
    CHECK(check_mailbox_name("a\r\nb") == name_fault::control);
    CHECK(check_mailbox_name("a\x7f") == name_fault::control);
    CHECK(check_mailbox_name("a\xc2\x85") == name_fault::control);
    CHECK(check_mailbox_name("a\xe2\x80\xa8") == name_fault::control);
    CHECK(check_mailbox_name("a*") == name_fault::wildcard);
    CHECK(check_mailbox_name("%") == name_fault::wildcard);
    CHECK(check_mailbox_name("a\xff") == name_fault::not_utf8);
}

TEST_CASE("mailbox name: 255 octets and 20 levels are allowed, one more is not (B07)") {
    CHECK(check_mailbox_name(std::string(max_mailbox_octets, 'a')) == name_fault::none);
    CHECK(check_mailbox_name(std::string(max_mailbox_octets + 1, 'a')) == name_fault::too_long);
    std::string deep = "a";
    for (std::size_t level = 1; level < max_mailbox_levels; ++level)
        deep += "/a";
    CHECK(check_mailbox_name(deep) == name_fault::none);
    CHECK(check_mailbox_name(deep + "/a") == name_fault::too_deep);
}

TEST_CASE("mailbox name: each fault has a text of its own") {
    CHECK(text_of(name_fault::too_deep) != text_of(name_fault::too_long));
    CHECK(text_of(name_fault::control).find("control") != std::string_view::npos);
}
