#include "web/files.hpp"

#include <cstddef>

// The table of the files, from a built page: web/tools/seal.ts.
#include "web/table.inc"

namespace hauspost::web {

std::span<const http::static_file> admin_files() noexcept {
    return admin_table;
}

std::string_view admin_content_security_policy() noexcept {
    return admin_policy;
}

}  // namespace hauspost::web
