#pragma once

#include "storage/view/account_rows.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::jmap {

using storage::view::account_rows;

/// The ids that IMAP tells as EMAILID and THREADID (RFC 8474). A mail without a thread is one of its
/// own: "T" and its id.
[[nodiscard]] std::string email_id(const account_rows& rows, account_rows::email one);
[[nodiscard]] std::string thread_id(const account_rows& rows, account_rows::email one);

[[nodiscard]] std::optional<account_rows::email> find_email(const account_rows& rows,
                                                            std::string_view id);
/// One of the thread's.
[[nodiscard]] std::optional<account_rows::email> find_thread(const account_rows& rows,
                                                             std::string_view id);

}  // namespace hauspost::jmap
