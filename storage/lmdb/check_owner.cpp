#include "storage/lmdb/check_owner.hpp"

#include "storage/lmdb/audit_rows.hpp"
#include "storage/lmdb/owner_rows.hpp"
#include "storage/owner_store.hpp"

#include <fmt/format.h>

namespace hauspost::storage::lmdb {
namespace {

void check_rows_of_owner(const txn& tx, function_ref<void(std::string)> find) {
    bool has_password = false;
    try {
        has_password = owner_rows::find_owner(tx).has_password();
        if (owner_rows::find_link(tx) && has_password)
            find("there is a set-up link, and the owner has a password");
    } catch (const fault&) {
        find("the owner's row or the set-up link is damaged");
    }
    // Nobody but the one owner has a row.
    cursor at(tx, table::owner);
    for (bool more = at.first(); more; more = at.next())
        if (at.key() != owner_rows::owner_key && at.key() != owner_rows::setup_key)
            find(fmt::format("the table of the owner has a row for \"{}\"", at.key()));
    try {
        const auto all = owner_rows::sessions_of(tx);
        if (all.size() > owner_store::max_sessions)
            find(fmt::format("the owner's page has {} sessions", all.size()));
        for (const auto& one : all)
            if (one.is_setup == has_password)
                find(has_password ? "there is a session of a set-up that is done"
                                  : "there is a session of an owner without a password");
    } catch (const fault&) {
        find("a session of the owner's page is damaged");
    }
}

}  // namespace

void check_owner(environment& env, function_ref<void(std::string)> find) {
    {
        const read_txn tx(env);
        check_rows_of_owner(tx, find);
    }
    constexpr std::size_t rows_of_a_slice = 20'000;
    std::string from;
    for (bool more = true; more;) {
        const read_txn tx(env);
        cursor at(tx, table::audit);
        more = from.empty() ? at.first() : at.seek(from) && (at.key() != from || at.next());
        for (std::size_t n = 0; more && n < rows_of_a_slice; ++n, more = at.next()) {
            from = at.key();
            try {
                (void)audit_rows::decode(at.key(), at.value());
            } catch (const fault&) {
                find("a row of the audit log is damaged");
            }
        }
    }
}

}  // namespace hauspost::storage::lmdb
