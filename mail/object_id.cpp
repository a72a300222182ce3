#include "mail/object_id.hpp"

namespace hauspost::mail {
namespace {

void append_hex(std::string& out, std::uint64_t value, int digits) {
    static constexpr std::string_view hex = "0123456789abcdef";
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        out += hex[value >> shift & 15];
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
    out += 'M';
    append_hex(out, blob.value(), 16);
    if (!prefix.empty()) append_hex(out, short_hash(prefix), 8);
}

void append_thread_object_id(std::string& out, std::uint64_t thread) {
    out += 'T';
    append_hex(out, thread, 16);
}

}  // namespace hauspost::mail
