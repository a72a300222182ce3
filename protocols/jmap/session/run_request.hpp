#pragma once

#include "base/awaitable.hpp"
#include "protocols/jmap/request.hpp"
#include "protocols/jmap/session/call.hpp"
#include "protocols/sessions/session_log.hpp"

#include <string>

namespace hauspost::jmap {

/// Runs the calls of a request one after another, each with what those before have answered. What a
/// call does stays done, whatever becomes of those behind it.
/// Returns  the response, as text
/// RFC      8620 3.4, 3.5, 3.6.2, 3.7
awaitable<std::string> run_request(const call_context& with,
                                   api_request request,
                                   const sessions::session_log& log);

}  // namespace hauspost::jmap
