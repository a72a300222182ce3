#include "base/log.hpp"
#include "protocols/imap/session/core/connection.hpp"
#include "protocols/imap/session/fetch/fetch_run.hpp"
#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"
#include "protocols/imap/session/news/notify_pictures.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace hauspost::imap {
namespace {

// A picture of 1,000 costs some 2 ms.
constexpr std::size_t max_watched_mailboxes = 1'000;

notify_mailbox picture_of(const visible_mailbox& mailbox) {
    const auto& info = mailbox.info;
    notify_mailbox seen;
    seen.id = notify_id(mailbox.owner.value(), info.id.value());
    seen.name = info.name;
    seen.use = use_word(info.use);
    seen.is_own = mailbox.is_own();
    seen.may_read = mailbox.may(mail::rights::read);
    seen.subscribed = info.subscribed && mailbox.is_own();
    seen.selectable = info.selectable;
    seen.uid_validity = info.counters.uid_validity.value();
    seen.uid_next = info.counters.uid_next.value();
    seen.messages = info.counters.messages;
    seen.unseen = info.counters.unseen;
    seen.highest_modseq = info.counters.highest_modseq.value();
    return seen;
}

account_id owner_of(const notify_mailbox& seen) {
    return account_id(static_cast<std::uint32_t>(seen.id >> 32));
}

storage::mailbox_info info_of(const notify_mailbox& seen) {
    storage::mailbox_info info;
    info.id = mailbox_id(static_cast<std::uint32_t>(seen.id));
    info.name = seen.name;
    info.counters.uid_validity = uid_validity(seen.uid_validity);
    info.counters.uid_next = uid(seen.uid_next);
    info.counters.messages = seen.messages;
    info.counters.unseen = seen.unseen;
    info.counters.highest_modseq = modseq(seen.highest_modseq);
    return info;
}

notify_mailbox* find_by_id(std::vector<notify_mailbox>& picture, std::uint64_t id) {
    const auto at = std::lower_bound(
        picture.begin(), picture.end(), id,
        [](const notify_mailbox& one, std::uint64_t wanted) { return one.id < wanted; });
    return at != picture.end() && at->id == id ? &*at : nullptr;
}

constexpr auto metadata_events =
    static_cast<std::uint8_t>(notify_events::mailbox_metadata | notify_events::server_metadata);

/// RFC 5465 5.4, 5.5.
void write_list(response_writer& writer, const notify_line& line, bool has_children) {
    const auto& mailbox = line.mailbox;
    writer.raw("* LIST (");
    if (line.is_gone) {
        writer.raw("\\NonExistent");
    } else {
        writer.raw(has_children ? "\\HasChildren" : "\\HasNoChildren");
        if (!mailbox.selectable) writer.raw(" \\Noselect");
        if (line.is_closed) writer.raw(" \\NoAccess");
        if (mailbox.subscribed) writer.raw(" \\Subscribed");
        if (!mailbox.use.empty()) writer.raw(' ').raw(mailbox.use);
    }
    writer.raw(") \"/\" ").mailbox(line.mailbox.name);
    if (!line.old_name.empty()) writer.raw(" (\"OLDNAME\" (").mailbox(line.old_name).raw("))");
    writer.crlf();
}

/// RFC 5464 4.4.2: names alone.
void write_entries(response_writer& writer,
                   std::string_view mailbox,
                   const std::vector<std::string>& names) {
    writer.raw("* METADATA ").mailbox(mailbox);
    for (const auto& name : names)
        writer.raw(' ').astring(name);
    writer.crlf();
}

/// The names that have others below them.
std::unordered_set<std::string_view> parents_in(const std::vector<notify_mailbox>& all) {
    std::unordered_set<std::string_view> parents;
    for (const auto& one : all) {
        const std::string_view name = one.name;
        for (auto slash = name.rfind('/'); slash != std::string_view::npos;
             slash = name.substr(0, slash).rfind('/'))
            if (!parents.insert(name.substr(0, slash)).second) break;
    }
    return parents;
}

}  // namespace

