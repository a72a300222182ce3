#pragma once

#include <string>

namespace hauspost::smtp {

/// A mailbox of RFC 5321 4.1.2 in canonical form: quoted local parts unquoted, domain in lower
/// case. The null reverse-path has both parts empty.
struct mailbox_address {
    std::string local_part;
    std::string domain;  // or "[192.0.2.1]"
    [[nodiscard]] bool is_null() const noexcept { return local_part.empty() && domain.empty(); }
};

}  // namespace hauspost::smtp
