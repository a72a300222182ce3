#include "base/log.hpp"
#include "storage/errc.hpp"
#include "storage/index/search_indexer.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

/// search_indexer: how the index of one account is brought up to the store.
namespace hauspost::storage::index {
namespace {

constexpr std::size_t rows_a_slice = 64;

/// A blob's octets, or fewer when it ends before. nullopt: it is gone.
awaitable<std::optional<std::string>> read_range(blob_store& blobs,
                                                 blob_id blob,
                                                 octet_range wanted) {
    std::string octets(wanted.octets, '\0');
    if (octets.empty()) co_return octets;
    const std::span<char> space(octets.data(), octets.size());
    const auto got = co_await blobs.read(blob, wanted.offset, space);
    if (!got && got.error() == errc::no_such_message) co_return std::nullopt;
    if (!got) throw fault("the index cannot read a message: " + got.error().message());
    octets.resize(*got);
    co_return octets;
}

std::string in_words(const mailbox_info& box) {
    return "mailbox " + std::to_string(box.id.value()) + " goes to " +
           std::to_string(box.counters.uid_next.value());
}

/// Blobs of all messages, ascending. nullopt: stopped, or the store is busy.
awaitable<std::optional<std::vector<blob_id>>> live_blobs(mailbox_store& mail,
                                                          account_id account,
                                                          const std::vector<mailbox_info>& boxes,
                                                          const std::atomic<bool>& stopping) {
    std::vector<blob_id> live;
    for (const auto& box : boxes) {
        const mailbox_key key{account, box.id};
        const auto walk = mail.walk(key, {{uid(1), uid(UINT32_MAX)}}, walk_detail::row_heads);
        while (!walk->is_done()) {
            const auto visitor = [&live](const message_view& message) {
                live.push_back(message.blob);
                return live.size() % rows_a_slice != 0;
            };
            const auto refused = co_await walk->next(visitor);
            if (refused || stopping) co_return std::nullopt;
        }
    }
    std::sort(live.begin(), live.end());
    co_return live;
}

/// Mailboxes that are gone.
void forget_others(index_coverage& covered, const std::vector<mailbox_info>& boxes) {
    std::erase_if(covered.below, [&boxes](const auto& row) {
        return std::none_of(boxes.begin(), boxes.end(),
                            [&row](const auto& box) { return box.id == row.first; });
    });
}

}  // namespace

/// The first time after a start, an index on disk is held against the store: it may be of another
/// time, when one of the two was restored from a copy.
search_indexer::known_account& search_indexer::vetted(account_id account,
                                                      const std::vector<mailbox_info>& boxes) {
    if (const auto at = known_.find(account); at != known_.end()) return at->second;
    const auto folder = readers_.path_of(account);
    if (!std::filesystem::exists(folder)) return known_[account];
    try {
        const index_snapshot found(folder, version_,
                                   nullptr);  // may want a descriptor: known later
        known_account made{found.what().covered, found.what().messages()};
        for (const auto& box : boxes)
            if (made.covered.of(box.id) > box.counters.uid_next)
                throw damaged_index("it is ahead of the store: " + in_words(box));
        readers_.publish(account, made.documents);
        return known_[account] = std::move(made);
    } catch (const damaged_index& error) {
        log::info("index_anew account={} what={}", account.value(), log_safe(error.what(), 400));
    }
    drop(account);
    return known_[account];
}

bool search_indexer::is_sparse(const known_account& known,
                               const std::vector<mailbox_info>& boxes) const {
    std::uint64_t messages = 0;
    for (const auto& box : boxes)
        messages += box.counters.messages;
    return known.documents >= settings_.tidy_from_messages && messages * 3 < known.documents * 2;
}

awaitable<search_indexer::outcome> search_indexer::index_account(
    account_id account, const std::vector<mailbox_info>& boxes) {
    index_writer writer(readers_.path_of(account), version_);
    forget_others(writer.covered, boxes);
    for (const auto& box : boxes) {
        const mailbox_key key{account, box.id};
        const auto done = co_await index_mailbox(key, box.counters.uid_next, writer);
        if (done != outcome::done) co_return done;
    }
    commit(account, writer);
    if (!is_sparse(known_[account], boxes)) co_return outcome::done;
    co_return co_await tidy(account, boxes, writer);
}

/// Takes out what is in no mailbox any more. What is moved meanwhile gets a UID that is not covered
/// yet, and is looked at again.
awaitable<search_indexer::outcome> search_indexer::tidy(account_id account,
                                                        const std::vector<mailbox_info>& boxes,
                                                        index_writer& writer) {
    const auto live = co_await live_blobs(ports_.mail, account, boxes, stopping_);
    if (!live) co_return outcome::later;
    const auto before = writer.documents();
    while (writer.tidy_one(*live)) {
        publish(account, writer);
        if (must_yield()) co_return outcome::later;
    }
    log::info("index_tidied account={} before={} after={}", account.value(), before,
              writer.documents());
    co_return outcome::done;
}

awaitable<search_indexer::outcome> search_indexer::index_mailbox(mailbox_key box,
                                                                 uid end,
                                                                 index_writer& writer) {
    const auto first = std::max(writer.covered.of(box.mailbox), uid(1));
    if (first >= end) co_return outcome::done;
    const auto walk = ports_.mail.walk(box, {{first, uid(end.value() - 1)}}, walk_detail::rows);
    while (!walk->is_done()) {
        std::vector<new_row> rows;
        uid last;
        const auto visitor = [&](const message_view& message) {
            last = message.uid;
            // A moved or copied message is there already.
            if (!writer.has(message.blob))
                rows.push_back({message.uid, message.blob, std::string(message.summary)});
            return rows.size() < rows_a_slice;
        };
        const auto refused = co_await walk->next(visitor);
        if (refused) co_return outcome::later;
        for (const auto& row : rows) {
            if (must_yield()) co_return outcome::later;
            co_await index_message(row, writer);
        }
        if (walk->is_done()) last = uid(end.value() - 1);
        if (last) writer.covered.below[box.mailbox] = uid(last.value() + 1);
        if (writer.waiting() < settings_.max_waiting_octets) continue;
        if (!has_room()) throw fault("too little room on the disk for the index");
        commit(box.account, writer);
    }
    co_return outcome::done;
}

awaitable<void> search_indexer::index_message(const new_row& row, index_writer& writer) {
    if (writer.has(row.blob)) co_return;  // twice in one slice
    const auto ranges = ports_.text.ranges(row.summary);
    if (!ranges) {
        indexed_text unknown;
        unknown.is_complete = false;
        writer.add(row.blob, unknown);
        ++indexed_;
        co_return;
    }
    std::vector<std::string> octets;
    for (const auto& range : *ranges) {
        auto piece = co_await read_range(ports_.blobs, row.blob, range);
        if (!piece) co_return;  // expunged and purged meanwhile
        octets.push_back(std::move(*piece));
    }
    writer.add(row.blob, ports_.text.make(row.summary, octets));
    ++indexed_;
}

void search_indexer::commit(account_id account, index_writer& writer) {
    writer.commit();
    publish(account, writer);
}

void search_indexer::publish(account_id account, index_writer& writer) {
    auto& known = known_[account];
    known.covered = writer.covered;
    known.documents = writer.documents();
    readers_.publish(account, known.documents);
    writer.remove_unused();
}

void search_indexer::drop(account_id account) {
    readers_.remove(account);
    known_.erase(account);
}

bool search_indexer::has_room() const {
    std::error_code failed;
    const auto space = std::filesystem::space(settings_.folder, failed);
    return !failed && space.available >= settings_.min_free_octets;
}

}  // namespace hauspost::storage::index
