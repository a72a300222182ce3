#include "server/delivery/domain_above.hpp"

namespace hauspost::delivery {

std::string_view domain_above(std::string_view domain) noexcept {
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos) return {};
    const auto above = domain.substr(dot + 1);
    return above.find('.') == std::string_view::npos ? std::string_view() : above;
}

}  // namespace hauspost::delivery
