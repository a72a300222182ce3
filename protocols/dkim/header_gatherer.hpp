#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost::dkim {

/// Takes the header off the front of a message that comes in pieces, cut anywhere.
class header_gatherer {
public:
    static constexpr std::size_t max_octets = 1024 * 1024;

    /// Takes what belongs to the header, with the empty line behind it, off the front of `octets`;
    /// nothing when it is over.
    void take(std::string_view& octets);
    /// The message may have ended within its header; the way out ends its last line.
    void finish();

    [[nodiscard]] bool is_over() const noexcept { return is_over_; }
    /// More than max_octets; text() is empty then, and what follows counts as body.
    [[nodiscard]] bool is_too_long() const noexcept { return is_too_long_; }
    /// All fields, each with its line end; what came before the empty line.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    std::size_t seen_ = 0;  // text_ up to here holds no end of itself
    bool is_over_ = false;
    bool is_too_long_ = false;
};

}  // namespace hauspost::dkim
