#include "protocols/jmap/session/message_rows.hpp"

#include "mail/object_id.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace hauspost::jmap {
namespace {

/// An email as one of its messages.
struct wanted_message {
    std::uint32_t mailbox;
    hauspost::uid uid;
    account_rows::email email;
};

void append_uid(mail::uid_ranges& ranges, uid id) {
    if (!ranges.empty() && ranges.back().last.value() + 1 == id.value())
        ranges.back().last = id;
    else
        ranges.push_back({id, id});
}

}  // namespace

std::vector<std::string> mailbox_ids_of(account_id account, const account_rows& rows) {
    std::vector<std::string> all;
    for (const auto& box : rows.mailboxes())
        mail::append_mailbox_object_id(all.emplace_back(), account, box->id);
    return all;
}

awaitable<error_code> walk_emails(
    const call_context& with,
    account_id account,
    const account_rows& rows,
    const std::vector<account_rows::email>& some,
    storage::walk_detail detail,
    function_ref<void(account_rows::email, const storage::message_view&)> visit) {
    std::vector<wanted_message> wanted;
    wanted.reserve(some.size());
    for (const auto one : some) {
        const auto at = rows.places_of(one).front();
        wanted.push_back({at.mailbox, rows.row_at(at).uid, one});
    }
    std::sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) {
        return std::pair(a.mailbox, a.uid) < std::pair(b.mailbox, b.uid);
    });
    for (auto begin = wanted.begin(); begin != wanted.end();) {
        const auto box = begin->mailbox;
        auto end = begin;
        mail::uid_ranges ranges;
        for (; end != wanted.end() && end->mailbox == box; ++end)
            append_uid(ranges, end->uid);
        const storage::mailbox_key key{account, rows.mailboxes()[box]->id};
        const auto visitor = [&](const storage::message_view& message) {
            const auto found =
                std::lower_bound(begin, end, message.uid,
                                 [](const wanted_message& one, uid id) { return one.uid < id; });
            if (found != end && found->uid == message.uid) visit(found->email, message);
            return true;
        };
        const auto cursor = with.ports.mail.walk(key, std::move(ranges), detail);
        while (!cursor->is_done()) {
            const auto refused = co_await cursor->next(visitor);
            if (refused) co_return refused;
            co_await asio::post(asio::use_awaitable);
        }
        begin = end;
    }
    co_return error_code();
}

}  // namespace hauspost::jmap
