#include "protocols/imap/session/search/search_run.hpp"
#include "protocols/query/run/index_filter.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {
namespace {

constexpr unsigned rows_between_looks = 64;

void append(mail::uid_ranges& ranges, uid id) {
    if (!ranges.empty() && ranges.back().last.value() + 1 == id.value())
        ranges.back().last = id;
    else
        ranges.push_back({id, id});
}

}  // namespace

/// Leaves out of `ranges` what cannot match, as the full-text index and the cheap keys know. What
/// stays is searched as if there were no index, so that its lag or loss costs time only.
awaitable<or_answer<>> search_run::narrow(mail::uid_ranges& ranges) {
    auto* const index = session_.ports.index;
    query::index_filter filter(program_);
    if (index == nullptr || filter.needles().empty()) co_return go_on;
    if (bounds_.within) co_return go_on;  // a few messages are read as quickly
    const auto box = scope_.key;
    auto needles = filter.needles();
    auto known = co_await index->find(box.account, std::move(needles));
    if (!known || !filter.take(std::move(*known), box.mailbox)) co_return go_on;
    // A row's head has no whole summary.
    const bool has_other_keys = program_.keys.size() > filter.needles().size() + 1;
    mailbox_view::cursor cursor(*scope_.view);
    mail::uid_ranges kept;
    unsigned seen = 0;
    std::uint32_t staying = 0;
    const auto visitor = [&](const storage::message_view& message) {
        const auto sequence = cursor.sequence_of(message.uid);
        if (sequence != 0) --to_meet_;
        bool stays = sequence != 0 && filter.may_match(message);
        if (stays && has_other_keys) {
            candidate_.show(sequence, message);
            stays = query::evaluate(program_, candidate_, query::search_cost::row) !=
                    query::search_verdict::no;
        }
        if (stays) {
            ++staying;
            append(kept, message.uid);
        }
        return ++seen % rows_between_looks != 0 || !session_.is_turn_over();
    };
    const auto rows =
        session_.ports.mail.walk(box, std::move(ranges), storage::walk_detail::row_heads);
    while (!rows->is_done()) {
        const auto refused = co_await rows->next(visitor);
        if (refused) co_return replies::refused(refused);
        if (const auto may = co_await give_way(); !may) co_return may.end();
    }
    missing_ += std::exchange(to_meet_, staying);
    ranges = std::move(kept);
    co_return go_on;
}

std::uint8_t search_scores::of(uid message) const noexcept {
    constexpr std::uint8_t whole = 100;
    const auto at = std::lower_bound(rows.begin(), rows.end(), message,
                                     [](const auto& row, uid id) { return row.first < id; });
    return at != rows.end() && at->first == message ? at->second : whole;
}

}  // namespace hauspost::imap