/// RFC 5465 3.
awaitable<answer> connection::on(const cmd::notify& wanted) {
    if (wanted.has_unknown_event)
        co_return replies::no(
            "BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange "
            "MailboxMetadataChange ServerMetadataChange)",
            "This server does not tell of one of these events");
    auto watch = std::make_unique<notify_watch>();
    watch->groups = wanted.groups;
    for (auto& group : watch->groups)
        std::sort(group.mailboxes.begin(), group.mailboxes.end());
    if (watches_others(watch->groups)) {
        auto first = std::make_shared<notify_picture>();
        auto refused = co_await take_picture(watch->groups, *first);
        if (refused) co_return std::move(*refused);
        if (first->mailboxes.size() > max_watched_mailboxes)
            co_return replies::no("NOTIFICATIONOVERFLOW", "There are too many mailboxes to watch");
        watch->shown = std::move(first);
        co_await listen_to_owners(*watch);
    }
    // RFC 5465 3.1: an implied NOOP, which also tells what was kept back until now.
    notify_.reset();
    if (selected_ && selected_->flags_told) {
        selected_->synced = *selected_->flags_told;
        selected_->flags_told.reset();
    }
    co_await sync(true);
    // What came since the picture is looked for later.
    note_change(*watch);
    notify_ = std::move(watch);
    const auto lines = first_lines(notify_->groups, notify_->shown->mailboxes, selected_id(),
                                   wanted.status, enabled_.condstore);
    co_await tell_news(lines);
    co_return replies::ok("Done");
}

void connection::note_change(notify_watch& watch) const {
    watch.is_due = true;
    watch.last_changed_at = std::chrono::steady_clock::now();
    if (!watch.changed_at) watch.changed_at = watch.last_changed_at;
}

std::uint64_t connection::selected_id() const noexcept {
    if (!selected_) return 0;
    return notify_id(selected_->key.account.value(), selected_->key.mailbox.value());
}

