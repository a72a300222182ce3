#pragma once

#include "admin/api/answer.hpp"
#include "admin/api/sentences.hpp"
#include "admin/certificates.hpp"

namespace hauspost::admin::api {

/// {"host", "listeners": [{"role", "port", "tls": "implicit" or "starttls"}], "certificates": [{"names",
/// "subject", "issuer", "key", "fingerprint", "file", "begins_at", "ends_at", "intermediates",
/// "self_signed", "made_here", "problems"}]}; problems by certificate_problem's names
[[nodiscard]] json::object certificates_json(const certificate_list& all, const places& named);

}  // namespace hauspost::admin::api
