#include "storage/lmdb/gone_rows.hpp"

#include "mail/flags.hpp"
#include "storage/lmdb/keyword_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"

#include <algorithm>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

std::vector<std::string> keys_of_gone(const txn& within, account_id account, std::size_t most) {
    std::vector<std::string> keys;
    cursor at(within, table::gone_mailbox);
    const auto prefix = account_key(account);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix) && keys.size() < most;
         more = at.next())
        keys.emplace_back(at.key());
    return keys;
}

/// The first keywords, which have their bits in the flags' word.
std::vector<std::string> first_keywords(const txn& within, mailbox_key box) {
    auto words = read_keywords(within, box);
    if (words.size() > mail::flags::in_word) words.resize(mail::flags::in_word);
    return words;
}

}  // namespace

void note_gone_mailbox(write_context& context, account_edit& edit, mailbox_key box) {
    const auto row = find_mailbox_row(context.tx, box);
    const auto* counters = edit.mailbox(box.mailbox);
    if (!row || counters == nullptr || counters->uid_next.value() <= 1) return;
    gone_mailbox gone;
    gone.gone_at = context.now;
    gone.use = row->use;
    gone.name = row->name;
    gone.keywords = first_keywords(context.tx, box);
    const auto known = keys_of_gone(context.tx, box.account, max_gone_mailboxes);
    if (known.size() == max_gone_mailboxes) context.tx.remove(table::gone_mailbox, known.front());
    context.tx.put(table::gone_mailbox, mailbox_row_key(box), encode(gone));
}

std::optional<gone_mailbox> find_gone_mailbox(const txn& within, mailbox_key box) {
    const auto row = within.get(table::gone_mailbox, mailbox_row_key(box));
    if (!row) return std::nullopt;
    return decode_gone_mailbox(*row);
}

void forget_gone_mailboxes(write_context& context, account_id account) {
    for (const auto& key : keys_of_gone(context.tx, account, max_gone_mailboxes))
        context.tx.remove(table::gone_mailbox, key);
}

std::vector<std::string> old_gone_mailboxes(const txn& within,
                                            std::int64_t at,
                                            std::size_t limit,
                                            std::string& from) {
    std::vector<std::string> keys;
    cursor row(within, table::gone_mailbox);
    bool more = from.empty() ? row.first() : row.seek(from);
    for (std::size_t n = 0; more && n < limit; ++n, more = row.next())
        if (decode_gone_mailbox(row.value()).gone_at <= at) keys.emplace_back(row.key());
    from = more ? row.key() : std::string_view();
    return keys;
}

former_mailbox find_former_mailbox(const txn& within, mailbox_key box) {
    former_mailbox found;
    if (const auto row = find_mailbox_row(within, box)) {
        found.name = row->name;
        found.use = row->use;
        found.keywords = first_keywords(within, box);
        found.is_gone = row->removing;
    } else if (auto gone = find_gone_mailbox(within, box)) {
        found.name = std::move(gone->name);
        found.use = gone->use;
        found.keywords = std::move(gone->keywords);
    }
    return found;
}

std::vector<known_mailbox> list_former_mailboxes(const txn& within, account_id account) {
    std::vector<known_mailbox> all;
    const auto prefix = account_key(account);
    cursor box(within, table::mailbox);
    for (bool more = box.seek(prefix); more && box.key().starts_with(prefix); more = box.next())
        all.push_back({mailbox_of(box.key()).mailbox, decode_mailbox(box.value()).name});
    cursor gone(within, table::gone_mailbox);
    for (bool more = gone.seek(prefix); more && gone.key().starts_with(prefix); more = gone.next())
        all.push_back({mailbox_of(gone.key()).mailbox, decode_gone_mailbox(gone.value()).name});
    return all;
}

}  // namespace hauspost::storage::lmdb
