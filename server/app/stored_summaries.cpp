#include "server/app/stored_summaries.hpp"

#include "protocols/message/summary.hpp"
#include "protocols/message/summary_version.hpp"

namespace hauspost::server {

std::uint32_t stored_summaries::version() const {
    return message::summary_version;
}

std::string stored_summaries::make(std::string_view octets) const {
    return message::encode(message::summarize(octets));
}

}  // namespace hauspost::server
