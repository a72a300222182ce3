#include "protocols/http/response.hpp"

#include "protocols/http/http_date.hpp"
#include "protocols/http/status.hpp"

#include <utility>

namespace hauspost::http {

response::response(unsigned with, std::string_view content_type, std::string octets)
    : status(with), body(std::move(octets)) {
    fields.add("Content-Type", content_type);
}

bool has_content(unsigned status) noexcept {
    return status >= 200 && status != 204 && status != 304;
}

void append_head(std::string& out,
                 const response& of,
                 const header_block& standing,
                 const head_facts& facts) {
    out += "HTTP/1.1 " + std::to_string(of.status) + ' ';
    out += phrase_of(of.status);
    out += "\r\nDate: " + to_http_date(facts.now) + "\r\n";
    of.fields.append_to(out);
    standing.append_rest_to(out, of.fields);
    if (facts.how == framing::chunked)
        out += "Transfer-Encoding: chunked\r\n";
    else if (facts.how == framing::length && has_content(of.status))
        out += "Content-Length: " + std::to_string(of.content().size()) + "\r\n";
    if (facts.closes)
        out += "Connection: close\r\n";
    else if (!facts.is_1_1)
        out += "Connection: keep-alive\r\n";
    out += "\r\n";
}

}  // namespace hauspost::http
