#pragma once

#include "admin/api/sentences.hpp"

namespace hauspost::admin::web {

/// Where sentences that are read on the owner's page send their reader.
inline constexpr api::places page_places{
    .account_list = "the page Accounts",
    .alias_list = "the page Forwarding",
    .suspended_list = "the page Forwarding",
    .domain_list = "the page Domains & DNS",
    .queue_list = "the page Queue",
    .domain_add = "the page Domains & DNS",
    .domain_dns = "the page Domains & DNS",
    .forward_set = "its forward",
    .account_add = "a new account",
    .alias_add = "an alias",
    .catchall_set = "a catch-all",
    .ban_list = "the page Bans",
    .owner_setup_link = "`hauspost owner setup-link`",
    .owner_reset = "`hauspost owner reset`",
    .owner_totp_begin = "a new key",
    .owner_sessions = "the list of signed-in devices",
    .deleted_mail = "the page for restoring",
    .deleted_accounts = "the page for restoring",
    .account_undelete = "the page for restoring",
    .setting_list = "the page Settings",
};

}  // namespace hauspost::admin::web
