#pragma once

#include "protocols/http/limits.hpp"
#include "protocols/http/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hauspost::http {

/// Finds the end of a request's head, and refuses what programs read differently before anybody
/// takes it apart: line ends other than CRLF, lines that go on in the next one, control characters,
/// too much of anything. What is wrong is refused at its octet, whatever comes behind it.
///
/// One empty line before the request line is passed over (RFC 9112 2.2).
///
/// Calling sequence: scan() with all that has come from the begin of the request on, and again with
/// more. The outcome never depends on how the octets were cut.
class head_scanner {
public:
    explicit head_scanner(const request_limits& limits) noexcept
        : max_octets_(limits.head_octets), max_fields_(limits.fields) {}

    enum class status : std::uint8_t { need_more, found, refused };

    [[nodiscard]] status scan(std::string_view octets) noexcept;

    /// Where the request line begins, and how many octets there are through the empty line.
    [[nodiscard]] std::size_t begin() const noexcept { return begin_; }
    [[nodiscard]] std::size_t end() const noexcept { return scanned_; }
    [[nodiscard]] const refusal& why() const noexcept { return why_; }

private:
    [[nodiscard]] status take(char c) noexcept;
    [[nodiscard]] status end_line() noexcept;
    [[nodiscard]] status refuse(unsigned with, std::string_view reason) noexcept;

    std::size_t max_octets_;
    std::size_t max_fields_;
    std::size_t begin_ = 0;
    std::size_t scanned_ = 0;
    std::size_t lines_ = 0;        // whole ones, without the one before the request line
    std::size_t line_octets_ = 0;  // of the line in progress
    bool had_cr_ = false;
    refusal why_;
};

}  // namespace hauspost::http
