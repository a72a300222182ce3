#pragma once

#include "protocols/http/request_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost::test {

/// What became of the octets of one request.
struct parsed {
    bool is_whole = false;
    unsigned status = 0;  // of the refusal
    std::string reason;
    http::request_head head;
    std::string body;
    std::size_t used = 0;  // octets that belong to it
};

/// One request out of octets that come `step` at a time.
inline parsed parse(std::string_view octets,
                    std::size_t step = std::string_view::npos,
                    std::size_t most = 100'000,
                    http::request_limits limits = {}) {
    http::request_parser parser(limits);
    parsed got;
    bool is_body = false;
    for (std::size_t come = 0; !got.is_whole && got.status == 0;) {
        if (come == octets.size() && come > 0) break;
        come += std::min(step, octets.size() - come);
        // As a session does: all there is, until the parser wants more.
        for (bool again = true; again;) {
            const auto there = octets.substr(got.used, come - got.used);
            const auto now =
                is_body ? parser.read_body(there, most, got.body) : parser.read_head(there);
            got.used += now.used;
            again = now.status == http::parse_status::done && !is_body && parser.head().has_body();
            if (now.status == http::parse_status::refused) {
                got.status = parser.why().status;
                got.reason = parser.why().reason;
            } else if (now.status == http::parse_status::done) {
                is_body = true;
                got.is_whole = !again;
            }
        }
        if (octets.empty()) break;
    }
    got.head = std::move(parser.head());
    return got;
}

/// The same with a head alone; its empty line is added.
inline parsed parse_head(const std::string& lines) {
    return parse(lines + "\r\n");
}

}  // namespace hauspost::test
