#include "storage/lmdb/check_sharing.hpp"

#include "base/address.hpp"
#include "storage/annotation_store.hpp"
#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/annotation_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/rights_rows.hpp"
#include "storage/lmdb/segment_files.hpp"

#include <fmt/format.h>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t mailbox_key_octets = 8;

/// False: what the values are cannot be told.
bool check_annotation_rows(const txn& within,
                           account_id account,
                           function_ref<void(std::string)> find) {
    bool is_readable = true;
    const auto prefix = account_key(account);
    cursor at(within, table::annotation);
    std::string expected;  // the key of the row that goes on with the last value
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next()) {
        const auto box = mailbox_of(at.key());
        const auto name =
            fmt::format("an annotation of mailbox {}/{}", box.account.value(), box.mailbox.value());
        const bool has_owner = box.mailbox ? is_mailbox(within, box)
                                           : find_account_row(within, box.account).has_value();
        if (!has_owner) find(name + " belongs to nothing");
        const auto tail = at.key().size() - annotation_key_tail;
        const auto n =
            static_cast<std::uint16_t>(load_be<std::uint16_t>(at.key().data() + tail + 1));
        const auto entry = at.key().substr(mailbox_key_octets, tail - mailbox_key_octets);
        if (at.key()[tail] != '\0' || (n != 0 && at.key() != expected)) {
            find(name + " has a part without those before it");
            is_readable = false;
        } else if (n == 0 && at.value().size() < annotation_head) {
            find(name + " has no checksum");
            is_readable = false;
        }
        if (at.value().size() > max_value_octets ||
            (n + 1u) * max_value_octets > max_annotation_octets + max_value_octets)
            find(name + " is too long");
        expected = at.value().size() == max_value_octets
                       ? annotation_key(box, entry, static_cast<std::uint16_t>(n + 1))
                       : std::string();
    }
    return is_readable;
}

}  // namespace

void check_annotations(const txn& within,
                       account_id account,
                       function_ref<void(std::string)> find) {
    if (!check_annotation_rows(within, account, find)) return;
    std::vector<annotation_print> prints;
    for_annotation_prints(within, account,
                          [&](annotation_print one) { prints.push_back(std::move(one)); });
    std::size_t n = 0;
    for_annotations(within, account, [&](mailbox_id box, std::string_view, std::string_view value) {
        if (prints[n++].hash != segment_files::checksum(value))
            find(fmt::format("an annotation of mailbox {}/{} has another checksum", account.value(),
                             box.value()));
    });
}

void check_rights(const txn& within, function_ref<void(std::string)> find) {
    std::size_t rows = 0, index_rows = 0;
    cursor at(within, table::rights);
    for (bool more = at.first(); more; more = at.next(), ++rows) {
        const auto box = mailbox_of(at.key());
        const account_id grantee(load_be<std::uint32_t>(at.key().data() + mailbox_key_octets));
        const auto name = fmt::format("the rights of account {} to mailbox {}/{}", grantee.value(),
                                      box.account.value(), box.mailbox.value());
        if (!is_mailbox(within, box)) find(name + " are to no mailbox");
        if (grantee && !find_account_row(within, grantee)) find(name + " are nobody's");
        const auto rights = load_le<std::uint32_t>(at.value().data());
        if (rights == 0 || (rights & ~mail::rights::all) != 0) find(name + " are not possible");
        const auto owner = find_account_row(within, box.account);
        const auto domain =
            owner && !grantee ? std::string(address::domain_of(owner->name)) : std::string();
        if (!within.get(table::granted, granted_key(grantee, domain, box)))
            find(name + " are not in the index");
    }
    cursor index(within, table::granted);
    for (bool more = index.first(); more; more = index.next())
        ++index_rows;
    if (rows != index_rows)
        find(fmt::format("{} rows of rights have {} in the index", rows, index_rows));
}

}  // namespace hauspost::storage::lmdb
