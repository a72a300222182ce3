#include "protocols/imap/response/summarize.hpp"

#include "protocols/imap/response/body_structure.hpp"
#include "protocols/imap/response/envelope.hpp"
#include "protocols/message/parsed_message.hpp"

#include <utility>

namespace hauspost::imap {

message::summary summarize(std::string_view octets) {
    auto parsed = message::parse(octets);
    text_writer envelope(max_envelope_octets);
    write_envelope(parsed.fields, envelope);
    auto structure = write_body_structure(octets, parsed.tree);
    auto value = message::summarize(octets, std::move(parsed));
    value.envelope = envelope.take();
    value.body_structure = std::move(structure);
    return value;
}

}  // namespace hauspost::imap
