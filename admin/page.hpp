#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::admin {

/// A list is given in pages: at most so many entries each.
inline constexpr std::size_t max_page = 1000;
/// and ends earlier when it has grown to so much.
inline constexpr std::size_t max_page_octets = std::size_t{4} * 1024 * 1024;

/// One page of a list, which may be empty and yet have a next one.
template <class T>
struct page {
    page() = default;
    std::vector<T> entries;
    std::string next;  // to give as `after` for the next page; empty: there is none
};

/// What an entry must hold to be listed.
class text_filter {
public:
    /// filter  compared without case, for letters of all scripts, domains in U-labels or A-labels;
    ///         empty: all entries
    explicit text_filter(std::string_view filter);

    /// True when one of the texts holds the filter.
    [[nodiscard]] bool wants(std::initializer_list<std::string_view> texts) const;
    /// The same for texts of any number and length, one on each line.
    [[nodiscard]] bool wants_any_line(std::string_view lines) const;

private:
    std::string filter_;
};

/// Gathers the entries of one page, until there are max_page_octets of them.
template <class T>
class page_maker {
public:
    /// octets  about how much the entry takes
    void add(T entry, std::size_t octets) {
        made_.entries.push_back(std::move(entry));
        octets_ += octets;
    }
    /// Asked after each entry that was added.
    [[nodiscard]] bool is_full() const noexcept { return octets_ >= max_page_octets; }
    /// Precondition: one was added.
    [[nodiscard]] const T& last() const { return made_.entries.back(); }
    [[nodiscard]] page<T> take(std::string next) {
        made_.next = std::move(next);
        return std::move(made_);
    }

private:
    page<T> made_;
    std::size_t octets_ = 0;
};

}  // namespace hauspost::admin
