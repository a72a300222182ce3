#pragma once

#include "server/services/service.hpp"

#include <memory>
#include <vector>

namespace hauspost::server {

using service_list = std::vector<std::unique_ptr<service>>;

/// One for each row of listener_roles.
///
/// Throws  std::logic_error when a row names a protocol that nobody serves
[[nodiscard]] service_list make_services(const service_parts& with, const config& c);

}  // namespace hauspost::server
