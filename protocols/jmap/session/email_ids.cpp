#include "protocols/jmap/session/email_ids.hpp"

#include "mail/object_id.hpp"

namespace hauspost::jmap {

std::string email_id(const account_rows& rows, account_rows::email one) {
    std::string id;
    mail::append_email_object_id(id, rows.row_of(one).email);
    return id;
}

std::string thread_id(const account_rows& rows, account_rows::email one) {
    const auto thread = rows.row_of(one).thread;
    if (thread == 0) return 'T' + email_id(rows, one);
    std::string id;
    mail::append_thread_object_id(id, thread);
    return id;
}

std::optional<account_rows::email> find_email(const account_rows& rows, std::string_view id) {
    const auto key = mail::parse_email_object_id(id);
    if (!key) return std::nullopt;
    return rows.find(*key);
}

std::optional<account_rows::email> find_thread(const account_rows& rows, std::string_view id) {
    if (!id.starts_with('T')) return std::nullopt;
    id.remove_prefix(1);
    if (id.starts_with('M')) {
        const auto alone = find_email(rows, id);
        if (!alone || rows.row_of(*alone).thread != 0) return std::nullopt;
        return alone;
    }
    const auto number = mail::parse_thread_number(id);
    if (!number) return std::nullopt;
    return rows.find_thread(*number);
}

}  // namespace hauspost::jmap
