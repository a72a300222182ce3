#include "protocols/imap/session/commands.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

using namespace hauspost::imap;

namespace {

template <std::size_t... Places>
std::vector<command> one_of_each(std::index_sequence<Places...>) {
    std::vector<command> all;
    (all.emplace_back(std::in_place_index<Places>), ...);
    return all;
}

std::vector<command> one_of_each() {
    return one_of_each(std::make_index_sequence<std::variant_size_v<command>>());
}

}  // namespace

TEST_CASE("imap commands: each has a name of its own and a state in which it is allowed") {
    std::set<std::string_view> names;
    for (const auto& one : one_of_each()) {
        const auto& rule = rule_of(one);
        CHECK_MESSAGE(names.insert(rule.name).second, rule.name);
        const bool is_allowed_somewhere = is_allowed(rule, phase::not_authenticated) ||
                                          is_allowed(rule, phase::authenticated) ||
                                          is_allowed(rule, phase::selected);
        CHECK_MESSAGE(is_allowed_somewhere, rule.name);
        CHECK_MESSAGE(!is_allowed(rule, phase::closing), rule.name);
    }
}

TEST_CASE("imap commands: what changes the selected mailbox needs one that may be written") {
    for (const auto& one : one_of_each())
        if (rule_of(one).needs_writable) CHECK(rule_of(one).needs_selection);
    CHECK(rule_of(command(cmd::store())).needs_writable);
    CHECK(rule_of(command(cmd::move())).needs_writable);
    CHECK_FALSE(rule_of(command(cmd::copy())).needs_writable);
}

TEST_CASE("imap commands: no expunge is told with an answer that has sequence numbers") {
    for (const auto& one : one_of_each())
        if (rule_of(one).syncs_first) CHECK_FALSE(rule_of(one).may_tell_expunge);
    CHECK_FALSE(rule_of(command(cmd::fetch())).may_tell_expunge);
    CHECK_FALSE(rule_of(command(cmd::store())).may_tell_expunge);
    CHECK_FALSE(rule_of(command(cmd::search())).may_tell_expunge);
    CHECK(rule_of(command(cmd::noop())).may_tell_expunge);
}

TEST_CASE("imap commands: APPEND and REPLACE have rules like the others") {
    cmd::append wanted;
    CHECK(rule_of(wanted).name == "APPEND");
    CHECK_FALSE(rule_of(wanted).needs_selection);
    CHECK_FALSE(uses_sequence_numbers(wanted));
    wanted.replaces.emplace();
    CHECK(rule_of(wanted).name == "REPLACE");
    CHECK(rule_of(wanted).needs_writable);
    CHECK(rule_of(wanted).always_syncs);
    CHECK(uses_sequence_numbers(wanted));
    wanted.replaces->by_uid = true;
    CHECK_FALSE(uses_sequence_numbers(wanted));
}
