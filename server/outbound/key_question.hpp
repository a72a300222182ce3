#pragma once

#include "base/awaitable.hpp"
#include "protocols/dkim/verify.hpp"
#include "protocols/dns/resolver.hpp"

#include <string>

namespace hauspost::outbound {

/// What the DNS says of a signature's key.
/// name  of its TXT records
inline awaitable<dkim::key_answer> find_key(dns::resolver& resolver, std::string name) {
    auto found = co_await resolver.find_txt(std::move(name));
    dkim::key_answer made;
    using kind = dkim::key_answer::kind;
    made.is = dns::is_temporary(found.what) ? kind::failed
              : found.records.empty()       ? kind::none
                                            : kind::found;
    made.texts = std::move(found.records);
    co_return made;
}

}  // namespace hauspost::outbound
