#include "protocols/sessions/session_log.hpp"

#include <string>

namespace hauspost::sessions {
namespace {

constexpr std::size_t max_fault_octets = 200;

}  // namespace

void session_log::at(log::level level,
                     std::string_view event,
                     fmt::string_view facts,
                     fmt::format_args values) const {
    if (!log::is_on(level)) return;
    const std::string text = fmt::vformat(facts, values);
    log::at(level, "{} cid={} proto={} {}", event, connection_.value(), protocol_, text);
}

void session_log::fault(const std::exception& what) const {
    log::error("fault cid={} proto={} what={}", connection_.value(), protocol_,
               log_safe(what.what(), max_fault_octets));
}

}  // namespace hauspost::sessions
