#include "admin/api/setting_commands.hpp"

#include "admin/api/arguments.hpp"
#include "admin/api/in_json.hpp"
#include "admin/api/setting_results.hpp"
#include "admin/settings.hpp"

#include <utility>

namespace hauspost::admin::api {
namespace {

awaitable<answer> setting_list(const context& with, const arguments& given) {
    return in_json(with, list_settings(with.at, given.text("filter")), settings_json);
}
awaitable<answer> setting_set(const context& with, const arguments& given) {
    auto name = given.text("name");
    auto value = given.text("value");
    return in_json(
        with, set_setting(with.at, std::move(name), std::move(value), given.text_or_none("seen")),
        setting_json);
}
awaitable<answer> setting_reset(const context& with, const arguments& given) {
    auto name = given.text("name");
    return in_json(with, reset_setting(with.at, std::move(name), given.text_or_none("seen")),
                   setting_json);
}

}  // namespace

std::vector<command> setting_commands() {
    using kind = argument::kind;
    constexpr argument name{"name", kind::text, true, "name",
                            "As `setting list` shows it, for example accounts.retention"};
    // What a page showed when somebody decided.
    constexpr argument seen{"seen", kind::text};
    return {
        {.name = "setting list",
         .help = "Show what the owner can set, what holds, and who says so",
         .run = setting_list,
         .takes = {{"filter", kind::text, false, "filter",
                    "Show only entries that contain this text, in upper or lower case"}},
         .shown_as = shape::list,
         .list = "settings",
         .columns = {"name", "value", "source", "line", "default", "in_force"},
         .only_looks = true},
        {.name = "setting set",
         .help = "Set one; what the configuration file has stays as it says there",
         .run = setting_set,
         .takes = {name,
                   {"value", kind::text, true, "value",
                    "For example 30d, \"5 GiB\", 500, on or off, or anna@example.org"},
                   seen},
         .sees = setting_picture},
        {.name = "setting reset",
         .help = "Go back to the default of one",
         .run = setting_reset,
         .takes = {name, seen},
         .sees = setting_picture},
    };
}

}  // namespace hauspost::admin::api
