#include "server/summaries/stored_headings.hpp"

#include "base/utf8.hpp"
#include "protocols/imap/response/envelope.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/summary.hpp"

namespace hauspost::server {
namespace {

/// Lists hold hundreds of them, and a stranger may have written more than anybody reads.
std::string shown(const std::string& text) {
    constexpr std::size_t most = 300;
    return std::string(utf8::truncated(utf8::repaired(text), most));
}

}  // namespace

storage::message_heading stored_headings::read(std::string_view summary) const {
    const auto found = imap::read_heading(message::envelope_of(summary));
    storage::message_heading heading;
    heading.subject = shown(found.subject);
    heading.from_name = shown(found.from_name);
    heading.from_address = shown(found.from_address);
    return heading;
}

std::string stored_headings::folded(std::string_view text) const {
    return message::casemap_key(text);
}

}  // namespace hauspost::server
