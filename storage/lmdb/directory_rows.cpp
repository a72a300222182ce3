#include "storage/lmdb/directory_rows.hpp"

#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/forward_rows.hpp"

#include <string>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

/// One number for all rows, so that a row that goes and is made anew never has an old version.
std::uint64_t take_version(write_context& context) {
    const auto version = meta_number(context.tx, "directory_version") + 1;
    set_meta_number(context.tx, "directory_version", version);
    context.directory_changed = true;
    return version;
}

}  // namespace

directory_entry read_address(const txn& within, std::string_view name) {
    if (name.empty() || name.size() > max_address_octets) return {};
    const auto found = within.get(table::address, name);
    if (!found || found->empty()) return {};
    if (found->front() == static_cast<char>(address_kind::alias))
        return decode_alias(name, found->substr(1));
    octet_reader in(found->substr(1));
    const account_id id(in.number<std::uint32_t>());
    auto row = find_account_row(within, id);
    if (!row) throw fault("an address refers to an account that is missing");
    return *row;
}

std::optional<domain> find_domain_row(const txn& within, std::string_view name) {
    if (name.empty() || name.size() > max_address_octets) return std::nullopt;
    const auto found = within.get(table::domain, name);
    if (!found) return std::nullopt;
    return decode_domain(name, *found);
}

void put_account(write_context& context, account row) {
    row.version = take_version(context);
    keep_forward_states(context, row.name, row.forwards);
    context.tx.put(table::account, account_key(row.id), encode_account(row));
}

void put_account_and_address(write_context& context, const account& row) {
    put_account(context, row);
    std::string value(1, static_cast<char>(address_kind::account));
    append_le(value, row.id.value());
    context.tx.put(table::address, row.name, value);
}

void put_alias(write_context& context, alias row) {
    row.version = take_version(context);
    keep_forward_states(context, row.name, row.targets);
    context.tx.put(table::address, row.name,
                   static_cast<char>(address_kind::alias) + encode_alias(row));
}

void put_domain(write_context& context, domain row) {
    row.version = take_version(context);
    keep_forward_states(context, catch_all_name(row.name), {row.catch_all});
    context.tx.put(table::domain, row.name, encode_domain(row));
}

void remove_address(write_context& context, std::string_view name) {
    keep_forward_states(context, name, {});
    context.tx.remove(table::address, name);
    context.directory_changed = true;
}

void remove_account_row(write_context& context, account_id id) {
    context.tx.remove(table::account, account_key(id));
    context.directory_changed = true;
}

void remove_domain_row(write_context& context, std::string_view name) {
    keep_forward_states(context, catch_all_name(name), {});
    context.tx.remove(table::domain, name);
    context.directory_changed = true;
}

}  // namespace hauspost::storage::lmdb