/// All that the groups may speak of, as it is now.
awaitable<std::optional<answer>> connection::take_picture(const std::vector<notify_group>& groups,
                                                          notify_picture& picture) {
    pace walk(*this);
    const bool has_shared = watches_shared(groups);
    std::vector<visible_mailbox> all;
    if (has_shared) {
        if (auto refused = co_await list_visible(walk, all)) co_return std::move(refused);
    } else {
        std::vector<storage::mailbox_info> own;
        if (auto refused = co_await list_own(walk, own)) co_return std::move(refused);
        for (auto& info : own) {
            auto& mailbox = all.emplace_back();
            mailbox.owner = user_.account;
            mailbox.info = std::move(info);
        }
    }
    for (const auto& mailbox : all)
        if (mailbox.info.id) picture.mailboxes.push_back(picture_of(mailbox));
    if (has_shared) {
        const auto names = co_await ports_.mail.subscriptions(user_.account);
        if (!names) co_return replies::refused(names.error());
        for (auto& one : picture.mailboxes)
            if (!one.is_own)
                one.subscribed = std::binary_search(names->begin(), names->end(), one.name);
    }
    std::sort(picture.mailboxes.begin(), picture.mailboxes.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    if (watches_events(groups, metadata_events)) co_return co_await add_entries(walk, picture);
    co_return std::nullopt;
}

/// Of others' mailboxes the shared ones alone: private entries are their owner's.
awaitable<std::optional<answer>> connection::add_entries(pace& walk, notify_picture& picture) {
    std::set<account_id> owners{user_.account};
    for (const auto& one : picture.mailboxes)
        owners.insert(owner_of(one));
    for (const auto owner : owners) {
        if (auto late = co_await walk.may_go_on()) co_return std::move(late);
        auto prints = co_await ports_.annotations.annotation_prints(owner);
        if (!prints) co_return replies::refused(prints.error());
        const bool is_own = owner == user_.account;
        for (auto& print : *prints) {
            if (!is_own && !print.entry.starts_with("/shared")) continue;
            auto* const mailbox =
                find_by_id(picture.mailboxes, notify_id(owner.value(), print.mailbox.value()));
            if (mailbox != nullptr)
                mailbox->entries.push_back({std::move(print.entry), print.hash});
            else if (is_own && !print.mailbox)
                picture.server.push_back({std::move(print.entry), print.hash});
        }
    }
    co_return std::nullopt;
}

awaitable<void> connection::listen_to_owners(notify_watch& watch) {
    for (const auto& one : watch.shown->mailboxes) {
        const auto owner = owner_of(one);
        if (one.is_own || watch.owners.contains(owner.value())) continue;
        auto news = co_await listen_to(owner);
        watch.owners[owner.value()] = std::move(news);
    }
}

/// RFC 5465 5: nobody is told of what he did himself.
void connection::note_own_entries(storage::mailbox_key key,
                                  const std::vector<storage::annotation_change>& changes) {
    if (!notify_ || !watches_events(notify_->groups, metadata_events)) return;
    // Others share the picture.
    auto own = std::make_shared<notify_picture>(*notify_->shown);
    auto* entries = &own->server;
    if (key.mailbox) {
        auto* const mailbox =
            find_by_id(own->mailboxes, notify_id(key.account.value(), key.mailbox.value()));
        if (mailbox == nullptr) return;
        entries = &mailbox->entries;
    }
    for (const auto& change : changes) {
        const auto at = std::lower_bound(
            entries->begin(), entries->end(), change.entry,
            [](const notify_entry& one, const std::string& name) { return one.name < name; });
        const bool is_there = at != entries->end() && at->name == change.entry;
        if (!change.value) {
            if (is_there) entries->erase(at);
            continue;
        }
        const auto hash = std::hash<std::string_view>{}(*change.value);
        if (is_there)
            at->hash = hash;
        else
            entries->insert(at, {change.entry, hash});
    }
    notify_->shown = std::move(own);
}

awaitable<void> connection::tell_news(const std::vector<notify_line>& lines) {
    const auto shown = notify_->shown;
    std::optional<std::unordered_set<std::string_view>> parents;
    for (const auto& line : lines) {
        if (!co_await make_room()) co_return;
        status_values values;
        values.account = owner_of(line.mailbox);
        auto lines_out = writer();
        if (!line.entries.empty())
            write_entries(lines_out, line.mailbox.name, line.entries);
        else if (line.status != status_items())
            write_status_line(lines_out, info_of(line.mailbox), line.status, values);
        else {
            if (!parents) parents = parents_in(shown->mailboxes);
            write_list(lines_out, line, parents->contains(line.mailbox.name));
        }
    }
}

/// Between two commands and in IDLE: what NOTIFY asked for, at once.
awaitable<void> connection::push_news() {
    notify_->is_due = false;
    const auto* group = selected_group(notify_->groups);
    const bool at_once = group != nullptr && group->where == notify_group::scope::selected;
    if (group != nullptr) co_await sync(at_once || idle_until_.has_value());
    if (phase_ == phase::closing) co_return;
    if (!watches_others(notify_->groups)) {
        notify_->changed_at.reset();
        co_return;
    }
    auto now = co_await next_picture();
    if (now) co_await tell_changes(std::move(now));
}

/// One picture for all sessions of the account that heard of a change before it was taken. Who
/// comes too early after the last one comes again later; meanwhile he waits for his client.
awaitable<std::shared_ptr<const notify_picture>> connection::next_picture() {
    auto& watch = *notify_;
    std::shared_ptr<const notify_picture> picture;
    const auto now = std::chrono::steady_clock::now();
    if (!watch.changed_at || now < watch.again_at) co_return picture;
    auto& pictures = notify_pictures::shared();
    const notify_pictures::kind of{&ports_.changes, user_.account, watches_shared(watch.groups),
                                   watches_events(watch.groups, metadata_events)};
    auto latest = pictures.latest(of);
    if (latest.picture && latest.began >= *watch.changed_at) {
        picture = std::move(latest.picture);
    } else if (const auto next_at = pictures.reserve(of, now)) {
        watch.again_at = *next_at;
        co_return picture;
    } else {
        latest.began = now;
        auto taken = std::make_shared<notify_picture>();
        const auto refused = co_await take_picture(watch.groups, *taken);
        if (refused) {  // the account goes, or the session does
            watch.changed_at.reset();
            co_return picture;
        }
        picture = std::move(taken);
        pictures.keep(of, now, std::chrono::steady_clock::now(), picture);
    }
    watch.changed_at.reset();
    if (watch.last_changed_at > latest.began) watch.changed_at = watch.last_changed_at;
    watch.again_at = {};
    co_return picture;
}

awaitable<void> connection::tell_changes(std::shared_ptr<const notify_picture> now) {
    if (now->mailboxes.size() > max_watched_mailboxes) {
        // RFC 5465 5.8.
        writer().untagged(status::ok, "NOTIFICATIONOVERFLOW", "Too many mailboxes to watch");
        notify_->groups.clear();
        notify_->changed_at.reset();
        co_return;
    }
    const auto before = std::exchange(notify_->shown, now);
    co_await listen_to_owners(*notify_);
    const auto lines = lines_between(notify_->groups, before->mailboxes, now->mailboxes,
                                     selected_id(), enabled_.condstore);
    co_await tell_news(lines);
    const auto names = changed_entries(before->server, now->server);
    if (watches_events(notify_->groups, notify_events::server_metadata) && !names.empty()) {
        auto lines_out = writer();
        write_entries(lines_out, "", names);
    }
}

/// For how long wait_for_octets() may wait before it is time to look for news again.
std::optional<net::stream::duration> connection::time_to_news() const noexcept {
    if (!notify_ || !notify_->changed_at) return std::nullopt;
    return std::max<net::stream::duration>(notify_->again_at - std::chrono::steady_clock::now(),
                                           std::chrono::milliseconds(0));
}

awaitable<void> connection::push_if_due() {
    const auto left = time_to_news();
    if (!notify_ || (!notify_->is_due && (!left || left->count() > 0))) co_return;
    if (is_turn_over()) co_await yield();
    try {
        co_await push_news();
        co_return;
    } catch (const std::exception& fault) {  // ours; the next commit tries again
        log::error("fault cid={} proto=imap what={}", peer_.peer().id.value(),
                   log_safe(fault.what(), 200));
    }
    notify_->changed_at.reset();
}

/// RFC 5465 5.2: what the client wants to know of messages that others brought.
awaitable<void> connection::tell_new_messages(mail::uid_range added) {
    const auto* group = notify_ ? selected_group(notify_->groups) : nullptr;
    if (group == nullptr || !group->new_items) co_return;
    const auto items = *group->new_items;
    fetch_run fetching(*this, items);
    std::vector<mail::uid_range> ranges{{added.first, added.last}};
    // What cannot be read is not told; a FETCH of the client says why.
    const auto refused = co_await fetching.run(ranges);
    if (refused) log::info("notify cid={} refused={}", peer_.peer().id.value(), refused->text);
}

bool connection::wants_flag_news() const noexcept {
    if (!notify_) return true;
    const auto* group = selected_group(notify_->groups);
    return group != nullptr && (group->events & notify_events::flag_change) != 0;
}

/// Does the client want to hear of the selected mailbox at all?
bool connection::tells_selected() const noexcept {
    return !notify_ || selected_group(notify_->groups) != nullptr;
}

/// Without a word about the selected mailbox in NOTIFY only those commands tell what others did
/// that ask for it, or that tell what they did themselves.
bool connection::may_sync_after(const command& wanted) const noexcept {
    return tells_selected() || std::holds_alternative<cmd::noop>(wanted) ||
           std::holds_alternative<cmd::check>(wanted) ||
           std::holds_alternative<cmd::expunge>(wanted) ||
           std::holds_alternative<cmd::uid_expunge>(wanted) ||
           std::holds_alternative<cmd::move>(wanted);
}

}  // namespace hauspost::imap
