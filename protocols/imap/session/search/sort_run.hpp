#pragma once

#include "base/awaitable.hpp"
#include "base/function_ref.hpp"
#include "protocols/imap/session/core/replies.hpp"
#include "protocols/imap/view/mailbox_view.hpp"
#include "storage/types.hpp"

#include <chrono>
#include <optional>
#include <span>

namespace hauspost::imap {

class connection;

/// The ranges of a view that hold these messages and no others. ids: ascending, of the view
[[nodiscard]] mail::uid_ranges to_ranges(const mailbox_view& view, std::span<const uid> ids);

/// Shows the rows of messages that were found, in slices, for SORT and THREAD.
class row_walk {
public:
    row_walk(connection& session, std::chrono::steady_clock::time_point began)
        : session_(session), began_(began) {}

    /// visit  false: there is too much of it, and the command ends with NO [LIMIT]
    /// Returns  nullopt: all were shown that are still there
    awaitable<std::optional<answer>> run(
        mail::uid_ranges ranges,
        function_ref<bool(std::uint32_t sequence, const storage::message_view&)> visit);

private:
    connection& session_;
    std::chrono::steady_clock::time_point began_;
};

}  // namespace hauspost::imap
