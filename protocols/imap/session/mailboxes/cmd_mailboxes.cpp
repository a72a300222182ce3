#include "protocols/imap/grammar/mailbox_name.hpp"
#include "protocols/imap/session/core/pace.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/mailboxes/commands.hpp"
#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"
#include "protocols/imap/session/mailboxes/rename_gate.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {
namespace {

/// May the name be used for a new mailbox? In "Shared/" it is its owner's name for it that
/// must be possible.
or_answer<> check_new_name(std::string_view name) {
    const auto shared = split_shared_name(name);
    if (!shared && is_shared_name(name))
        return replies::no(code::cannot, "This part of the tree is for mailboxes of others");
    const auto fault = check_mailbox_name(shared ? std::string_view(shared->name) : name);
    if (fault == name_fault::none) return go_on;
    return replies::no(code::cannot, text_of(fault));
}

answer done_or(error_code failed, std::string_view text) {
    return failed ? replies::refused(failed) : replies::ok(text);
}

std::size_t count_in_tree(const std::vector<storage::named_mailbox>& all, std::string_view top) {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [top](const storage::named_mailbox& one) {
            return one.name.starts_with(top) &&
                   (one.name.size() == top.size() || one.name[top.size()] == '/');
        }));
}

/// See rename_gate.
awaitable<or_answer<>> wait_for_gate(context& session, account_id owner, std::string top) {
    auto& mail = session.ports.mail;
    if (top == "INBOX") co_return go_on;  // its messages move, in slices
    const auto all = co_await mail.names(owner);
    if (!all) co_return replies::refused(all.error());
    const auto now = session.now();
    const rename_gate::account of{&mail, owner};
    const auto begin = rename_gate::shared().take(of, now, count_in_tree(*all, top));
    if (!begin)
        co_return replies::no(code::limit, "Many mailboxes were renamed just now; try again later");
    co_await session.ports.monotonic.pause(*begin - now);
    co_return go_on;
}

/// RFC 4314 4: "k" on the mailbox above.
awaitable<answer> create_shared(context& session, std::string name) {
    const auto parts = split_shared_name(name);  // check_new_name has seen to it that there are
    const auto parent = co_await permit_below(session, std::move(name));
    if (!parent) co_return parent.end();
    std::string own_name = parts->name;
    const auto made = co_await session.ports.mail.create(parent->owner, std::move(own_name),
                                                         mail::special_use::none);
    if (!made) co_return replies::refused(made.error());
    co_return answer(status::ok, mailbox_id_words(parent->owner, *made), "Created");
}

/// RFC 4314 4: "x" on the mailbox, "k" on the one above its new name. Nobody's mailbox becomes
/// another's.
awaitable<answer> rename_shared(context& session, std::string from, std::string to) {
    const auto old = co_await permit(session, std::move(from), mail::rights::remove);
    if (!old) co_return old.end();
    auto target = split_shared_name(to);
    if (!target || old->owner_address != target->owner)
        co_return replies::no(code::cannot, "A mailbox stays with its owner");
    const auto parent = co_await permit_below(session, std::move(to));
    if (!parent) co_return parent.end();
    std::string own_name = old->own_name;
    if (const auto done = co_await wait_for_gate(session, old->owner, own_name); !done)
        co_return done.end();
    const auto failed = co_await session.ports.mail.rename(old->owner, std::move(own_name),
                                                           std::move(target->name));
    co_return done_or(failed, "Renamed");
}

}  // namespace

/// RFC 9051 6.3.4, RFC 6154 3.
awaitable<answer> on(context& session, const cmd::create& wanted) {
    if (const auto may = check_new_name(wanted.mailbox); !may) co_return may.end();
    if (wanted.has_unknown_use || wanted.uses.size() > 1)
        co_return replies::no(code::use_attr, "A mailbox has one known special use at most");
    if (is_shared_name(wanted.mailbox)) {
        if (!wanted.uses.empty())
            co_return replies::no(code::use_attr, "Mailboxes of others have no special use");
        std::string shared = wanted.mailbox;
        co_return co_await create_shared(session, std::move(shared));
    }
    const auto use = wanted.uses.empty() ? mail::special_use::none : wanted.uses[0];
    // \All and \Flagged would be views of other mailboxes, which we do not make.
    if (use == mail::special_use::all || use == mail::special_use::flagged)
        co_return replies::no(code::use_attr, "This special use is not offered");
    if (use != mail::special_use::none) {
        pace walk(session);
        std::vector<storage::mailbox_info> all;
        if (const auto done = co_await list_own(session, walk, all); !done) co_return done.end();
        for (const auto& one : all)
            if (one.use == use)
                co_return replies::no(code::use_attr, "Another mailbox has this special use");
    }
    std::string name = wanted.mailbox;
    const auto made = co_await session.ports.mail.create(session.account(), std::move(name), use);
    if (!made) co_return replies::refused(made.error());
    // RFC 8474 4.1.
    co_return answer(status::ok, mailbox_id_words(session.account(), *made), "Created");
}

/// RFC 9051 6.3.5. A session that has the mailbox selected ends (sync.cpp), but for our own.
awaitable<answer> on(context& session, const cmd::remove& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(session, std::move(name), mail::rights::remove);
    if (!target) co_return target.end();
    std::string own_name = target->own_name;
    const auto failed = co_await session.ports.mail.remove(target->owner, std::move(own_name));
    // By its id: another session may have given the name to another mailbox.
    if (!failed && session.state.is_selected(target->key())) {
        session.writer().untagged(status::ok, code::closed, "The selected mailbox was deleted");
        session.state.deselect();
    }
    co_return done_or(failed, "Deleted");
}

/// RFC 9051 6.3.6.
awaitable<answer> on(context& session, const cmd::rename& wanted) {
    if (const auto may = check_new_name(wanted.to); !may) co_return may.end();
    std::string from = wanted.from;
    std::string to = wanted.to;
    if (is_shared_name(from) || is_shared_name(to))
        co_return co_await rename_shared(session, std::move(from), std::move(to));
    if (session.is_turn_over()) co_await session.yield();
    if (const auto done = co_await wait_for_gate(session, session.account(), from); !done)
        co_return done.end();
    const auto failed =
        co_await session.ports.mail.rename(session.account(), std::move(from), std::move(to));
    co_return done_or(failed, "Renamed");
}

/// RFC 9051 6.3.7. Also of mailboxes of others, there or not: the list is this user's own.
awaitable<answer> on(context& session, const cmd::subscribe& wanted) {
    if (const auto may = check_new_name(wanted.mailbox); !may) co_return may.end();
    std::string name = wanted.mailbox;
    const auto failed =
        co_await session.ports.mail.set_subscribed(session.account(), std::move(name), true);
    co_return done_or(failed, "Subscribed");
}

/// RFC 9051 6.3.8.
awaitable<answer> on(context& session, const cmd::unsubscribe& wanted) {
    std::string name = wanted.mailbox;
    const auto failed =
        co_await session.ports.mail.set_subscribed(session.account(), std::move(name), false);
    co_return done_or(failed, "Unsubscribed");
}

}  // namespace hauspost::imap
