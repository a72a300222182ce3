#include "server/services/service_list.hpp"

#include "server/services/imap_service.hpp"
#include "server/services/pop3_service.hpp"
#include "server/services/smtp_service.hpp"

#include <array>
#include <stdexcept>
#include <string>

namespace hauspost::server {
namespace {

using maker = std::unique_ptr<service> (*)(const listener_role&,
                                           const service_parts&,
                                           const config&);

template <class Service>
std::unique_ptr<service> make(const listener_role& role,
                              const service_parts& with,
                              const config& c) {
    return std::make_unique<Service>(role, with, c);
}

struct protocol {
    std::string_view name;
    maker make_service;
};
constexpr std::array protocols{
    protocol{"smtp", make<smtp_service>},
    protocol{"imap", make<imap_service>},
    protocol{"pop3", make<pop3_service>},
};

}  // namespace

service_list make_services(const service_parts& with, const config& c) {
    service_list all;
    for (const auto& role : listener_roles()) {
        for (const auto& one : protocols)
            if (one.name == role.protocol) all.push_back(one.make_service(role, with, c));
        if (all.empty() || &all.back()->role() != &role)
            throw std::logic_error("no service for " + role.item());
    }
    return all;
}

}  // namespace hauspost::server
