#include "server/services/service.hpp"

namespace hauspost::server {

service::service(const listener_role& role, const service_parts& with, service_manners manners)
    : with_(with), role_(role), refusal_(manners.refusal) {
    if (role_.tls == tls_start::never) return;
    context_.emplace(with_.certificates, std::string(role_.name), manners.alpn);
    tls_.emplace(context_->native());
}

}  // namespace hauspost::server
