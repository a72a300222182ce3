#include "server/config/config_values.hpp"

#include "base/ascii.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>
#include <utility>

namespace hauspost::server {
namespace {

constexpr std::int64_t max_seconds = 100LL * 365 * 24 * 3600;

/// Splits "50 MiB" into number and unit; nullopt when it begins with no number.
std::optional<std::pair<std::uint64_t, std::string>> split_amount(std::string_view text) {
    text = ascii::trimmed(text);
    std::uint64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{}) return std::nullopt;
    const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
    return std::pair(number, ascii::lowered(ascii::trimmed(unit)));
}

using unit_table = std::vector<std::pair<std::string_view, std::uint64_t>>;

/// number times its unit, when the unit is known and the product at most `most`.
std::optional<std::uint64_t> amount_of(std::string_view text,
                                       const unit_table& units,
                                       std::uint64_t most) {
    const auto amount = split_amount(text);
    if (!amount) return std::nullopt;
    for (const auto& [unit, factor] : units)
        if (unit == amount->second) {
            if (amount->first > most / factor) return std::nullopt;
            return amount->first * factor;
        }
    return std::nullopt;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::optional<octet_size> parse_octet_size(std::string_view text) {
    static const unit_table units{{"", 1},
                                  {"b", 1},
                                  {"kib", 1ULL << 10},
                                  {"mib", 1ULL << 20},
                                  {"gib", 1ULL << 30},
                                  {"tib", 1ULL << 40},
                                  {"kb", 1'000},
                                  {"mb", 1'000'000},
                                  {"gb", 1'000'000'000},
                                  {"tb", 1'000'000'000'000}};
    const auto octets = amount_of(
        text, units, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
    if (!octets) return std::nullopt;
    return octet_size{*octets};
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    static const unit_table units{{"", 1},     {"s", 1},    {"sec", 1},    {"m", 60},
                                  {"min", 60}, {"h", 3600}, {"d", 86'400}, {"w", 604'800}};
    const auto seconds = amount_of(text, units, max_seconds);
    if (!seconds) return std::nullopt;
    return std::chrono::seconds(*seconds);
}

std::optional<endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port_text = text.substr(colon + 1);
    auto address = text.substr(0, colon);
    std::uint16_t port = 0;
    const auto* const end = port_text.data() + port_text.size();
    const auto [stop, fault] = std::from_chars(port_text.data(), end, port);
    if (fault != std::errc{} || stop != end) return std::nullopt;
    if (address.empty()) return endpoint{"", port};
    const bool in_brackets = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (in_brackets) address = address.substr(1, address.size() - 2);
    boost::system::error_code wrong;
    const auto parsed = boost::asio::ip::make_address(std::string(address), wrong);
    // An IPv6 address without brackets would leave open where the port begins.
    if (wrong || parsed.is_v6() != in_brackets) return std::nullopt;
    return endpoint{parsed.to_string(), port};
}

std::string to_text(const endpoint& where) {
    const bool is_v6 = where.address.find(':') != std::string::npos;
    return (is_v6 ? "[" + where.address + "]" : where.address) + ":" + std::to_string(where.port);
}

std::string_view nearest_word(std::string_view word,
                              const std::vector<std::string_view>& candidates) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    if (word.size() > 64) return best;  // bounds the work; no key is that long
    for (const auto candidate : candidates) {
        const auto distance = edit_distance(word, candidate);
        if (distance < best_distance && distance < candidate.size()) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace hauspost::server
