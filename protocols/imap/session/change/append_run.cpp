#include "protocols/imap/session/change/append_run.hpp"

#include "protocols/imap/session/core/command_end.hpp"
#include "protocols/imap/session/core/input.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/core/selection.hpp"
#include "protocols/imap/session/news/sync.hpp"
#include "protocols/message/summary.hpp"
#include "storage/errc.hpp"

#include <utility>
#include <variant>

namespace hauspost::imap {
namespace {

// What is read at once of a message that comes in.
constexpr std::size_t append_read_octets = 64 * 1024;
// What complete messages may hold of memory while they wait for the end of the command.
constexpr std::uint64_t waiting_octets = 64 * 1024;
// What they may hold besides, of summaries and keywords: a hundred messages made for it would have
// a hundred megabytes.
constexpr std::size_t waiting_summary_octets = 1024 * 1024;

std::size_t summary_octets(const storage::append_request& request) {
    auto octets = request.summary.size();
    for (const auto& keyword : request.flags.keywords)
        octets += sizeof(keyword) + keyword.size();
    return octets;
}

}  // namespace

awaitable<std::optional<answer>> append_run::run(or_answer<> may) {
    auto& input = session_.wire.input();
    for (auto follows = next::step; follows == next::step;) {
        const auto head = input.append();
        if (may) {
            auto work = take_step(head);
            may = co_await guarded(session_, std::move(work));
        }
        if (may) {
            input.accept_append();
            if (head.command.has_literal && head.command.is_synchronising)
                session_.writer().continuation("Ready for the message");
        } else {
            input.refuse_append();
            give_up();
        }
        follows = co_await receive(may);
        if (follows == next::nothing) co_return std::nullopt;
    }
    if (!may) co_return may.end();
    auto work = store();
    co_return co_await guarded(session_, std::move(work));
}

/// What came before the refusal is not stored either, so it need not take up room any more.
void append_run::give_up() {
    coming_.reset();
    ready_.clear();
}

/// Before the first message.
awaitable<or_answer<>> append_run::begin(const cmd::append& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit_insert(session_, std::move(name));
    if (!target) co_return target.end();
    mailbox_ = target->key();
    may_set_ = to_flag_mask(target->rights);
    if (wanted.replaces) {
        // RFC 8508 3.2: in the view that the client has now.
        if (wanted.replaces->by_uid) co_await sync(session_, true);
        if (session_.state.phase != phase::selected) co_return replies::no_such_mailbox();
        // RFC 8508 3.3, RFC 4314 4: it is an EXPUNGE, too.
        constexpr auto needed = mail::rights::delete_messages | mail::rights::expunge;
        if (!session_.state.selected->may(needed))
            co_return replies::not_permitted(session_.state.selected->rights);
        if (session_.state.selected->key.account != mailbox_.account)
            co_return replies::no(code::cannot, "REPLACE stays within the mail of one account");
        const auto found = find_replaced(*wanted.replaces);
        if (!found) co_return found.end();
        replaced_ = *found;
    }
    co_return go_on;
}

or_answer<storage::replaced_message> append_run::find_replaced(
    const cmd::replaced_number& wanted) const {
    const auto& box = *session_.state.selected;
    const bool is_last = wanted.number == 0;  // `*`
    if (!wanted.by_uid) {
        const auto id = box.view.uid_at(is_last ? box.view.size() : wanted.number);
        if (!id) return replies::no_such_sequence();
        return storage::replaced_message{box.key, *id};
    }
    const auto id = is_last ? box.view.largest_uid() : uid(wanted.number);
    // RFC 8508 3.4: there must be something to replace.
    if (!id || !box.view.contains(id))
        return replies::no(code::nonexistent, "No message with that UID");
    return storage::replaced_message{box.key, id};
}

awaitable<or_answer<>> append_run::take_step(const append_head& head) {
    if (std::exchange(is_first_, false)) {
        const auto may = co_await begin(head.command);
        if (!may) co_return may.end();
    }
    is_catenated_ = head.command.is_catenated;
    is_literal8_ = head.command.is_literal8;
    // RFC 3502 6.3.11: an empty literal gives the whole command up.
    if (head.command.has_literal && head.command.octets == 0 && !is_catenated_)
        co_return replies::no(code::cannot, "A message must not be empty");
    for (const auto& event : head.events) {
        or_answer<> done = go_on;
        // No std::visit and no "?:": awaitables that are not awaited are destroyed wrongly.
        if (const auto* begun = std::get_if<append_message>(&event))
            done = co_await begin_message(*begun);
        else
            done = co_await add_url(std::get<append_url>(event).url);
        if (!done) co_return done.end();
    }
    if (!coming_) co_return go_on;
    co_return may_grow(head.command.octets);
}

or_answer<> append_run::may_grow(std::uint64_t more) const {
    const auto& limits = session_.config->limits;
    const auto octets = coming_->octets() + more;
    if (octets > limits.append_octets)
        return replies::no(code::too_big, "The message is too large");
    if (limits.append_command_octets != 0 && ready_octets_ + octets > limits.append_command_octets)
        return replies::no(code::limit, "The messages of this command are too large together");
    return go_on;
}

awaitable<or_answer<>> append_run::begin_message(const append_message& begun) {
    if (coming_) {
        auto done = co_await end_message();
        if (done) done = co_await make_way();
        if (!done) co_return done.end();
    }
    const auto most = session_.config->max_messages_of_command;
    if (most != 0 && ready_.size() == most) co_return over_limit(session_, std::nullopt);
    storage::append_request request;
    request.mailbox = mailbox_;
    // RFC 4314 4: flags without the right to them are not stored.
    request.flags.system = begun.flags.system & may_set_.system;
    if (may_set_.keywords) request.flags.keywords = begun.flags.keywords;
    if (begun.internal_date) {
        request.internal_date.unix_seconds = begun.internal_date->unix_seconds;
        request.internal_date.zone_minutes = begun.internal_date->zone_minutes;
    } else {
        request.internal_date.unix_seconds =
            std::chrono::system_clock::to_time_t(session_.ports.time.now());
    }
    wanted_ = std::move(request);
    const auto& ports = session_.ports;
    const ingest::ports arrivals{ports.blobs, ports.summaries, ports.workers};
    coming_.emplace(arrivals);
    co_return go_on;
}

/// All octets of a message are there.
awaitable<or_answer<>> append_run::end_message() {
    if (coming_->octets() == 0) co_return replies::no(code::cannot, "A message must not be empty");
    auto made = co_await coming_->finish();
    if (!made) co_return replies::refused(made.error());
    auto& request = wanted_;
    request.blob = coming_->blob();
    request.summary = std::move(made->octets);
    request.thread = made->thread;
    // Nobody else takes a message out of the owner's Sent by its Message-ID.
    if (mailbox_.account == session_.account())
        request.message_id = message::sort_fields_of(request.summary).message_id;
    summary_octets_ += summary_octets(request);
    if (!ready_.empty() && summary_octets_ > waiting_summary_octets)
        co_return replies::no(code::limit, "The messages of this command are too complex together");
    ready_octets_ += request.blob->octets();
    ready_.push_back(std::move(request));
    coming_.reset();
    co_return go_on;
}

/// Another message follows: those before it wait, and must not hold memory and a file each. What
/// can refuse them is asked before their octets take their place.
awaitable<or_answer<>> append_run::make_way() {
    staged_octets_ += ready_.back().blob->octets();
    if (staged_octets_ <= waiting_octets) co_return go_on;
    if (!replaced_) {
        const auto quota = co_await session_.ports.mail.quota(mailbox_.account);
        if (!quota) co_return replies::refused(quota.error());
        if (quota->limit != 0 && quota->used + ready_octets_ > quota->limit)
            co_return replies::refused(make_error_code(storage::errc::over_quota));
    }
    for (; laid_down_ < ready_.size(); ++laid_down_) {
        const auto failed = co_await ready_[laid_down_].blob->lay_down();
        if (failed) co_return replies::refused(failed);
    }
    staged_octets_ = 0;
    co_return go_on;
}

/// Takes the octets of a step and what comes after them. `nothing`: the command was answered
/// already, or the client is gone.
awaitable<append_run::next> append_run::receive(or_answer<>& may) {
    auto& assembler = session_.wire.input();
    for (;;) {
        if (!co_await session_.make_room()) co_return next::nothing;
        const auto octets = assembler.take_literal();
        if (!octets.empty()) {
            if (!may) continue;  // thrown away
            auto work = write(octets);
            may = co_await guarded(session_, std::move(work));
            if (!may) give_up();
            continue;
        }
        if (assembler.literal_left() == 0) {
            const auto reached = assembler.next();
            if (reached == assembly::append_end) co_return next::end;
            if (reached == assembly::append) co_return next::step;
            if (reached == assembly::continuation) {  // of a URL that is a literal
                session_.writer().continuation("Ready for more");
                continue;
            }
            if (reached == assembly::refused) {
                refuse(session_, assembler.refusal());
                co_return next::nothing;
            }
            if (reached != assembly::need_more) co_return next::nothing;
        }
        const auto came = co_await wait_for_octets(session_, append_read_octets);
        if (came == input::gone) co_return next::nothing;
        if (session_.state.ending != ending::none) co_return next::nothing;
    }
}

awaitable<or_answer<>> append_run::write(std::string_view octets) {
    // RFC 9051 9: a literal has no NUL. RFC 3516 4.4: a binary one may, but then nobody without
    // BINARY could fetch the message again.
    if (octets.find('\0') != std::string_view::npos)
        co_return replies::no(is_literal8_ ? code::unknown_cte : code::cannot,
                              "The message has NUL octets");
    const auto failed = co_await coming_->write(octets);
    if (failed) co_return replies::refused(failed);
    co_return go_on;
}

awaitable<answer> append_run::store() {
    const auto ended = co_await end_message();
    if (!ended) co_return ended.end();
    const auto replaced = replaced_;
    auto by = session_.state.actor();
    const auto done =
        co_await session_.ports.mail.append_all(std::move(ready_), replaced, std::move(by));
    if (!done) {
        const bool is_gone = done.error() == storage::errc::no_such_mailbox;
        co_return is_gone ? replies::try_create() : replies::refused(done.error());
    }
    co_return stored(*done);
}

/// RFC 4315 3: the UIDs in the order of the messages. RFC 8508 3.4: for REPLACE before the EXPUNGE.
answer append_run::stored(const std::vector<storage::append_result>& all) {
    std::vector<uid> uids;
    uids.reserve(all.size());
    for (const auto& one : all)
        uids.push_back(one.uid);
    std::string words = "APPENDUID " + std::to_string(all.front().uid_validity.value()) + ' ';
    response_writer(words).uid_set(uids);
    if (!replaced_) return {status::ok, words, "Stored"};
    session_.writer().untagged(status::ok, words, "Replaced");
    return replies::ok("Done");
}

}  // namespace hauspost::imap
