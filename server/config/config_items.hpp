#pragma once

#include "server/config/config.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hauspost::server {

/// How a value is written in the file.
enum class item_kind : std::uint8_t {
    text,
    flag,
    count,
    octets,  // "50 MiB", or a number of octets
    time,    // "90s", or a number of seconds
    addresses,
};

/// One field of a config that an item sets.
struct config_field {
    using place = std::variant<std::string*,
                               bool*,
                               std::uint32_t*,
                               std::uint64_t*,
                               std::chrono::seconds*,
                               std::chrono::milliseconds*,
                               endpoints*>;

    template <class Value>
    config_field(Value* field) : at(field) {}  // so that a table of fields reads like one
    config_field(place field, std::uint64_t off_value, std::uint64_t of = 1)
        : at(field), off(off_value), unit(of) {}

    place at;
    std::uint64_t off = 0;   // what it holds when the item is 0 and that means "none"
    std::uint64_t unit = 1;  // what the file counts in is divided by this
};

/// One item of the configuration file, bound to the fields of a config that hold its value. Several
/// fields: it is said once and counts for several parts, whose defaults are the same.
struct config_item {
    std::string_view section;  // "" for the top of the file
    std::string_view key;
    item_kind kind = item_kind::text;
    std::vector<config_field> fields = {};
    // Both ends included, for counts, octets and times (seconds).
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    bool zero_is_off = false;                  // 0 is taken though it is below `least`
    bool reloads = false;                      // a changed value comes into force at once
    bool is_owners = false;                    // the owner sets it where the file does not
    std::vector<std::string_view> words = {};  // the only texts allowed; empty: any
    std::string_view old_key = {};             // a name in old_section that goes on working

    /// "limits.imap_idle"
    [[nodiscard]] std::string old_name() const;

    // The value is of the item's kind, and within its range.
    void set(const std::string& value) const;
    void set(bool value) const;
    void set(std::uint64_t number) const;
    void set(const endpoints& value) const;

    // The value, of a kind that is a number: as the file counts it.
    [[nodiscard]] std::uint64_t number() const;
    [[nodiscard]] const std::string& text() const { return *std::get<std::string*>(fields[0].at); }
    [[nodiscard]] bool flag() const { return *std::get<bool*>(fields[0].at); }

    // The other one is the same item, bound to another config.
    [[nodiscard]] bool has_value_of(const config_item& other) const;
    void take_value_of(const config_item& other) const;
};

/// Where items stood that have a section of their own now.
inline constexpr std::string_view old_section = "limits";

/// "tls.certificate", or "hostname" for one above the first section.
[[nodiscard]] std::string full_name(const config_item& item);

/// All items there are, in the order of conf/hauspost.toml. Lives as long as `values`.
[[nodiscard]] std::vector<config_item> config_items(config& values);

}  // namespace hauspost::server
