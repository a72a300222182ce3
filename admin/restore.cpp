#include "admin/restore.hpp"

#include "admin/accounts.hpp"
#include "admin/names.hpp"
#include "admin/trace.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>
#include <variant>

namespace hauspost::admin {
namespace {

constexpr std::uint64_t most_rows = 500;
constexpr std::size_t most_ids = 5000;
constexpr std::size_t longest_undo = 60'000;  // octets: half of what a request may have

std::int64_t now_of(const ports& at) {
    return std::chrono::system_clock::to_time_t(at.time.now());
}

/// Unix seconds as somebody sent them; so many that sums with them stay numbers.
std::int64_t seconds_of(std::uint64_t number) {
    constexpr std::uint64_t beyond_all_times = 1ull << 40;
    return static_cast<std::int64_t>(std::min(number, beyond_all_times));
}

std::uint32_t short_of(std::uint64_t number) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, UINT32_MAX));
}

/// A refusal when a time that was typed is none.
outcome<storage::expunged_filter> read_filter(const ports& at, deleted_filter typed) {
    const auto now = now_of(at);
    storage::expunged_filter wanted;
    if (!typed.since.empty()) {
        const auto time = read_time(typed.since, now);
        if (!time) return refuse(refusal_code::not_a_time, std::move(typed.since));
        wanted.since = *time / 1000;
    }
    if (!typed.until.empty()) {
        const auto time = read_time(typed.until, now);
        if (!time) return refuse(refusal_code::not_a_time, std::move(typed.until));
        wanted.until = *time / 1000;
    }
    if (typed.within_seconds)
        wanted.since =
            std::max(wanted.since, now - std::min(now, seconds_of(*typed.within_seconds)));
    if (typed.first_at) wanted.since = std::max(wanted.since, seconds_of(*typed.first_at));
    if (typed.last_at) wanted.until = std::min(wanted.until, seconds_of(*typed.last_at));
    if (typed.account) wanted.account = account_id(short_of(*typed.account));
    if (typed.box) wanted.box = mailbox_id(short_of(*typed.box));
    wanted.mailbox = std::move(typed.mailbox);
    wanted.from = std::move(typed.from);
    wanted.subject = std::move(typed.subject);
    wanted.text = std::move(typed.text);
    return wanted;
}

awaitable<bool> is_account(ports& at, std::string address) {
    const auto entry = co_await at.directory.find_address(std::move(address));
    co_return std::holds_alternative<storage::account>(entry);
}

/// Text of what a restore has done: "since.until;mailbox.made.first-last.first-last;...".
std::string text_of_undo(const storage::mail_returned& done) {
    if (done.mailboxes.empty()) return {};
    auto text = std::to_string(done.since) + '.' + std::to_string(done.until);
    for (const auto& box : done.mailboxes) {
        text += ';' + std::to_string(box.id.value()) + (box.is_made ? ".1" : ".0");
        for (const auto& range : box.uids)
            text += '.' + std::to_string(range.first.value()) + '-' +
                    std::to_string(range.last.value());
        if (text.size() > longest_undo) return {};
    }
    return text;
}

template <class Number>
bool take(std::string_view& text, Number& into) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), into);
    if (text.empty() || text.front() == '-' || read.ec != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    return true;
}

