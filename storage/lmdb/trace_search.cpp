#include "storage/lmdb/trace_search.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb {
namespace {

using trace_rows::field;

constexpr trace_place the_end{UINT64_MAX, UINT32_MAX};

std::uint64_t microseconds_of(std::int64_t milliseconds) {
    if (milliseconds <= 0) return 0;
    const auto number = static_cast<std::uint64_t>(milliseconds);
    return number > UINT64_MAX / 1000 ? UINT64_MAX : number * 1000;
}

bool has_come_in(trace_step step) {
    return step >= trace_step::received && step <= trace_step::filed;
}

bool names_many(trace_step step) {
    return step == trace_step::expunged || step == trace_step::purged ||
           step == trace_step::restored;
}

/// wanted  an address, or "@domain"
bool is_meant(std::string_view wanted, std::string_view text) {
    return wanted.front() == '@' ? text.ends_with(wanted) : text == wanted;
}

trace_place just_behind(trace_place at) {
    if (at.number != UINT32_MAX) return {at.microseconds, at.number + 1};
    return {at.microseconds + 1, 0};
}

/// To the last row with a key below this one.
bool seek_before(cursor& at, trace_place place) {
    return at.seek(trace_rows::key_of(place)) ? at.previous() : at.last();
}

}  // namespace

trace_search::trace_search(trace_query wanted) : wanted_(std::move(wanted)) {
    if (!wanted_.address.empty()) asked_ |= by_address;
    if (wanted_.account || !wanted_.account_name.empty()) asked_ |= by_account;
    if (!wanted_.message_id.empty()) asked_ |= by_message_id;
    if (wanted_.id) asked_ |= by_id;
    const auto until = microseconds_of(wanted_.until);
    at_ = until >= UINT64_MAX - 1000 ? the_end : trace_place{until + 1000, 0};
    if (wanted_.before) at_ = std::min(at_, *wanted_.before);
    oldest_ = the_end;
}

bool trace_search::next_slice(const txn& within) {
    if (!is_gathering_) {
        if (look_back(within)) return true;
        is_gathering_ = true;
        if (known_.empty()) return false;
        at_ = oldest_;
    }
    return gather(within);
}

trace_page trace_search::take() {
    return std::move(page_);
}

bool trace_search::look_back(const txn& within) {
    const auto since = microseconds_of(wanted_.since);
    cursor at(within, table::trace);
    bool is_there = seek_before(at, at_);
    for (std::size_t n = 0; is_there; ++n, is_there = at.previous()) {
        const auto place = trace_rows::place_of(at.key());
        if (place.microseconds < since) break;
        if (n == rows_of_a_slice) return true;
        if (!look_at(place, at.value())) return false;
        at_ = place;
    }
    (void)close_candidate();
    return false;
}

bool trace_search::look_at(trace_place at, std::string_view octets) {
    const trace_rows::view row(octets);
    if (!row.is_sound()) return true;  // `check` tells of it
    const auto step = row.step();
    const bool is_alone = !has_come_in(step) || (!row.blob() && !row.id());
    if (open_ && (is_alone || open_->blob != row.blob() || open_->id != row.id()) &&
        !close_candidate()) {
        page_.next = at_;
        return false;
    }
    if (step == trace_step::more_refused && asked_ != 0) {
        page_.only_counted += trace_rows::decode(at, octets).number;
        return true;
    }
    if (!has_come_in(step) && !is_own_entry(step)) return true;
    if (!open_) open_ = candidate{row.blob(), row.id(), 0, at, {}};
    open_->first = at;
    open_->met |= met_by(row);
    if (step == trace_step::steps_lost) open_->met = asked_;
    const bool is_of_a_message = has_come_in(step) && row.blob();
    if (!is_of_a_message && open_->steps.size() < max_steps)
        open_->steps.push_back(trace_rows::decode(at, octets));
    return true;
}

/// Of steps that are no message's: that some were lost belongs into each list; what somebody removed
/// into that of his account.
bool trace_search::is_own_entry(trace_step step) const {
    if (step == trace_step::steps_lost) return !wanted_.id;
    return names_many(step) && (asked_ == 0 || asked_ == by_account);
}

trace_search::criteria trace_search::met_by(const trace_rows::view& row) const {
    criteria met = 0;
    if ((asked_ & by_id) != 0 && row.id() == wanted_.id) met |= by_id;
    if ((asked_ & by_address) != 0) {
        const auto& wanted = wanted_.address;
        if (is_meant(wanted, row.text(field::from)) || is_meant(wanted, row.text(field::to)) ||
            is_meant(wanted, row.text(field::target)))
            met |= by_address;
    }
    if ((asked_ & by_account) != 0) {
        const auto& name = wanted_.account_name;
        const bool is_by_name =
            !name.empty() &&
            ((row.step() == trace_step::stored && row.text(field::target) == name) ||
             (row.step() != trace_step::queued && row.text(field::by) == name));
        if (is_by_name || (wanted_.account && row.account() == wanted_.account)) met |= by_account;
    }
    if ((asked_ & by_message_id) != 0 && row.text(field::message_id) == wanted_.message_id)
        met |= by_message_id;
    return met;
}

bool trace_search::close_candidate() {
    if (!open_) return true;
    auto seen = std::move(*open_);
    open_.reset();
    if (seen.met != asked_) return true;
    traced_message found;
    std::reverse(seen.steps.begin(), seen.steps.end());
    found.steps = std::move(seen.steps);
    found.place = seen.first;
    if (seen.blob && found.steps.empty()) {
        known_.emplace(seen.blob, page_.messages.size());
        oldest_ = std::min(oldest_, seen.first);
    }
    page_.messages.push_back(std::move(found));
    return page_.messages.size() < wanted_.most;
}

bool trace_search::gather(const txn& within) {
    cursor at(within, table::trace);
    bool is_there = at.seek(trace_rows::key_of(at_));
    for (std::size_t n = 0; is_there; ++n, is_there = at.next()) {
        if (n == rows_of_a_slice) return true;
        const auto place = trace_rows::place_of(at.key());
        collect(place, at.value());
        at_ = just_behind(place);
    }
    return false;
}

void trace_search::collect(trace_place at, std::string_view octets) {
    const trace_rows::view row(octets);
    if (!row.is_sound()) return;
    if (!names_many(row.step())) {
        const auto found = known_.find(row.blob());
        if (found != known_.end())
            add_step(page_.messages[found->second], trace_rows::decode(at, octets));
        return;
    }
    auto event = trace_rows::decode(at, octets);
    const auto blobs = std::exchange(event.blobs, {});
    event.number = blobs.size();
    for (const auto blob : blobs)
        if (const auto found = known_.find(blob); found != known_.end())
            add_step(page_.messages[found->second], event);
}

void trace_search::add_step(traced_message& to, trace_event step) {
    if (to.steps.size() >= max_steps) {
        const auto first = to.steps.begin() + first_steps_kept;
        const auto behind = first + (max_steps - first_steps_kept) / 2;
        to.left_out += static_cast<std::uint64_t>(behind - first);
        to.steps.erase(first, behind);
    }
    to.steps.push_back(std::move(step));
}

}  // namespace hauspost::storage::lmdb
