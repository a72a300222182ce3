#include "server/command_requests.hpp"

#include "base/ascii.hpp"
#include "server/config/config_values.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>
#include <string_view>

namespace hauspost::server {
namespace {

enum class takes { nothing, address, domain, number };
enum class leads_to { nobody, one, some, maybe_some };

/// Lists print "a@b.c,d@e.f"; that is taken as well.
admin::json::array split_targets(const std::vector<std::string>& typed) {
    admin::json::array targets;
    for (std::string_view rest : typed)
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            const auto one = ascii::trimmed(rest.substr(0, comma));
            if (!one.empty()) targets.emplace_back(one);
            rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
        }
    return targets;
}

}  // namespace

struct command_requests::spec {
    const char* group = "";
    const char* name = "";
    const char* help = "";
    takes subject = takes::nothing;
    leads_to targets = leads_to::nobody;
    bool password = false;
    bool about = false;      // display name, note, quota
    bool keep_copy = false;  // whether a copy stays
    bool within = false;     // how long ago at most
    bool renames = false;    // another address
    bool removes = false;    // asks at a terminal
    bool filter = false;     // of a list
};

const std::vector<command_requests::spec>& command_requests::specs() {
    using enum takes;
    using enum leads_to;
    constexpr spec remove{.removes = true};
    constexpr spec list{.filter = true};
    const auto of = [](spec made, const char* group, const char* name, const char* help,
                       takes subject = nothing, leads_to targets = nobody) {
        made.group = group;
        made.name = name;
        made.help = help;
        made.subject = subject;
        made.targets = targets;
        return made;
    };
    static const std::vector<spec> all{
        of({}, "domain", "add", "Take mail for a domain", domain),
        of(remove, "domain", "remove", "Forget a domain that has no accounts", domain),
        of(list, "domain", "list", "Show all domains, and where unknown addresses lead"),
        of({.password = true, .about = true}, "account", "add", "Make an account", address),
        of(remove, "account", "remove", "Remove an account and its mail", address),
        of(list, "account", "list", "Show all accounts"),
        of(remove, "account", "purge",
           "Free an account's deleted mail for good, a removed one's too", address),
        of({.within = true}, "account", "restore", "Bring an account's deleted mail back", address),
        of({}, "account", "show", "Show all that is known of one account", address),
        of({.about = true}, "account", "set", "Change quota, display name or note", address),
        of({.renames = true}, "account", "rename",
           "Give an account another address; its mail and password stay", address),
        of({.password = true}, "account", "password", "Set a new password", address),
        of({}, "account", "enable", "Switch an account on", address),
        of({}, "account", "disable", "Switch an account off; its mail stays", address),
        of({}, "alias", "add", "Send an address's mail on to others", address, some),
        of(remove, "alias", "remove", "Remove targets, or the whole alias", address, maybe_some),
        of(list, "alias", "list", "Show all aliases"),
        of({}, "alias", "enable", "Switch an alias on", address),
        of({}, "alias", "disable", "Switch an alias off; mail to it is refused", address),
        of({.keep_copy = true}, "forward", "set", "Send an account's mail on", address, some),
        of({}, "forward", "clear", "Stop sending an account's mail on", address),
        of(list, "forward", "list", "Show the accounts whose mail is sent on"),
        of({}, "catchall", "set", "Take a domain's mail to unknown addresses", domain, one),
        of({}, "catchall", "clear", "Refuse a domain's mail to unknown addresses", domain),
        of(list, "queue", "list", "Show the mail that waits to leave"),
        of({}, "queue", "show", "Show one message that waits", number),
        of(remove, "queue", "remove", "Give up a message that waits; its sender is not told",
           number),
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
    static const spec check{.name = "check",
                            .help = "Verify the whole store; slow, reads all mail"};
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
        app->add_option("address", subject_, "For example anna@example.org")->required();
    if (what.subject == takes::domain)
        app->add_option("domain", subject_, "For example example.org")->required();
    if (what.subject == takes::number)
        app->add_option("id", id_, "Its number in `queue list`")
            ->required()
            ->check(CLI::PositiveNumber);
    if (what.targets == leads_to::one)
        app->add_option("target", target_, "Address that gets the mail")->required();
    if (what.targets == leads_to::some)
        app->add_option("targets", targets_,
                        "Addresses that get the mail; several with blanks or commas between them")
            ->required();
    if (what.targets == leads_to::maybe_some)
        app->add_option("targets", targets_, "Addresses to take out; none: the whole alias");
    if (what.renames) {
        app->add_option("new_address", new_address_, "Its address from now on")->required();
        app->add_flag("--no-alias", no_alias_,
                      "Refuse mail to the old address, which else becomes an alias of the new one");
    }
    if (what.password)
        app->add_flag("--generate", generate_,
                      "Make up a password and print it once. Without this it is asked for at a "
                      "terminal, or read as one line from standard input; when there is none, one "
                      "is made up as well");
    if (what.about) {
        app->add_option("--name", display_name_, "Display name");
        app->add_option("--note", note_, "A note for the administrators");
        app->add_option("--quota", quota_, "Room for its mail, as \"2 GiB\"; 0: no limit");
    }
    if (what.within)
        app->add_option("--within", within_,
                        "Only what was deleted so lately, as \"2h\" or \"3d\"");
    if (what.removes)
        app->add_flag("--yes", yes_, "Do not ask; at anything but a terminal nobody is asked");
    if (what.filter)
        app->add_option("filter", filter_, "Show only what holds this text, in any case");
    if (what.keep_copy) app->add_flag("--no-copy", no_copy_, "Keep no copy in the account itself");
}

const command_requests::declared* command_requests::given() const {
    const auto found = std::find_if(commands_.begin(), commands_.end(),
                                    [](const auto& one) { return one.app->parsed(); });
    return found == commands_.end() ? nullptr : &*found;
}

bool command_requests::asks_first() const {
    const auto* command = given();
    // Taking single targets out of an alias can be put back as quickly.
    return command != nullptr && command->what->removes && !yes_ && targets_.empty();
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
    if (what.subject == takes::number) request["id"] = id_;
    if (what.targets == leads_to::one) request["target"] = target_;
    if (!targets_.empty()) request["targets"] = split_targets(targets_);
    if (what.filter && !filter_.empty()) request["filter"] = filter_;
    // Only what was typed: an empty text takes a name or note away.
    if (what.about && command->app->count("--name") > 0) request["display_name"] = display_name_;
    if (what.about && command->app->count("--note") > 0) request["note"] = note_;
    if (what.about && std::string_view(what.name) == "set" && request.size() == 2 && quota_.empty())
        throw CLI::ValidationError("account set", "say what to change: --quota, --name or --note");
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
    if (what.renames) request["new_address"] = new_address_;
    if (what.renames) request["keep_alias"] = !no_alias_;
    return request;
}

}  // namespace hauspost::server
