#include "server/config/item_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::server;

namespace {

struct typed_items {
    config values;
    std::vector<config_item> all = config_items(values);

    const config_item& item(const std::string& name) {
        for (const auto& one : all)
            if (full_name(one) == name) return one;
        throw std::logic_error("no item " + name);
    }
    /// What the item is afterwards, or the number of the fault.
    std::string set(const std::string& name, const std::string& text) {
        const auto fault = set_from_text(item(name), text);
        if (fault != text_fault::none) return "fault " + std::to_string(static_cast<int>(fault));
        return text_of(item(name));
    }
    static std::string fault(text_fault of) {
        return "fault " + std::to_string(static_cast<int>(of));
    }
};

}  // namespace

TEST_CASE("item text: each kind is read as people type it, and told in its largest unit") {
    typed_items t;
    CHECK(t.set("accounts.password_min_characters", " 14 ") == "14");
    CHECK(t.values.passwords.min_characters == 14);
    CHECK(t.set("accounts.default_quota", "2048 MiB") == "2 GiB");
    CHECK(t.values.default_quota == 2ULL << 30);
    CHECK(t.set("accounts.default_quota", "1048577") == "1048577");
    CHECK(t.set("accounts.retention", "48h") == "2d");
    CHECK(t.set("accounts.retention", "90s") == "90s");
    CHECK(t.set("accounts.retention", "0") == "0");
    CHECK(t.set("trace.subjects", "ON") == "on");
    CHECK(t.values.store.trace_subjects);
    CHECK(t.set("trace.subjects", "false") == "off");
    CHECK(t.set("delivery.report_language", "de") == "de");
    CHECK(t.set("delivery.owner_mailbox", "anna@a.example") == "anna@a.example");
    CHECK(t.set("delivery.owner_mailbox", "") == "");
}

TEST_CASE("item text: an item that is off is told as 0, whatever stands in its field") {
    typed_items t;
    CHECK(t.set("limits.message_size", "0") == "0");
    CHECK(t.values.smtp.limits.max_message_octets > 1ULL << 40);
    CHECK(t.set("limits.message_size", "25 MiB") == "25 MiB");
}

TEST_CASE("item text: what is no value is told apart, and changes nothing") {
    typed_items t;
    const config before;
    for (const auto* wrong : {"", "twelve", "12.5", "-1", "12 characters", "0x10"})
        CHECK(t.set("accounts.password_min_characters", wrong) ==
              typed_items::fault(text_fault::no_count));
    CHECK(t.set("accounts.default_quota", "much") == typed_items::fault(text_fault::no_size));
    for (const auto* wrong : {"long", "30", "1"})
        CHECK(t.set("accounts.retention", wrong) == typed_items::fault(text_fault::no_time));
    CHECK(t.set("trace.subjects", "1") == typed_items::fault(text_fault::no_flag));
    CHECK(t.set("delivery.report_language", "fr") == typed_items::fault(text_fault::none_of_words));
    CHECK(t.set("delivery.owner_mailbox", std::string(max_item_text + 1, 'a')) ==
          typed_items::fault(text_fault::too_long));
    CHECK(t.set("delivery.owner_mailbox", "\xff") == typed_items::fault(text_fault::too_long));
    for (const auto* wrong : {"0", "129", "18446744073709551615"})
        CHECK(t.set("accounts.password_min_characters", wrong) ==
              typed_items::fault(text_fault::out_of_range));
    CHECK(t.set("accounts.default_quota", "1 KiB") == typed_items::fault(text_fault::out_of_range));
    CHECK(t.values.passwords.min_characters == before.passwords.min_characters);
    CHECK(t.values.default_quota == before.default_quota);
}

TEST_CASE("item text: the default of each item that is the owner's is a value that may be typed") {
    typed_items t;
    int owners = 0;
    for (const auto& one : t.all) {
        if (!one.is_owners) continue;
        ++owners;
        const auto usual = text_of(one);
        CHECK_MESSAGE(set_from_text(one, usual) == text_fault::none, full_name(one));
        CHECK(text_of(one) == usual);
    }
    CHECK(owners == 17);
}
