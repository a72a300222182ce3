#pragma once

#include "protocols/imap/grammar/rights.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::imap {

/// A mailbox as one user sees it: his own, or somebody else's under "Shared/<owner's address>/".
struct visible_mailbox {
    account_id owner;
    storage::mailbox_info info;  // with the name that this user knows it by
    std::string own_name;        // as its owner names it
    std::string owner_address;   // "": the user himself
    std::uint32_t rights = mail::rights::all;

    [[nodiscard]] storage::mailbox_key key() const noexcept { return {owner, info.id}; }
    [[nodiscard]] bool may(std::uint32_t all_of) const noexcept {
        return (rights & all_of) == all_of;
    }
    [[nodiscard]] bool may_any(std::uint32_t one_of) const noexcept {
        return (rights & one_of) != 0;
    }
    [[nodiscard]] bool is_own() const noexcept { return owner_address.empty(); }
};

/// RFC 5464 3.3.
[[nodiscard]] inline bool may_use_metadata(const visible_mailbox& mailbox) noexcept {
    return mailbox.may(mail::rights::lookup) &&
           mailbox.may_any(mail::rights::read | mail::rights::seen | mail::rights::write |
                           mail::rights::insert | mail::rights::post);
}

/// The namespace of other users' mailboxes (RFC 2342 3), without its "/".
inline constexpr std::string_view shared_root = "Shared";

/// Is it in that namespace, whether or not anything is there?
[[nodiscard]] bool is_shared_name(std::string_view name) noexcept;

struct shared_name {
    std::string owner;  // address
    std::string name;   // as the owner sees it
};
/// "Shared/ann@a.example/Team/May" taken apart; nullopt when it names no mailbox of anybody. The
/// address ends at the first "/" behind its "@".
[[nodiscard]] std::optional<shared_name> split_shared_name(std::string_view name);
[[nodiscard]] std::string join_shared_name(std::string_view owner, std::string_view name);

}  // namespace hauspost::imap
