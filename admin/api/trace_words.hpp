#pragma once

#include "storage/trace_store.hpp"

#include <string>
#include <string_view>

namespace hauspost::admin::api {

// Names for programs: "received", "catch_all", "imap".
[[nodiscard]] std::string_view name_of(storage::trace_step step) noexcept;
[[nodiscard]] std::string_view name_of(storage::trace_rule rule) noexcept;
[[nodiscard]] std::string_view name_of(storage::trace_door door) noexcept;

/// What has happened, as a sentence without a full stop, in the words of who runs a company and not a
/// mail server. Holds texts of strangers as they are.
[[nodiscard]] std::string sentence_of(const storage::trace_event& step);

/// What has become of a message: "in mailbox", "waiting, sent" for several recipients, "failed".
[[nodiscard]] std::string state_of(const storage::traced_message& message);

}  // namespace hauspost::admin::api
