#include "storage/lmdb/sign_ins.hpp"

#include "storage/lmdb/sign_in_rows.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace hauspost::storage::lmdb {
namespace {

bool is_later(const last_sign_in& a, const last_sign_in& b) {
    return a.at > b.at;
}

}  // namespace

void sign_ins::note(const sign_in& seen) noexcept {
    core_.sign_ins.add(seen, std::chrono::system_clock::to_time_t(core_.time().now()));
}

awaitable<std::vector<last_sign_in>> sign_ins::find(account_id account) {
    const read_txn tx(core_.env);
    auto all = sign_in_rows::of_account(tx, account);
    std::stable_sort(all.begin(), all.end(), is_later);
    co_return all;
}

awaitable<std::map<account_id, last_sign_in>> sign_ins::latest(std::vector<account_id> accounts) {
    const read_txn tx(core_.env);
    std::map<account_id, last_sign_in> found;
    for (const auto account : accounts) {
        const auto all = sign_in_rows::of_account(tx, account);
        if (!all.empty())
            found.emplace(account, *std::min_element(all.begin(), all.end(), is_later));
    }
    co_return found;
}

awaitable<std::vector<std::pair<account_id, std::string>>> sign_ins::networks(std::size_t most) {
    const read_txn tx(core_.env);
    std::set<std::pair<account_id, std::string>> found;
    cursor at(tx, table::sign_in);
    for (bool more = at.first(); more && found.size() < most; more = at.next()) {
        auto row = sign_in_rows::decode(at.key(), at.value());
        for (auto& one : row.networks)
            if (found.size() < most) found.emplace(row.seen.account, std::move(one.network));
    }
    co_return std::vector<std::pair<account_id, std::string>>(found.begin(), found.end());
}

}  // namespace hauspost::storage::lmdb
