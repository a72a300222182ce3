#pragma once

#include "admin/references.hpp"
#include "admin/refusal.hpp"
#include "admin/targets.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::admin::api {

/// Where a sentence sends its reader, in the words of where it is read: the command line names
/// commands ("`account list`"), a page would name pages. The texts outlive the object.
struct places {
    std::string_view account_list;
    std::string_view alias_list;
    std::string_view suspended_list;
    std::string_view domain_list;
    std::string_view queue_list;
    std::string_view domain_add;
    std::string_view domain_dns;
    std::string_view forward_set;
    std::string_view account_add;
    std::string_view alias_add;
    std::string_view catchall_set;
    std::string_view ban_list = {};
    std::string_view owner_setup_link = {};
    std::string_view owner_reset = {};
    std::string_view owner_totp_begin = {};
    std::string_view owner_sessions = {};
    std::string_view deleted_mail = {};
    std::string_view deleted_accounts = {};
    std::string_view account_undelete = {};
    std::string_view setting_list = {};
};

/// "no_such_account"; programs rely on these.
[[nodiscard]] std::string_view name_of(refusal_code code);

/// Its sentence tells the refusal's number, which may be 0.
[[nodiscard]] bool tells_number(refusal_code code);

/// "too_short"; programs rely on these, too.
[[nodiscard]] std::string_view name_of(sasl::password_fault fault);

/// What is wrong and what to do, as one or more whole sentences. Names as address::shown; what was
/// typed is cut, and without control characters.
[[nodiscard]] std::string sentence_of(const refusal& why, const places& named);

/// Which rule a password breaks and what to do. Never holds the password.
[[nodiscard]] std::string sentence_of(sasl::password_fault fault,
                                      const sasl::password_rules& rules);

/// "alias sales@a.example", "forward of ann@a.example", "catch-all of a.example".
[[nodiscard]] std::string words_of(const reference& one);

/// What is told about targets; empty when there is no doubt.
[[nodiscard]] std::string warning_of(const target_doubts& found, const places& named);
/// For an account or alias that is a catch-all by its name.
[[nodiscard]] std::string catchall_warning(const std::string& address);

/// "a, b, c": the first twenty, then "and 5 more".
[[nodiscard]] std::string listed(const std::vector<std::string>& texts);

}  // namespace hauspost::admin::api
