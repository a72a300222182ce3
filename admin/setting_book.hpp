#pragma once

#include "admin/refusal.hpp"
#include "storage/setting_store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

/// One item that is the owner's, as it is at present.
struct known_setting {
    enum class kind : std::uint8_t { text, flag, count, octets, time };
    enum class source : std::uint8_t { by_default, by_owner, by_file };

    known_setting() = default;
    std::string name;  // "accounts.retention"
    kind of = kind::text;
    std::string value;         // as it is typed: "14d"
    std::uint64_t number = 0;  // the same as a number: octets, seconds; of a flag 1 or 0
    std::string usual;         // when nobody sets it
    source from = source::by_default;
    std::uint32_t line = 0;  // of the configuration file, where that fixes it
    // Of numbers, both included.
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    bool zero_is_off = false;        // 0 is taken though it is below `least`
    std::vector<std::string> words;  // the only texts there are; empty: any
    bool is_at_once = false;         // a change holds at once, else from the next start on
    bool waits = false;              // for that start: the server goes by another value
    std::string in_force;            // that value
};

/// The port to what the owner may set, and to the values in force; implemented in server/ over the items
/// of the configuration. Thread: that of the commands.
class setting_book {
public:
    virtual ~setting_book() = default;

    /// In the order of conf/hauspost.toml.
    [[nodiscard]] virtual std::vector<known_setting> list() const = 0;
    /// Whether it may be so; the text as a row is to have it.
    [[nodiscard]] virtual outcome<std::string> judge(const std::string& name,
                                                     const std::string& typed) const = 0;
    /// These rows are in the store now; what holds at once does so.
    virtual void take_up(std::vector<storage::setting> rows) = 0;
};

}  // namespace hauspost::admin
