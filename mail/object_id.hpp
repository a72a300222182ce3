#pragma once

#include "base/ids.hpp"

#include <cstdint>
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

/// "T...". Precondition: thread is not 0 (0 is written NIL by the caller).
void append_thread_object_id(std::string& out, std::uint64_t thread);

}  // namespace hauspost::mail
