#include "storage/lmdb/expunged_match.hpp"

#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/gone_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/message_rows.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

expunged_match::expunged_match(expunged_filter wanted, const heading_reader& headings)
    : wanted_(std::move(wanted)), headings_(headings) {
    for (auto* text : {&wanted_.from, &wanted_.subject, &wanted_.text})
        if (!text->empty()) *text = headings_.folded(*text);
    if (!wanted_.mailbox.empty()) wanted_.mailbox = canonical_name(std::move(wanted_.mailbox));
}

std::size_t expunged_match::rows_of_a_slice() const noexcept {
    const bool reads_texts =
        !wanted_.from.empty() || !wanted_.subject.empty() || !wanted_.text.empty();
    return reads_texts ? 1000 : 10'000;
}

bool expunged_match::lets_through(const txn& within,
                                  const expunged_place& place,
                                  std::string_view value) {
    if (wanted_.account && place.account != wanted_.account) return false;
    if (wanted_.box && place.mailbox != wanted_.box) return false;
    if (wanted_.blob && decode_message(value.substr(expunged_row_head)).blob != wanted_.blob)
        return false;
    if (!wanted_.mailbox.empty() && !is_in_mailbox(within, place)) return false;
    if (wanted_.from.empty() && wanted_.subject.empty() && wanted_.text.empty()) return true;
    const auto heading = heading_of(within, place, value);
    const auto is_from = [&](const std::string& piece) {
        return has(heading.from_name, piece) || has(heading.from_address, piece);
    };
    if (!wanted_.from.empty() && !is_from(wanted_.from)) return false;
    if (!wanted_.subject.empty() && !has(heading.subject, wanted_.subject)) return false;
    return wanted_.text.empty() || has(heading.subject, wanted_.text) || is_from(wanted_.text);
}

message_heading expunged_match::heading_of(const txn& within,
                                           const expunged_place& place,
                                           std::string_view value) const {
    const auto row = decode_message(value.substr(expunged_row_head));
    std::string scratch;
    return headings_.read(
        whole_summary(within, {place.account, place.mailbox}, place.uid, row, scratch));
}

bool expunged_match::is_in_mailbox(const txn& within, const expunged_place& place) {
    const auto [found, is_new] = named_.try_emplace(place.account);
    if (is_new)
        for (const auto& box : list_former_mailboxes(within, place.account))
            if (box.name == wanted_.mailbox) found->second.push_back(box.id);
    const auto& ids = found->second;
    return std::find(ids.begin(), ids.end(), place.mailbox) != ids.end();
}

bool expunged_match::has(const std::string& text, const std::string& piece) const {
    return headings_.folded(text).find(piece) != std::string::npos;
}

expunged_collection::expunged_collection(std::vector<account_id> accounts,
                                         expunged_filter wanted,
                                         const heading_reader& headings)
    : accounts_(std::move(accounts)), match_(std::move(wanted), headings) {}

bool expunged_collection::next(const txn& within) {
    auto left = match_.rows_of_a_slice();
    while (!accounts_.empty() && left > 0 && !is_full()) {
        if (!walk(within, accounts_.back(), left)) continue;
        accounts_.pop_back();
        from_.clear();
    }
    return !accounts_.empty();
}

std::vector<std::string> expunged_collection::take() {
    return std::exchange(keys_, {});
}

/// True: that was all of this account.
bool expunged_collection::walk(const txn& within, account_id account, std::size_t& left) {
    const auto& wanted = match_.wanted();
    const auto prefix = account_key(account);
    const auto since = std::max<std::int64_t>(0, wanted.since);
    if (from_.empty()) from_ = expunged_key(account, since, mailbox_id(), uid());
    cursor at(within, table::expunged);
    bool more = at.seek(from_);
    for (; more && at.key().starts_with(prefix); more = at.next()) {
        const auto place = place_of_expunged(at.key());
        if (place.at > wanted.until) return true;
        if (left == 0 || is_full()) {
            from_ = at.key();
            return false;
        }
        --left;
        if (match_.lets_through(within, place, at.value())) keys_.emplace_back(at.key());
    }
    return true;
}

}  // namespace hauspost::storage::lmdb
