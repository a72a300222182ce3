#include "server/command_requests.hpp"

#include "server/config_values.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>

namespace hauspost::server {
namespace {

enum class takes { nothing, address, domain };
enum class leads_to { nobody, one, some, maybe_some };

}  // namespace

struct command_requests::spec {
    const char* group;
    const char* name;
    const char* help;
    takes subject = takes::nothing;
    leads_to targets = leads_to::nobody;
    bool password = false;
    bool about = false;      // display name, note, quota
    bool keep_copy = false;  // whether a copy stays
    bool within = false;     // how long ago at most
};

const std::vector<command_requests::spec>& command_requests::specs() {
    using enum takes;
    using enum leads_to;
    static const std::vector<spec> all{
        {"domain", "add", "Take mail for a domain", domain},
        {"domain", "remove", "Forget a domain that has no accounts", domain},
        {"domain", "list", "Show all domains"},
        {"account", "add", "Make an account", address, nobody, true, true},
        {"account", "remove", "Remove an account and its mail", address},
        {"account", "list", "Show all accounts"},
        {"account", "purge", "Free an account's deleted mail for good, a removed one's too",
         address},
        {"account", "restore", "Bring an account's deleted mail back", address, nobody, false,
         false, false, true},
        {"account", "password", "Set a new password", address, nobody, true},
        {"account", "enable", "Switch an account on", address},
        {"account", "disable", "Switch an account off; its mail stays", address},
        {"alias", "add", "Send an address's mail on to others", address, some},
        {"alias", "remove", "Remove targets, or the whole alias", address, maybe_some},
        {"alias", "list", "Show all aliases"},
        {"forward", "set", "Send an account's mail on", address, some, false, false, true},
        {"forward", "clear", "Send an account's mail on no more", address},
        {"forward", "list", "Show the accounts whose mail goes on"},
        {"catchall", "set", "Take a domain's mail to unknown addresses", domain, one},
        {"catchall", "clear", "Refuse a domain's mail to unknown addresses", domain},
        {"queue", "list", "Show the mail that waits to leave"},
    };
    return all;
}

command_requests::command_requests(CLI::App& app) {
    static const std::map<std::string, const char*> helps{{"domain", "Domains"},
                                                          {"account", "Accounts and passwords"},
                                                          {"alias", "Aliases"},
                                                          {"forward", "Forwards of accounts"},
                                                          {"catchall", "Mail to unknown addresses"},
                                                          {"queue", "Mail that waits to leave"}};
    std::map<std::string, CLI::App*> groups;
    for (const auto& what : specs()) {
        auto*& group = groups[what.group];
        if (group == nullptr) {
            group = app.add_subcommand(what.group, helps.at(what.group));
            group->require_subcommand(1);
        }
        declare(*group, what);
    }
    static const spec check{"", "check", "Verify the whole store; slow, reads all mail"};
    declare(app, check);
    static const spec put_back{"", "put-back",
                               "Say that data_dir is an older copy (a snapshot of the disk or the "
                               "machine); others are noticed at the start"};
    declare(app, put_back);
}

void command_requests::declare(CLI::App& group, const spec& what) {
    auto* app = group.add_subcommand(what.name, what.help);
    commands_.push_back({&what, app});
    app->add_flag("--json", as_json_, "Print the answer as JSON");
    if (what.subject == takes::address)
        app->add_option("address", subject_, "As anna@example.test")->required();
    if (what.subject == takes::domain)
        app->add_option("domain", subject_, "As example.test")->required();
    if (what.targets == leads_to::one)
        app->add_option("target", target_, "Address that gets the mail")->required();
    if (what.targets == leads_to::some)
        app->add_option("targets", targets_, "Addresses that get the mail")->required();
    if (what.targets == leads_to::maybe_some)
        app->add_option("targets", targets_, "Addresses to take out; none: all of it");
    if (what.password)
        app->add_flag("--generate", generate_,
                      "Make a password up and print it once, instead of reading one line from "
                      "standard input (nothing there: made up as well)");
    if (what.about) {
        app->add_option("--name", display_name_, "Display name");
        app->add_option("--note", note_, "A note for the operator");
        app->add_option("--quota", quota_, "Room for its mail, as \"2 GiB\"; 0: no limit");
    }
    if (what.within)
        app->add_option("--within", within_,
                        "Only what was deleted so lately, as \"2h\" or \"3d\"");
    if (what.keep_copy) app->add_flag("--no-copy", no_copy_, "Keep no copy in the own mailbox");
}

const command_requests::declared* command_requests::given() const {
    const auto found = std::find_if(commands_.begin(), commands_.end(),
                                    [](const auto& one) { return one.app->parsed(); });
    return found == commands_.end() ? nullptr : &*found;
}

bool command_requests::wants_password() const {
    const auto* command = given();
    return command != nullptr && command->what->password && !generate_;
}

std::optional<admin::json::object> command_requests::request() const {
    const auto* command = given();
    if (command == nullptr) return std::nullopt;
    const auto& what = *command->what;
    admin::json::object request;
    const std::string group = what.group;
    request["command"] = group.empty() ? what.name : group + " " + what.name;
    if (what.subject == takes::address) request["address"] = subject_;
    if (what.subject == takes::domain) request["name"] = subject_;
    if (what.targets == leads_to::one) request["target"] = target_;
    if (!targets_.empty())
        request["targets"] = admin::json::array(targets_.begin(), targets_.end());
    if (what.about) {
        request["display_name"] = display_name_;
        request["note"] = note_;
    }
    if (!quota_.empty()) {
        const auto size = parse_octet_size(quota_);
        if (!size) throw CLI::ValidationError("--quota", "write a size as \"2 GiB\", or 0");
        request["quota_octets"] = size->octets;
    }
    if (!within_.empty()) {
        const auto time = parse_duration(within_);
        if (!time) throw CLI::ValidationError("--within", "write a time as \"2h\" or \"3d\"");
        request["within_seconds"] = time->count();
    }
    if (what.keep_copy) request["keep_copy"] = !no_copy_;
    return request;
}

}  // namespace hauspost::server
