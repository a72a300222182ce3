#include "base/log.hpp"
#include "protocols/imap/session/connection.hpp"
#include "protocols/imap/session/fetch_run.hpp"
#include "protocols/imap/session/mailbox_lines.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace hauspost::imap {
namespace {

// Each wake-up compares all mailboxes of the account: 1,000 are some 2 ms.
constexpr std::size_t max_watched_mailboxes = 1'000;

notify_mailbox picture_of(const storage::mailbox_info& info) {
    notify_mailbox seen;
    seen.id = info.id.value();
    seen.name = info.name;
    seen.subscribed = info.subscribed;
    seen.selectable = info.selectable;
    seen.uid_validity = info.counters.uid_validity.value();
    seen.uid_next = info.counters.uid_next.value();
    seen.messages = info.counters.messages;
    seen.unseen = info.counters.unseen;
    seen.highest_modseq = info.counters.highest_modseq.value();
    return seen;
}

storage::mailbox_info info_of(const notify_mailbox& seen) {
    storage::mailbox_info info;
    info.id = mailbox_id(seen.id);
    info.name = seen.name;
    info.counters.uid_validity = uid_validity(seen.uid_validity);
    info.counters.uid_next = uid(seen.uid_next);
    info.counters.messages = seen.messages;
    info.counters.unseen = seen.unseen;
    info.counters.highest_modseq = modseq(seen.highest_modseq);
    return info;
}

/// RFC 5465 5.4, 5.5.
void write_list(response_writer& writer, const notify_line& line, bool has_children) {
    writer.raw("* LIST (");
    if (line.is_gone)
        writer.raw("\\NonExistent");
    else
        writer.raw(has_children ? "\\HasChildren" : "\\HasNoChildren");
    if (!line.is_gone && !line.mailbox.selectable) writer.raw(" \\Noselect");
    if (!line.is_gone && line.mailbox.subscribed) writer.raw(" \\Subscribed");
    writer.raw(") \"/\" ").mailbox(line.mailbox.name);
    if (!line.old_name.empty()) writer.raw(" (\"OLDNAME\" (").mailbox(line.old_name).raw("))");
    writer.crlf();
}

bool has_child(const std::vector<notify_mailbox>& all, const std::string& name) {
    return std::any_of(all.begin(), all.end(), [&name](const notify_mailbox& one) {
        return one.name.size() > name.size() && one.name.starts_with(name) &&
               one.name[name.size()] == '/';
    });
}

}  // namespace

/// RFC 5465 3. Own mailboxes are watched; those of others are passed over.
awaitable<answer> connection::on(const cmd::notify& wanted) {
    if (wanted.has_unknown_event)
        co_return replies::no(
            "BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange)",
            "This server does not tell of one of these events");
    auto watch = std::make_unique<notify_watch>();
    watch->groups = wanted.groups;
    if (watches_others(watch->groups)) {
        auto now = co_await take_picture();
        if (!now) co_return replies::refused(now.error());
        if (now->size() > max_watched_mailboxes)
            co_return replies::no("NOTIFICATIONOVERFLOW", "There are too many mailboxes to watch");
        watch->picture = std::move(*now);
    }
    notify_ = std::move(watch);
    if (wanted.status)
        tell_news(
            first_lines(notify_->groups, notify_->picture, selected_id(), enabled_.condstore));
    // An implied NOOP.
    co_await sync(true);
    co_return replies::ok("Done");
}

std::uint32_t connection::selected_id() const noexcept {
    const bool is_own = selected_ && selected_->key.account == user_.account;
    return is_own ? selected_->key.mailbox.value() : 0;
}

awaitable<result<std::vector<notify_mailbox>>> connection::take_picture() {
    const auto all = co_await ports_.mail.list(user_.account);
    if (!all) co_return all.error();
    std::vector<notify_mailbox> picture;
    picture.reserve(all->size());
    for (const auto& info : *all)
        picture.push_back(picture_of(info));
    std::sort(picture.begin(), picture.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    co_return std::move(picture);
}

void connection::tell_news(const std::vector<notify_line>& lines) {
    for (const auto& line : lines) {
        status_values values;
        values.account = user_.account;
        auto lines_out = writer();
        if (line.status != status_items())
            write_status_line(lines_out, info_of(line.mailbox), line.status, values);
        else
            write_list(lines_out, line, has_child(notify_->picture, line.mailbox.name));
    }
}

/// Between two commands and in IDLE: what NOTIFY asked for, at once.
awaitable<void> connection::push_news() {
    notify_->is_due = false;
    const auto* group = selected_group(notify_->groups);
    const bool at_once = group != nullptr && group->where == notify_group::scope::selected;
    if (group != nullptr) co_await sync(at_once || idle_until_.has_value());
    if (phase_ == phase::closing || !watches_others(notify_->groups)) co_return;
    auto now = co_await take_picture();
    if (!now) co_return;  // the account goes; its sessions are ended by other news
    if (now->size() > max_watched_mailboxes) {
        // RFC 5465 5.8.
        writer().untagged(status::ok, "NOTIFICATIONOVERFLOW", "Too many mailboxes to watch");
        notify_->groups.clear();
        co_return;
    }
    const auto before = std::exchange(notify_->picture, std::move(*now));
    tell_news(lines_between(notify_->groups, before, notify_->picture, selected_id(),
                            enabled_.condstore));
}

awaitable<void> connection::push_if_due() {
    if (!notify_ || !notify_->is_due) co_return;
    try {
        co_await push_news();
    } catch (const std::exception& fault) {  // ours; the next commit tries again
        spdlog::error("fault cid={} proto=imap what={}", peer_.peer().id.value(),
                      log_safe(fault.what(), 200));
    }
}

/// RFC 5465 5.2: what the client wants to know of messages that others brought.
awaitable<void> connection::tell_new_messages(uid_range added) {
    const auto* group = notify_ ? selected_group(notify_->groups) : nullptr;
    if (group == nullptr || !group->new_items) co_return;
    const auto items = *group->new_items;
    fetch_run fetching(*this, items);
    std::vector<storage::uid_range> ranges{{added.first, added.last}};
    // What cannot be read is not told; a FETCH of the client says why.
    const auto refused = co_await fetching.run(ranges);
    if (refused) spdlog::info("notify cid={} refused={}", peer_.peer().id.value(), refused->text);
}

bool connection::wants_flag_news() const noexcept {
    if (!notify_) return true;
    const auto* group = selected_group(notify_->groups);
    return group != nullptr && (group->events & notify_events::flag_change) != 0;
}

/// Without a word about the selected mailbox in NOTIFY only those commands tell what others did
/// that ask for it, or that tell what they did themselves.
bool connection::may_sync_after(const command& wanted) const noexcept {
    if (!notify_ || selected_group(notify_->groups) != nullptr) return true;
    return std::holds_alternative<cmd::noop>(wanted) ||
           std::holds_alternative<cmd::check>(wanted) ||
           std::holds_alternative<cmd::expunge>(wanted) ||
           std::holds_alternative<cmd::uid_expunge>(wanted) ||
           std::holds_alternative<cmd::move>(wanted);
}

}  // namespace hauspost::imap
