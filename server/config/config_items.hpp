#pragma once

#include "server/config/config.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hauspost::server {

/// One item of the configuration file, bound to the place in a config that holds its value.
struct config_item {
    using slot = std::variant<std::string*,
                              bool*,
                              std::uint32_t*,
                              octet_size*,
                              std::chrono::seconds*,
                              endpoints*>;

    std::string_view section;  // "" for the top of the file
    std::string_view key;
    slot value;
    // Both ends included, for numbers, sizes (octets) and times (seconds).
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    bool zero_is_off = false;             // 0 is taken though it is below `least`
    bool reloads = false;                 // SIGHUP puts a changed value into force
    std::vector<std::string_view> words;  // the only texts allowed; empty: any
};

/// "tls.certificate", or "hostname" for one above the first section.
[[nodiscard]] std::string full_name(const config_item& item);

/// All items there are, in the order of conf/hauspost.toml. Lives as long as `values`.
[[nodiscard]] std::vector<config_item> config_items(config& values);

}  // namespace hauspost::server
