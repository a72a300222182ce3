#pragma once

#include "protocols/jmap/header_property.hpp"
#include "protocols/jmap/method_error.hpp"
#include "protocols/jmap/session/email_ids.hpp"
#include "storage/blob_store.hpp"
#include "storage/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::jmap {

/// One property of an Email, or of a part of its body, that is asked for.
struct asked_property {
    std::string name;
    std::optional<header_property> header;  // it is said by the header
};

/// What of each Email is wanted. RFC 8621 4.2
struct email_wanted {
    std::vector<asked_property> properties;  // without "id"
    std::vector<asked_property> body_properties;
    bool text_values = false, html_values = false, all_values = false;
    std::size_t max_value_octets = 0;  // 0: as many as there are

    /// The store's row says it all, or that of the picture.
    [[nodiscard]] bool needs_row() const noexcept;
    [[nodiscard]] bool needs_octets() const noexcept;
};

/// wrong  invalidArguments
[[nodiscard]] email_wanted parse_wanted(const json::object& arguments,
                                        std::optional<method_error>& wrong);

/// A message as it lies in the store; of the copies of an email one.
struct stored_email {
    account_rows::email email = 0;
    blob_id blob;
    std::string prefix;
    std::string summary;
};

/// One text of a body is cut there, whatever is asked for.
inline constexpr std::size_t max_body_value_octets = 5 * 1024 * 1024;

/// An Email as JSON. Reads header and body as far as they are asked for.
///
/// mailbox_ids  of each mailbox of `rows`
/// stored       nullptr where wanted.needs_row() says no
/// room         octets, about, that it may bring; less is left. 0: there was not enough, and the
///              object is not whole
/// Refuses      busy; no_such_message: it went meanwhile
/// Throws       storage::fault
/// Thread       of a worker, when it needs octets: waits for the disk
[[nodiscard]] result<json::object> email_object(const account_rows& rows,
                                                account_rows::email one,
                                                const std::vector<std::string>& mailbox_ids,
                                                const stored_email* stored,
                                                const email_wanted& wanted,
                                                storage::blob_store& blobs,
                                                std::size_t& room);

}  // namespace hauspost::jmap
