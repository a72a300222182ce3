#pragma once

#include "base/result.hpp"
#include "protocols/sasl/new_password.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::admin {

/// Why something that an administrator asked for is not done. Behind each: what of a refusal is
/// set besides the code.
enum class refusal_code : std::uint8_t {
    // What was typed: subject, as it was.
    not_an_address,
    bad_local_part,
    bad_address_domain,
    not_a_domain,
    // Display name and note.
    text_too_long,      // limit, in octets
    text_not_one_line,  // control characters, or no UTF-8

    // Names: subject, canonical.
    no_such_account,
    no_such_address,
    no_such_alias,
    no_such_domain,
    domain_not_here,   // the domain of an address
    nothing_to_purge,  // neither an account nor deleted mail of one
    address_taken,
    domain_exists,
    domain_in_use,
    invalid_name,
    is_account,    // where an alias is wanted
    is_alias,      // where an account is wanted
    same_address,  // an account is called so already
    changed_meanwhile,

    // Targets: subject, canonical.
    no_targets,
    too_many_targets,  // limit
    own_target,
    not_a_target,        // other: what subject does not send to
    not_suspended,       // other: a target of which that is not so
    nothing_suspended,   // of subject
    no_catch_all_there,  // other: the domain in which subject would have to be

    no_such_message,   // number, of the queue
    message_gone,      // subject: an id, or the number of one
    mail_refused,      // subject: an address
    no_such_place,     // subject, of a page in a list
    nothing_to_trace,  // subject: neither an address, nor a domain, nor an id
    not_a_time,        // subject
    trace_is_off,

    // Bans.
    not_a_network,  // subject, as the next two
    own_machine,
    not_a_ban,
    nothing_banned,  // of subject
    not_a_ban_time,  // number: days at most

    // Settings: subject, the name.
    no_such_setting,
    setting_fixed,  // number: the line of the configuration file
    setting_no_count,
    setting_no_size,
    setting_no_time,
    setting_no_flag,
    setting_none_of_words,  // other: the words
    setting_too_long,
    setting_out_of_range,  // other: from - to
    setting_clash,         // other: with what, in words
    not_networks,          // subject: what was typed

    certificate_unusable,  // other: what is wrong, in words

    password_refused,  // password_faults, rules
    password_reused,   // it is the present one

    // Deleted mail and accounts.
    no_such_deleted_mail,     // subject, as it was typed
    no_such_restore,          // subject, as it was typed
    too_many_chosen,          // limit
    nothing_to_restore,       // subject: of an address
    nobody_to_restore_to,     // subject: an address without an account
    no_such_removed_account,  // subject
    removal_running,          // subject: an account whose mail is still being taken out

    // The owner and his page.
    owner_is_set_up,
    no_setup_link,
    owner_wrong,  // number: tries before a pause
    owner_wait,   // number: seconds
    code_wanted,
    wrong_code,  // number: as owner_wrong
    used_code,   // number: as owner_wrong
    no_totp_begun,
    totp_is_on,
    totp_is_off,
    not_signed_in,
    no_such_session,  // subject
    not_a_language,   // subject
    console_only,     // other: a command

    // Nothing is wrong with the request.
    disk_full,
    busy,
    unsure,       // done or not: nobody knows
    logins_busy,  // too many passwords wait to be hashed
    check_running,
    store_refused,  // subject; other: the store's words
    not_running,    // only a running server can ask others
    sending_off,    // mail for others waits
    index_off,      // there is none, or only a running server has it
};

/// A code with what a sentence about it needs.
struct refusal {
    refusal() = default;
    refusal_code code{};
    std::string subject;
    std::string other;
    std::uint64_t number = 0;  // a limit, or the number of a message
    std::vector<sasl::password_fault> password_faults;
    sasl::password_rules rules;
};

[[nodiscard]] inline refusal refuse(refusal_code code,
                                    std::string subject = {},
                                    std::string other = {}) {
    refusal made;
    made.code = code;
    made.subject = std::move(subject);
    made.other = std::move(other);
    return made;
}

[[nodiscard]] inline refusal refuse_number(refusal_code code, std::uint64_t number) {
    refusal made;
    made.code = code;
    made.number = number;
    return made;
}

template <class T>
using outcome = boost::system::result<T, refusal>;

/// The store's refusal. subject: the name that it is about.
[[nodiscard]] refusal refusal_of(error_code code, const std::string& subject);

}  // namespace hauspost::admin
