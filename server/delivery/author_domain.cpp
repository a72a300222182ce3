#include "server/delivery/author_domain.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "protocols/message/address.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>

namespace hauspost::delivery {

std::string author_domain(std::string_view message) {
    std::string found;
    std::size_t times = 0;
    for (message::header_reader reader(message); reader.next();) {
        const auto& field = reader.field();
        if (!ascii::equal_nocase(field.name, "From")) continue;
        if (++times > 1) return {};
        const auto authors = message::parse_address_list(field.value);
        const auto first =
            std::ranges::find(authors, message::address::kind::mailbox, &message::address::type);
        if (first != authors.end()) found = address::to_a_labels(first->domain).value_or("");
    }
    return found;
}

std::string_view domain_above(std::string_view domain) noexcept {
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos) return {};
    const auto above = domain.substr(dot + 1);
    return above.find('.') == std::string_view::npos ? std::string_view() : above;
}

}  // namespace hauspost::delivery
