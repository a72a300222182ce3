#include "server/summaries/stored_summaries.hpp"

#include "protocols/imap/response/summarize.hpp"
#include "protocols/message/summary_version.hpp"

namespace hauspost::server {

std::uint32_t stored_summaries::version() const {
    return message::summary_version;
}

storage::message_summary stored_summaries::make(std::string_view octets) const {
    const auto value = imap::summarize(octets);
    storage::message_summary made;
    made.octets = message::encode(value);
    made.thread = message::thread_of(value);
    return made;
}

}  // namespace hauspost::server
