#include "admin/api/help_command.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace hauspost::admin::api {
namespace {

/// As JSON has it; what is typed in another way on a command line is the same here.
const char* json_kind_of(const argument& one) {
    switch (one.of) {
    case argument::kind::text: break;
    case argument::kind::texts: return "texts";
    case argument::kind::number:
    case argument::kind::octets:
    case argument::kind::seconds: return "number";
    case argument::kind::yes:
    case argument::kind::flag:
    case argument::kind::on_off: return "boolean";
    case argument::kind::secret:
    case argument::kind::code: return "secret";
    }
    return "text";
}

const char* word_of(offered to) {
    switch (to) {
    case offered::everywhere: break;
    case offered::on_console: return "console";
    case offered::at_page: return "page";
    }
    return "everywhere";
}

json::object command_json(const command& what) {
    json::array taken;
    for (const auto& one : what.takes) {
        json::object argument;
        argument["name"] = one.key;
        argument["kind"] = json_kind_of(one);
        argument["required"] = one.required;
        taken.push_back(std::move(argument));
    }
    json::object made;
    made["name"] = what.name;
    made["help"] = what.help;
    made["offered"] = word_of(what.to);
    made["in_setup"] = what.in_setup;
    made["arguments"] = std::move(taken);
    return made;
}

awaitable<answer> tell_commands(const context&, const arguments&) {
    auto all = help_json(commands());
    co_return std::move(all);
}

}  // namespace

json::object help_json(const std::vector<command>& all) {
    json::array list;
    for (const auto& one : all)
        list.push_back(command_json(one));
    json::object done;
    done["commands"] = std::move(list);
    return done;
}

std::vector<command> help_commands() {
    return {
        {.name = "help",
         .help = "Say which commands there are, and what each of them takes",
         .run = tell_commands,
         .shown_as = shape::fields,
         .only_looks = true,
         .to = offered::at_page},
    };
}

}  // namespace hauspost::admin::api
