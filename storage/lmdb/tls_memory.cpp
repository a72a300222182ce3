#include "storage/lmdb/tls_memory.hpp"

#include "storage/lmdb/tls_rows.hpp"

#include <utility>

namespace hauspost::storage::lmdb {
namespace {

constexpr std::size_t max_domain_octets = 253;  // RFC 1035 2.3.4
constexpr std::size_t max_id_octets = 255;

bool may_be_key(const std::string& domain) {
    return !domain.empty() && domain.size() <= max_domain_octets;
}

}  // namespace

awaitable<std::optional<kept_policy>> tls_memory::find_policy(std::string domain) {
    if (!may_be_key(domain)) co_return std::nullopt;
    read_txn tx(core_.env);
    const auto row = tx.get(table::tls_policy, domain);
    if (!row) co_return std::nullopt;
    co_return tls_rows::decode_policy(domain, *row);
}

awaitable<error_code> tls_memory::keep_policy(kept_policy policy) {
    if (!may_be_key(policy.domain) || policy.id.empty() || policy.id.size() > max_id_octets ||
        policy.text.empty() || policy.text.size() > max_policy_octets)
        co_return make_error_code(errc::invalid_name);
    auto work = [&](write_context& context) -> error_code {
        if (context.is_room_low) return make_error_code(errc::disk_full);
        if (!context.tx.get(table::tls_policy, policy.domain))
            tls_rows::make_room_for_policy(context.tx, context.now);
        context.tx.put(table::tls_policy, policy.domain, tls_rows::encode(policy));
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<std::vector<tls_day>> tls_memory::days_before(std::uint32_t day, std::size_t limit) {
    std::vector<tls_day> found;
    read_txn tx(core_.env);
    cursor at(tx, table::tls_result);
    for (bool more = at.first(); more && found.size() < limit;) {
        const auto row = tls_rows::decode_result(at.key(), at.value());
        if (row.day >= day) break;
        auto& one = found.emplace_back();
        one.day = row.day;
        one.domain = row.domain;
        // Behind all rows of the day and domain: their keys end with NUL and a number.
        auto next = tls_rows::day_key(one);
        next.back() = '\1';
        more = at.seek(next);
    }
    co_return found;
}

awaitable<result<std::vector<tls_result>>> tls_memory::take_results(tls_day of) {
    auto work = [&](write_context& context) -> result<std::vector<tls_result>> {
        auto taken = tls_rows::results_of(context.tx, of);
        tls_rows::remove_results(context.tx, of);
        return taken;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> tls_memory::count(std::vector<tls_result> results) {
    auto work = [&](write_context& context) -> error_code {
        for (const auto& one : results)
            tls_rows::count(context.tx, one);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
