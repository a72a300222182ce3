#pragma once

#include "base/ids.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::mail {

// Object ids as they stand on the wire, without parentheses. RFC 8474 7: a letter for the kind,
// then hexadecimal digits. Compare them octet by octet.

/// "F...", the same as long as the mailbox exists, whatever its name; never used again.
void append_mailbox_object_id(std::string& out, account_id account, mailbox_id mailbox);

/// "M...": the same for copies with the same octets, so the header lines that a copy has of its own
/// count as well.
void append_email_object_id(std::string& out, blob_id blob, std::string_view prefix);

/// What an email's id says, as numbers: copies with the same octets have equal ones.
struct email_key {
    blob_id blob;
    std::uint64_t prefix =
        0;  // 0: the copy has no header lines of its own; else 2^32 and their hash
    friend auto operator<=>(const email_key&, const email_key&) = default;
};
[[nodiscard]] email_key email_key_of(blob_id blob, std::string_view prefix) noexcept;
void append_email_object_id(std::string& out, const email_key& key);
/// nullopt: no email has such an id.
[[nodiscard]] std::optional<email_key> parse_email_object_id(std::string_view id) noexcept;

/// "A...", of JMAP; the same as long as the account exists.
void append_account_object_id(std::string& out, account_id account);

/// "T...". Precondition: thread is not 0 (0 is written NIL by the caller).
void append_thread_object_id(std::string& out, std::uint64_t thread);
/// digits  what stands behind the "T"; nullopt: no thread has such an id
[[nodiscard]] std::optional<std::uint64_t> parse_thread_number(std::string_view digits) noexcept;

}  // namespace hauspost::mail
