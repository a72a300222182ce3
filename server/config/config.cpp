#include "server/config/config.hpp"

#include "base/ascii.hpp"
#include "base/file.hpp"
#include "base/utf8.hpp"
#include "server/config/config_checks.hpp"
#include "server/config/config_reader.hpp"

#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace hauspost::server {
namespace {

std::string_view line_of(std::string_view text, std::uint32_t number) {
    for (; number > 1; --number) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

/// The value of a line `key = value # comment` that only lacks its quotes; empty: it is not that.
std::string_view unquoted_value(std::string_view line) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return {};
    auto value = line.substr(equals + 1);
    value = ascii::trimmed(value.substr(0, value.find('#')));
    if (value.find_first_of("\"'[]{}\\") != std::string_view::npos) return {};
    // A number, a date, true and false need none.
    const bool has_letter = std::any_of(value.begin(), value.end(), ascii::is_alpha);
    return has_letter && value != "true" && value != "false" ? value : std::string_view{};
}

config_fault explain(const toml::parse_error& fault, std::string_view text) {
    config_fault told;
    told.line = fault.source().begin.line;
    told.column = fault.source().begin.column;
    told.what = "this is not valid TOML: " + std::string(fault.description());
    const auto line = line_of(text, told.line);
    const auto value = unquoted_value(line);
    if (value.empty()) {
        told.remedy = "correct this first, nothing below it was read";
    } else {
        const auto key = ascii::trimmed(line.substr(0, line.find('=')));
        told.what = "the value of " + std::string(key) + " is neither a number nor true or false";
        told.remedy = "write it in quotes: " + std::string(key) + " = \"" + std::string(value) +
                      "\"; nothing below it was read";
    }
    return told;
}

}  // namespace

listen_config::listen_config() {
    for (const auto& role : listener_roles())
        if (role.for_this_machine)
            all.push_back({&role, {{"127.0.0.1", role.port}}});
        else
            all.push_back({&role, {{"0.0.0.0", role.port}, {"::", role.port}}});
}

std::string hostname_of(const config& c) {
    if (!c.hostname.empty()) return c.hostname;
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    return name.data();
}

const endpoints& listen_config::at(std::string_view name) const {
    for (const auto& one : all)
        if (one.role->name == name) return one.at;
    throw std::out_of_range("no listener role " + std::string(name));
}

std::uint16_t listen_config::first_port(std::string_view name) const {
    const auto& places = at(name);
    return places.empty() ? std::uint16_t{0} : places.front().port;
}

loaded_config parse_config(std::string_view text) {
    loaded_config loaded;
    // What comes from the file may be shown on a terminal.
    if (!utf8::is_valid(text)) {
        loaded.faults.push_back({0, 0, "the file is not valid UTF-8", "save it as UTF-8 text"});
        return loaded;
    }
    try {
        const auto root = toml::parse(text);
        read_items(root, loaded);
        check_values(loaded);
    } catch (const toml::parse_error& fault) {
        loaded.faults.push_back(explain(fault, text));
    }
    return loaded;
}

loaded_config load_config(const std::string& path) {
    const auto read = read_file(path, max_config_octets);
    if (read.fault.empty()) return parse_config(read.octets);
    loaded_config refused;
    refused.faults.push_back(
        {0, 0, "the file " + read.fault, "name the configuration file with --config FILE"});
    return refused;
}

void log_notes(const std::vector<config_fault>& notes) {
    for (const auto& note : notes)
        log::warn("config_note line={} what={} remedy={}", note.line, log_safe(note.what, 400),
                  log_safe(note.remedy, 400));
}

std::string describe(const std::vector<config_fault>& faults, const std::string& path) {
    std::string text;
    for (const auto& fault : faults) {
        text += path;
        if (fault.line != 0)
            text += ":" + std::to_string(fault.line) + ":" + std::to_string(fault.column);
        text += ": " + fault.what + (fault.remedy.empty() ? "" : "; " + fault.remedy) + "\n";
    }
    return text;
}

}  // namespace hauspost::server
