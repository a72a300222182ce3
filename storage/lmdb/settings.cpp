#include "storage/lmdb/settings.hpp"

#include "base/random.hpp"
#include "storage/lmdb/setting_rows.hpp"

#include <utility>

namespace hauspost::storage::lmdb {
namespace {

/// 0: there is none.
std::uint64_t setting_version(const txn& within, const std::string& name) {
    const auto stored = within.get(table::setting, name);
    return stored ? setting_rows::decode(name, *stored).version : 0;
}

}  // namespace

awaitable<std::vector<setting>> settings::list() {
    const read_txn tx(core_.env);
    co_return setting_rows::read(tx);
}

awaitable<error_code> settings::put(std::string name, std::string value, std::uint64_t seen) {
    if (name.empty() || name.size() > max_name_octets || value.size() > max_value_octets)
        co_return make_error_code(errc::invalid_name);
    setting row;
    row.value = std::move(value);
    // Not counted: a copy of the store that is put back would give a number out again.
    while (row.version == 0)
        row.version = random::number();
    auto work = [&](write_context& context) -> error_code {
        if (setting_version(context.tx, name) != seen)
            return make_error_code(errc::changed_meanwhile);
        if (seen == 0 && context.tx.count(table::setting) >= max_settings)
            return make_error_code(errc::invalid_name);
        row.changed_at = context.now;
        context.tx.put(table::setting, name, setting_rows::encode(row));
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> settings::remove(std::string name, std::uint64_t seen) {
    if (name.empty() || name.size() > max_name_octets) co_return error_code();
    auto work = [&](write_context& context) -> error_code {
        if (setting_version(context.tx, name) != seen)
            return make_error_code(errc::changed_meanwhile);
        context.tx.remove(table::setting, name);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
