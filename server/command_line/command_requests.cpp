#include "server/command_line/command_requests.hpp"

#include "base/ascii.hpp"
#include "server/config/config_values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace hauspost::command_line {
namespace {

using admin::api::argument;
using admin::api::command;
namespace json = admin::api::json;

/// Lists print "a@b.c,d@e.f"; that is taken as well.
json::array split_texts(const std::vector<std::string>& typed) {
    json::array texts;
    for (std::string_view rest : typed)
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            const auto one = ascii::trimmed(rest.substr(0, comma));
            if (!one.empty()) texts.emplace_back(json::string_view(one));
            rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
        }
    return texts;
}

json::value octets_of(const argument& one, const std::string& typed) {
    const auto size = server::parse_octet_size(typed);
    if (!size) throw CLI::ValidationError(one.typed, "write a size such as \"2 GiB\", or 0");
    return size->octets;
}

json::value seconds_of(const argument& one, const std::string& typed) {
    const auto time = server::parse_duration(typed);
    if (!time) throw CLI::ValidationError(one.typed, "write a time such as \"2h\" or \"3d\"");
    return time->count();
}

/// "a, b or c" of what may be typed but need not be.
std::string options_of(const command& what) {
    std::string text;
    std::string last;
    for (const auto& one : what.takes) {
        if (one.required || *one.typed == '\0') continue;
        if (!last.empty()) text += (text.empty() ? "" : ", ") + last;
        last = one.typed;
    }
    return text.empty() ? last : text + " or " + last;
}

}  // namespace

command_requests::command_requests(CLI::App& app) {
    const std::map<std::string_view, const char*> helps{
        {"domain", "Domains"},
        {"account", "Accounts and passwords"},
        {"alias", "Aliases"},
        {"forward", "Forwards of accounts"},
        {"catchall", "Mail to unknown addresses"},
        {"delivery", "Ways to other servers"},
        {"deleted", "Mail and accounts that were deleted and can be brought back"},
        {"queue", "Mail that is waiting to be sent"},
        {"index", "The full-text index behind searches"},
        {"ban", "Who may not try to sign in"},
        {"setting", "What the owner sets where the configuration file leaves it to him"},
        {"certificate", "Certificates that the server shows"},
        {"owner", "The owner and his page"},
        {"audit", "What was done to the server"},
        {"overview", "Whether mail works"},
        {"setup-data", "What is typed into mail programs"}};
    std::map<std::string_view, CLI::App*> groups;
    for (const auto& what : admin::api::commands()) {
        if (what.to == admin::api::offered::at_page) continue;
        const std::string_view name(what.name);
        const auto blank = name.find(' ');
        if (blank == std::string_view::npos) {
            declare(app, what);
            continue;
        }
        const auto group = name.substr(0, blank);
        auto*& parent = groups[group];
        if (parent == nullptr) {
            parent = app.add_subcommand(std::string(group), helps.at(group));
            parent->require_subcommand(1);
        }
        declare(*parent, what);
    }
}

void command_requests::declare(CLI::App& group, const command& what) {
    const std::string_view name(what.name);
    const auto blank = name.find(' ');
    auto* app = group.add_subcommand(
        std::string(name.substr(blank == std::string_view::npos ? 0 : blank + 1)), what.help);
    commands_.push_back({&what, app});
    app->add_flag("--json", as_json_, "Print the answer as JSON");
    for (const auto& one : what.takes)
        if (*one.typed != '\0') declare(*app, one);
    if (what.removes)
        app->add_flag("--yes", yes_,
                      "Do not ask for confirmation, which is done at a terminal only");
}

void command_requests::declare(CLI::App& app, const argument& one) {
    auto& value = values_[one.key];
    CLI::Option* option = nullptr;
    switch (one.of) {
    case argument::kind::text:
    case argument::kind::code:
    case argument::kind::octets:
    case argument::kind::seconds: option = app.add_option(one.typed, value.text, one.help); break;
    case argument::kind::texts: option = app.add_option(one.typed, value.texts, one.help); break;
    case argument::kind::number:
        option = app.add_option(one.typed, value.number, one.help)->check(CLI::PositiveNumber);
        break;
    case argument::kind::on_off:
        option =
            app.add_option(one.typed, value.text, one.help)->check(CLI::IsMember({"on", "off"}));
        break;
    // Not typing a flag says something as well.
    case argument::kind::yes:
    case argument::kind::flag:
    case argument::kind::secret: app.add_flag(one.typed, value.flag, one.help); return;
    }
    if (one.required) option->required();
}

const command_requests::declared* command_requests::parsed() const {
    const auto found = std::find_if(commands_.begin(), commands_.end(),
                                    [](const auto& one) { return one.app->parsed(); });
    return found == commands_.end() ? nullptr : &*found;
}

const command* command_requests::given() const {
    const auto* found = parsed();
    return found == nullptr ? nullptr : found->what;
}

const command_requests::typed_value& command_requests::value_of(const argument& one) const {
    return values_.at(one.key);
}

bool command_requests::asks_first() const {
    const auto& what = *given();
    if (!what.removes || yes_) return false;
    // Taking single targets out of an alias can be put back as quickly.
    return std::all_of(what.takes.begin(), what.takes.end(), [this](const argument& one) {
        return one.of != argument::kind::texts || value_of(one).texts.empty();
    });
}

bool command_requests::wants_password() const {
    const auto& what = *given();
    return std::any_of(what.takes.begin(), what.takes.end(), [this](const argument& one) {
        return one.of == argument::kind::secret && *one.typed != '\0' && !value_of(one).flag;
    });
}

json::value command_requests::json_of(const argument& one) const {
    const auto& value = value_of(one);
    switch (one.of) {
    case argument::kind::octets: return octets_of(one, value.text);
    case argument::kind::seconds: return seconds_of(one, value.text);
    case argument::kind::texts: return split_texts(value.texts);
    case argument::kind::number: return value.number;
    case argument::kind::on_off: return value.text == "on";
    case argument::kind::yes: return !value.flag;
    case argument::kind::flag: return value.flag;
    case argument::kind::text:
    case argument::kind::code:
    case argument::kind::secret: break;
    }
    return json::value(json::string_view(value.text));
}

json::object command_requests::request() const {
    const auto& [what, app] = *parsed();
    json::object request;
    request["command"] = what->name;
    bool says_more = false;
    for (const auto& one : what->takes) {
        if (*one.typed == '\0' || one.of == argument::kind::secret) continue;
        // Only what was typed: an empty text takes a name or note away.
        if (one.of != argument::kind::yes && app->count(one.typed) == 0) continue;
        request[one.key] = json_of(one);
        says_more = says_more || !one.required;
    }
    if (what->wants_any && !says_more)
        throw CLI::ValidationError(what->name, "say what to change: " + options_of(*what));
    return request;
}

}  // namespace hauspost::command_line
