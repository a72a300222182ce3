#include "admin/api/restore_results.hpp"

#include "admin/api/owner_results.hpp"
#include "admin/api/trace_words.hpp"
#include "base/address.hpp"
#include "base/utf8.hpp"

#include <boost/json/array.hpp>

#include <string>

namespace hauspost::admin::api {
namespace {

/// Strangers' octets need not be UTF-8, which JSON has to be.
void put_text(json::object& into, const char* key, const std::string& text) {
    if (!text.empty()) into[key] = utf8::repaired(text);
}

json::object deletion_json(const storage::expunged_entry& one, std::uint64_t kept_seconds) {
    json::object made;
    made["id"] = storage::to_text(one.place);
    made["account"] = one.place.account.value();
    made["box"] = one.place.mailbox.value();
    made["subject"] = utf8::repaired(one.heading.subject);
    put_text(made, "from_name", one.heading.from_name);
    put_text(made, "from", one.heading.from_address);
    made["mailbox"] = utf8::repaired(one.mailbox);
    if (one.is_gone) made["mailbox_gone"] = true;
    made["messages"] = one.messages;
    made["octets"] = one.octets;
    made["deleted_at"] = one.place.at;
    if (one.messages > 1) made["since"] = one.since;
    made["kept_until"] = one.since + static_cast<std::int64_t>(kept_seconds);
    if (one.by.door != storage::trace_door::none) made["door"] = name_of(one.by.door);
    put_text(made, "by", one.by.user);
    put_text(made, "program", one.by.program);
    return made;
}

void add_mail(json::object& into, const storage::mail_returned& mail) {
    into["messages"] = mail.messages;
    into["left_over_quota"] = mail.left_over_quota;
    if (mail.left_octets != 0) into["left_octets"] = mail.left_octets;
    json::array boxes;
    for (const auto& one : mail.mailboxes) {
        json::object box;
        box["name"] = utf8::repaired(one.name);
        box["messages"] = one.messages;
        if (one.is_made) box["made"] = true;
        boxes.push_back(std::move(box));
    }
    into["mailboxes"] = std::move(boxes);
}

}  // namespace

json::object deleted_json(const deleted_mail& found, const places&) {
    json::object made;
    made["address"] = found.address;
    made["has_account"] = found.has_account;
    made["kept_seconds"] = found.kept_seconds;
    json::array entries;
    for (const auto& one : found.entries)
        entries.push_back(deletion_json(one, found.kept_seconds));
    made["entries"] = std::move(entries);
    if (!found.mailboxes.empty()) {
        json::array names;
        for (const auto& one : found.mailboxes)
            names.emplace_back(utf8::repaired(one));
        made["mailboxes"] = std::move(names);
    }
    if (!found.more.empty()) made["more"] = found.more;
    return made;
}

json::object returned_json(const returned_mail& done, const places&) {
    json::object made;
    made["address"] = done.address;
    add_mail(made, done.mail);
    if (done.missing_octets != 0) made["missing_octets"] = done.missing_octets;
    if (!done.undo.empty()) made["undo"] = done.undo;
    return made;
}

json::object resent_json(const resent_mail& done, const places&) {
    json::object made;
    made["id"] = done.id;
    made["to"] = done.to;
    made["sent_as"] = done.sent_as;
    return made;
}

json::object undone_json(const undone_restore& done, const places&) {
    json::object made;
    made["address"] = done.address;
    made["messages"] = done.messages;
    return made;
}

json::object removed_accounts_json(const removed_accounts& found, const places&) {
    json::array accounts;
    for (const auto& listed : found.accounts) {
        const auto& one = listed.account;
        json::object made;
        made["address"] = one.name;
        made["display"] = address::shown(one.name);
        made["id"] = one.id.value();
        made["display_name"] = one.display_name;
        made["messages"] = one.messages;
        made["octets"] = one.octets;
        made["quota_octets"] = one.quota_octets;
        made["removed_at"] = one.removed_at;
        made["kept_until"] = one.removed_at + static_cast<std::int64_t>(found.kept_seconds);
        made["is_going"] = one.is_going;
        made["is_taken"] = listed.is_taken;
        if (listed.by) made["by"] = name_of(*listed.by);
        accounts.push_back(std::move(made));
    }
    json::object object;
    object["kept_seconds"] = found.kept_seconds;
    object["accounts"] = std::move(accounts);
    return object;
}

json::object undeleted_json(const account_returned& done, const places& named) {
    json::object made;
    made["address"] = done.address;
    if (!done.generated.empty()) made["password"] = json::string_view(done.generated.reveal());
    add_mail(made, done.mail);
    if (done.mail_refused)
        made["warning"] = "The account is there, but not all of its mail is back. " +
                          sentence_of(*done.mail_refused, named);
    return made;
}

}  // namespace hauspost::admin::api
