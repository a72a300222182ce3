#include "protocols/http/request_parser.hpp"

#include "base/ascii.hpp"
#include "protocols/http/target.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace hauspost::http {
namespace {

namespace beast = boost::beast;
using beast_error = boost::beast::http::error;
using boost::system::error_code;

constexpr refusal fine(0, "");
// RFC 9112 7.1: the last chunk, the empty line of a trailer. Nothing that ends a body is shorter,
// and Beast may not be asked to look for the end in less.
constexpr std::size_t shortest_chunk_line = 5;
constexpr std::size_t line_octets_for_each_octet = 8;

// Of these there may be one: programs differ on which of two counts (RFC 9110 5.3).
constexpr std::array<std::string_view, 11> once = {
    "Host",     "Content-Length", "Content-Type",      "Authorization",       "Origin", "Range",
    "If-Range", "Expect",         "If-Modified-Since", "If-Unmodified-Since", "Referer"};

std::string_view view_of(beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

refusal refusal_of(error_code failed) {
    if (failed == beast_error::bad_version) return {505, "bad_version"};
    if (failed == beast_error::bad_method) return {400, "bad_method"};
    if (failed == beast_error::bad_target) return {400, "bad_target"};
    if (failed == beast_error::bad_field) return {400, "bad_field_name"};
    if (failed == beast_error::bad_value) return {400, "bad_field_value"};
    if (failed == beast_error::bad_content_length) return {400, "bad_content_length"};
    if (failed == beast_error::multiple_content_length) return {400, "bad_content_length"};
    if (failed == beast_error::bad_transfer_encoding) return {400, "bad_transfer_encoding"};
    if (failed == beast_error::bad_chunk) return {400, "bad_chunk"};
    if (failed == beast_error::bad_chunk_extension) return {400, "bad_chunk_extension"};
    return {400, "malformed"};
}

}  // namespace

/// Beast's parser, with what it finds put where we want it.
class request_parser::beast_parser final : public beast::http::basic_parser<true> {
public:
    beast_parser(request_head& head, const request_limits& limits) : head_(head), limits_(limits) {
        header_limit(static_cast<std::uint32_t>(limits.head_octets));
        body_limit(boost::none);  // ours is one for each route
    }

    /// One step: the head, one line of a chunk, or octets of the body.
    std::size_t step(std::string_view octets, error_code& failed) {
        had_chunk_line_ = false;
        step_begin_ = octets.data();
        return put(boost::asio::const_buffer(octets.data(), octets.size()), failed);
    }

    [[nodiscard]] const std::string& target() const noexcept { return target_; }
    [[nodiscard]] bool had_chunk_line() const noexcept { return had_chunk_line_; }
    [[nodiscard]] const refusal& why() const noexcept { return why_; }

    std::string* body = nullptr;
    std::size_t room = 0;  // for so many octets more

private:
    void refuse(const refusal& why, error_code& failed) {
        why_ = why;
        failed = make_error_code(beast_error::bad_value);
    }
    void on_request_impl(beast::http::verb,
                         beast::string_view verb,
                         beast::string_view target,
                         int version,
                         error_code& failed) override {
        const auto known = find_method(view_of(verb));
        if (!known) return refuse({501, "unknown_method"}, failed);
        head_.verb = *known;
        head_.is_1_1 = version == 11;
        target_ = view_of(target);
    }
    void on_field_impl(beast::http::field,
                       beast::string_view name,
                       beast::string_view value,
                       error_code& failed) override {
        if (!is_head_whole_) return head_.fields.add(view_of(name), view_of(value));
        // RFC 9110 6.5.1: a trailer may be thrown away; none of ours has a meaning.
        if (++trailer_fields_ > limits_.trailer_fields) refuse({400, "long_trailer"}, failed);
    }
    void on_header_impl(error_code&) override { is_head_whole_ = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view octets, error_code& failed) override {
        return take(view_of(octets), failed);
    }
    void on_chunk_header_impl(std::uint64_t size,
                              beast::string_view extensions,
                              error_code& failed) override {
        had_chunk_line_ = true;
        const auto text = view_of(extensions);
        // RFC 9112 7.1.1: a quoted string holds none, but Beast looks only for its end. Another
        // program could take a line end in it for that of the chunk's line.
        if (std::any_of(text.begin(), text.end(),
                        [](char c) { return ascii::is_control(c) && c != '\t'; }))
            return refuse({400, "bad_chunk_extension"}, failed);
        const auto line = static_cast<std::size_t>(text.data() + text.size() + 2 - step_begin_);
        if (line > limits_.chunk_line_octets) return refuse({400, "long_chunk_line"}, failed);
        if (size > room) refuse({413, "body_too_long"}, failed);
    }
    std::size_t on_chunk_body_impl(std::uint64_t,
                                   beast::string_view octets,
                                   error_code& failed) override {
        return take(view_of(octets), failed);
    }
    void on_finish_impl(error_code&) override {}
    void on_response_impl(int, beast::string_view, int, error_code&) override {}

    std::size_t take(std::string_view octets, error_code& failed) {
        if (octets.size() > room) {
            refuse({413, "body_too_long"}, failed);
            return 0;
        }
        room -= octets.size();
        *body += octets;
        return octets.size();
    }

