#pragma once

#include "protocols/jmap/session/call.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::jmap {

/// A mailbox with all that JMAP says of it. RFC 8621 2
struct mailbox_object {
    const visible_box* box = nullptr;
    std::string_view role;  // "": none
    bool is_subscribed = false;
    std::uint32_t sort_order = 0;
    storage::view::account_rows::counts counts;

    [[nodiscard]] json::value value_of(std::string_view property) const;
};

/// The names of its properties, without "id".
[[nodiscard]] bool is_mailbox_property(std::string_view name) noexcept;
[[nodiscard]] json::object to_json(const mailbox_object& one, const get_arguments& asked);

struct mailbox_list {
    std::vector<mailbox_object> all;  // in the order of IMAP's LIST
    std::string state;
};

/// All mailboxes of an account that the user sees.
/// Refuses  busy and the like
/// Throws   storage::fault
awaitable<result<mailbox_list>> list_mailboxes(const call_context& with,
                                               const visible_account& account);

}  // namespace hauspost::jmap
