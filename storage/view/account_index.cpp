#include "storage/view/account_index.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <limits>

namespace hauspost::storage::view {
namespace {

/// Fewer are put in order in place, in some 0.3 ms.
constexpr std::size_t few_messages = 2'000;

bool is_up_to_date(const mailbox_rows& rows, const mailbox_info& now) {
    return rows.validity == now.counters.uid_validity &&
           rows.highest == now.counters.highest_modseq && rows.rows.size() == now.counters.messages;
}

mail_row to_row(const message_view& message) {
    mail_row made;
    made.email = mail::email_key_of(message.blob, message.prefix);
    made.thread = message.thread;
    made.received = message.internal_date.unix_seconds;
    made.octets = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(message.octets, std::numeric_limits<std::uint32_t>::max()));
    made.flags = message.flags;
    made.uid = message.uid;
    return made;
}

bool is_before(const mail_row& row, uid id) noexcept {
    return row.uid < id;
}

bool is_there(const std::vector<mail::uid_block>& blocks, uid id) {
    const auto number = id.value() / 64;
    const auto found = std::lower_bound(
        blocks.begin(), blocks.end(), number,
        [](const mail::uid_block& block, std::uint32_t n) { return block.number < n; });
    return found != blocks.end() && found->number == number &&
           (found->present >> id.value() % 64 & 1) != 0;
}

void set_more_keywords(mailbox_rows& rows, uid id, const std::vector<std::uint16_t>* numbers) {
    if (numbers == nullptr || numbers->empty())
        rows.more_keywords.erase(id.value());
    else
        rows.more_keywords[id.value()] = *numbers;
}

/// Takes up what is told of one that is known; false: it is new.
bool take_flags(mailbox_rows& rows, const message_flags& now) {
    const auto found = std::lower_bound(rows.rows.begin(), rows.rows.end(), now.uid, is_before);
    if (found == rows.rows.end() || found->uid != now.uid) return false;
    found->flags = now.bits;
    set_more_keywords(rows, now.uid, &now.extra_keywords);
    return true;
}

void append(mail::uid_ranges& ranges, uid id) {
    if (!ranges.empty() && ranges.back().last.value() + 1 == id.value())
        ranges.back().last = id;
    else
        ranges.push_back({id, id});
}

std::size_t rows_in(const account_picture& picture) {
    std::size_t rows = 0;
    for (const auto& box : picture->mailboxes())
        rows += box->rows.size();
    return rows;
}

}  // namespace

std::size_t account_index::messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
}

account_picture account_index::find(const key& of) {
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&](const entry& one) { return one.of == of; });
    if (found == kept_.end()) return nullptr;
    kept_.splice(kept_.begin(), kept_, found);
    return found->picture;
}

void account_index::keep(const key& of, account_picture picture) {
    std::list<entry> gone;  // given back without the lock
    const std::lock_guard lock(mutex_);
    const auto take_out = [&](auto at) {
        messages_ -= rows_in(at->picture);
        gone.splice(gone.begin(), kept_, at);
    };
    const auto old =
        std::find_if(kept_.begin(), kept_.end(), [&](const entry& one) { return one.of == of; });
    if (old != kept_.end()) take_out(old);
    messages_ += rows_in(picture);
    kept_.push_front({of, std::move(picture)});
    while (messages_ > most_)
        take_out(std::prev(kept_.end()));
}

awaitable<result<account_picture>> account_index::look(account_id viewer,
                                                       account_id owner,
                                                       std::vector<mailbox_info> readable) {
    const key of(viewer, owner);
    const auto old = find(of);
    std::vector<std::shared_ptr<const mailbox_rows>> boxes;
    bool is_same = old && old->mailboxes().size() == readable.size();
    for (const auto& info : readable) {
        std::shared_ptr<const mailbox_rows> known;
        if (old)
            if (const auto at = old->find_mailbox(info.id)) known = old->mailboxes()[*at];
        if (known && is_up_to_date(*known, info)) {
            is_same = is_same && old->mailboxes()[boxes.size()] == known;
            boxes.push_back(std::move(known));
            continue;
        }
        is_same = false;
        const mailbox_key box{owner, info.id};
        auto made = std::make_shared<mailbox_rows>();
        error_code refused;
        if (known && known->validity == info.counters.uid_validity) {
            *made = *known;
            auto updating = update(box, *made);
            refused = co_await std::move(updating);
        } else {
            made->id = info.id;
            made->validity = info.counters.uid_validity;
            made->highest = info.counters.highest_modseq;
            mail::uid_ranges all{{uid(1), uid(UINT32_MAX)}};
            auto reading = read_new(box, std::move(all), *made);
            refused = co_await std::move(reading);
        }
        if (refused == make_error_code(errc::no_such_mailbox)) continue;  // it went meanwhile
        if (refused) co_return refused;
        boxes.push_back(std::move(made));
    }
    if (is_same) co_return old;
    auto building = build(std::move(boxes));
    auto made = co_await std::move(building);
    if (made) keep(of, *made);
    co_return made;
}

/// What has changed since; in `rows` is what was then.
awaitable<error_code> account_index::update(mailbox_key of, mailbox_rows& rows) {
    const auto changed = co_await mail_.changes(of, rows.highest);
    if (!changed) co_return changed.error();
    std::erase_if(rows.rows, [&](const mail_row& row) {
        const bool is_gone = !is_there(changed->uids, row.uid);
        if (is_gone) rows.more_keywords.erase(row.uid.value());
        return is_gone;
    });
    mail::uid_ranges fresh;
    for (const auto& one : changed->changed)
        if (!take_flags(rows, one)) append(fresh, one.uid);
    rows.keywords = changed->keywords;
    rows.highest = changed->counters.highest_modseq;
    if (fresh.empty()) co_return error_code();
    auto reading = read_new(of, std::move(fresh), rows);
    co_return co_await std::move(reading);
}

awaitable<error_code> account_index::read_new(mailbox_key of,
                                              mail::uid_ranges ranges,
                                              mailbox_rows& into) {
    const auto known = into.rows.size();
    const auto visitor = [&](const message_view& message) {
        into.rows.push_back(to_row(message));
        set_more_keywords(into, message.uid, message.extra_keywords);
        return true;
    };
    const auto rows = mail_.walk(of, std::move(ranges), walk_detail::row_heads);
    while (!rows->is_done()) {
        const auto refused = co_await rows->next(visitor);
        if (refused) co_return refused;
        // A slice is some 0.5 ms of this thread; the others on it come in between.
        co_await asio::post(asio::use_awaitable);
    }
    const auto by_uid = [](const mail_row& a, const mail_row& b) { return a.uid < b.uid; };
    std::inplace_merge(into.rows.begin(), into.rows.begin() + static_cast<std::ptrdiff_t>(known),
                       into.rows.end(), by_uid);
    auto keywords = co_await mail_.keywords(of);
    if (!keywords) co_return keywords.error();
    into.keywords = std::move(*keywords);
    co_return error_code();
}

awaitable<result<account_picture>> account_index::build(
    std::vector<std::shared_ptr<const mailbox_rows>> boxes) {
    std::size_t messages = 0;
    for (const auto& box : boxes)
        messages += box->rows.size();
    auto work = [&boxes] {
        return account_picture(std::make_shared<const account_rows>(std::move(boxes)));
    };
    if (messages <= few_messages) co_return work();
    auto done = co_await workers_.run(std::move(work));
    if (!done) co_return make_error_code(errc::busy);
    co_return std::move(*done);
}

}  // namespace hauspost::storage::view
