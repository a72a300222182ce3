#include "protocols/imap/session/news/take_picture.hpp"

#include "protocols/imap/session/core/pace.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace hauspost::imap {
namespace {

notify_mailbox picture_of(const visible_mailbox& mailbox) {
    const auto& info = mailbox.info;
    notify_mailbox seen;
    seen.key = {mailbox.owner, info.id};
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

/// Of others' mailboxes the shared ones alone: private entries are their owner's.
awaitable<or_answer<>> add_entries(context& session, pace& walk, notify_picture& picture) {
    std::set<account_id> owners{session.account()};
    for (const auto& one : picture.mailboxes)
        owners.insert(one.key.owner);
    for (const auto owner : owners) {
        if (const auto may = co_await walk.may_go_on(); !may) co_return may.end();
        auto prints = co_await session.ports.annotations.annotation_prints(owner);
        if (!prints) co_return replies::refused(prints.error());
        const bool is_own = owner == session.account();
        for (auto& print : *prints) {
            if (!is_own && !print.entry.starts_with("/shared")) continue;
            auto* const mailbox = find_mailbox(picture.mailboxes, {owner, print.mailbox});
            if (mailbox != nullptr)
                mailbox->entries.push_back({std::move(print.entry), print.hash});
            else if (is_own && !print.mailbox)
                picture.server.push_back({std::move(print.entry), print.hash});
        }
    }
    co_return go_on;
}

}  // namespace

awaitable<or_answer<notify_picture>> take_picture(context& session,
                                                  const std::vector<notify_group>& groups) {
    notify_picture picture;
    pace walk(session);
    const bool has_shared = watches_shared(groups);
    std::vector<visible_mailbox> all;
    if (has_shared) {
        if (const auto done = co_await list_visible(session, walk, all); !done)
            co_return done.end();
    } else {
        std::vector<storage::mailbox_info> own;
        if (const auto done = co_await list_own(session, walk, own); !done) co_return done.end();
        for (auto& info : own) {
            auto& mailbox = all.emplace_back();
            mailbox.owner = session.account();
            mailbox.info = std::move(info);
        }
    }
    for (const auto& mailbox : all)
        if (mailbox.info.id) picture.mailboxes.push_back(picture_of(mailbox));
    if (has_shared) {
        const auto names = co_await session.ports.mail.subscriptions(session.account());
        if (!names) co_return replies::refused(names.error());
        for (auto& one : picture.mailboxes)
            if (!one.is_own)
                one.subscribed = std::binary_search(names->begin(), names->end(), one.name);
    }
    std::sort(picture.mailboxes.begin(), picture.mailboxes.end(),
              [](const auto& a, const auto& b) { return a.key < b.key; });
    if (watches_entries(groups))
        if (const auto done = co_await add_entries(session, walk, picture); !done)
            co_return done.end();
    co_return std::move(picture);
}

awaitable<void> listen_to_owners(context& session, notify_watch& watch) {
    for (const auto& one : watch.shown->mailboxes) {
        const auto owner = one.key.owner;
        if (one.is_own || watch.owners.contains(owner.value())) continue;
        auto news = co_await listen_to(owner, session.ports.changes, session.news);
        watch.owners[owner.value()] = std::move(news);
    }
}

}  // namespace hauspost::imap
