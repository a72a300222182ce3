#include "storage/lmdb/setting_rows.hpp"

#include "base/octets.hpp"
#include "storage/fault.hpp"

namespace hauspost::storage::lmdb::setting_rows {
namespace {

constexpr std::uint8_t setting_row_version = 1;

}  // namespace

std::string encode(const setting& row) {
    std::string out(1, static_cast<char>(setting_row_version));
    append_le(out, row.version);
    append_le(out, row.changed_at);
    append_text(out, row.value);
    return out;
}

setting decode(std::string_view name, std::string_view octets) {
    octet_reader in(octets);
    setting row;
    row.name = name;
    const auto version = in.number<std::uint8_t>();
    row.version = in.number<std::uint64_t>();
    row.changed_at = in.number<std::int64_t>();
    row.value = in.text();
    if (!in.ok() || !in.rest().empty() || version != setting_row_version || row.version == 0)
        throw fault("damaged row in table setting");
    return row;
}

std::vector<setting> read(const txn& within) {
    std::vector<setting> all;
    cursor at(within, table::setting);
    for (bool more = at.first(); more; more = at.next())
        all.push_back(decode(at.key(), at.value()));
    return all;
}

}  // namespace hauspost::storage::lmdb::setting_rows
