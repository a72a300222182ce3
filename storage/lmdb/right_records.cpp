#include "storage/lmdb/right_records.hpp"

#include "base/sha256.hpp"
#include "storage/lmdb/write_context.hpp"

#include <string>
#include <vector>

namespace hauspost::storage::lmdb::right_records {
namespace {

constexpr std::size_t digest_octets = 16;  // of each

std::string digest_of_text(std::string_view text) {
    const auto whole = sha256(text);
    return to_hex(octets_of(whole).substr(0, digest_octets));
}

std::string right_prefix(std::string_view domain) {
    return "dns_right/" + digest_of_text(domain) + '/';
}

std::string right_key(std::string_view domain, std::string_view record) {
    return right_prefix(domain) + digest_of_text(record);
}

}  // namespace

std::int64_t find(const txn& within, std::string_view domain, std::string_view record) {
    return static_cast<std::int64_t>(meta_number(within, right_key(domain, record)));
}

void note(write_txn& tx, std::string_view domain, std::string_view record, std::int64_t now) {
    set_meta_number(tx, right_key(domain, record), static_cast<std::uint64_t>(now));
}

void forget(write_txn& tx, std::string_view domain) {
    const auto prefix = right_prefix(domain);
    std::vector<std::string> keys;
    {
        cursor at(tx, table::meta);
        for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
            keys.emplace_back(at.key());
    }
    for (const auto& key : keys)
        tx.remove(table::meta, key);
}

}  // namespace hauspost::storage::lmdb::right_records
