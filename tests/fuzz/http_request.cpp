// Requests, whole and cut: the same outcome; what is taken is within its bounds and as clean as
// handlers are promised. Then what stands in fields, to all that reads them.
//
// First octet: the size of the reads; the rest: what a client sends.

#include "base/utf8.hpp"
#include "protocols/http/accept_encoding.hpp"
#include "protocols/http/conditions.hpp"
#include "protocols/http/cookie.hpp"
#include "protocols/http/http_date.hpp"
#include "protocols/http/origin.hpp"
#include "protocols/http/request_parser.hpp"
#include "protocols/http/target.hpp"
#include "tests/unit/protocols/http/parsed.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost;

constexpr std::size_t most = 1'000;

void must(bool holds) {
    if (!holds) std::abort();
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

void check_head(const http::request_head& head) {
    must(head.path == "*" || head.path.starts_with('/'));
    must(!has_control(head.path) && utf8::is_valid(head.path));
    must(head.path.find("//") == std::string::npos && head.path.find('\\') == std::string::npos);
    const auto closed = head.path + '/';
    must(closed.find("/./") == std::string::npos && closed.find("/../") == std::string::npos);
    must(head.query.size() <= 100 && head.fields.size() <= 100);
    must(!head.is_chunked || !head.content_length);
    must(!head.is_1_1 || !head.host.name.empty());
    for (std::size_t i = 0; i < head.fields.size(); ++i)
        must(http::is_token(head.fields.at(i).name) && !has_control(head.fields.at(i).value));
    must(head.fields.count("Host") <= 1 && head.fields.count("Content-Length") <= 1);
}

/// Every reader of a field on every field.
void read_fields(const http::request_head& head) {
    const auto now = std::chrono::sys_seconds(std::chrono::seconds(1'767'323'045));
    const http::representation of{"\"a\"", now, true};
    (void)http::check_conditions(head, of, now);
    const auto wish = http::wanted_range(head, of, 1'000, now);
    if (wish.kind == http::range_kind::part)
        must(wish.range.octets > 0 && wish.range.first + wish.range.octets <= 1'000);
    (void)http::find_cookie(head.fields, "a");
    (void)http::is_from_own_page(head, true);
    for (std::size_t i = 0; i < head.fields.size(); ++i) {
        const auto value = head.fields.at(i).value;
        const auto form = http::choose_coding(value, {true, false});
        must(!form || *form != http::coding::br);
        (void)http::has_etag(value, "\"a\"", true);
        if (const auto date = http::parse_http_date(value, now))
            must(http::parse_http_date(http::to_http_date(*date), now) == date);
        if (const auto host = http::parse_authority(value))
            must(http::parse_authority(host->name)->name == host->name);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::size_t step = data[0] == 0 ? 1 : data[0];
    const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto whole = test::parse(octets, std::string_view::npos, most);
    const auto cut = test::parse(octets, step, most);
    must(whole.is_whole == cut.is_whole && whole.status == cut.status && whole.body == cut.body);
    must(!whole.is_whole || whole.used == cut.used);
    must(whole.used <= octets.size() && whole.body.size() <= most);
    if (!whole.is_whole) return 0;
    check_head(whole.head);
    read_fields(whole.head);
    return 0;
}
