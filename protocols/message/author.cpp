#include "protocols/message/author.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "protocols/message/address.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>

namespace hauspost::message {

std::string author_domain(std::string_view message) {
    std::string found;
    std::size_t times = 0;
    for (header_reader reader(message); reader.next();) {
        const auto& field = reader.field();
        if (!ascii::equal_nocase(field.name, "From")) continue;
        if (++times > 1) return {};
        const auto authors = parse_address_list(field.value);
        const auto first = std::ranges::find(authors, address::kind::mailbox, &address::type);
        if (first != authors.end())
            found = hauspost::address::to_a_labels(first->domain).value_or("");
    }
    return found;
}

}  // namespace hauspost::message
