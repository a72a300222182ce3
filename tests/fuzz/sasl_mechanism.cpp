// A client's half of an AUTH exchange, line by line: it comes to an end, and a user and password
// that come out of it are what mechanism.hpp says.
//
// First octet: the mechanism, and whether the first line is an initial response.

#include "base/address.hpp"
#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "protocols/sasl/mechanism.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace {

using namespace hauspost;

void must(bool holds) {
    if (!holds) std::abort();
}

std::string_view take_line(std::string_view& text) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

void check_text(std::string_view text, std::size_t max_octets) {
    must(!text.empty() && text.size() <= max_octets);
    must(utf8::is_valid(text) && text.find('\0') == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (const auto octets = base64::decode(text)) must(base64::encode(*octets) == text);
    must(base64::decode(base64::encode(text)) == text);
    if (const auto name = address::canonical(text)) must(utf8::is_valid(*name));

    const auto mechanism = sasl::make_mechanism(data[0] % 2 == 0 ? "PLAIN" : "LOGIN");
    std::optional<std::string_view> initial;
    if (data[0] / 2 % 2 == 0) initial = take_line(text);
    auto next = mechanism->start(initial);
    for (unsigned challenges = 0; next == sasl::outcome::challenge; ++challenges) {
        must(challenges < 2 && base64::decode(mechanism->challenge()).has_value());
        next = mechanism->respond(take_line(text));
    }
    if (next != sasl::outcome::credentials) return 0;
    check_text(mechanism->user(), sasl::limits::max_user_octets);
    check_text(mechanism->take_password().reveal(), sasl::limits::max_response_octets);
    return 0;
}
