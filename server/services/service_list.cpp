#include "server/services/service_list.hpp"

#include "server/services/admin_service.hpp"
#include "server/services/http_service.hpp"
#include "server/services/imap_service.hpp"
#include "server/services/pop3_service.hpp"
#include "server/services/smtp_service.hpp"
#include "server/services/submission_service.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace hauspost::server {
namespace {

/// One for each role of a protocol.
template <class Service>
void add(service_list& to, std::string_view protocol, const service_parts& with, const config& c) {
    const auto shared = std::make_shared<typename Service::shared>();
    for (const auto& role : listener_roles())
        if (role.protocol == protocol)
            to.push_back(std::make_unique<Service>(role, with, c, shared));
}

}  // namespace

service_list make_services(const service_parts& with, const config& c) {
    service_list all;
    add<smtp_service>(all, "smtp", with, c);
    add<submission_service>(all, "submission", with, c);
    add<imap_service>(all, "imap", with, c);
    add<pop3_service>(all, "pop3", with, c);
    add<admin_service>(all, "admin", with, c);
    add<http_service>(all, "http", with, c);
    for (const auto& role : listener_roles())
        if (std::none_of(all.begin(), all.end(),
                         [&role](const auto& one) { return &one->role() == &role; }))
            throw std::logic_error("no service for " + role.item());
    return all;
}

}  // namespace hauspost::server
