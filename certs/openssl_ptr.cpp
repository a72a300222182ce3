#include "certs/openssl_ptr.hpp"

#include <openssl/err.h>

namespace hauspost::certs {

std::string openssl_reason() {
    const auto code = ERR_get_error();
    ERR_clear_error();
    const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
    return reason != nullptr ? reason : "";
}

}  // namespace hauspost::certs