bool take_mark(std::string_view& text, char mark) {
    if (!text.starts_with(mark)) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<storage::refilled_mailbox> take_mailbox(std::string_view& text) {
    std::uint32_t id = 0;
    unsigned made = 0;
    if (!take(text, id) || !take_mark(text, '.') || !take(text, made) || made > 1)
        return std::nullopt;
    storage::refilled_mailbox box;
    box.id = mailbox_id(id);
    box.is_made = made == 1;
    std::uint32_t behind = 0;  // ranges ascend
    while (take_mark(text, '.')) {
        std::uint32_t first = 0, last = 0;
        if (!take(text, first) || !take_mark(text, '-') || !take(text, last) || first <= behind ||
            last < first)
            return std::nullopt;
        box.uids.push_back({uid(first), uid(last)});
        behind = last;
    }
    return box;
}

std::optional<storage::restore_undo> read_undo(std::string_view text) {
    storage::restore_undo what;
    if (!take(text, what.since) || !take_mark(text, '.') || !take(text, what.until))
        return std::nullopt;
    while (take_mark(text, ';')) {
        auto box = take_mailbox(text);
        if (!box) return std::nullopt;
        what.mailboxes.push_back(std::move(*box));
    }
    if (!text.empty() || what.mailboxes.empty()) return std::nullopt;
    return what;
}

outcome<std::vector<storage::expunged_place>> read_ids(const std::vector<std::string>& ids) {
    if (ids.size() > most_ids) return refuse_number(refusal_code::too_many_chosen, most_ids);
    std::vector<storage::expunged_place> places;
    for (const auto& id : ids) {
        const auto place = storage::parse_expunged_place(id);
        if (!place) return refuse(refusal_code::no_such_deleted_mail, id);
        places.push_back(*place);
    }
    return places;
}

refusal refusal_of_restore(error_code code, const storage::restore_request& asked) {
    using storage::errc;
    if (code == errc::no_such_account)
        return refuse(refusal_code::nobody_to_restore_to,
                      asked.into.empty() ? asked.address : asked.into);
    return refusal_of(code, code == errc::invalid_name ? asked.mailbox : asked.address);
}

/// By how many octets the account's quota is too small for so many more.
awaitable<std::uint64_t> find_missing(ports& at, std::string name, std::uint64_t octets) {
    const auto entry = co_await at.directory.find_address(std::move(name));
    const auto* found = std::get_if<storage::account>(&entry);
    if (found == nullptr) co_return octets;
    std::vector<account_id> whose{found->id};
    const auto used = co_await at.directory.usages(std::move(whose));
    const auto wanted = used.front().octets + octets;
    co_return wanted - std::min(wanted, found->quota_octets);
}

/// Who removed these accounts: of each the latest entry of the audit log that was begun before it went.
awaitable<void> find_removers(ports& at, std::vector<listed_removed>& accounts) {
    constexpr std::int64_t longest_command = 3600;
    const auto went_at = [](const listed_removed& one) { return one.account.removed_at; };
    storage::audit_query query;
    query.word = "account remove";
    query.since = std::ranges::min(accounts, {}, went_at).account.removed_at - longest_command;
    query.most = most_rows;
    const auto found = co_await at.audit.list(std::move(query));
    if (!found) co_return;  // too much work waits for its turn: it is not said
    for (auto& one : accounts) {
        const auto entry = std::ranges::find_if(found->entries, [&](const auto& candidate) {
            const auto begun_at =
                static_cast<std::int64_t>(candidate.place.microseconds / 1'000'000);
            return candidate.command == "account remove" && candidate.subject == one.account.name &&
                   begun_at <= went_at(one) && begun_at > went_at(one) - longest_command;
        });
        if (entry != found->entries.end()) one.by = entry->who;
    }
}

/// Makes the request one for the row of this id in the list that its filter gives.
awaitable<std::optional<refusal>> narrow_to_deletion(ports& at,
                                                     storage::restore_request& request,
                                                     std::string id) {
    const auto place = storage::parse_expunged_place(id);
    if (!place) co_return refuse(refusal_code::no_such_deleted_mail, std::move(id));
    storage::expunged_query query;
    query.address = request.address;
    query.wanted = request.wanted;
    query.most = most_rows;
    query.group_of = deletion_row_of;
    do {
        // From the first page on: where a deletion ends depends on where the walk began.
        auto asked = query;
        const auto found = co_await at.expunged.find(std::move(asked), at.headings);
        if (!found) co_return refusal_of(found.error(), request.address);
        const auto row = std::ranges::find_if(found->entries,
                                              [&](const auto& one) { return one.place == *place; });
        if (row != found->entries.end()) {
            if (row->messages == 1) request.places = {*place};
            request.wanted.account = place->account;
            request.wanted.box = place->mailbox;
            request.wanted.since = row->since;
            request.wanted.until = place->at;
            co_return std::nullopt;
        }
        query.before = found->next;
    } while (query.before);
    co_return refuse(refusal_code::nothing_to_restore, request.address);
}

/// Brings it back, and refuses when there was nothing to bring although something was named.
awaitable<outcome<returned_mail>> bring_back(ports& at,
                                             storage::restore_request request,
                                             bool is_named) {
    auto wanted = request;
    const auto done = co_await at.expunged.bring_back(std::move(wanted), at.headings);
    if (!done) co_return refusal_of_restore(done.error(), request);
    if (is_named && done->messages == 0 && done->left_over_quota == 0)
        co_return refuse(refusal_code::nothing_to_restore, request.address);
    returned_mail made;
    made.address = request.into.empty() ? request.address : request.into;
    made.mail = *done;
    made.undo = text_of_undo(*done);
    if (done->left_octets != 0) {
        auto name = made.address;
        made.missing_octets = co_await find_missing(at, std::move(name), done->left_octets);
    }
    co_return made;
}

}  // namespace

awaitable<outcome<deleted_mail>> list_deleted(ports& at, deleted_request wanted) {
    const auto address = parse_address(wanted.address);
    if (!address) co_return address.error();
    auto filter = read_filter(at, std::move(wanted.wanted));
    if (!filter) co_return filter.error();
    storage::expunged_query query;
    query.address = *address;
    query.wanted = std::move(*filter);
    query.most = std::clamp<std::uint64_t>(wanted.limit.value_or(deleted_by_default), 1, most_rows);
    query.group_of = wanted.is_grouped ? deletion_row_of : 0;
    if (!wanted.after.empty()) {
        query.before = storage::parse_expunged_place(wanted.after);
        if (!query.before) co_return refuse(refusal_code::no_such_place, std::move(wanted.after));
    }
    auto found = co_await at.expunged.find(std::move(query), at.headings);
    if (!found) co_return refusal_of(found.error(), *address);
    deleted_mail made;
    made.address = *address;
    made.has_account = co_await is_account(at, *address);
    made.kept_seconds = static_cast<std::uint64_t>(at.expunged.retention().count());
    made.entries = std::move(found->entries);
    made.mailboxes = std::move(found->mailboxes);
    if (found->next) made.more = storage::to_text(*found->next);
    co_return made;
}

