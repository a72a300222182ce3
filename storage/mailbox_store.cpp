#include "storage/mailbox_store.hpp"

#include <utility>

namespace hauspost::storage {

awaitable<error_code> mailbox_store::look_at(mailbox_key mailbox,
                                             hauspost::uid id,
                                             walk_detail detail,
                                             function_ref<void(const message_view&)> visit) {
    const auto rows = walk(mailbox, {{id, id}}, detail);
    bool is_there = false;
    const auto see = [&](const message_view& message) {
        is_there = true;
        visit(message);
        return true;
    };
    while (!rows->is_done()) {
        const auto refused = co_await rows->next(see);
        if (refused) co_return refused;
    }
    co_return is_there ? error_code() : make_error_code(errc::no_such_message);
}

awaitable<result<copy_result>> mailbox_store::copy(mailbox_key from,
                                                   mail::uid_ranges uids,
                                                   mailbox_id to,
                                                   bool move) {
    const mailbox_key target{from.account, to};
    return transfer(from, std::move(uids), target, move, mail::flag_mask());
}

}  // namespace hauspost::storage
