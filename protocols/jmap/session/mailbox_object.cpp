#include "protocols/jmap/session/mailbox_object.hpp"

#include "mail/special_use.hpp"
#include "protocols/jmap/json_text.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

namespace hauspost::jmap {
namespace {

namespace rights = mail::rights;

constexpr std::array<std::string_view, 10> mailbox_properties{
    "name",         "parentId",     "role",          "sortOrder", "totalEmails",
    "unreadEmails", "totalThreads", "unreadThreads", "myRights",  "isSubscribed"};

bool is_inbox(const visible_box& box) noexcept {
    return box.info.name == "INBOX";
}

/// The registry of RFC 8457 3 and 8621 10.5; "" where there is none.
std::string_view role_of(const visible_box& box, bool is_own) noexcept {
    if (!is_own) return {};
    if (is_inbox(box)) return "inbox";
    switch (box.info.use) {
    case mail::special_use::none: break;
    case mail::special_use::drafts: return "drafts";
    case mail::special_use::sent: return "sent";
    case mail::special_use::junk: return "junk";
    case mail::special_use::trash: return "trash";
    case mail::special_use::archive: return "archive";
    case mail::special_use::all: return "all";
    case mail::special_use::flagged: return "flagged";
    }
    return {};
}

/// What people look at first stands first.
std::uint32_t sort_order_of(std::string_view role) noexcept {
    constexpr std::array<std::string_view, 6> order{"inbox",   "drafts", "sent",
                                                    "archive", "junk",   "trash"};
    const auto found = std::find(order.begin(), order.end(), role);
    return static_cast<std::uint32_t>(found - order.begin()) + 1;
}

json::object rights_of(const visible_box& box) {
    const bool is_box = box.info.selectable;
    json::object made;
    made["mayReadItems"] = is_box && box.may(rights::read);
    made["mayAddItems"] = is_box && box.may(rights::insert);
    made["mayRemoveItems"] = is_box && box.may(rights::delete_messages | rights::expunge);
    made["maySetSeen"] = is_box && box.may(rights::seen);
    made["maySetKeywords"] = is_box && box.may(rights::write);
    made["mayCreateChild"] = box.may(rights::create);
    made["mayRename"] = box.may(rights::remove) && !is_inbox(box);
    made["mayDelete"] = box.may(rights::remove) && !is_inbox(box);
    made["maySubmit"] = is_box && box.may(rights::post);
    return made;
}

std::string digest_of(const std::vector<mailbox_object>& all) {
    state_digest digest;
    for (const auto& one : all)
        digest.add(one.box->id)
            .add(one.box->name)
            .add(one.box->parent)
            .add(one.role)
            .add(one.is_subscribed ? 1 : 0)
            .add(one.box->rights)
            .add(one.counts.emails)
            .add(one.counts.unread_emails)
            .add(one.counts.threads)
            .add(one.counts.unread_threads);
    return digest.text();
}

/// Subscriptions to mailboxes of others are the viewer's own, under the names that IMAP gives these.
awaitable<error_code> find_subscriptions(const call_context& with,
                                         const visible_account& account,
                                         std::vector<mailbox_object>& all) {
    if (account.is_own) {
        for (auto& one : all)
            one.is_subscribed = one.box->info.subscribed;
        co_return error_code();
    }
    const auto names = co_await with.ports.mail.subscriptions(with.user.account);
    if (!names) co_return names.error();
    const std::unordered_set<std::string_view> subscribed(names->begin(), names->end());
    for (auto& one : all) {
        const auto name = "Shared/" + account.name + '/' + one.box->info.name;
        one.is_subscribed = subscribed.contains(name);
    }
    co_return error_code();
}

}  // namespace

bool is_mailbox_property(std::string_view name) noexcept {
    return std::find(mailbox_properties.begin(), mailbox_properties.end(), name) !=
           mailbox_properties.end();
}

json::value mailbox_object::value_of(std::string_view property) const {
    if (property == "name") return json::value(box->name);
    if (property == "parentId") return text_or_null(box->parent);
    if (property == "role") return text_or_null(role);
    if (property == "sortOrder") return sort_order;
    if (property == "totalEmails") return counts.emails;
    if (property == "unreadEmails") return counts.unread_emails;
    if (property == "totalThreads") return counts.threads;
    if (property == "unreadThreads") return counts.unread_threads;
    if (property == "myRights") return rights_of(*box);
    return json::value(is_subscribed);
}

json::object to_json(const mailbox_object& one, const get_arguments& asked) {
    json::object made;
    made["id"] = one.box->id;
    for (const auto property : mailbox_properties)
        if (asked.wants(property)) made[property] = one.value_of(property);
    return made;
}

awaitable<result<mailbox_list>> list_mailboxes(const call_context& with,
                                               const visible_account& account) {
    auto looking = with.ports.pictures.look(with.user.account, account.number, account.readable());
    const auto picture = co_await std::move(looking);
    if (!picture) co_return picture.error();
    mailbox_list made;
    for (const auto& box : account.boxes) {
        auto& one = made.all.emplace_back();
        one.box = &box;
        one.role = role_of(box, account.is_own);
        one.sort_order = sort_order_of(one.role);
        if (const auto at = (*picture)->find_mailbox(box.info.id))
            one.counts = (*picture)->counts_of(*at);
    }
    auto subscribing = find_subscriptions(with, account, made.all);
    if (const auto refused = co_await std::move(subscribing)) co_return refused;
    made.state = digest_of(made.all);
    co_return made;
}

}  // namespace hauspost::jmap
