#include "server/outbound/srs.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/lower_nfc.hpp"
#include "base/octets.hpp"
#include "protocols/smtp/path.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

namespace hauspost::outbound {
namespace {

using srs_address = boost::system::result<smtp::mailbox_address, srs_fault>;

constexpr std::string_view first_kind = "SRS0", next_kind = "SRS1";
constexpr std::size_t kind_octets = 4;
constexpr std::size_t token_digits = 8;  // 40 bits: a guess costs a RCPT, and a trillion are needed
constexpr std::size_t day_digits = 2;
constexpr std::int64_t day_cycle = 1024;  // two digits of base 32
constexpr std::size_t min_key_octets = 16;
constexpr std::string_view digits = "abcdefghijklmnopqrstuvwxyz234567";  // RFC 4648 6, lower case

std::int64_t day_of_seconds(std::int64_t now) noexcept {
    return now / 86'400;
}

std::string day_text(std::int64_t day) {
    const auto cut = static_cast<std::size_t>(day % day_cycle);
    return {digits[cut / 32], digits[cut % 32]};
}

/// What two digits say, 0 to 1023; nullopt: they are none.
std::optional<std::int64_t> read_day(std::string_view text) noexcept {
    if (text.size() != day_digits) return std::nullopt;
    std::int64_t day = 0;
    for (const char c : text) {
        const auto digit = digits.find(ascii::to_lower(c));
        if (digit == std::string_view::npos) return std::nullopt;
        day = day * 32 + static_cast<std::int64_t>(digit);
    }
    return day;
}

/// The day with these last digits that is nearest to now: at most one ahead, since clocks differ.
std::int64_t whole_day(std::int64_t cut, std::int64_t today) noexcept {
    const auto latest = today + 1;
    const auto behind = ((latest - cut) % day_cycle + day_cycle) % day_cycle;
    return latest - behind;
}

/// Equal for all spellings that local parts take on their way.
std::string folded_text(std::string_view text) {
    auto folded = lower_nfc(text);
    return folded ? std::move(*folded) : ascii::lowered(text);
}

std::string domain_text(const std::string& domain) {
    auto labels = address::to_a_labels(domain);
    return labels ? std::move(*labels) : ascii::lowered(domain);
}

bool begins_with_kind(std::string_view local, std::string_view kind) noexcept {
    constexpr std::string_view separators = "=+-";  // libsrs2 makes "=", others were allowed once
    return ascii::starts_with_nocase(local, kind) && local.size() > kind_octets &&
           separators.find(local[kind_octets]) != std::string_view::npos;
}

/// Takes what stands before the next "=", and that, off the front; nullopt: there is none.
std::optional<std::string_view> take_piece(std::string_view& text) noexcept {
    const auto end = text.find('=');
    if (end == std::string_view::npos) return std::nullopt;
    const auto piece = text.substr(0, end);
    text.remove_prefix(end + 1);
    return piece;
}

/// "=TOKEN=DAY=DOMAIN=LOCAL" as other servers write it.
bool is_rest_of_first(std::string_view text) noexcept {
    return begins_with_kind(std::string(first_kind) + std::string(text), first_kind) &&
           std::count(text.begin() + 1, text.end(), '=') >= 3;
}

/// An address that another server has rewritten: its host and what stands behind its "SRS0".
struct rewritten {
    std::string host;
    std::string rest;
};

std::optional<rewritten> read_foreign(const smtp::mailbox_address& sender) {
    std::string_view text = sender.local_part;
    if (begins_with_kind(text, first_kind)) {
        text.remove_prefix(kind_octets);
        if (!is_rest_of_first(text)) return std::nullopt;
        return rewritten{domain_text(sender.domain), std::string(text)};
    }
    if (!begins_with_kind(text, next_kind)) return std::nullopt;
    text.remove_prefix(kind_octets + 1);
    const auto token = take_piece(text);
    const auto host = token ? take_piece(text) : std::nullopt;
    if (!host || !smtp::is_domain(*host) || !is_rest_of_first(text)) return std::nullopt;
    return rewritten{domain_text(std::string(*host)), std::string(text)};
}

smtp::mailbox_address made_address(std::string_view local, std::string_view domain) {
    smtp::mailbox_address address;
    address.local_part = local;
    address.domain = domain;
    return address;
}

bool is_plain_text(std::string_view text) noexcept {
    return std::none_of(text.begin(), text.end(), ascii::is_control);
}

}  // namespace

srs_rewriter::srs_rewriter(srs_settings settings) : settings_(std::move(settings)) {
    if (settings_.domain.empty() || settings_.keys.empty())
        throw std::invalid_argument("SRS needs a domain and a key");
    for (const auto& key : settings_.keys)
        if (key.reveal().size() < min_key_octets)
            throw std::invalid_argument("a key of SRS is too short");
    settings_.domain = domain_text(settings_.domain);
}

std::string srs_rewriter::token(const secret& key,
                                std::string_view kind,
                                std::int64_t day,
                                std::string_view domain,
                                std::string_view rest) const {
    // Each piece with its length, so that no two texts are one.
    std::string text;
    append_text(text, kind);
    append_le(text, day);
    append_text(text, settings_.domain);
    append_text(text, folded_text(domain));
    append_text(text, folded_text(rest));
    std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
    unsigned int octets = 0;
    const auto* done = HMAC(
        EVP_sha256(), key.reveal().data(), static_cast<int>(key.reveal().size()),
        reinterpret_cast<const unsigned char*>(text.data()), text.size(), made.data(), &octets);
    if (done == nullptr) throw std::runtime_error("HMAC-SHA256 failed");
    std::string cut;
    for (std::size_t i = 0; i < token_digits; ++i) {
        const auto bit = i * 5;
        const auto pair = static_cast<unsigned>(made[bit / 8] << 8 | made[bit / 8 + 1]);
        cut += digits[pair >> (11 - bit % 8) & 31];
    }
    return cut;
}

srs_address srs_rewriter::encode(const smtp::mailbox_address& sender, std::int64_t now) const {
    const auto domain = domain_text(sender.domain);
    if (sender.is_null() || domain == settings_.domain) return sender;
    if (domain.find('=') != std::string::npos) return srs_fault::bad_domain;
    const auto day = day_of_seconds(now);
    const auto& key = settings_.keys.front();
    std::string local;
    if (const auto before = read_foreign(sender))
        local = std::string(next_kind) + '=' +
                token(key, next_kind, day, before->host, before->rest) + day_text(day) + '=' +
                before->host + '=' + before->rest;
    else
        local = std::string(first_kind) + '=' +
                token(key, first_kind, day, domain, sender.local_part) + '=' + day_text(day) + '=' +
                domain + '=' + sender.local_part;
    if (local.size() > settings_.max_local_part_octets) return srs_fault::too_long;
    return made_address(local, settings_.domain);
}

srs_address srs_rewriter::decode(const smtp::mailbox_address& recipient, std::int64_t now) const {
    std::string_view text = recipient.local_part;
    const bool is_first = begins_with_kind(text, first_kind);
    if (!is_first && !begins_with_kind(text, next_kind)) return srs_fault::not_srs;
    if (domain_text(recipient.domain) != settings_.domain) return srs_fault::foreign;
    if (text.size() > smtp::max_local_part_octets || text[kind_octets] != '=' ||
        !is_plain_text(text))
        return srs_fault::malformed;
    text.remove_prefix(kind_octets + 1);
    return is_first ? decode_first(text, now) : decode_next(text, now);
}

srs_address srs_rewriter::decode_first(std::string_view text, std::int64_t now) const {
    const auto given = take_piece(text);
    const auto day = given ? take_piece(text) : std::nullopt;
    const auto domain = day ? take_piece(text) : std::nullopt;
    if (!domain || !smtp::is_domain(*domain)) return srs_fault::malformed;
    const auto made_on = check(first_kind, *given, *day, *domain, text, now);
    if (!made_on) return made_on.error();
    return made_address(text, ascii::lowered(*domain));
}

srs_address srs_rewriter::decode_next(std::string_view text, std::int64_t now) const {
    const auto given = take_piece(text);
    const auto host = given ? take_piece(text) : std::nullopt;
    if (!host || given->size() != token_digits + day_digits || !smtp::is_domain(*host) ||
        !is_rest_of_first(text))
        return srs_fault::malformed;
    const auto made_on = check(next_kind, given->substr(0, token_digits),
                               given->substr(token_digits), *host, text, now);
    if (!made_on) return made_on.error();
    return made_address(std::string(first_kind) + std::string(text), ascii::lowered(*host));
}

boost::system::result<std::int64_t, srs_fault> srs_rewriter::check(
    std::string_view kind,
    std::string_view given,
    std::string_view day_digits_given,
    std::string_view domain,
    std::string_view rest,
    std::int64_t now) const {
    const auto cut = read_day(day_digits_given);
    if (!cut || given.size() != token_digits) return srs_fault::malformed;
    const auto today = day_of_seconds(now);
    const auto day = whole_day(*cut, today);
    const auto low = ascii::lowered(given);
    bool is_ours = false;
    for (const auto& key : settings_.keys) {
        const auto right = token(key, kind, day, domain, rest);
        is_ours |= CRYPTO_memcmp(right.data(), low.data(), token_digits) == 0;
    }
    if (!is_ours) return srs_fault::forged;
    if (today - day > settings_.valid_days) return srs_fault::expired;
    return day;
}

}  // namespace hauspost::outbound
