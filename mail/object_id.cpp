#include "mail/object_id.hpp"

namespace hauspost::mail {
namespace {

void append_hex(std::string& out, std::uint64_t value, int digits) {
    static constexpr std::string_view hex = "0123456789abcdef";
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        out += hex[value >> shift & 15];
}

constexpr int blob_digits = 16;
constexpr int prefix_digits = 8;
constexpr int thread_digits = 16;
constexpr std::uint64_t has_prefix = std::uint64_t{1} << 32;

/// Lower-case digits alone, so that each number has one spelling. Of none it is 0.
constexpr std::optional<std::uint64_t> read_hex(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char c : digits) {
        const bool is_letter = c >= 'a' && c <= 'f';
        if (!is_letter && !(c >= '0' && c <= '9')) return std::nullopt;
        value = value << 4 | static_cast<std::uint64_t>(is_letter ? c - 'a' + 10 : c - '0');
    }
    return value;
}

/// A bijection, so that different mailboxes keep different ids while the numbers that we count
/// accounts with stay our own (base/ids.hpp). The steps are those of MurmurHash3's finaliser.
constexpr std::uint64_t scattered(std::uint64_t value) {
    value = (value ^ value >> 33) * 0xff51afd7ed558ccd;
    value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53;
    return value ^ value >> 33;
}

/// FNV-1a: a handful of octets, nothing that anybody could gain by a collision.
constexpr std::uint32_t short_hash(std::string_view octets) {
    std::uint32_t hash = 2'166'136'261;
    for (const char c : octets)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619;
    return hash;
}

}  // namespace

void append_mailbox_object_id(std::string& out, account_id account, mailbox_id mailbox) {
    out += 'F';
    append_hex(out, scattered(std::uint64_t{account.value()} << 32 | mailbox.value()), 16);
}

void append_email_object_id(std::string& out, blob_id blob, std::string_view prefix) {
    append_email_object_id(out, email_key_of(blob, prefix));
}

email_key email_key_of(blob_id blob, std::string_view prefix) noexcept {
    return {blob, prefix.empty() ? 0 : has_prefix | short_hash(prefix)};
}

void append_email_object_id(std::string& out, const email_key& key) {
    out += 'M';
    append_hex(out, key.blob.value(), blob_digits);
    if (key.prefix != 0) append_hex(out, key.prefix, prefix_digits);
}

std::optional<email_key> parse_email_object_id(std::string_view id) noexcept {
    if (!id.starts_with('M')) return std::nullopt;
    id.remove_prefix(1);
    if (id.size() != blob_digits && id.size() != blob_digits + prefix_digits) return std::nullopt;
    const auto blob = read_hex(id.substr(0, blob_digits));
    const auto prefix = read_hex(id.substr(blob_digits));
    if (!blob || !prefix || *blob == 0) return std::nullopt;
    return email_key{blob_id(*blob), id.size() == blob_digits ? 0 : has_prefix | *prefix};
}

void append_account_object_id(std::string& out, account_id account) {
    out += 'A';
    // No mailbox has the number 0.
    append_hex(out, scattered(std::uint64_t{account.value()} << 32), 16);
}

void append_thread_object_id(std::string& out, std::uint64_t thread) {
    out += 'T';
    append_hex(out, thread, thread_digits);
}

std::optional<std::uint64_t> parse_thread_number(std::string_view digits) noexcept {
    if (digits.size() != thread_digits) return std::nullopt;
    return read_hex(digits);
}

}  // namespace hauspost::mail
