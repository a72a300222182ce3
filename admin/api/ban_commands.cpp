#include "admin/api/ban_commands.hpp"

#include "admin/api/arguments.hpp"
#include "admin/api/ban_results.hpp"
#include "admin/api/in_json.hpp"
#include "admin/bans.hpp"

#include <utility>

namespace hauspost::admin::api {
namespace {

awaitable<answer> ban_list(const context& with, const arguments& given) {
    auto who = with.who;
    return in_json(with, list_bans(with.at, std::move(who), given.text("filter")), bans_json);
}
awaitable<answer> ban_lift(const context& with, const arguments& given) {
    return in_json(with, lift_bans(with.at, given.text("name")), lifted_json);
}
awaitable<answer> ban_add(const context& with, const arguments& given) {
    auto network = given.text("name");
    return in_json(with, add_ban(with.at, std::move(network), given.number_or_none("for_seconds")),
                   made_ban_json);
}

}  // namespace

std::vector<command> ban_commands() {
    using kind = argument::kind;
    return {
        {.name = "ban list",
         .help = "Show who may not try to sign in at present, and why",
         .run = ban_list,
         .takes = {{"filter", kind::text, false, "filter",
                    "Show only entries that contain this text, in upper or lower case"}},
         .shown_as = shape::list,
         .list = "bans",
         .columns = {"network", "account", "why", "times", "begun_at", "ends_at", "tried"},
         .only_looks = true},
        {.name = "ban lift",
         .help = "Let those try again who were banned; it holds at once",
         .run = ban_lift,
         .takes = {{"name", kind::text, true, "network",
                    "A network or an account of `ban list`, an address in such a network, or "
                    "\"owner\" for his page"}},
         .sees = ban_picture},
        {.name = "ban add",
         .help = "Refuse all sign-ins to mail from a network for a time; who is signed in stays",
         .run = ban_add,
         .takes = {{"name", kind::text, true, "network",
                    "An address, or an IPv6 network such as 2001:db8:1:2::/64"},
                   {"for_seconds", kind::seconds, false, "--for",
                    "How long, such as \"2h\" or \"7d\"; without it a day"}},
         .sees = ban_picture},
    };
}

}  // namespace hauspost::admin::api
