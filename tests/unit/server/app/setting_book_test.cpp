// What the owner sets, over the configuration file.
#include "server/app/setting_book.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::server;
using namespace std::chrono_literals;
using admin::known_setting;
using admin::refusal_code;

namespace {

storage::setting row_of(std::string name, std::string value) {
    storage::setting row;
    row.name = std::move(name);
    row.value = std::move(value);
    row.version = 1;
    return row;
}

loaded_config file_of(std::string_view text) {
    auto loaded = parse_config(text);
    REQUIRE(describe(loaded.faults, "f") == "");
    return loaded;
}

known_setting seen(const setting_book& book, std::string_view name) {
    for (auto& one : book.list())
        if (one.name == name) return one;
    throw std::logic_error("not listed");
}

std::string judged(const setting_book& book, const std::string& name, const std::string& typed) {
    const auto done = book.judge(name, typed);
    REQUIRE(done.has_value());
    return *done;
}

refusal_code refused(const setting_book& book, const std::string& name, const std::string& typed) {
    const auto done = book.judge(name, typed);
    REQUIRE_FALSE(done.has_value());
    return done.error().code;
}

}  // namespace

TEST_CASE("setting book: default, owner and file, the file above all") {
    const setting_book book(
        file_of("[accounts]\nretention = \"3d\"\n"),
        {row_of("accounts.retention", "9d"), row_of("accounts.default_quota", "1 GiB")});
    CHECK(book.values().store.retention == 3 * 24h);
    CHECK(book.values().default_quota == 1ULL << 30);
    const auto fixed = seen(book, "accounts.retention");
    CHECK(fixed.from == known_setting::source::by_file);
    CHECK(fixed.line == 2);
    CHECK(fixed.value == "3d");
    CHECK(fixed.number == 3 * 86'400);
    const auto own = seen(book, "accounts.default_quota");
    CHECK(own.from == known_setting::source::by_owner);
    CHECK(own.value == "1 GiB");
    CHECK(own.usual == "0");
    const auto usual = seen(book, "trace.keep_days");
    CHECK(usual.from == known_setting::source::by_default);
    CHECK(usual.value == usual.usual);
    for (const auto& one : book.list())
        CHECK_FALSE(one.waits);
}

TEST_CASE(
    "setting book: what is no item of the owner's, or no value, is left out and harms nobody") {
    const setting_book book(
        file_of(""), {row_of("hostname", "evil.example"), row_of("accounts.retention", "long"),
                      row_of("delivery.owner_mailbox", "no address"),
                      row_of("accounts.file_sent", "off"), row_of("accounts.ban", "1s")});
    CHECK(book.values().hostname.empty());
    CHECK(book.values().store.retention == 14 * 24h);
    CHECK(book.values().delivery.routing.owner_mailbox.empty());
    CHECK(book.values().logins.lockout.ban != 1s);
    CHECK_FALSE(book.values().files_sent);
}

TEST_CASE("setting book: a value is judged with all others, and brought into its form") {
    const setting_book book(file_of("[accounts]\npassword_max_characters = 20\n"), {});
    CHECK(judged(book, "accounts.retention", "48h") == "2d");
    CHECK(judged(book, "delivery.owner_mailbox", "Anna@M\xc3\xbcller.example") ==
          "anna@xn--mller-kva.example");
    CHECK(refused(book, "delivery.owner_mailbox", "anna") == refusal_code::not_an_address);
    CHECK(judged(book, "accounts.never_banned", "192.0.2.9/24,192.0.2.0/24") == "192.0.2.0/24");
    CHECK(refused(book, "accounts.never_banned", "everywhere") == refusal_code::not_networks);
    CHECK(refused(book, "accounts.never_banned", "0.0.0.0/0") == refusal_code::not_networks);
    CHECK(refused(book, "accounts.password_min_characters", "21") == refusal_code::setting_clash);
    CHECK(refused(book, "accounts.password_min_characters", "200") ==
          refusal_code::setting_out_of_range);
    CHECK(book.judge("accounts.retention", "9999d").error().other == "0, 1s - 3650d");
    CHECK(book.judge("delivery.report_language", "fr").error().other == "en, de");
    CHECK(refused(book, "hostname", "a.example") == refusal_code::no_such_setting);
}

TEST_CASE("setting book: who goes by it hears of a change, and what waits for a start is told") {
    setting_book book(file_of(""), {});
    config running = book.values();
    book.on_change([&running](const config& fresh) {
        running.store.retention = fresh.store.retention;  // and nothing else
        return running;
    });
    book.take_up({row_of("accounts.retention", "9d"), row_of("delivery.report_language", "de")});
    CHECK(running.store.retention == 9 * 24h);
    CHECK_FALSE(seen(book, "accounts.retention").waits);
    const auto later = seen(book, "delivery.report_language");
    CHECK_FALSE(later.is_at_once);
    CHECK(later.waits);
    CHECK(later.value == "de");
    CHECK(later.in_force == "en");
    book.take_up({});
    CHECK(running.store.retention == 14 * 24h);
    CHECK_FALSE(seen(book, "delivery.report_language").waits);
}

TEST_CASE("setting book: where no server runs nothing waits") {
    setting_book book(file_of(""), {});
    book.take_up({row_of("delivery.report_language", "de")});
    CHECK(seen(book, "delivery.report_language").value == "de");
    CHECK_FALSE(seen(book, "delivery.report_language").waits);
}

TEST_CASE("setting book: an item that is taken out of the file is the owner's again") {
    setting_book book(file_of("[trace]\nkeep_days = 3\n"), {row_of("trace.keep_days", "7")});
    CHECK(book.values().store.trace_days == 3);
    book.set_file(file_of(""));
    CHECK(book.values().store.trace_days == 7);
    CHECK(seen(book, "trace.keep_days").from == known_setting::source::by_owner);
}
