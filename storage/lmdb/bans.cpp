#include "storage/lmdb/bans.hpp"

#include "storage/lmdb/ban_rows.hpp"

#include <map>
#include <utility>

namespace hauspost::storage::lmdb {

void bans::note(ban row) noexcept {
    const auto name = row.name;
    core_.bans.add(name, std::move(row));
}

void bans::note_end(ban_name name) noexcept {
    core_.bans.add(name, std::nullopt);
}

awaitable<std::vector<ban>> bans::list() {
    // First these: what is written in between stands in the rows, then.
    auto noted = core_.bans.waiting();
    std::vector<ban> all;
    {
        const read_txn tx(core_.env);
        all = ban_rows::read(tx);
    }
    std::erase_if(all, [&noted](const ban& one) { return noted.contains(one.name); });
    for (auto& [name, row] : noted)
        if (row) all.push_back(std::move(*row));
    co_return all;
}

awaitable<error_code> bans::put(ban row) {
    if (!ban_rows::fits(row.name)) co_return make_error_code(errc::invalid_name);
    auto work = [&](write_context& context) -> error_code {
        core_.bans.forget(row.name);
        context.tx.put(table::ban, ban_rows::key_of(row.name), ban_rows::encode(row));
        ban_rows::keep_limit(context.tx);
        context.office.bans = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> bans::remove(std::vector<ban_name> names) {
    auto work = [&](write_context& context) -> error_code {
        for (const auto& name : names) {
            core_.bans.forget(name);
            if (ban_rows::fits(name)) context.tx.remove(table::ban, ban_rows::key_of(name));
        }
        context.office.bans = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
