#include "server/config/config_change.hpp"

#include "server/config/config_items.hpp"
#include "tests/support/test_data.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <string>
#include <variant>

using namespace hauspost::server;

namespace {

/// Gives an item a value that it did not have, within its range.
void change(const config_item& item) {
    switch (item.kind) {
    case item_kind::text:
        return item.set(item.words.empty() ? "changed" : std::string(item.words.back()));
    case item_kind::flag: {
        const bool was = *std::get<bool*>(item.fields.front().at);
        return item.set(!was);
    }
    case item_kind::addresses: return item.set(endpoints{{"192.0.2.1", 25}});
    case item_kind::count:
    case item_kind::octets:
    case item_kind::time: {
        config before;
        for (const auto& same : config_items(before))
            if (full_name(same) == full_name(item)) {
                item.set(item.most);
                if (item.has_value_of(same)) item.set(item.least);
            }
    }
    }
}

/// The items that conf/hauspost.toml marks with (reload): in the comment above a group of items, or
/// from a line on for the rest of the section.
std::set<std::string> marked_items() {
    std::ifstream file(hauspost::test::test_data() / "../../conf/hauspost.toml");
    std::set<std::string> marked;
    std::string line, section, comment;
    bool all = false;
    bool in_comment = false;
    while (std::getline(file, line)) {
        if (line.starts_with("#") && !line.starts_with("# ") && line.size() > 1)
            line.erase(0, 1);  // the owner's
        if (line.starts_with("#")) {
            comment = in_comment ? comment + " " + line.substr(1) : line.substr(1);
            in_comment = true;
            all = all || line.find("From here on all of this section: (reload)") != line.npos;
            continue;
        }
        in_comment = false;
        if (line.empty()) comment.clear();
        if (line.starts_with("[")) {
            section = line.substr(1, line.find(']') - 1) + ".";
            all = false;
            comment.clear();
        }
        const auto equals = line.find(" = ");
        if (equals == line.npos) continue;
        if (all || comment.find("(reload)") != comment.npos)
            marked.insert(section + line.substr(0, equals));
    }
    return marked;
}

}  // namespace

TEST_CASE("config change: what conf/hauspost.toml marks is what reloads, item by item") {
    config values;
    const auto marked = marked_items();
    CHECK(marked.size() > 40);
    for (const auto& item : config_items(values))
        CHECK_MESSAGE(marked.contains(full_name(item)) == item.reloads, full_name(item));
}

TEST_CASE("config change: each item that reloads is taken over, each other one waits") {
    const config running;
    config fresh;
    for (const auto& item : config_items(fresh)) {
        config one = running;
        config_item there = item;
        for (const auto& same : config_items(one))
            if (full_name(same) == full_name(item)) there = same;
        change(there);
        const auto made = change_of(running, one);
        REQUIRE(differences(running, one) == std::vector{full_name(item)});
        const std::vector<std::string> name{full_name(item)};
        CHECK_MESSAGE(made.applied == (item.reloads ? name : std::vector<std::string>{}), name[0]);
        CHECK_MESSAGE(made.waiting == (item.reloads ? std::vector<std::string>{} : name), name[0]);
        CHECK_MESSAGE(differences(made.values, item.reloads ? one : running).empty(), name[0]);
    }
}

TEST_CASE("config change: the same file again changes nothing") {
    config running;
    running.smtp.limits.max_message_octets = 12'345;
    const auto made = change_of(running, running);
    CHECK(differences(made.values, running).empty());
    CHECK(made.applied.empty());
    CHECK(made.waiting.empty());
}
