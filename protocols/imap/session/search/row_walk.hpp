#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/function_ref.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/session/core/or_answer.hpp"
#include "protocols/imap/view/mailbox_view.hpp"
#include "storage/types.hpp"

#include <span>

namespace hauspost::imap {

/// The ranges of a view that hold these messages and no others. ids: ascending, of the view
[[nodiscard]] mail::uid_ranges to_ranges(const mailbox_view& view, std::span<const uid> ids);

/// Shows the rows of messages that were found, in slices, for SORT and THREAD.
class row_walk {
public:
    row_walk(context& session, steady_time began) : session_(session), began_(began) {}

    /// Shows all that are still there.
    /// visit  false: there is too much of it, and the command ends with NO [LIMIT]
    awaitable<or_answer<>> run(
        mail::uid_ranges ranges,
        function_ref<bool(std::uint32_t sequence, const storage::message_view&)> visit);

private:
    context& session_;
    steady_time began_;
};

}  // namespace hauspost::imap
