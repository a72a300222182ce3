#pragma once

#include "storage/mailbox_store.hpp"

#include <cstdint>
#include <utility>

namespace hauspost::test {

/// A walk to its end. The visitor's answer ends slices, not the walk.
inline awaitable<error_code> visit_all(storage::mailbox_store& in,
                                       storage::mailbox_key box,
                                       storage::walk_detail detail,
                                       function_ref<bool(const storage::message_view&)> visit,
                                       mail::uid_ranges ranges = {{uid(1), uid(UINT32_MAX)}}) {
    const auto rows = in.walk(box, std::move(ranges), detail);
    while (!rows->is_done()) {
        const auto refused = co_await rows->next(visit);
        if (refused) co_return refused;
    }
    co_return error_code();
}

}  // namespace hauspost::test
