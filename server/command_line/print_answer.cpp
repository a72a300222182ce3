#include "server/command_line/print_answer.hpp"

#include "base/address.hpp"
#include "server/command_line/terminal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <string_view>
#include <vector>

namespace hauspost::command_line {
namespace {

using admin::api::command;
using admin::api::shape;
using admin::api::json::object;
using admin::api::json::value;
using row = std::vector<std::string>;

/// Fields that hold addresses and domains: people read and type them in U-labels.
bool holds_names(std::string_view key) {
    constexpr std::array<std::string_view, 8> keys{"address", "old_address", "name", "catch_all",
                                                   "targets", "forwards",    "from", "recipients"};
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// "2026-11-23 10:26:50", where the machine is.
std::string time_text(std::int64_t seconds) {
    if (seconds == 0) return "";
    const auto at = static_cast<std::time_t>(seconds);
    std::tm parts{};
    if (localtime_r(&at, &parts) == nullptr) return std::to_string(seconds);
    std::array<char, 32> text{};
    const auto octets = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
    return {text.data(), octets};
}

std::string cell(std::string_view key, const value* what) {
    if (what == nullptr || what->is_null()) return "";
    if (key.ends_with("_at") && what->is_int64()) return time_text(what->get_int64());
    if (what->is_string()) {
        const std::string text(what->get_string());
        return printable(holds_names(key) ? address::shown(text) : text);
    }
    if (what->is_bool()) return what->get_bool() ? "yes" : "no";
    if (!what->is_array()) return admin::api::json::serialize(*what);
    std::string joined;
    for (const auto& one : what->get_array()) {
        if (!joined.empty()) joined += ",";
        joined += cell(key, one.is_object() ? one.get_object().if_contains("to") : &one);
    }
    return joined;
}

std::string cell(const object& of, std::string_view key) {
    return cell(key, of.if_contains(admin::api::json::string_view(key.data(), key.size())));
}

std::string table(const std::vector<row>& rows) {
    std::vector<std::size_t> widths(rows.front().size());
    for (const auto& one : rows)
        for (std::size_t i = 0; i < one.size(); ++i)
            widths[i] = std::max(widths[i], display_width(one[i]));
    std::string text;
    for (const auto& one : rows) {
        std::string line;
        for (std::size_t i = 0; i < one.size(); ++i)
            line += one[i] + std::string(widths[i] - display_width(one[i]) + 2, ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string list_text(const object& answer,
                      const char* key,
                      const std::vector<const char*>& columns) {
    std::vector<row> rows{row(columns.begin(), columns.end())};
    const auto* list = answer.if_contains(key);
    if (list == nullptr || !list->is_array() || list->get_array().empty()) return "";
    for (const auto& entry : list->get_array()) {
        row cells;
        for (const char* column : columns)
            cells.push_back(entry.is_object() ? cell(entry.get_object(), column) : "");
        rows.push_back(std::move(cells));
    }
    return table(rows);
}

std::string check_text(const object& answer) {
    std::string text;
    if (const auto* findings = answer.if_contains("findings"); findings && findings->is_array())
        for (const auto& one : findings->get_array())
            text += "fault: " + cell("findings", &one) + "\n";
    const auto number = [&](const char* key) { return cell(answer, key) + " " + key; };
    text += cell(answer, "sound") == "yes" ? "the store is sound: " : "found faults in: ";
    return text + number("accounts") + ", " + number("mailboxes") + ", " + number("messages") +
           ", " + number("blobs") + ", " + number("octets") + "\n";
}

std::string expunged_text(const std::string& command, const object& answer) {
    const auto number = [&](const char* key) { return cell(answer, key); };
    auto text =
        command + " " + number("address") + ": done, messages: " + number("messages") + "\n";
    if (const auto left = number("left_over_quota"); !left.empty() && left != "0")
        text += "kept back, since the quota has no room for them: " + left + "\n";
    return text;
}

/// One line for each field: what `show` gives.
std::string fields_text(const object& answer) {
    std::vector<row> rows;
    for (const auto& [key, field] : answer)
        // "address" is shown as "display" says anyway.
        if (key != "warning" && key != "display")
            rows.push_back({std::string(key) + ":", cell({key.data(), key.size()}, &field)});
    return rows.empty() ? "" : table(rows);
}

/// The message, then what is known of each recipient.
std::string queued_text(const object& answer) {
    auto text = fields_text(answer);
    const auto* recipients = answer.if_contains("recipients");
    if (recipients == nullptr || !recipients->is_array()) return text;
    for (const auto& one : recipients->get_array())
        if (one.is_object()) text += "\n" + fields_text(one.get_object());
    return text;
}

/// What can be put into a zone file as it is.
std::string zone_text(const object& answer) {
    std::string text;
    const auto* records = answer.if_contains("records");
    if (records == nullptr || !records->is_array()) return text;
    for (const auto& one : records->get_array()) {
        if (!one.is_object()) continue;
        // A-labels: a name server reads no others.
        const auto field = [&one](const char* key) {
            const auto* found = one.get_object().if_contains(key);
            return found != nullptr && found->is_string()
                       ? printable(std::string(found->get_string()))
                       : std::string();
        };
        const auto line = field("name") + " IN " + field("type") + ' ' + field("value") + '\n';
        const auto state = field("state");
        if (state.empty()) {
            if (const auto note = field("note"); !note.empty()) text += "; " + note + ":\n";
            text += line;
            continue;
        }
        text += state + std::string(10 - std::min<std::size_t>(state.size(), 9), ' ') + line;
        if (const auto* found = one.get_object().if_contains("found"); found && found->is_array())
            for (const auto& other : found->get_array())
                text += "    there is: " + cell("value", &other) + '\n';
        if (const auto advice = field("advice"); !advice.empty()) text += "    " + advice + '\n';
        if (const auto note = field("note"); state == "optional" && !note.empty())
            text += "    " + note + '\n';
    }
    return text;
}

/// A line for each step; below it what to do.
std::string steps_text(const object& answer) {
    std::string text;
    const auto* steps = answer.if_contains("steps");
    if (steps == nullptr || !steps->is_array()) return text;
    for (const auto& one : steps->get_array()) {
        if (!one.is_object()) continue;
        const auto& step = one.get_object();
        const auto result = cell(step, "result");
        text += (result == "good"   ? "ok    "
                 : result == "note" ? "note  "
                                    : "FAIL  ") +
                cell(step, "step") + ": " + cell(step, "text") + '\n';
        if (const auto advice = cell(step, "advice"); !advice.empty())
            text += "      " + advice + '\n';
    }
    return text + (cell(answer, "good") == "yes" ? "Mail to " : "As things are, no mail to ") +
           cell(answer, "address") +
           (cell(answer, "good") == "yes" ? " would be taken; nothing was sent.\n"
                                          : " is taken; nothing was sent.\n");
}

std::string renamed_text(const object& answer) {
    const auto is_now = cell(answer, "address"), was = cell(answer, "old_address");
    auto text = was + " is " + is_now + " now; programs have to log in by that name\n";
    text += cell(answer, "kept_as_alias") == "yes"
                ? "mail to " + was + " still arrives: it is an alias now\n"
                : "mail to " + was + " is refused\n";
    if (const auto targets = cell(answer, "changed_targets"); targets != "0")
        text += "targets of aliases, forwards and catch-alls that were changed: " + targets + "\n";
    return text;
}

std::string done_text(const std::string& command, const object& answer) {
    const auto* key = answer.contains("address") ? "address"
                      : answer.contains("name")  ? "name"
                                                 : "id";
    auto text = command + " " + cell(answer, key) + ": done\n";
    if (answer.contains("password"))
        text +=
            "password: " + cell(answer, "password") + "\n(shown this once; it is kept nowhere)\n";
    return text;
}

}  // namespace

std::string to_text(const command& what, const object& result) {
    switch (what.shown_as) {
    case shape::done: return done_text(what.name, result);
    case shape::list: return list_text(result, what.list, what.columns);
    case shape::fields: return fields_text(result);
    case shape::queued: return queued_text(result);
    case shape::zone: return zone_text(result);
    case shape::steps: return steps_text(result);
    case shape::renamed: return renamed_text(result);
    case shape::expunged: return expunged_text(what.name, result);
    case shape::report: return check_text(result);
    case shape::restart: break;
    }
    return "The next start takes this store for an older copy: restart the server now.\n";
}

}  // namespace hauspost::command_line
