#include "storage/lmdb/overview_rows.hpp"

#include "storage/lmdb/directory_rows.hpp"
#include "storage/lmdb/right_records.hpp"

#include <chrono>
#include <utility>

namespace hauspost::storage::lmdb {

awaitable<account_troubles> overview_rows::troubles() {
    const auto now = std::chrono::system_clock::to_time_t(core_.time().now());
    if (troubles_.is_outdated(now)) {
        auto work = [this, now] { troubles_.walk(core_.env, now); };
        (void)co_await core_.readers.run(std::move(work));  // busy: what is known will do
    }
    co_return troubles_.read(core_.env);
}

awaitable<std::vector<std::int64_t>> overview_rows::records_right(
    std::string domain, std::vector<std::string> records) {
    std::vector<std::int64_t> all;
    const read_txn tx(core_.env);
    for (const auto& one : records)
        all.push_back(right_records::find(tx, domain, one));
    co_return all;
}

awaitable<error_code> overview_rows::note_records_right(std::string domain,
                                                        std::vector<std::string> records) {
    auto work = [&](write_context& context) -> error_code {
        if (!find_domain_row(context.tx, domain)) return make_error_code(errc::no_such_domain);
        for (const auto& one : records)
            right_records::note(context.tx, domain, one, context.now);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
