#pragma once

#include "admin/page.hpp"
#include "admin/ports.hpp"
#include "admin/references.hpp"
#include "admin/refusal.hpp"
#include "admin/targets.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

// Use cases on accounts. Addresses are as somebody typed them. All may refuse; nothing has changed
// then. What they give are names in canonical form. Nothing that somebody else sets between reading
// and writing is overwritten: of the same field that is changed_meanwhile.

inline constexpr std::size_t max_text_octets = 200;  // display name, note

struct new_account {
    new_account() = default;
    std::string address;
    std::optional<secret> password;  // none: one is generated and told
    std::string display_name;
    std::string note;
    std::optional<std::uint64_t> quota_octets;  // none: the default; 0: no limit
    // Of one that was removed and is made again.
    std::vector<std::string> forwards;
    bool keep_copy = true;
    std::optional<bool> files_sent = {};  // none: as it is set for new accounts
};

/// An account that has a new password.
struct made_login {
    made_login() = default;
    std::string address;
    secret generated;          // empty: the password was given
    bool is_catchall = false;  // a new account that is a catch-all by its name
};

awaitable<outcome<made_login>> add_account(ports& at, new_account wanted);

/// Removes the account with its mail.
awaitable<outcome<closed_name>> remove_account(ports& at, std::string address);

struct renamed_account {
    renamed_account() = default;
    std::string address;
    std::string old_address;
    bool kept_as_alias = false;
    std::size_t changed_targets = 0;  // of aliases, forwards and catch-alls
    bool is_catchall = false;         // by its new name
};

/// Gives an account another address; its mail, password and settings stay, and what led to the old
/// address leads to the new one (directory_store::rename_account). Ends the account's sessions.
/// keep_alias  mail to the old address still arrives
awaitable<outcome<renamed_account>> rename_account(ports& at,
                                                   std::string from,
                                                   std::string to,
                                                   bool keep_alias);

struct purged_mail {
    purged_mail() = default;
    std::string address;
    std::uint64_t messages = 0;
};

/// Frees an account's expunged mail for good, that of a removed account too.
awaitable<outcome<purged_mail>> purge_expunged(ports& at, std::string address);

struct mail_brought_back {
    mail_brought_back() = default;
    std::string address;
    storage::restored_mail mail;
};

/// Brings an account's expunged mail back (storage::expunged_store::restore), that of a removed
/// account to one of the same address. within_seconds none: all that is kept.
awaitable<outcome<mail_brought_back>> restore_expunged(ports& at,
                                                       std::string address,
                                                       std::optional<std::uint64_t> within_seconds);

/// password none: one is generated and told as in add_account. Ends the account's sessions.
awaitable<outcome<made_login>> set_password(ports& at,
                                            std::string address,
                                            std::optional<secret> password);

/// What `account add` sets and may be changed later; what is empty here stays.
struct about_account {
    about_account() = default;
    std::optional<std::string> display_name;
    std::optional<std::string> note;
    std::optional<std::uint64_t> quota_octets;  // 0: no limit
    std::optional<bool> files_sent;             // what he submits is put into Sent
};
/// Gives the account's address.
awaitable<outcome<std::string>> set_about(ports& at, std::string address, about_account wanted);

/// A switched-off account keeps its mail; nobody logs in and new mail is refused. What sends mail
/// there is looked for only then.
awaitable<outcome<closed_name>> set_active(ports& at, std::string address, bool active);

/// The account may not send any more, only read, and what it has in the queue is held back. Gives its
/// address.
awaitable<outcome<std::string>> freeze_sending(ports& at, std::string address);

struct unfrozen_account {
    unfrozen_account() = default;
    std::string address;
    std::size_t released = 0;  // recipients of mail that was held back
};
awaitable<outcome<unfrozen_account>> unfreeze_sending(ports& at, std::string address);

struct listed_account {
    listed_account() = default;
    storage::account account;
    storage::account_usage used;
    std::optional<storage::last_sign_in> last;  // by whatever door; nullopt: nobody ever was
};

struct shown_account {
    shown_account() = default;
    listed_account account;
    std::vector<reference> reached_from;
    storage::sender_state sending;
    std::vector<storage::last_sign_in> sign_ins;   // by each door, the latest first
    std::vector<storage::mail_address> suspended;  // of its forwards: those that get nothing
};

awaitable<outcome<shown_account>> show_account(ports& at, std::string address);

/// Sorted by address; page::next is one.
/// filter  only accounts whose address, display name or note holds it, in any case
awaitable<page<listed_account>> list_accounts(ports& at, std::string after, std::string filter);

/// Where the account's mail goes on to, and whether a copy stays.
awaitable<outcome<led_on>> set_forward(ports& at,
                                       std::string address,
                                       std::vector<std::string> targets,
                                       bool keep_copy);
/// Gives the account's address.
awaitable<outcome<std::string>> clear_forward(ports& at, std::string address);
/// The accounts whose mail goes on, as list_accounts.
/// filter  of address and targets
awaitable<page<storage::account>> list_forwards(ports& at, std::string after, std::string filter);

}  // namespace hauspost::admin
