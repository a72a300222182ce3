#include "server/app/owner_page.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace hauspost::server {
namespace {

constexpr std::string_view page_role = "admin";

std::string host_of(const endpoint& at, const config& c) {
    boost::system::error_code wrong;
    const auto address = boost::asio::ip::make_address(at.address, wrong);
    if (wrong || !address.is_loopback()) return hostname_of(c);
    return address.is_v6() ? '[' + address.to_string() + ']' : address.to_string();
}

}  // namespace

admin::owner_page owner_page_of(const config& c) {
    admin::owner_page page;
    page.session_idle = c.admin.session_idle;
    page.session_longest = c.admin.session_longest;
    const auto& all = c.listen.all;
    const auto role = std::find_if(all.begin(), all.end(),
                                   [](const auto& one) { return one.role->name == page_role; });
    if (role == all.end() || role->at.empty()) return page;
    const auto& first = role->at.front();
    page.origin = "https://" + host_of(first, c) + ':' + std::to_string(first.port);
    page.is_on = true;
    return page;
}

}  // namespace hauspost::server
