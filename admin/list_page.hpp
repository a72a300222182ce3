#pragma once

#include "admin/outcome.hpp"
#include "admin/ports.hpp"

#include <boost/json/array.hpp>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace hauspost::admin {

/// Gathers one page of a list: entries that hold the filter, until there are max_page_octets of
/// them. A page may be empty and yet have a next one.
class list_page {
public:
    /// filter  compared without case, for letters of all scripts, domains in U-labels or A-labels;
    ///         empty: all entries
    explicit list_page(std::string_view filter);

    /// True when one of the texts holds the filter.
    [[nodiscard]] bool wants(std::initializer_list<std::string_view> texts) const;
    /// The same for texts of any number and length, one on each line.
    [[nodiscard]] bool wants_any_line(std::string_view lines) const;
    void add(json::object entry, std::size_t octets) {
        entries_.push_back(std::move(entry));
        octets_ += octets;
    }
    /// Asked after each entry that was added: true when the page is full.
    [[nodiscard]] bool is_full() const noexcept { return octets_ >= max_page_octets; }

    /// {key: entries, "next": next}; without "next" when it is empty.
    [[nodiscard]] json::object take(const char* key, const std::string& next);

private:
    std::string filter_;
    json::array entries_;
    std::size_t octets_ = 0;
};

}  // namespace hauspost::admin
