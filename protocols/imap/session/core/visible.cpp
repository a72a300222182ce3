#include "protocols/imap/session/core/visible.hpp"

#include "protocols/imap/grammar/canonical_owner.hpp"
#include "protocols/imap/grammar/mailbox_name.hpp"

namespace hauspost::imap {

static_assert(shared_root == owners_root);

bool is_shared_name(std::string_view name) noexcept {
    return name.starts_with(shared_root) &&
           (name.size() == shared_root.size() || name[shared_root.size()] == '/');
}

std::optional<shared_name> split_shared_name(std::string_view name) {
    if (!is_shared_name(name)) return std::nullopt;
    const auto owner_at = shared_root.size() + 1;
    const auto at_sign = name.find('@', owner_at);
    if (at_sign == std::string_view::npos) return std::nullopt;
    const auto slash = name.find('/', at_sign);
    if (slash == std::string_view::npos || slash + 1 == name.size()) return std::nullopt;
    shared_name parts;
    parts.owner = name.substr(owner_at, slash - owner_at);
    parts.name = canonical_mailbox(std::string(name.substr(slash + 1)));
    return parts;
}

std::string join_shared_name(std::string_view owner, std::string_view name) {
    std::string joined(shared_root);
    joined.append("/").append(owner).append("/").append(name);
    return joined;
}

}  // namespace hauspost::imap
