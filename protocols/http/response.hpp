#pragma once

#include "protocols/http/header_block.hpp"
#include "protocols/http/request.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::http {

/// An answer, but for what the session adds: Date, Content-Length, Connection, the fields that all
/// responses of a handler have.
struct response {
    response() = default;
    explicit response(unsigned with) noexcept : status(with) {}
    response(unsigned with, std::string_view content_type, std::string octets);

    [[nodiscard]] std::string_view content() const noexcept {
        return fixed.empty() ? std::string_view(body) : fixed;
    }

    unsigned status = 200;  // 200 .. 599
    header_block fields;
    std::string body;
    /// Sent in place of `body` if not empty: octets that outlive every session (static_file).
    std::string_view fixed;
    bool closes = false;  // the connection ends behind it
    /// What the log calls it, a constant: "accounts.list". Paths may hold secrets; they are not
    /// logged.
    std::string_view route;
    /// Goes when the response has been sent: room that its octets take.
    std::shared_ptr<const void> keeps;
};

/// How the end of a response's content is found (RFC 9112 6.3).
enum class framing : std::uint8_t {
    length,       // Content-Length
    chunked,      // as it comes
    until_close,  // the same for an HTTP/1.0 client
};

struct head_facts {
    std::chrono::sys_seconds now;
    framing how = framing::length;
    bool closes = false;
    bool is_1_1 = true;  // of the request
};

/// Appends status line, fields and the empty line; each of `standing` that the response does not
/// have itself. Statuses without content get no length (RFC 9110 8.6).
void append_head(std::string& out,
                 const response& of,
                 const header_block& standing,
                 const head_facts& facts);

/// 1xx, 204 and 304 have none (RFC 9112 6.3), and no answer to HEAD.
[[nodiscard]] bool has_content(unsigned status) noexcept;

}  // namespace hauspost::http
