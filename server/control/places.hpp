#pragma once

#include "admin/api/sentences.hpp"

namespace hauspost::control {

/// Where sentences that are read in a terminal send their reader.
inline constexpr admin::api::places command_places{
    .account_list = "`account list`",
    .alias_list = "`alias list`",
    .suspended_list = "`forward suspended`",
    .domain_list = "`domain list`",
    .queue_list = "`queue list`",
    .domain_add = "`domain add`",
    .domain_dns = "`domain dns`",
    .forward_set = "`forward set`",
    .account_add = "`account add`",
    .alias_add = "`alias add`",
    .catchall_set = "`catchall set`",
    .ban_list = "`ban list`",
    .owner_setup_link = "`hauspost owner setup-link`",
    .owner_reset = "`hauspost owner reset`",
    .owner_totp_begin = "`owner totp-begin`",
    .owner_sessions = "`owner sessions`",
    .deleted_mail = "`deleted mail`",
    .deleted_accounts = "`deleted accounts`",
    .account_undelete = "`account undelete`",
    .setting_list = "`setting list`",
};

}  // namespace hauspost::control
