#include "server/config/sending_values.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace hauspost::server {
namespace {

constexpr std::size_t max_rate = 1'000'000;

bool is_address(std::string_view text) {
    boost::system::error_code failed;
    (void)boost::asio::ip::make_address(std::string(text), failed);
    return !failed;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, port);
    if (text.empty() || read.ec != std::errc() || read.ptr != end || port == 0) return std::nullopt;
    return port;
}

std::optional<std::size_t> rate_of(std::string_view text) {
    std::size_t rate = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, rate);
    if (read.ec != std::errc() || read.ptr != end || rate > max_rate) return std::nullopt;
    return rate;
}

/// What stands between blanks.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (!word.empty()) words.push_back(word);
    }
    return words;
}

/// Takes off the words before the next comma.
std::vector<std::string_view> next_entry(std::string_view& text) {
    const auto entry = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), entry.size() + 1));
    return words_of(entry);
}

bool is_host(std::string_view text) {
    if (is_address(text)) return true;
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '.';
    });
}

}  // namespace

std::optional<relay_place> parse_relay(std::string_view text) {
    relay_place made;
    std::string_view host = text, port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host = text.substr(1, end - 1);
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && !rest.starts_with(':')) return std::nullopt;
        if (!rest.empty()) port = rest.substr(1);
        if (!is_address(host)) return std::nullopt;
    } else if (!is_address(text)) {
        const auto colon = text.rfind(':');
        if (colon != std::string_view::npos) {
            host = text.substr(0, colon);
            port = text.substr(colon + 1);
        }
    }
    if (!is_host(host)) return std::nullopt;
    made.host = host;
    const bool has_port =
        host.data() + host.size() != text.data() + text.size() && text.back() != ']';
    if (has_port) {
        const auto number = port_of(port);
        if (!number) return std::nullopt;
        made.port = *number;
    }
    return made;
}

std::optional<std::vector<std::string>> resolver_addresses(std::string_view text) {
    std::vector<std::string> found;
    if (text == "root") return found;
    for (const auto word : words_of(text)) {
        const auto at = word.find('@');
        if (!is_address(word.substr(0, at))) return std::nullopt;
        if (at != std::string_view::npos && !port_of(word.substr(at + 1))) return std::nullopt;
        found.emplace_back(word);
    }
    return found;
}

std::optional<std::map<std::string, domain_relay, std::less<>>> domain_relays(
    std::string_view text) {
    std::map<std::string, domain_relay, std::less<>> found;
    while (!text.empty()) {
        const auto words = next_entry(text);
        if (words.size() != 2 && words.size() != 4) return std::nullopt;
        const auto domain = address::to_a_labels(words[0]);
        domain_relay made;
        if (words[1] != "direct") made.place = parse_relay(words[1]);
        const bool has_server = made.place.has_value();
        if (!domain || (!has_server && (words[1] != "direct" || words.size() != 2)))
            return std::nullopt;
        if (words.size() == 4) {
            made.user = words[2];
            made.password_file = words[3];
        }
        if (!found.emplace(*domain, std::move(made)).second) return std::nullopt;
    }
    return found;
}

std::optional<std::map<std::string, std::size_t, std::less<>>> domain_rates(std::string_view text) {
    std::map<std::string, std::size_t, std::less<>> found;
    while (!text.empty()) {
        const auto words = next_entry(text);
        if (words.size() != 2) return std::nullopt;
        const auto domain = address::to_a_labels(words[0]);
        const auto rate = rate_of(words[1]);
        if (!domain || !rate || !found.emplace(*domain, *rate).second) return std::nullopt;
    }
    return found;
}

}  // namespace hauspost::server
