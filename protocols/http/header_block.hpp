#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::http {

/// Fields of a response, as they are sent. No response can be split: what no field may hold does
/// not get in.
class header_block {
public:
    /// name   a token
    /// value  visible octets, spaces and tabs within, no line end or other control character
    /// Throws  std::logic_error for anything else: whoever puts a peer's words into a field has to
    ///         encode them
    header_block& add(std::string_view name, std::string_view value);
    /// The same in place of all of this name.
    header_block& set(std::string_view name, std::string_view value);

    [[nodiscard]] bool has(std::string_view name) const noexcept;
    /// Of the first one; "": there is none.
    [[nodiscard]] std::string_view value_of(std::string_view name) const noexcept;
    [[nodiscard]] bool is_empty() const noexcept { return lines_.empty(); }

    /// Appends "Name: value" CRLF for each of them.
    void append_to(std::string& out) const;
    /// The same, but for names that `first` has.
    void append_rest_to(std::string& out, const header_block& first) const;

private:
    struct line {
        std::string octets;  // "Name: value\r\n"
        std::size_t name_octets;
        [[nodiscard]] std::string_view name() const noexcept {
            return std::string_view(octets).substr(0, name_octets);
        }
    };
    std::vector<line> lines_;
};

}  // namespace hauspost::http
