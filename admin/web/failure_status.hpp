#pragma once

#include "admin/api/answer.hpp"
#include "protocols/http/response.hpp"

namespace hauspost::admin::web {

/// Why something is not done, as a problem (RFC 9457): its code, its text as "detail", and its facts
/// beside them, so that a page can say it in another language.
[[nodiscard]] http::response to_response(const api::failure& why);

}  // namespace hauspost::admin::web
