#pragma once

#include "admin/outcome.hpp"
#include "admin/ports.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

// Operations on accounts. Addresses are as somebody typed them. All may refuse; nothing has changed
// then. What they give are names in canonical form; "display" is the first of them as people write
// it (address::shown), as all names in texts are.

struct new_account {
    new_account() = default;
    std::string address;
    std::optional<secret> password;  // none: one is generated and told
    std::string display_name;
    std::string note;
    std::optional<std::uint64_t> quota_octets;  // none: the default; 0: no limit
};

/// Gives  {"address", "password" (only when generated)}
awaitable<answer> add_account(ports& house, new_account wanted);

/// Removes the account with its mail.
awaitable<answer> remove_account(ports& house, std::string address);

/// Gives an account another address; its mail, password and settings stay, and what led to the old
/// address leads to the new one (directory_store::rename_account). Ends the account's sessions.
/// keep_alias  mail to the old address still arrives
/// Gives       {"address", "old_address", "kept_as_alias", "changed_targets": number of targets of
///             aliases, forwards and catch-alls}
awaitable<answer> rename_account(ports& house, std::string from, std::string to, bool keep_alias);

/// Frees an account's expunged mail for good, that of a removed account too.
/// Gives  {"address", "messages"}
awaitable<answer> purge_expunged(ports& house, std::string address);

/// Brings an account's expunged mail back (storage::expunged_store::restore), that of a removed
/// account to one of the same address. within_seconds none: all that is kept.
/// Gives  {"address", "messages", "left_over_quota"}
awaitable<answer> restore_expunged(ports& house,
                                   std::string address,
                                   std::optional<std::uint64_t> within_seconds);

/// password none: one is generated and told as in add_account. Ends the account's sessions.
awaitable<answer> set_password(ports& house, std::string address, std::optional<secret> password);

/// What `account add` sets and may be changed later; what is empty here stays.
struct about_account {
    about_account() = default;
    std::optional<std::string> display_name;
    std::optional<std::string> note;
    std::optional<std::uint64_t> quota_octets;  // 0: no limit
};
awaitable<answer> set_about(ports& house, std::string address, about_account wanted);

/// A switched-off account keeps its mail; nobody logs in and new mail is refused.
awaitable<answer> set_active(ports& house, std::string address, bool active);

/// One account, as an entry of list_accounts, with "reached_from": what sends mail on to it
/// (find_references).
awaitable<answer> show_account(ports& house, std::string address);

/// One page, sorted by address.
/// filter  only accounts whose address, display name or note holds it, in any case
/// Gives  {"accounts": [{"address", "display", "display_name", "active", "has_password",
///        "quota_octets", "octets", "messages", "forwards", "keep_copy", "note", "created_at"}],
///        "next": address to give as `after` for the next page, only when there is one}
awaitable<answer> list_accounts(ports& house, std::string after, std::string filter);

/// Where the account's mail goes on to, and whether a copy stays.
awaitable<answer> set_forward(ports& house,
                              std::string address,
                              std::vector<std::string> targets,
                              bool keep_copy);
awaitable<answer> clear_forward(ports& house, std::string address);
/// The accounts whose mail goes on. A page may be empty and yet have a next one.
/// filter  of address and targets
/// Gives  {"forwards": [{"address", "display", "forwards", "keep_copy"}], "next" as in
///        list_accounts}
awaitable<answer> list_forwards(ports& house, std::string after, std::string filter);

/// For an account or alias `catchall@domain`, which is a catch-all by its name; else empty.
[[nodiscard]] std::string catchall_warning(const std::string& address);

/// Finds an account by what was typed.
awaitable<outcome<storage::account>> find_account(ports& house, std::string typed);

}  // namespace hauspost::admin