awaitable<outcome<returned_mail>> restore_mail(ports& at, wanted_mail wanted) {
    const auto address = parse_address(wanted.address);
    if (!address) co_return address.error();
    storage::restore_request request;
    request.address = *address;
    if (!wanted.into.empty()) {
        const auto into = parse_address(wanted.into);
        if (!into) co_return into.error();
        request.into = *into;
    }
    auto places = read_ids(wanted.ids);
    if (!places) co_return places.error();
    const bool is_named =
        !places->empty() || wanted.wanted.first_at.has_value() || !wanted.deletion.empty();
    auto filter = read_filter(at, std::move(wanted.wanted));
    if (!filter) co_return filter.error();
    request.places = std::move(*places);
    request.wanted = std::move(*filter);
    request.mailbox = std::move(wanted.to);
    if (!wanted.deletion.empty())
        if (auto refused = co_await narrow_to_deletion(at, request, std::move(wanted.deletion)))
            co_return std::move(*refused);
    co_return co_await bring_back(at, std::move(request), is_named);
}

awaitable<outcome<returned_mail>> restore_traced(ports& at,
                                                 std::string id,
                                                 std::uint64_t deleted_at) {
    auto asked = id;
    const auto found = co_await trace_one(at, std::move(asked));
    if (!found) co_return found.error();
    blob_id blob;
    account_id account;
    for (const auto& message : found->messages)
        for (const auto& step : message.steps) {
            if (step.blob && step.id == found->id) blob = step.blob;
            const bool is_meant = step.step == storage::trace_step::expunged &&
                                  step.at / 1000 == seconds_of(deleted_at);
            if (is_meant) account = step.account;
        }
    const auto owner = co_await at.directory.find_account(account);
    if (!blob || !owner) co_return refuse(refusal_code::nothing_to_restore, std::move(id));
    storage::restore_request request;
    request.address = owner->name;
    request.wanted.blob = blob;
    request.wanted.account = account;
    // The trace is written a moment after the message went.
    request.wanted.since = seconds_of(deleted_at) - 10;
    request.wanted.until = seconds_of(deleted_at) + 1;
    co_return co_await bring_back(at, std::move(request), true);
}

awaitable<outcome<undone_restore>> undo_restore(ports& at, std::string typed, std::string undo) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    auto what = read_undo(undo);
    if (!what) co_return refuse(refusal_code::no_such_restore, std::move(undo));
    what->address = *address;
    const auto messages = co_await at.expunged.undo(std::move(*what));
    if (!messages) co_return refusal_of(messages.error(), *address);
    undone_restore done;
    done.address = *address;
    done.messages = *messages;
    co_return done;
}

awaitable<outcome<removed_accounts>> list_removed(ports& at) {
    auto found = co_await at.expunged.removed_accounts();
    if (!found) co_return refusal_of(found.error(), {});
    removed_accounts made;
    made.kept_seconds = static_cast<std::uint64_t>(at.expunged.retention().count());
    for (auto& one : *found) {
        auto name = one.name;
        const auto entry = co_await at.directory.find_address(std::move(name));
        auto& listed = made.accounts.emplace_back();
        listed.account = std::move(one);
        listed.is_taken = !std::holds_alternative<std::monostate>(entry);
    }
    if (!made.accounts.empty()) co_await find_removers(at, made.accounts);
    co_return made;
}

awaitable<outcome<account_returned>> undelete_account(ports& at,
                                                      std::string typed,
                                                      std::optional<secret> password) {
    const auto address = parse_address(typed);
    if (!address) co_return address.error();
    const auto known = co_await at.expunged.removed_accounts();
    if (!known) co_return refusal_of(known.error(), *address);
    const auto old = std::find_if(known->begin(), known->end(),
                                  [&](const auto& one) { return one.name == *address; });
    if (old == known->end()) co_return refuse(refusal_code::no_such_removed_account, *address);
    if (old->is_going) co_return refuse(refusal_code::removal_running, *address);
    new_account wanted;
    wanted.address = *address;
    wanted.password = std::move(password);
    wanted.display_name = old->display_name;
    wanted.note = old->note;
    wanted.quota_octets = old->quota_octets;
    wanted.forwards = old->forwards;
    wanted.keep_copy = old->keep_copy;
    wanted.files_sent = old->files_sent;
    auto made = co_await add_account(at, std::move(wanted));
    if (!made) co_return made.error();
    storage::restore_request request;
    request.address = *address;
    request.wanted.account = old->id;
    request.wanted.since = old->removed_at;
    auto asked = request;
    const auto mail = co_await at.expunged.bring_back(std::move(asked), at.headings);
    // The account is there, and its password must be told.
    account_returned done;
    done.address = *address;
    done.generated = std::move(made->generated);
    if (mail)
        done.mail = *mail;
    else
        done.mail_refused = refusal_of_restore(mail.error(), request);
    co_return done;
}

}  // namespace hauspost::admin