    request_head& head_;
    const request_limits& limits_;
    std::string target_;
    const char* step_begin_ = nullptr;
    bool is_head_whole_ = false;
    bool had_chunk_line_ = false;
    std::size_t trailer_fields_ = 0;
    refusal why_ = fine;
};

request_parser::request_parser(const request_limits& limits) : limits_(limits), scanner_(limits) {}
request_parser::~request_parser() = default;

request_parser::progress request_parser::refuse(const refusal& why) {
    why_ = why;
    return {parse_status::refused, 0};
}

request_parser::progress request_parser::read_head(std::string_view buffered) {
    const auto found = scanner_.scan(buffered);
    if (found == head_scanner::status::refused) return refuse(scanner_.why());
    if (found == head_scanner::status::need_more) return {};
    parser_ = std::make_unique<beast_parser>(head_, limits_);
    error_code failed;
    const auto octets = buffered.substr(scanner_.begin(), scanner_.end() - scanner_.begin());
    const auto used = parser_->step(octets, failed);
    if (failed) return refuse(parser_->why().status != 0 ? parser_->why() : refusal_of(failed));
    // The scanner and Beast see the same end, or somebody has found a way between them.
    if (used != octets.size()) return refuse({400, "malformed"});
    if (const auto no = check_head(parser_->target()); no.status != 0) return refuse(no);
    return {parse_status::done, scanner_.end()};
}

refusal request_parser::check_head(std::string_view target) {
    for (const auto name : once)
        if (head_.fields.count(name) > 1) return {400, "field_twice"};
    if (const auto no = check_host(target); no.status != 0) return no;
    if (const auto no = check_length(); no.status != 0) return no;
    if (const auto expects = head_.fields.find("Expect")) {
        // RFC 9110 10.1.1: an HTTP/1.0 client cannot mean it.
        if (!ascii::equal_nocase(*expects, "100-continue")) return {417, "unknown_expectation"};
        head_.expects_continue = head_.is_1_1 && head_.has_body();
    }
    read_connection();
    return fine;
}

/// RFC 9112 3.2
refusal request_parser::check_host(std::string_view text) {
    auto led = parse_target(text, head_.verb, limits_);
    if (!led) return led.error();
    head_.path = std::move(led->path);
    head_.query = std::move(led->query);
    const auto said = head_.fields.find("Host");
    if (!said) {
        if (head_.is_1_1 || led->host) return {400, "no_host"};
        return fine;
    }
    auto host = parse_authority(*said);
    if (!host) return {400, "bad_host"};
    // RFC 9112 3.2.2 lets the target win. Two names are an attempt to be two things.
    if (led->host && *led->host != *host) return {400, "two_hosts"};
    head_.host = std::move(*host);
    return fine;
}

/// RFC 9112 6.3, and no repair of what is ambiguous.
refusal request_parser::check_length() {
    const auto coding = head_.fields.joined("Transfer-Encoding");
    const auto length = head_.fields.find("Content-Length");
    if (coding) {
        if (length) return {400, "two_lengths"};
        if (!head_.is_1_1 || !ascii::equal_nocase(*coding, "chunked"))
            return {400, "bad_transfer_encoding"};
        head_.is_chunked = true;
    }
    if (!length) return fine;
    std::uint64_t octets = 0;
    const auto [end, failed] =
        std::from_chars(length->data(), length->data() + length->size(), octets);
    if (failed != std::errc() || end != length->data() + length->size())
        return {400, "bad_content_length"};
    head_.content_length = octets;
    return fine;
}

/// RFC 9112 9.3
void request_parser::read_connection() {
    const auto options = head_.fields.joined("Connection").value_or("");
    bool wants_close = false;
    bool wants_more = false;
    std::string_view option;
    for (list_reader list(options); list.next(option);) {
        wants_close = wants_close || ascii::equal_nocase(option, "close");
        wants_more = wants_more || ascii::equal_nocase(option, "keep-alive");
    }
    head_.keeps_alive = !wants_close && (head_.is_1_1 || wants_more);
}

request_parser::progress request_parser::read_body(std::string_view buffered,
                                                   std::size_t most,
                                                   std::string& body) {
    if (head_.content_length && *head_.content_length > most) return refuse({413, "body_too_long"});
    parser_->body = &body;
    parser_->room = most - std::min(most, body.size());
    std::size_t used = 0;
    while (!parser_->is_done()) {
        const auto rest = buffered.substr(used);
        if (rest.size() < (head_.is_chunked ? shortest_chunk_line : 1)) break;
        error_code failed;
        const auto taken = parser_->step(rest, failed);
        const bool is_short = failed == beast_error::need_more;
        const auto line = is_short ? rest.size() : parser_->had_chunk_line() ? taken : 0;
        if (line > limits_.chunk_line_octets) return refuse({400, "long_chunk_line"});
        if (failed && !is_short)
            return refuse(parser_->why().status != 0 ? parser_->why() : refusal_of(failed));
        used += taken;
        if (is_short) break;
        chunk_lines_ += line;
        if (chunk_lines_ > limits_.chunk_lines_octets + line_octets_for_each_octet * body.size())
            return refuse({400, "long_chunk_lines"});
    }
    return {parser_->is_done() ? parse_status::done : parse_status::need_more, used};
}

}  // namespace hauspost::http
