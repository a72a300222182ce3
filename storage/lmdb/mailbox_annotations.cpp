#include "storage/lmdb/mailbox_annotations.hpp"

#include "storage/lmdb/annotation_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"

#include <map>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

/// Also one that cannot be selected (RFC 5464 4.1).
bool may_annotate(const txn& within, mailbox_key box) {
    return box.mailbox ? is_mailbox(within, box)
                       : find_account_row(within, box.account).has_value();
}

/// Is it the entry, or below it, no deeper than wanted?
bool is_within(std::string_view found, std::string_view entry, mail::metadata_depth below) {
    if (found.size() == entry.size()) return true;
    const auto rest = found.substr(entry.size());
    if (rest.front() != '/' || below == mail::metadata_depth::zero) return false;
    return below == mail::metadata_depth::infinity || rest.find('/', 1) == std::string_view::npos;
}

}  // namespace

awaitable<result<std::vector<annotation>>> mailbox_annotations::annotations(
    mailbox_key mailbox, std::vector<std::string> entries, mail::metadata_depth below) {
    std::map<std::string, std::string> found;
    read_txn tx(core_.env);
    if (!may_annotate(tx, mailbox)) co_return fail(errc::no_such_mailbox);
    for (const auto& entry : entries)
        for_annotations(tx, mailbox, entry, [&](std::string_view name, std::string_view value) {
            if (is_within(name, entry, below)) found.emplace(name, value);
        });
    std::vector<annotation> all;
    for (auto& [entry, value] : found)
        all.push_back({entry, std::move(value)});
    co_return all;
}

awaitable<result<std::vector<annotation_print>>> mailbox_annotations::annotation_prints(
    account_id account) {
    std::vector<annotation_print> all;
    read_txn tx(core_.env);
    for_annotation_prints(tx, account,
                          [&](annotation_print one) { all.push_back(std::move(one)); });
    co_return all;
}

awaitable<error_code> mailbox_annotations::annotate(mailbox_key mailbox,
                                                    std::vector<annotation_change> changes) {
    auto work = [&](write_context& context) -> error_code {
        if (!may_annotate(context.tx, mailbox)) return make_error_code(errc::no_such_mailbox);
        const auto failed = change_annotations(context, mailbox, changes);
        if (!failed) wake(context, mailbox.account);
        return failed;
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
