#include "admin/api/index_commands.hpp"

#include "admin/api/arguments.hpp"
#include "admin/api/in_json.hpp"
#include "admin/whole_store.hpp"

namespace hauspost::admin::api {
namespace {

json::object index_json(const index_figures& figures, const places&) {
    json::object done;
    done["accounts_ready"] = figures.accounts_ready;
    done["accounts_waiting"] = figures.accounts_waiting;
    done["messages"] = figures.messages;
    done["octets"] = figures.octets;
    return done;
}

awaitable<answer> index_status(const context& with, const arguments&) {
    return in_json(with, show_index(with.at), index_json);
}
awaitable<answer> index_rebuild(const context& with, const arguments& given) {
    return in_json(with, rebuild_index(with.at, given.text("address")));
}

}  // namespace

std::vector<command> index_commands() {
    return {
        {.name = "index status",
         .help = "Show how far the full-text index is, and what it takes",
         .run = index_status,
         .shown_as = shape::fields,
         .only_looks = true,
         .to = offered::on_console},
        {.name = "index rebuild",
         .help = "Build the full-text index anew in the background; searches are right meanwhile",
         .run = index_rebuild,
         .takes = {{"address", argument::kind::text, false, "address",
                    "Of this account; without it all"}},
         .to = offered::on_console},
    };
}

}  // namespace hauspost::admin::api
