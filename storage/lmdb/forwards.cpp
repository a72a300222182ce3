#include "storage/lmdb/forwards.hpp"

#include "storage/lmdb/forward_rows.hpp"

#include <utility>

namespace hauspost::storage::lmdb {

awaitable<std::vector<forward_state>> forwards::list(mail_address by) {
    read_txn tx(core_.env);
    co_return list_forward_states(tx, by);
}

awaitable<result<forward_state>> forwards::note_refusal(forward_way way,
                                                        std::string reply,
                                                        std::int64_t now,
                                                        std::int64_t forget_before) {
    auto work = [&](write_context& context) -> result<forward_state> {
        if (!leads_to(context.tx, way))
            return refusal<result<forward_state>>(errc::no_such_address);
        auto row = find_forward_state(context.tx, way).value_or(forward_state{});
        row.way = way;
        row.reply = reply;
        if (!row.is_suspended() && row.since < forget_before) row.refusals = 0;
        if (row.refusals == 0) row.since = now;
        if (row.refusals == 0 || now - row.last >= refusals_apart) {
            ++row.refusals;
            row.last = now;
        }
        put_forward_state(context, row);
        return row;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> forwards::note_delivery(forward_way way) {
    {
        read_txn tx(core_.env);
        const auto row = find_forward_state(tx, way);
        if (!row || row->is_suspended()) co_return error_code();
    }
    auto work = [&](write_context& context) -> error_code {
        const auto row = find_forward_state(context.tx, way);
        // What was on its way when it was suspended wakes nothing: people decide that.
        if (row && !row->is_suspended()) remove_forward_state(context, way);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> forwards::suspend(forward_way way, std::int64_t now) {
    auto work = [&](write_context& context) -> error_code {
        auto row = find_forward_state(context.tx, way);
        if (!row) return make_error_code(errc::no_such_address);
        if (row->is_suspended()) return {};
        row->suspended_at = now;
        put_forward_state(context, *row);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> forwards::resume(forward_way way) {
    auto work = [&](write_context& context) -> error_code {
        if (!find_forward_state(context.tx, way)) return make_error_code(errc::no_such_address);
        remove_forward_state(context, way);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
