#include "server/command_line/print_cells.hpp"

#include "base/address.hpp"
#include "server/command_line/terminal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <ctime>

namespace hauspost::command_line {

using admin::api::json::object;
using admin::api::json::value;

namespace {

/// Fields that hold addresses and domains: people read and type them in U-labels.
bool holds_names(std::string_view key) {
    constexpr std::array<std::string_view, 10> keys{"address", "old_address", "name", "catch_all",
                                                    "targets", "forwards",    "from", "recipients",
                                                    "account", "tried"};
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

std::string time_text(std::int64_t seconds) {
    if (seconds == 0) return "";
    const auto at = static_cast<std::time_t>(seconds);
    std::tm parts{};
    if (localtime_r(&at, &parts) == nullptr) return std::to_string(seconds);
    std::array<char, 32> text{};
    const auto octets = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
    return {text.data(), octets};
}

/// "imap 2026-03-31 14:30:00 from 192.0.2.1 by Mutt".
static std::string sign_in_text(const object& of) {
    const auto* at = of.if_contains("at");
    const auto program = cell(of, "program");
    return cell(of, "protocol") + ' ' +
           time_text(at != nullptr && at->is_int64() ? at->get_int64() : 0) + " from " +
           cell(of, "address") + (cell(of, "encrypted") == "yes" ? "" : " without TLS") +
           (program.empty() ? "" : " by " + program);
}

std::string cell(std::string_view key, const value* what) {
    if (what == nullptr || what->is_null()) return "";
    if ((key.ends_with("_at") || key == "held_until" || key == "kept_until") && what->is_int64())
        return time_text(what->get_int64());
    if (what->is_string()) {
        const std::string text(what->get_string());
        return printable(holds_names(key) ? address::shown(text) : text);
    }
    if (what->is_bool()) return what->get_bool() ? "yes" : "no";
    if (!what->is_array()) return admin::api::json::serialize(*what);
    std::string joined;
    for (const auto& one : what->get_array()) {
        if (!joined.empty()) joined += ",";
        if (key == "sign_ins" && one.is_object())
            joined += sign_in_text(one.get_object());
        else
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

}  // namespace hauspost::command_line
