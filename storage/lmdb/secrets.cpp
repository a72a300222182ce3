#include "storage/lmdb/secrets.hpp"

#include "base/random.hpp"
#include "storage/lmdb/secret_rows.hpp"

#include <utility>

namespace hauspost::storage::lmdb {
namespace {

/// Not counted: a copy of the store that is put back would give a number out again.
std::uint64_t new_version() {
    std::uint64_t made = 0;
    while (made == 0)
        made = random::number();
    return made;
}

}  // namespace

awaitable<std::optional<named_secret>> secrets::find(std::string name) {
    // LMDB takes no empty key, nor one that it could not have kept.
    if (name.empty() || name.size() > max_name_octets) co_return std::nullopt;
    read_txn tx(core_.env);
    const auto row = tx.get(table::secret, name);
    if (!row) co_return std::nullopt;
    co_return decode_secret(name, *row);
}

awaitable<std::vector<named_secret>> secrets::list(std::string prefix) {
    std::vector<named_secret> found;
    if (prefix.size() > max_name_octets) co_return found;
    read_txn tx(core_.env);
    cursor at(tx, table::secret);
    for (bool more = prefix.empty() ? at.first() : at.seek(prefix);
         more && at.key().starts_with(prefix); more = at.next())
        found.push_back(decode_secret(at.key(), at.value()));
    co_return found;
}

awaitable<error_code> secrets::put(std::string name, secret octets, std::uint64_t seen) {
    if (name.empty() || name.size() > max_name_octets || octets.reveal().size() > max_secret_octets)
        co_return make_error_code(errc::invalid_name);
    named_secret row;
    row.octets = std::move(octets);
    row.version = new_version();
    auto work = [&](write_context& context) -> error_code {
        if (context.is_room_low) return make_error_code(errc::disk_full);
        row.created_at = context.now;
        std::uint64_t there = 0;
        if (const auto stored = context.tx.get(table::secret, name)) {
            const auto before = decode_secret(name, *stored);
            there = before.version;
            row.created_at = before.created_at;
        }
        if (there != seen) return make_error_code(errc::changed_meanwhile);
        const secret encoded(encode(row));  // wiped when it goes
        context.tx.put(table::secret, name, encoded.reveal());
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> secrets::remove(std::string name) {
    if (name.empty() || name.size() > max_name_octets) co_return error_code();
    auto work = [&](write_context& context) -> error_code {
        context.tx.remove(table::secret, name);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
