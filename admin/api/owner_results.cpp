#include "admin/api/owner_results.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <string_view>
#include <utility>

namespace hauspost::admin::api {
namespace {

json::string_view revealed(const secret& text) {
    return {text.reveal().data(), text.reveal().size()};
}

const char* word_of(storage::audit_end end) {
    switch (end) {
    case storage::audit_end::done: return "done";
    case storage::audit_end::refused: return "refused";
    case storage::audit_end::unknown: break;
    }
    return "unknown";
}

/// What was an object when it was written; an empty one where it is none.
json::object change_json(const std::string& text) {
    auto object = parse_object(text);
    return object ? std::move(*object) : json::object();
}

}  // namespace

std::string_view name_of(storage::audit_actor who) {
    switch (who) {
    case storage::audit_actor::command_line: return "command line";
    case storage::audit_actor::owner: return "owner";
    case storage::audit_actor::setup: return "set-up";
    case storage::audit_actor::server: break;
    }
    return "server";
}

json::object link_json(const made_setup_link& made, const places&) {
    json::object done;
    done["url"] = revealed(made.url);
    done["expires_at"] = made.expires_at;
    if (made.is_page_off)
        done["warning"] =
            "Nothing listens there yet: name an address as listen.admin in the configuration, and "
            "start the server anew.";
    return done;
}

json::object owner_json(const shown_owner& shown, const places&) {
    json::object object;
    object["has_password"] = shown.has_password;
    object["password_changed_at"] = shown.password_changed_at;
    object["second_factor"] = shown.is_totp_on;
    object["recovery_codes"] = shown.recovery_codes;
    object["language"] = shown.language;
    object["sessions"] = shown.sessions;
    object["link_expires_at"] = shown.link_expires_at;
    return object;
}

json::object sessions_json(const std::vector<storage::web_session>& all, const places&) {
    json::array list;
    for (const auto& one : all) {
        json::object object;
        object["id"] = id_of(one);
        object["made_at"] = one.made_at;
        object["seen_at"] = one.seen_at;
        object["address"] = one.address;
        object["agent"] = one.agent;
        object["is_setup"] = one.is_setup;
        list.push_back(std::move(object));
    }
    json::object done;
    done["sessions"] = std::move(list);
    return done;
}

json::object session_json(const std::string& id, const places&) {
    json::object done;
    done["id"] = id;
    return done;
}

json::object owner_name_json() {
    json::object done;
    done["name"] = "owner";
    return done;
}

json::object new_password_json(const changed_owner_password& changed, const places&) {
    auto done = owner_name_json();
    if (!changed.generated.empty()) done["password"] = revealed(changed.generated);
    return done;
}

json::object totp_key_json(const begun_totp& begun, const places&) {
    json::object done;
    done["key"] = revealed(begun.key);
    done["uri"] = revealed(begun.uri);
    return done;
}

json::object recovery_codes_json(const enabled_totp& enabled, const places&) {
    json::array codes;
    for (const auto& one : enabled.recovery_codes)
        codes.push_back(json::value(revealed(one)));
    json::object done;
    done["recovery_codes"] = std::move(codes);
    return done;
}

json::object checked_password_json(const checked_password& checked, const places&) {
    json::array faults;
    for (const auto fault : checked.faults) {
        json::object one;
        one["fault"] = json::string_view(name_of(fault).data(), name_of(fault).size());
        one["text"] = sentence_of(fault, checked.rules);
        faults.push_back(std::move(one));
    }
    json::object done;
    done["good"] = checked.faults.empty();
    done["score"] = checked.score;
    done["faults"] = std::move(faults);
    json::object rules;
    rules["min_characters"] = checked.rules.min_characters;
    rules["min_score"] = checked.rules.min_score;
    rules["may_hold_address"] = checked.rules.may_hold_address;
    done["rules"] = std::move(rules);
    return done;
}

json::object audit_entry_json(const storage::audit_entry& entry) {
    constexpr std::uint64_t microseconds = 1'000'000;
    json::object object;
    object["begun_at"] = static_cast<std::int64_t>(entry.place.microseconds / microseconds);
    object["who"] = name_of(entry.who);
    object["from"] = entry.from;
    object["command"] = entry.command;
    object["subject"] = entry.subject;
    object["end"] = word_of(entry.end);
    if (!entry.reason.empty()) object["reason"] = entry.reason;
    object["before"] = change_json(entry.before);
    object["after"] = change_json(entry.after);
    return object;
}

json::object audit_json(const audit_list& list, const places&) {
    json::array entries;
    for (const auto& one : list.entries)
        entries.push_back(audit_entry_json(one));
    json::object done;
    done["entries"] = std::move(entries);
    if (!list.more.empty()) done["more"] = list.more;
    return done;
}

}  // namespace hauspost::admin::api
