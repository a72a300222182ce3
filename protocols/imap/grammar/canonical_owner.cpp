#include "protocols/imap/grammar/canonical_owner.hpp"

#include "base/address.hpp"

namespace hauspost::imap {
namespace {

/// It ends at the first "/" behind its "@"; "" when there is none.
std::string_view owner_in(std::string_view name) noexcept {
    if (!name.starts_with(owners_root) || name.find('/') != owners_root.size()) return {};
    const auto rest = name.substr(owners_root.size() + 1);
    const auto at_sign = rest.find('@');
    if (at_sign == std::string_view::npos) return {};
    return rest.substr(0, rest.find('/', at_sign));
}

}  // namespace

std::string canonical_owner(std::string name) {
    const auto owner = owner_in(name);
    const auto made = address::canonical(owner);
    if (made && *made != owner) name.replace(owners_root.size() + 1, owner.size(), *made);
    return name;
}

}  // namespace hauspost::imap
