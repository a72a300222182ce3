#include "storage/lmdb/trace_log.hpp"

#include "storage/lmdb/trace_search.hpp"

#include <chrono>
#include <utility>

namespace hauspost::storage::lmdb {

void trace_log::note(trace_event event) noexcept {
    traffic passed;
    passed.count(event);
    core_.traffic.note(passed);
    core_.trace.note(std::move(event));
}

awaitable<result<trace_page>> trace_log::find(trace_query wanted) {
    if (core_.trace.is_waiting(std::chrono::seconds(0))) {
        // A commit of nothing takes along what waits. Refused: it is missing, the rest is not.
        auto work = [](write_context&) { return error_code(); };
        (void)co_await core_.writer->run(std::move(work));
    }
    trace_search search(std::move(wanted));
    for (bool more = true; more;) {
        auto look = [&] {
            const read_txn tx(core_.env);
            return search.next_slice(tx);
        };
        const auto is_more = co_await core_.readers.run(std::move(look));
        if (!is_more) co_return fail(errc::busy);
        more = *is_more;
    }
    co_return search.take();
}

}  // namespace hauspost::storage::lmdb
