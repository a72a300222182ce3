#include "storage/lmdb/keeper.hpp"

#include "base/log.hpp"
#include "storage/lmdb/check.hpp"
#include "storage/lmdb/put_back.hpp"
#include "storage/lmdb/summary_renewal.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

/// How much of a budget is out.
std::uint64_t taken_of(std::size_t all, std::ptrdiff_t left) {
    return all - static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, left));
}

}  // namespace

void keeper::stop() {
    core_.stop();
}

void keeper::on_broken(std::function<void(const std::string&)> listener) {
    core_.health.on_broken(std::move(listener));
}

check_report keeper::check() {
    constexpr std::uint64_t logged_after = 100'000;  // bodies
    std::uint64_t bodies = 0;
    auto report = check_store(core_.env, core_.files, [&bodies] {
        if (++bodies % logged_after == 0) log::info("check bodies={}", bodies);
    });
    for (const auto& file : core_.janitor->strays())
        report.findings.push_back("the file " + file + " belongs to no message");
    return report;
}

std::size_t keeper::tidy() {
    return core_.janitor->run_once();
}

std::size_t keeper::renew_summaries(const summary_maker& maker) {
    return lmdb::renew_summaries({core_.env, blobs_, *core_.writer}, maker);
}

std::uint64_t keeper::put_backs() {
    const read_txn tx(core_.env);
    return lmdb::put_backs(tx);
}

void keeper::tell_put_back() {
    auto work = [](write_context& context) -> error_code {
        lmdb::tell_put_back(context.tx);
        return {};
    };
    if (const auto refused = core_.writer->run_blocking(work))
        throw fault("cannot write it down: " + refused.message());
}

store_figures keeper::figures() {
    store_figures now;
    now.map_used = core_.env.map_used();
    now.free_octets = core_.room.octets();
    now.is_disk_full = core_.room.is_low();
    now.is_broken = core_.health.is_broken();
    now.staged_memory_octets =
        taken_of(core_.options.staged_memory_octets, core_.budget.memory_left());
    now.staged_files = taken_of(core_.options.staged_files, core_.budget.files_left());
    if (now.is_broken) return now;  // LMDB may refuse to read, too
    read_txn tx(core_.env);
    cursor at(tx, table::segment);
    for (bool more = at.first(); more; more = at.next()) {
        const auto row = decode_segment(at.value());
        now.segment_octets += row.committed;
        now.live_octets += row.live;
    }
    return now;
}

}  // namespace hauspost::storage::lmdb
